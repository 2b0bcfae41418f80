"""What a year is made of: register rows, entries of the ledger, states of doors, each on its day."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from grid.calendar.now import CITY_TIME, moved_to, now
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.registers.models import Delivery, Register, Row
from grid.scope import machine
from grid.subjects.models import Subject
from workflows.assessment import actions
from workflows.assessment.models import Result, Scheme

CLOCK = machine("期限时钟")
CITY = "1503"


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=CITY_TIME)


def register_row(
    subject: Subject, register: Register, since: date, until: date | None = None, **data: Any
) -> Row:
    """A line of a delivery as of `since` that came in on the day time stands at."""
    delivery, _ = Delivery.objects.get_or_create(
        register=register, sha256=f"{since:%Y%m%d}".ljust(64, "0"),
        defaults={"area": CITY, "as_of": since, "delivered_at": now(), "file_name": f"{register}.csv"},
    )  # fmt: skip
    return Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=1, data=data, since=since,
        until=until, hash=f"{since}{sorted(data.items())}"[:64],
    )  # fmt: skip


def next_line(row: Row, since: date, **data: Any) -> Row:
    """What a later delivery says instead."""
    row.until = since
    row.save(update_fields=["until"])
    return register_row(row.subject, Register(row.register), since, **data)


def tell(verb: Verb, moment: datetime, subject: Subject, case: str = "") -> None:
    with moved_to(moment), transaction.atomic():
        record(verb, Line(subject.area, subject=subject.pk, case=case), by=CLOCK)


def computed(cast: Any, year: int = 2026) -> Scheme:
    scheme = actions.open_scheme(year, CITY, by=cast.by.wu)
    return actions.compute_scheme(scheme, CITY, by=cast.by.wu)


def shown(cast: Any, year: int = 2026) -> Scheme:
    """Computed and shown in January after it."""
    with moved_to(at(1, 15, year + 1)):
        return actions.show_scheme(computed(cast, year), CITY, by=cast.by.wu)


def frozen(cast: Any, year: int = 2026) -> Scheme:
    """The lawful way: both districts agree, two people close it."""
    scheme = shown(cast, year)
    with moved_to(at(1, 20, year + 1)):
        for response in scheme.responses.select_related("scheme"):
            by = cast.by.qian if response.area == "150302" else cast.by.han
            actions.agree_result(response, by=by)
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)
        return actions.freeze_scheme(scheme, CITY, by=cast.by.ma)


def digits(area: str) -> dict[str, tuple[int, int]]:
    rows = Result.objects.filter(area=area).select_related("indicator")
    return {row.indicator.formula: (row.numerator, row.denominator) for row in rows}
