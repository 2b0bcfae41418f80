import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid.registers.actions import Meaning, import_delivery, read_kept
from grid.registers.models import Delivery
from grid.registers.uploads.actions import look_at
from grid.subjects.models import Subject
from tests.cast import credit_code

pytestmark = pytest.mark.once

HEADER = "统一社会信用代码,企业名称,住所"
BAD = "+1+1,示例2号有限公司,海勃湾区"


def content(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture
def delivery(cast: Any, tmp_path: Path) -> Delivery:
    path = tmp_path / "名册.csv"
    path.write_bytes(content(f"{credit_code(1)},示例1号有限公司,海勃湾区", BAD))
    return import_delivery(Meaning("market", "1503", date(2026, 1, 31)), path, by=cast.by.wu)


def answered(page: str) -> dict[str, str]:
    """What the page of columns would send, as it stands."""
    heads = dict(re.findall(r'name="(was-\d+)" value="(\d+)"', page))
    said = {name.replace("was", "head"): value for name, value in heads.items()}
    for name, options in re.findall(r'<select name="(col-\d+-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\w+)" selected', options)
        said[name] = chosen[1] if chosen else ""
    return heads | said


def upload(client: Client, file: bytes, **fields: str) -> Any:
    given = {"register": "market", "area": "1503", "as_of": "2026-01-31"} | fields
    return client.post("/registers/upload/", {**given, "file": SimpleUploadedFile("名册.csv", file)})


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("wu", "/registers/", 200),
        ("feng", "/registers/upload/", 200),
        ("qian", "/registers/upload/", 403),
        ("zheng", "/registers/", 200),
        ("wu", "/registers/{pk}/", 200),
        ("qian", "/registers/{pk}/", 404),
        ("wang", "/registers/{pk}/", 404),
        ("feng", "/registers/{pk}/", 404),
        ("zheng", "/registers/{pk}/", 200),
        ("wu", "/registers/{pk}/refused.csv", 200),
        ("zheng", "/registers/{pk}/refused.csv", 403),
        ("feng", "/registers/{pk}/refused.csv", 404),
        ("han", "/registers/{pk}/refused.csv", 404),
    ],
)
def test_who_sees_what(
    cast: Any, client: Client, delivery: Delivery, who: str, path: str, status: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path.format(pk=delivery.pk)).status_code == status


def test_raw_lines_only_for_those_who_import(cast: Any, client: Client, delivery: Delivery) -> None:
    client.force_login(cast.wu)
    page = client.get(f"/registers/{delivery.pk}/").content.decode()
    assert "malformed-code" in page and BAD in page
    client.force_login(cast.zheng)
    page = client.get(f"/registers/{delivery.pk}/").content.decode()
    assert "malformed-code" in page and BAD not in page


def test_the_refused_lines_as_a_file_that_runs_nothing(cast: Any, client: Client, delivery: Delivery) -> None:
    client.force_login(cast.wu)
    text = client.get(f"/registers/{delivery.pk}/refused.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(",3,malformed-code,") and "'+1+1" in text


def test_an_upload_from_the_page_to_its_report(cast: Any, client: Client, settings: Any) -> None:
    client.force_login(cast.wu)
    file = content(f"{credit_code(5)},示例5号有限公司,海勃湾区")
    answer = upload(client, file)
    found = Delivery.objects.get()
    assert answer.headers["Location"] == f"/registers/{found.pk}/columns/"
    assert "every 2s" in client.get(f"/registers/{found.pk}/columns/").content.decode()
    look_at.call(found.pk, cast.wu.pk)
    page = client.get(f"/registers/{found.pk}/columns/").content.decode()
    assert "每一列是什么" in page and "every 2s" not in page and Subject.objects.count() == 0
    client.post(f"/registers/{found.pk}/columns/", {"act": "take", **answered(page)})
    assert "every 2s" in client.get(f"/registers/{found.pk}/").content.decode()
    read_kept.call(found.pk, cast.wu.pk)
    page = client.get(f"/registers/{found.pk}/").content.decode()
    assert "没有退回的行" in page and "every 2s" not in page
    assert "以前交来过" in client.get(upload(client, file).headers["Location"]).content.decode()
    assert Delivery.objects.count() == 1


def test_bad_uploads_are_told_in_the_form(cast: Any, client: Client, delivery: Delivery) -> None:
    client.force_login(cast.wu)
    older = upload(client, content(f"{credit_code(9)},示例9号有限公司,海勃湾区"), as_of="2025-12-31")
    assert older.status_code == 409 and "已有数据日期为" in older.content.decode()
    future = upload(client, b"x", as_of="2199-01-01")
    assert future.status_code == 200 and "数据日期还没有到" in future.content.decode()
    assert upload(client, b"x", area="1504").status_code == 200
    assert Delivery.objects.count() == 1


def test_queries_of_the_list(
    cast: Any, client: Client, delivery: Delivery, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.wu)
    # Six for the list, seven for what is due and when, however many registers and areas.
    with django_assert_max_num_queries(13):
        client.get("/registers/")
