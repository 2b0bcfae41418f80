"""An uploaded file is shown before anything of it is taken: what each column is, and what would be refused."""

import re
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import Workbook

from grid import problems
from grid.calendar.now import now
from grid.ledger.models import Entry
from grid.registers import problems as registers_problems
from grid.registers.actions import kept_at, read_kept
from grid.registers.actions.mapping import recalled
from grid.registers.models import ColumnMapping, Delivery, DeliveryState, Preview, Row
from grid.registers.sweeping import clear_unread
from grid.registers.uploads.actions import choose_columns, look_at, withdraw_upload
from grid.subjects.models import Subject
from grid.tables import problems as tables_problems
from tests.cast import credit_code
from tests.grid.registers.test_pages import answered

STRANGE = "代码,单位全称,住所,法定代表人,成立日期"
LINES = [f"{credit_code(n)},示例{n}号有限公司,海勃湾区,张三,2015-03-0{n}" for n in (1, 2)]


def content(*lines: str, header: str = STRANGE) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


@pytest.fixture
def upload(cast: Any, client: Client) -> Any:
    """Uploads as wu, has the file looked at, and answers the delivery and the page of its columns."""
    client.force_login(cast.wu)

    def upload(file: bytes, name: str = "名册.csv") -> tuple[Delivery, str]:
        given = {"register": "market", "area": "1503", "as_of": "2026-01-31"}
        client.post("/registers/upload/", {**given, "file": SimpleUploadedFile(name, file)})
        delivery = Delivery.objects.latest("pk")
        look_at.call(delivery.pk, cast.wu.pk)
        return delivery, client.get(f"/registers/{delivery.pk}/columns/").content.decode()

    return upload


def test_a_column_no_guess_knows_is_said_once_and_remembered(cast: Any, client: Client, upload: Any) -> None:
    delivery, page = upload(content(*LINES, "不是代码,示例9号有限公司,海勃湾区,李四,"))
    assert "还缺少必要的列" in page and "张三" not in page and "张**" in page
    said = answered(page) | {"col-0-0": "credit_code", "col-0-1": "name"}
    address = f"/registers/{delivery.pk}/columns/"
    assert client.post(address, {"act": "take", **answered(page)}).status_code == 422
    looked = client.post(address, {"act": "look", **said}).content.decode()
    assert "样例中可读 2 行，会退回 1 行" in looked and "不是18位统一社会信用代码" in looked
    assert not Row.objects.exists() and kept_at(delivery).exists()
    assert client.post(address, {"act": "take", **said}).headers["Location"] == f"/registers/{delivery.pk}/"
    assert Preview.objects.get().sample == ""
    read_kept.call(delivery.pk, cast.wu.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.accepted, delivery.refused) == (DeliveryState.DONE, 2, 1)
    entry = Entry.objects.get(verb="register.columns_said")
    assert "企业名称" in entry.data["columns"]
    # The same header from the same department, later: guessed by what was said.
    _second, page = upload(content(LINES[0].replace("2015", "2016")))
    assert "还缺少必要的列" not in page and answered(page)["col-0-1"] == "name"
    assert recalled("market", "市税务局").by_header == {}


def test_another_row_may_be_the_header(cast: Any, client: Client, upload: Any) -> None:
    delivery, page = upload(content(STRANGE, *LINES, header="一、名册,,,,"))
    address = f"/registers/{delivery.pk}/columns/"
    looked = client.post(address, {"act": "look", **answered(page), "head-0": "2"}).content.decode()
    assert 'name="was-0" value="2"' in looked
    said = answered(looked) | {"col-0-0": "credit_code", "col-0-1": "name"}
    client.post(address, {"act": "take", **said})
    read_kept.call(delivery.pk, cast.wu.pk)
    assert Subject.objects.count() == 2


def test_one_fact_is_in_one_column(client: Client, upload: Any) -> None:
    delivery, page = upload(content(*LINES, header="统一社会信用代码,企业名称,住所,法定代表人,成立日期"))
    said = answered(page) | {"act": "take", "col-0-4": "name"}
    answer = client.post(f"/registers/{delivery.pk}/columns/", said)
    assert answer.status_code == 422 and "同一项指定了两列：企业名称" in answer.content.decode()


def test_a_doubled_column_is_chosen_on_the_page(cast: Any, client: Client, upload: Any) -> None:
    line = f"{credit_code(1)},旧名有限公司,示例1号有限公司,海勃湾区"
    delivery, page = upload(content(line, header="统一社会信用代码,企业名称,企业名称,住所"))
    assert "有几列的列名相同" in page
    said = answered(page) | {"act": "take", "col-0-1": "", "col-0-2": "name"}
    client.post(f"/registers/{delivery.pk}/columns/", said)
    read_kept.call(delivery.pk, cast.wu.pk)
    assert Subject.objects.get().name == "示例1号有限公司"


def test_a_sheet_may_be_left_out(cast: Any, client: Client, upload: Any) -> None:
    book = Workbook()
    for at, rows in enumerate((["说明", "填写"], STRANGE.split(","))):
        page = book.worksheets[0] if not at else book.create_sheet("名册")
        page.append(rows)
        for line in LINES if at else []:
            page.append(line.split(","))
    kept = BytesIO()
    book.save(kept)
    delivery, page = upload(kept.getvalue(), "名册.xlsx")
    assert "各列都不用：这张表不读取" in page
    said = answered(page) | {"act": "take", "col-1-0": "credit_code", "col-1-1": "name"}
    assert client.post(f"/registers/{delivery.pk}/columns/", said).status_code == 302
    read_kept.call(delivery.pk, cast.wu.pk)
    delivery.refresh_from_db()
    assert delivery.accepted == 2
    assert [remark["sheet"] for remark in delivery.remarks if remark["code"] == "no-header"] == ["Sheet"]


def workbook(**sheets: list[str]) -> bytes:
    """A sheet of each name with these lines; one whose name begins with hidden is hidden."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for line in lines:
            sheet.append(line.split(","))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_sheets_are_shown_as_they_would_be_read(upload: Any) -> None:
    header = "统一社会信用代码,企业名称,住所,注册资本（万元）"
    lines = [f"{credit_code(n)},示例{n}号有限公司,海勃湾区,{n}00" for n in (1, 2, 3)]
    _delivery, page = upload(
        workbook(empty=[], first=[header, *lines[:2]], next=lines[2:], hidden=[header, *lines]), "名册.xlsx"
    )
    said = answered(page)
    assert "×10,000" in page and "hidden" in page
    assert said["col-0-0"] == "credit_code" and "示例3号有限公司" in page


def test_a_book_of_empty_sheets_is_empty(cast: Any, upload: Any) -> None:
    with pytest.raises(problems.EmptyFile):
        upload(workbook(empty=[], also=["", " "]), "名册.xlsx")
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_a_line_nobody_can_decode_is_shown_as_what_is_left_of_it(upload: Any) -> None:
    lines = "\n".join(["统一社会信用代码,企业名称,住所", *LINES]).encode("gb18030").split(b"\n")
    lines[1] = lines[1].replace("号".encode("gb18030"), b"\xff\xff", 1)
    _delivery, page = upload(b"\n".join(lines))
    assert "样例中可读 1 行，会退回 1 行" in page


def test_what_was_read_is_neither_looked_at_again_nor_taken_back(
    cast: Any, client: Client, upload: Any
) -> None:
    delivery, page = upload(content(*LINES, header="统一社会信用代码,企业名称,住所,法定代表人,成立日期"))
    client.post(f"/registers/{delivery.pk}/columns/", {"act": "take", **answered(page)})
    read_kept.call(delivery.pk, cast.wu.pk)
    look_at.call(delivery.pk, cast.wu.pk)
    delivery.refresh_from_db()
    with pytest.raises(registers_problems.NoColumnsToSay):
        withdraw_upload(delivery, by=cast.by.wu)
    assert (delivery.state, Row.objects.count()) == (DeliveryState.DONE, 2)


def test_what_waits_for_its_columns_can_be_taken_back(cast: Any, client: Client, upload: Any) -> None:
    delivery, _page = upload(content(*LINES))
    client.post(f"/registers/{delivery.pk}/columns/", {"act": "withdraw"})
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED and not Preview.objects.exists()
    assert Entry.objects.filter(verb="register.withdrawn").count() == 1
    again, _page = upload(content(*LINES))
    assert again == delivery and Delivery.objects.get().state == DeliveryState.PREVIEW


def test_a_file_nobody_checks_goes_after_a_week(upload: Any) -> None:
    upload(content(*LINES))
    clear_unread(now() - timedelta(days=7))
    assert Delivery.objects.get().state == DeliveryState.PREVIEW
    Delivery.objects.update(delivered_at=now() - timedelta(days=8))
    clear_unread(now() - timedelta(days=7))
    assert Delivery.objects.get().state == DeliveryState.FAILED and not Preview.objects.exists()


def test_who_may_settle_what_a_column_is(cast: Any, client: Client, upload: Any) -> None:
    delivery, _page = upload(content(*LINES))
    for who, status in (("qian", 404), ("feng", 404), ("zheng", 403), ("ma", 200)):
        client.force_login(getattr(cast, who))
        assert client.get(f"/registers/{delivery.pk}/columns/").status_code == status, who
    with pytest.raises(problems.NotHere):
        choose_columns(delivery, [], by=cast.by.han)
    with pytest.raises(problems.ColumnsMissing):
        choose_columns(delivery, [], by=cast.by.ma)


def test_a_file_that_cannot_be_read_says_so_before_anything(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    given = {"register": "market", "area": "1503", "as_of": "2026-01-31"}
    file = SimpleUploadedFile("名册.xls", b"<html><table></table></html>")
    client.post("/registers/upload/", {**given, "file": file})
    delivery = Delivery.objects.get()
    with pytest.raises(tables_problems.WebPageSaved):
        look_at.call(delivery.pk, cast.wu.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED and "网页" in delivery.trouble
    answer = client.get(f"/registers/{delivery.pk}/columns/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/registers/{delivery.pk}/"


def test_the_command_takes_a_mapping(city: Any, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(content(*LINES))
    with pytest.raises(CommandError, match="columns-missing"):
        call_command("import_register", "market", str(path))
    with pytest.raises(CommandError, match="column-unknown"):
        call_command("import_register", "market", str(path), column=["title=单位全称"])
    with pytest.raises(CommandError, match="项=列名"):
        call_command("import_register", "market", str(path), column=["name"])
    call_command("import_register", "market", str(path), column=["credit_code=代码", "name=单位全称"])
    assert "接收 2 行" in capsys.readouterr().out and Row.objects.count() == 2
    assert not ColumnMapping.objects.exists()


# --- the report ---------------------------------------------------------------------------------------


def test_the_report_says_where_to_go_next(cast: Any, client: Client, upload: Any) -> None:
    header = "统一社会信用代码,企业名称,住所,成立日期"
    file = content(
        f"{credit_code(5)},示例5号有限公司,海勃湾区,若干", f"{credit_code(6)},示例6号有限公司,不详,2015", "坏,行,在,此",
        header=header,
    )  # fmt: skip
    delivery, page = upload(file)
    client.post(f"/registers/{delivery.pk}/columns/", {"act": "take", **answered(page)})
    read_kept.call(delivery.pk, cast.wu.pk)
    page = client.get(f"/registers/{delivery.pk}/").content.decode()
    for words in ("2 户待归格 → 归格", "1 行退回 → 导出 CSV", "1 行有未读出的项", "2 行的代码有校验提示"):
        assert words in page
    places = re.findall(r'<a\s+href="([^"]+)">[^<]*→', page)
    assert len(places) == 4
    for place in places:
        assert client.get(place).status_code == 200
    assert "示例5号有限公司" in client.get(places[0]).content.decode()
    assert "成立日期：若干" in client.get(f"/registers/{delivery.pk}/rows/noted/").content.decode()
    assert client.get(f"/registers/{delivery.pk}/rows/other/").status_code == 404


def test_the_pool_of_one_delivery_holds_no_other(cast: Any, client: Client, upload: Any) -> None:
    Subject.objects.create(
        kind="enterprise", name="别的有限公司", match_name="别的有限公司", credit_code=credit_code(99), area="1503",
        placement="unplaced", placement_why="测试", added_at=now(),
    )  # fmt: skip
    header = "统一社会信用代码,企业名称,住所"
    delivery, page = upload(content(f"{credit_code(5)},示例5号有限公司,不详", header=header))
    client.post(f"/registers/{delivery.pk}/columns/", {"act": "take", **answered(page)})
    read_kept.call(delivery.pk, cast.wu.pk)
    page = client.get(f"/pool/?delivery={delivery.pk}").content.decode()
    assert "示例5号" in page and "别的有限公司" not in page


def test_the_command_tells_what_was_not_read(city: Any, tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(content(LINES[0], header="统一社会信用代码,企业名称,住所,备注,成立日期"))
    out = StringIO()
    call_command("import_register", "market", str(path), stdout=out)
    assert "没有用到的列：备注" in out.getvalue()
