import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from grid.registers.models import Delivery, Row
from project.jobs import Worker
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead


@pytest.fixture
def lead(cast: Any, make_employer: Any) -> Lead:
    subject = make_employer("示例铁合金厂", address="海勃湾区黄河东街")
    for register, data in (("tax", {"heads": 12, "wages": "96000"}), ("social", {"pension": 3, "injury": 3})):
        delivery = Delivery.objects.create(
            register=register, area="1503", file_name=f"{register}.csv", sha256=register, as_of=date(2026, 1, 31),
            delivered_at=datetime(2026, 2, 1, tzinfo=UTC), state="done",
        )  # fmt: skip
        Row.objects.create(
            register=register, subject=subject, area=subject.area, delivery=delivery, line=2, data=data, hash=register,
            since=date(2026, 1, 31),
        )  # fmt: skip
    run_comparison("150302", by=cast.by.qian, as_of=date(2026, 1, 31))
    return Lead.objects.get()


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("sun", "/leads/", 200),
        ("zheng", "/leads/", 200),
        ("wang", "/leads/", 403),
        ("feng", "/leads/", 403),
        ("sun", "/leads/?area=150304", 404),
        ("sun", "/leads/{pk}/", 200),
        ("chen", "/leads/{pk}/", 404),
        ("wang", "/leads/{pk}/", 404),
    ],
)
def test_who_sees_leads(cast: Any, client: Client, lead: Lead, who: str, path: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path.format(pk=lead.pk)).status_code == status


def test_the_list_filters_by_its_address(cast: Any, client: Client, lead: Lead) -> None:
    client.force_login(cast.sun)
    assert "示例铁合金厂" in client.get("/leads/?rule=R2&state=open").content.decode()
    assert "示例铁合金厂" not in client.get("/leads/?rule=R3").content.decode()
    assert "示例铁合金厂" not in client.get("/leads/?state=healed").content.decode()


def test_a_lead_shows_both_rows_where_they_came_from_and_what_is_unreviewed(
    cast: Any, client: Client, lead: Lead
) -> None:
    client.force_login(cast.zhao)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    for text in (
        "个税扣缴12人，参保3人，相差9人", "第58条", "待法制审核", "tax.csv 第2行", "social.csv 第2行", "96,000.00 元", "3 人",
        "和平社区第一网格",
    ):  # fmt: skip
        assert text in page, text


def test_queries_of_the_list(
    cast: Any, client: Client, lead: Lead, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.sun)
    with django_assert_max_num_queries(12):
        client.get("/leads/")


def test_who_may_compare_presses_one_button(cast: Any, client: Client, lead: Lead) -> None:
    client.force_login(cast.sun)
    assert "比对名册" not in client.get("/leads/").content.decode()
    assert client.post("/leads/compare/", {"area": "150302001"}).status_code == 403
    client.force_login(cast.qian)
    assert "比对名册" in client.get("/leads/").content.decode()
    assert client.post("/leads/compare/", {"area": "150304"}).status_code == 404
    assert client.post("/leads/compare/", {"area": ""}).status_code == 404
    assert client.post("/leads/compare/", {"area": "150302"}).status_code == 302
    assert Worker(threading.Event(), "test").run_one()
    page = client.get("/leads/").content.decode()
    assert "新线索 0 条，仍存在 1 条，已消除 0 条" in page
