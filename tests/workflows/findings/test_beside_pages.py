"""Every page that puts the visit and the registers side by side marks the same rows, by the law of their month."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from grid.registers.models import Delivery, Row
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead
from workflows.cases import actions

pytestmark = pytest.mark.once

BASE = "月工资与缴费基数"


def delivered(subject: Any, register: str, data: dict[str, Any]) -> None:
    delivery = Delivery.objects.create(
        register=register, area="1503", file_name=f"{register}.csv", sha256=register, as_of=date(2026, 1, 31),
        delivered_at=datetime(2026, 2, 1, tzinfo=UTC), state="done",
    )  # fmt: skip
    Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=2, data=data, hash=register,
        since=date(2026, 1, 31),
    )  # fmt: skip


def row_of(client: Client, address: str, title: str) -> str:
    page = client.get(address).content.decode()
    return page[page.index(title) :].partition("</tr>")[0]


@pytest.mark.parametrize(("wages", "differs"), [("54000", False), ("96000", True)])
def test_the_same_rows_are_marked_on_every_page(
    cast: Any, client: Client, make_employer: Any, make_finding: Any, wages: str, differs: bool
) -> None:
    subject = make_employer("示例铁合金厂")
    delivered(subject, "social", {"base": "4907.4", "pension": 2, "injury": 2, "name": "示例铁合金厂"})
    delivered(subject, "tax", {"heads": 12, "wages": wages, "name": "示例铁合金厂"})
    finding = make_finding(subject)
    finding.visit.answers |= {"types_seen": ["pension"]}
    finding.visit.save()
    run_comparison("150302", by=cast.by.qian, as_of=date(2026, 1, 31))
    lead = Lead.objects.filter(right__register="social", left__register="tax").first()
    assert lead is not None
    case = actions.confirm_and_open(finding, by=cast.by.zhao)
    assert case is not None
    client.force_login(cast.sun)
    pages = (f"/findings/{finding.pk}/", f"/cases/{case.code}/", f"/visits/facts/{subject.pk}/")
    for address in (*pages, f"/leads/{lead.pk}/"):
        row = row_of(client, address, BASE)
        assert ("不一致" in row, "按缴费基数下限" in row) == (differs, not differs), address
    for address in pages:
        assert "不一致" in row_of(client, address, "险种"), address
    assert "走访" not in row_of(client, f"/leads/{lead.pk}/", BASE)
