"""A term that is over and whose handler failed: told to a person at once, and to the log without filling the disk."""

import logging
from collections.abc import Iterator

from django.utils.translation import gettext as _

from grid.calendar.now import now
from grid.complaints import Complaints
from grid.hints import hint
from grid.outages import outage_of
from workflows.clocks.models import Clock, Snag

log = logging.getLogger(__name__)
KIND = "unfired"
# What fails now, by what it is said as; gone again when it went well.
_failing: dict[str, Complaints] = {}


def complain(what: str, error: Exception) -> None:
    _failing.setdefault(what, Complaints(what, log)).failed(error)


def went_well(what: str) -> None:
    if _failing and (complaints := _failing.pop(what, None)):
        complaints.went_well()


def logged_as(clock: int) -> str:
    return f"clock {clock} did not fire"


def report_failure(clock_id: int, error: Exception) -> None:
    """It stands among what is stuck from now on, for the city's office; once, however often it fails again.

    Not for what passes by itself: a database that is away or busy. Never raises, so that it holds up no other term.
    """
    complain(logged_as(clock_id), error)
    if outage_of(error):
        return
    try:
        _open_snag(clock_id)
    except Exception:
        log.exception("%s, and is not reported", logged_as(clock_id))


def _open_snag(clock_id: int) -> None:
    key = f"{KIND}:{clock_id}"
    if Snag.objects.filter(key=key, gone_at=None).exists():
        return
    clock, at = Clock.objects.select_related("case", "round").get(pk=clock_id), now()
    matter = clock.case or clock.round
    facts = {
        "kind": KIND, "code": matter.code if matter else "", "case_id": clock.case_id, "round_id": clock.round_id,
        "area": clock.area, "what": what_failed(clock)[:300], "advice": advice_for(clock)[:300],
        "first_seen": at, "last_seen": at, "repaired_at": None, "gone_at": None,
    }  # fmt: skip
    Snag.objects.update_or_create(key=key, defaults=facts)
    hint("inbox", clock.area)


def what_failed(clock: Clock) -> str:
    return _("“{term}”于 {due} 届满，系统没有办理下一步").format(term=clock.name, due=clock.due_on)


def advice_for(clock: Clock) -> str:
    """Names the line of the log in which the reason stands."""
    return _("请系统管理员查看运行日志（{line}）").format(line=logged_as(clock.pk))


def reported() -> Iterator[int]:
    """Clocks whose failure is reported and not over. One query."""
    for key in Snag.objects.filter(kind=KIND, gone_at=None).values_list("key", flat=True):
        yield int(key.partition(":")[2])
