"""The offices at the desk: read by whoever reads cases, entered by the legal office, confirmed by another."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid.calendar.now import today
from grid.offices.models import Body, Part
from grid.offices.queries import office_at

AREA = "150302"
NEW = {
    "area": AREA, "part": Part.COURT, "name": "示例区人民法院", "word": "", "address": "", "phone": "", "seal": "",
    "valid_from": today().isoformat(), "why": "管辖调整",
}  # fmt: skip
HEAD = "区划,种类,全称,代字,地址,电话,印章,起\n"


def at(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("zhao", "/offices/", 200), ("han", "/offices/", 200), ("wang", "/offices/", 404), ("bai", "/offices/", 404),
        ("wu", "/offices/new/", 403), ("qian", "/offices/confirm/", 403), ("wang", "/offices/new/", 404),
        ("wang", "/offices/confirm/", 404), ("wang", "/offices/import/", 404), ("qian", "/offices/import/", 403),
        ("fang", "/offices/150302/court/", 200), ("fang", "/offices/150302/church/", 404),
        ("fang", "/offices/440100/court/", 404), ("wang", "/offices/150302/court/", 404), ("fang", "/offices/0/end/", 404),
    ],
)  # fmt: skip
def test_who_sees_the_pages(cast: Any, who: str, page: str, status: int) -> None:
    assert at(cast, who).get(page).status_code == status


def test_entered_by_one_and_confirmed_by_another(cast: Any) -> None:
    Body.objects.filter(area=AREA, part=Part.COURT).delete()
    fang, wu = at(cast, "fang"), at(cast, "wu")
    lacking = fang.get("/offices/").content.decode()
    assert "缺少，相应文书不能制作" in lacking and "/offices/new/?area=150302&amp;part=court" in lacking
    assert fang.post("/offices/new/", NEW).status_code == 302
    assert "等待另一人确认" in fang.get("/offices/").content.decode()
    body = Body.objects.get(area=AREA, part=Part.COURT)
    own = fang.post("/offices/confirm/", {"chosen": [body.pk], "why": "属实"})
    assert own.status_code == 422, "what one entered oneself is not among the choices"
    assert "示例区人民法院" in wu.get("/offices/confirm/").content.decode()
    assert wu.post("/offices/confirm/", {"chosen": [body.pk], "why": "属实"}).status_code == 302
    assert office_at(AREA, today()).court == "示例区人民法院"
    history = fang.get(f"/offices/{AREA}/court/").content.decode()
    assert "方文、吴霞" in history and "管辖调整" in history


def test_a_refusal_stands_above_what_was_typed(cast: Any) -> None:
    answer = at(cast, "fang").post("/offices/new/", NEW | {"part": Part.CASES, "name": "", "word": "WDQ"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "代字“WDQ”属于 150304" in page and 'value="WDQ"' in page


def test_one_is_ended_and_one_taken_back(cast: Any) -> None:
    fang = at(cast, "fang")
    standing = office_at(AREA, today()).need(Part.COURT)
    given = {"last_day": today().isoformat(), "why": "机构撤销"}
    assert fang.post(f"/offices/{standing.pk}/end/", given).status_code == 302
    standing.refresh_from_db()
    assert standing.valid_to == today()
    waiting = Body.objects.create(
        area=AREA, part=Part.TAX, name="某税务局", valid_from=today(), entered_by=cast.fang
    )
    assert fang.post(f"/offices/{waiting.pk}/end/", {"why": "写错"}).status_code == 302
    assert not Body.objects.filter(pk=waiting.pk).exists()


def test_a_file_comes_in_at_the_desk(cast: Any) -> None:
    fang = at(cast, "fang")
    Body.objects.filter(area=AREA, part=Part.COURT).delete()
    wrong = SimpleUploadedFile("机关.csv", (HEAD + "150399,court,某法院,,,,,2026-01-01").encode())
    answer = fang.post("/offices/import/", {"file": wrong})
    assert answer.status_code == 422 and "第 2 行" in answer.content.decode()
    good = SimpleUploadedFile("机关.csv", (HEAD + f"{AREA},court,某法院,,,,,2026-01-01").encode("gb18030"))
    assert fang.post("/offices/import/", {"file": good}).status_code == 302
    assert Body.objects.get(area=AREA, part=Part.COURT).entered_by == cast.fang


def test_the_list_costs_the_same_however_long(cast: Any, django_assert_max_num_queries: Any) -> None:
    fang = at(cast, "fang")
    with django_assert_max_num_queries(14):
        fang.get("/offices/")
