"""What the migration makes of accounts kept before there were kinds in them: the registers' rows say since when."""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from grid.registers.models import Delivery, Row
from tasks.coverage.models import Span

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FILL = import_module("tasks.migrations.0005_the_account_by_kind").fill
BEGIN, CHANGED, LATER = date(2026, 1, 10), date(2026, 3, 1), date(2026, 6, 1)


def row(subject: Any, register: str, since: date, until: date | None, **data: Any) -> None:
    delivery, _new = Delivery.objects.get_or_create(
        register=register, sha256=f"{since:%Y%m%d}".ljust(64, "0"),
        defaults={"area": "1503", "as_of": since, "delivered_at": datetime(2026, 6, 1, tzinfo=UTC)},
    )  # fmt: skip
    Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=1, data=data, since=since,
        until=until,
    )  # fmt: skip


def span(subject: Any, state: str, since: date, until: date | None = None) -> None:
    Span.objects.create(
        subject=subject, area=subject.area, kind="enterprise", state=state, since=since, until=until,
        at=datetime(2026, 1, 10, tzinfo=UTC),
    )  # fmt: skip


def spans(subject: Any) -> list[tuple[Any, ...]]:
    return list(
        Span.objects.filter(subject=subject)
        .order_by("since", "pk")
        .values_list("kind", "state", "since", "until")
    )


def test_a_unit_has_ended_since_the_line_that_says_so(city, make_employer):
    subject = make_employer(standing="cancelled")
    row(subject, "market", BEGIN, CHANGED, standing="存续")
    row(subject, "market", CHANGED, LATER, standing="吊销，未注销")
    row(subject, "market", LATER, None, standing="注销")
    span(subject, "not_sent", BEGIN, date(2026, 2, 1))
    span(subject, "to_check", date(2026, 2, 1), LATER)
    span(subject, "refused", LATER)
    FILL(apps, None)
    assert spans(subject) == [
        ("enterprise", "not_sent", BEGIN, date(2026, 2, 1)),
        ("enterprise", "to_check", date(2026, 2, 1), CHANGED),
        ("enterprise", "ended", CHANGED, LATER),
        ("enterprise", "ended", LATER, None),
    ]


def test_a_sole_trader_has_staff_since_a_line_counts_some(city, make_employer):
    subject = make_employer(kind="sole_trader_employing")
    row(subject, "market", BEGIN, None, standing="存续")
    row(subject, "tax", CHANGED, None, heads=3)
    span(subject, "not_sent", BEGIN)
    FILL(apps, None)
    assert spans(subject) == [
        ("sole_trader", "not_sent", BEGIN, CHANGED),
        ("sole_trader_employing", "not_sent", CHANGED, None),
    ]


def test_what_no_row_explains_is_as_it_is_today(city, make_employer):
    kept, board = make_employer(), make_employer(kind="announcement_point")
    merged = make_employer(standing="cancelled", same_as=kept)
    span(board, "compliant", BEGIN)
    span(merged, "to_check", BEGIN, CHANGED)
    span(merged, "not_a_subject", CHANGED)
    FILL(apps, None)
    assert spans(board) == [("announcement_point", "compliant", BEGIN, None)]
    before, *since = spans(merged)
    assert before == ("enterprise", "to_check", BEGIN, CHANGED)
    assert {state for _kind, state, _since, _until in since} == {"ended"}
