"""Whole files: the good lines in, every bad one reported, nothing twice, every fact with its provenance."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from grid import problems
from grid.ledger.models import Entry
from grid.registers import actions
from grid.registers import problems as registers_problems
from grid.registers.actions import Meaning, import_delivery, read_kept
from grid.registers.models import Delivery, DeliveryState, RefusedLine, Row
from grid.registers.queries import deliveries_of, facts_of, refusals_of, versions_of
from grid.registers.rules.headers import fingerprint_of, head_of
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.uploads.actions import choose_columns, look_at, receive_upload
from grid.scope import machine
from grid.subjects.models import Placement, Subject, SubjectKind
from grid.tables import problems as tables_problems
from grid.territory import problems as territory_problems
from grid.territory.actions import import_divisions
from tests.cast import credit_code

DAY = date(2026, 1, 31)
LATER = date(2026, 2, 28)
HEADER = "统一社会信用代码,企业名称,住所,成立日期,注册资本,登记状态"


def row(number: int, **fields: str) -> str:
    values = {
        "code": credit_code(number),
        "name": f"示例{number}号有限公司",
        "address": "乌海市海勃湾区黄河东街",
        "day": "2004-08-02",
        "capital": '"4,659(万)"',
        "standing": "存续",
    } | fields
    return ",".join(values.values())


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    made = iter(range(100))

    def write(*lines: str, header: str = HEADER, encoding: str = "utf-8", name: str = "") -> Path:
        path = tmp_path / (name or f"名册{next(made)}.csv")
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return path

    return write


def take(path: Path, cast: Any, register: str = "market", as_of: date = DAY, area: str = "1503") -> Delivery:
    return import_delivery(Meaning(register, area, as_of), path, by=cast.by.wu)


def counts(delivery: Delivery) -> tuple[int, int, int, int]:
    return delivery.lines, delivery.accepted, delivery.unchanged, delivery.refused


# --- the real file and a damaged one -----------------------------------------------------------------

REAL = Path(__file__).resolve().parents[3].parent / "shared/data/wuhai_enterprises.csv"


@pytest.mark.skipif(
    not REAL.exists(), reason="the published register lies beside the project only where it may"
)
def test_the_published_register_is_taken_whole(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    import_divisions(city="1503", by=machine("测试"))
    call_command("import_register", "market", str(REAL), as_of=DAY)
    assert capsys.readouterr().out.startswith("接收 600 行（其中无变化 0 行），退回 0 行，待归格 600 户")
    delivery = Delivery.objects.get()
    assert counts(delivery) == (600, 600, 0, 0)
    assert Subject.objects.count() == Row.objects.filter(until=None).count() == 600
    by_district = {
        code: Subject.objects.filter(area__startswith=code).count() for code in ("150302", "150303", "150304")
    }
    assert sum(by_district.values()) >= 598
    call_command("import_register", "market", str(REAL), as_of=DAY)
    assert Delivery.objects.count() == 1 and Entry.objects.filter(verb="register.imported").count() == 1


def test_a_damaged_file_loses_no_good_line(cast: Any, tmp_path: Path) -> None:
    wrong = credit_code(14)[:-1] + ("0" if credit_code(14)[-1] != "0" else "1")
    lines: list[tuple[bytes, str]] = [
        (HEADER.encode(), ""),
        (row(1).encode(), ""),
        (row(2).encode().replace("示例".encode(), b"\xca\xbe\xff"), "bad-bytes"),
        (row(3, code=credit_code(3).lower()).encode(), ""),
        (row(4, code="".join(chr(ord(c) + 0xFEE0) for c in credit_code(4))).encode(), ""),
        (row(5, code="").encode(), "missing-code"),
        (row(6, capital="4,659(万)").encode(), "field-count"),
        (row(7, name="").encode(), "missing-name"),
        (f"{credit_code(8)},2004-08-02,示例8号有限公司,海勃湾区,存续,".encode(), "not-a-name"),
        (f"示例9号有限公司,{credit_code(9)},海勃湾区,2004-08-02,1,存续".encode(), "malformed-code"),
        (row(10, name='"示例10号有限公司').encode(), "open-quote"),
        (row(11).encode(), ""),
        (row(12, name='"示例12号\n有限公司"').encode(), ""),
        (row(13)[:26].encode(), "field-count"),
        (row(14, code=wrong).encode(), "wrong-check-digit"),
        (row(15, day="2004-02-30").encode(), ""),
        (row(16, name="示例\ufffd号有限公司").encode(), "bad-bytes"),
        (row(17, code="150302000000017").encode(), ""),
        (row(18, capital='"1,000(万美元)"').encode(), ""),
        (b"", ""),
        (row(1, name="示例1号另有名称").encode(), "repeated-code"),
        (row(19).encode() + b",,", ""),
    ]
    path = tmp_path / "damaged.csv"
    path.write_bytes(b"\r\n".join(content for content, _ in lines) + b"\r\n")
    delivery = take(path, cast)
    good = {"示例1号有限公司", "示例3号有限公司", "示例4号有限公司", "示例11号有限公司", "示例12号 有限公司"}
    good |= {"示例15号有限公司", "示例17号有限公司", "示例18号有限公司", "示例19号有限公司"}
    assert set(Subject.objects.values_list("name", flat=True)) == good
    assert [line.code for line in RefusedLine.objects.order_by("line")] == [code for _, code in lines if code]
    assert counts(delivery) == (20, 9, 0, 11)
    assert delivery.noted == 1
    assert RefusedLine.objects.get(code="bad-bytes", line=3).raw.startswith(credit_code(2))
    assert Row.objects.get(subject__name="示例18号有限公司").data["capital_currency"] == "USD"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(cast: Any, file: Any, encoding: str) -> None:
    delivery = take(file(row(1), row(2, name="示例㐀镕堃有限公司"), encoding=encoding), cast)
    assert counts(delivery) == (2, 2, 0, 0)
    assert Subject.objects.filter(name="示例㐀镕堃有限公司").exists()


def test_bad_bytes_in_gb18030_end_with_their_line(cast: Any, tmp_path: Path) -> None:
    text = "\n".join([HEADER, *(row(n) for n in range(1, 9))]).encode("gb18030").split(b"\n")
    text[3] = text[3].replace("号".encode("gb18030"), b"\xff\xff", 1)
    path = tmp_path / "x.csv"
    path.write_bytes(b"\n".join(text))
    assert counts(take(path, cast)) == (8, 7, 0, 1)
    assert RefusedLine.objects.get().line == 4


def test_a_sheet_with_a_title_above_its_header(cast: Any, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["市场主体登记信息"])
    sheet.append(HEADER.split(","))
    sheet.append(
        [credit_code(1), "示例1号有限公司", "海勃湾区公园社区1号", date(2004, 8, 2), "100(万)", "存续"]
    )
    sheet.append([150302000000017, "示例2号有限公司", "海勃湾区", "200408", 100, "吊销"])
    sheet.append([None, "示例3号有限公司", "海勃湾区", "200408", 100, "存续"])
    path = tmp_path / "名册.xlsx"
    book.save(path)
    assert counts(take(path, cast)) == (3, 2, 0, 1)
    first, second = Subject.objects.order_by("pk")
    assert (first.area, first.placement, first.established_on) == (
        "150302001003001",
        Placement.TEXT,
        date(2004, 8, 2),
    )
    assert (second.legacy_code, second.standing) == ("150302000000017", "revoked")


# --- versions ----------------------------------------------------------------------------------------


def test_the_same_bytes_change_nothing(cast: Any, file: Any) -> None:
    path = file(row(1), row(2))
    first = take(path, cast)
    entries = Entry.objects.count()
    assert take(path, cast) == first
    assert (Delivery.objects.count(), Row.objects.count(), Entry.objects.count()) == (1, 2, entries)


def test_a_changed_line_opens_a_version_and_an_unchanged_one_does_not(cast: Any, file: Any) -> None:
    take(file(row(1), row(2)), cast)
    later = take(
        file(row(2), row(1, name="示例改名有限公司", address="海勃湾区公园社区9号")), cast, as_of=LATER
    )
    assert counts(later) == (2, 2, 1, 0)
    subject = Subject.objects.get(credit_code=credit_code(1))
    assert (subject.name, subject.area, subject.placement) == (
        "示例改名有限公司",
        "150302001003001",
        Placement.TEXT,
    )
    new, old = versions_of(subject, "market")
    assert (new.line, new.as_of, new.data["name"]) == (3, LATER, "示例改名有限公司")
    assert (old.line, old.as_of, old.data["name"]) == (2, DAY, "示例1号有限公司")
    assert Row.objects.get(pk=old.row_id).until == LATER
    assert Row.objects.get(pk=new.row_id).area == subject.area
    assert facts_of(subject, on=DAY)["market"].data["name"] == "示例1号有限公司"
    changed = Entry.objects.get(verb="subject.changed")
    assert set(changed.data["fields"]) == {"name", "match_name", "address"}


def test_placed_by_hand_stays_where_it_was_put(cast: Any, file: Any) -> None:
    take(file(row(1)), cast)
    Subject.objects.update(area="150302001002001", placement=Placement.HAND)
    take(file(row(1, address="海勃湾区公园社区9号")), cast, as_of=LATER)
    assert Subject.objects.get().area == "150302001002001"


def test_older_and_future_data_are_refused(cast: Any, file: Any) -> None:
    take(file(row(1)), cast, as_of=LATER)
    with pytest.raises(registers_problems.OlderDelivery):
        take(file(row(2)), cast, as_of=DAY)
    with pytest.raises(registers_problems.FutureDelivery):
        take(file(row(2)), cast, as_of=date(2200, 1, 1))


def test_a_read_cut_off_goes_on_where_it_was(cast: Any, file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    path = file(row(1), row(2), row(3, code=""), row(4), row(5))
    delivery = actions.open_delivery(
        actions.Meaning("market", "1503", DAY), "x", actions.sha256_of(path), by=cast.by.wu
    )
    lines = actions.read_tables(path, "x", actions.LAYOUTS["market"]).lines
    first = [next(lines), next(lines)]
    actions._take(delivery.pk, actions.LAYOUTS["market"], 0, first, actions.gazetteer("1503"), cast.by.wu)
    assert Delivery.objects.get().lines == 2
    assert counts(take(path, cast)) == (5, 4, 0, 1)
    assert Subject.objects.count() == 4


def test_a_legacy_subject_gets_its_credit_code(cast: Any, file: Any) -> None:
    header = HEADER + ",注册号"
    take(file(row(1, code="") + ",150302000000017", header=header), cast)
    take(file(row(1) + ",150302000000017", header=header), cast, as_of=LATER)
    assert Subject.objects.get().credit_code == credit_code(1)


# --- three registers side by side ------------------------------------------------------------------------

SOCIAL = "统一社会信用代码,单位名称,养老保险人数,失业保险人数,工伤保险人数,养老保险缴费年月,应收年月"
TAX = "uni_social_crd_cd,comp_nm,个税扣缴人数,月工资薪金总额,tax_amt,unit_opt_loc"


def test_facts_stand_side_by_side_with_their_provenance(
    cast: Any, file: Any, django_assert_num_queries: Any
) -> None:
    take(file(row(1)), cast)
    take(file(f"{credit_code(1)},示例1号有限公司,3,3,3,202512,202601", header=SOCIAL), cast, "social")
    take(file(f"{credit_code(1)},示例1号有限公司,12,96000,5600.5,乌达区", header=TAX), cast, "tax")
    subject = Subject.objects.get()
    assert subject.area == "150302"
    with django_assert_num_queries(1):
        facts = facts_of(subject)
    assert list(facts) == ["market", "social", "tax"]
    assert facts["social"].data["pension"] == 3 and facts["social"].data["pension_paid_to"] == "2025-12"
    assert facts["tax"].data["heads"] == 12 and facts["tax"].data["wages"] == "96000"
    assert facts["tax"].line == 2 and facts["tax"].as_of == DAY
    assert "税务申报 2026-01-31" in facts["tax"].source


def test_a_register_without_codes_is_matched_by_name(cast: Any, file: Any) -> None:
    take(
        file(row(1), row(2, name="示例（乌达）公司"), row(3, name="同名公司"), row(4, name="同名公司")), cast
    )
    lines = [",示例(乌达)公司,3,3,3,,", ",同名公司,1,1,1,,", ",查无此名公司,1,1,1,,"]
    delivery = take(file(*lines, header=SOCIAL), cast, "social")
    assert counts(delivery) == (3, 1, 0, 2)
    assert [line.code for line in RefusedLine.objects.all()] == ["name-ambiguous", "missing-code"]


def test_months_of_one_unit_in_one_file_leave_the_newest(cast: Any, file: Any) -> None:
    lines = [
        f"{credit_code(1)},示例1号有限公司,{n},{n},{n},,{month}"
        for n, month in ((1, 202511), (3, 202601), (2, 202512))
    ]
    delivery = take(file(*lines, header=SOCIAL), cast, "social")
    assert counts(delivery) == (3, 3, 1, 0)
    assert facts_of(Subject.objects.get())["social"].data["pension"] == 3


def test_staff_seen_by_the_tax_office_makes_a_sole_trader_an_employer(cast: Any, file: Any) -> None:
    code = "92150302MA0NP5JL05"
    take(file(row(1, code=code)), cast)
    assert Subject.objects.get().kind == SubjectKind.SOLE_TRADER
    take(file(f"{code},示例1号有限公司,2,,,", header=TAX), cast, "tax")
    assert Subject.objects.get().kind == SubjectKind.SOLE_TRADER_EMPLOYING


# --- scope and refusals of whole files -------------------------------------------------------------------


def test_a_line_outside_the_delivery_is_refused(cast: Any, file: Any) -> None:
    delivery = take(file(row(1), row(2, address="乌海市乌达区")), cast, area="150302")
    assert counts(delivery) == (2, 1, 0, 1)
    assert RefusedLine.objects.get().code == "outside-area"


def test_who_may_import_and_who_may_see(cast: Any, file: Any) -> None:
    path = file(row(1), row(2, code=""))
    with pytest.raises(problems.NotYourPost):
        import_delivery(Meaning("market", "150302", DAY), path, by=cast.by.qian)
    with pytest.raises(territory_problems.UnknownArea):
        take(path, cast, area="150399")
    with pytest.raises(registers_problems.NotYourRegister):
        import_delivery(Meaning("market", "150302", DAY), path, by=cast.by.feng)
    delivery = import_delivery(Meaning("market", "150302", DAY), path, by=cast.by.wu)
    assert list(deliveries_of(cast.by.qian)) == [delivery]
    assert list(deliveries_of(cast.by.han)) == []
    assert refusals_of(cast.by.qian, delivery).count() == 0
    assert refusals_of(cast.by.feng, delivery).count() == 0
    assert refusals_of(cast.by.wu, delivery).count() == 1
    entry = Entry.objects.get(verb="register.imported")
    assert (entry.area, entry.actor, entry.data["accepted"], entry.data["refused"]) == (
        "150302",
        cast.wu.pk,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", problems.EmptyFile),
        (b"\n\n", problems.EmptyFile),
        (HEADER.encode() + b"\n", problems.EmptyFile),
        (b"%PDF-1.7 ...", problems.NotATable),
        (b"PK\x03\x04 not really a workbook", problems.WrongFile),
        ("统一社会信用代码,企业名称".encode("utf-16"), problems.ColumnsMissing),
        (b"\xff\x81\xff\n" * 50, tables_problems.WrongEncoding),
        ("姓名,电话\n张三,1".encode(), registers_problems.HeaderMissing),
        ("企业名称,成立日期\n示例有限公司,2020".encode(), problems.ColumnsMissing),
    ],
)
def test_files_that_cannot_be_read_are_named(cast: Any, tmp_path: Path, content: bytes, problem: Any) -> None:
    path = tmp_path / "坏文件.csv"
    path.write_bytes(content)
    with pytest.raises(problem) as caught:
        take(path, cast)
    assert "坏文件.csv" in caught.value.detail
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.lines) == (DeliveryState.FAILED, 0)
    assert delivery.trouble


def test_the_command_speaks_plainly_of_a_wrong_file(city: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("姓名,电话\n张三,1")
    with pytest.raises(CommandError, match=r"没有找到表头.*header-missing"):
        call_command("import_register", "market", str(path))


def test_an_upload_is_read_in_the_background_and_its_file_goes(cast: Any, settings: Any) -> None:
    content = "\n".join([HEADER, row(1)]).encode()
    delivery = receive_upload(
        Meaning("market", "1503", DAY), "名册.csv", [content[:50], content[50:]], by=cast.by.wu
    )
    assert delivery.state == DeliveryState.PREVIEW
    assert actions.kept_at(delivery).read_bytes() == content
    look_at.call(delivery.pk, cast.wu.pk)
    header = fingerprint_of(HEADER.split(","))
    choose_columns(
        delivery, [(header, dict(head_of(LAYOUTS["market"], [HEADER.split(",")]).columns))], by=cast.by.wu
    )
    read_kept.call(delivery.pk, cast.wu.pk)
    read_kept.call(delivery.pk, cast.wu.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.accepted) == (DeliveryState.DONE, 1)
    assert not actions.kept_at(delivery).exists()


def test_a_batch_costs_the_same_whatever_its_size(
    cast: Any, file: Any, django_assert_max_num_queries: Any
) -> None:
    path = file(*(row(n) for n in range(1, 301)))
    with django_assert_max_num_queries(48):
        take(path, cast)
