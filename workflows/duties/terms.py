"""The term of a referral: its days, the one reminder, the one report when it ends, and how both are told."""

import logging
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Unit, Workdays, due_on
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record_acts, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, machine
from workflows.clocks.rules import unit_of
from workflows.clocks.verbs import ClockVerb
from workflows.duties import rules
from workflows.duties.models import WITH_DEPARTMENT, Referral
from workflows.duties.verbs import DutyVerb

log = logging.getLogger(__name__)

WATCH = machine(_("转办期限"))


def term_of(key: str) -> dict[str, object]:
    """The department's term from today, its one reminder, and the law's marks."""
    law = the_law(today())
    term = law[key]
    length, unit = int(str(term.value)), unit_of(term.unit)
    laid: dict[str, object] = {
        "started_on": today(),
        "length": length,
        "unit": unit,
        "basis": term.basis,
        "reviewed": term.reviewed,
    }
    return laid | days_of(today(), length, unit, workdays(), int(str(law["duty.remind"].value)))


def days_of(start: date, length: int, unit: Unit, days: Workdays, before: int) -> dict[str, object]:
    last = due_on(start, length, unit, days)
    assert last is not None  # without a pause every term ends
    return {
        "due_on": last, "remind_on": rules.days_before(last, before, days.works),
        "provisional": days.is_provisional(start, last),
    }  # fmt: skip


def watch_terms(limit: int = 500) -> int:
    """Reminds of terms about to end and reports those that have ended, each once. Returns how many of both.

    One that fails is left as it was and tried again by the next round; the others go on.
    """
    day = today()
    waiting = Referral.objects.filter(state__in=WITH_DEPARTMENT)
    near = waiting.filter(remind_on__lte=day, due_on__gte=day, reminded_at=None)
    late = waiting.filter(due_on__lt=day, escalated_at=None)
    return _fire(near, limit, remind) + _fire(late, limit, escalate)


def _fire(rows: QuerySet[Referral], limit: int, send: Callable[[int], bool]) -> int:
    return sum(
        _safely(send, pk) for pk in list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[:limit])
    )


def _safely(send: Callable[[int], bool], pk: int) -> bool:
    try:
        return send(pk)
    except Exception:
        log.exception("referral %d: its term was not watched", pk)
        return False


def remind(pk: int) -> bool:
    """The one reminder before the end of the term. False when another process was faster, or it was answered."""
    day = today()
    still = Q(state__in=WITH_DEPARTMENT, reminded_at=None, remind_on__lte=day, due_on__gte=day)
    return _once(pk, still, "reminded_at", DutyVerb.REFERRAL_REMINDED)


def escalate(pk: int) -> bool:
    """The term has ended unanswered: the city office is told, once."""
    still = Q(state__in=WITH_DEPARTMENT, escalated_at=None, due_on__lt=today())
    return _once(pk, still, "escalated_at", DutyVerb.REFERRAL_ESCALATED)


@transaction.atomic
def _once(pk: int, still: Q, mark: str, verb: Verb) -> bool:
    # The update decides: whoever changes the row first writes the entry, and nobody else.
    if not Referral.objects.filter(still, pk=pk).update(**{mark: now()}):
        return False
    referral = Referral.objects.select_related("department", "case").get(pk=pk)
    record_referral(referral, verb, WATCH, None)
    return True


def move_terms(first: date, last: date, why: str, by: Actor) -> int:
    """Follows the calendar: running terms over these days end on another day. How many; one entry for each."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("department")
    over = rows.filter(state__in=WITH_DEPARTMENT, started_on__lte=last, due_on__gte=first)
    days, before = workdays(), int(str(the_law(today())["duty.remind"].value))
    changed, lines = [], []
    for row in over.order_by("pk"):
        old = row.due_on
        for name, value in days_of(row.started_on, row.length, unit_of(row.unit), days, before).items():
            setattr(row, name, value)
        if row.due_on >= today():
            row.escalated_at = None
        changed.append(row)
        if row.due_on != old:
            lines.append(Line(row.area, row.subject_id, row.code, _moved(row, old, why)))
    fields = ["due_on", "remind_on", "provisional", "escalated_at"]
    Referral.objects.bulk_update(changed, fields, batch_size=500)
    record_many(ClockVerb.TERM_MOVED, lines, by=by)
    return len(lines)


def _moved(row: Referral, old: date, why: str) -> dict[str, str]:
    return {
        "referral": row.code, "term_name": _("部门答复"), "old": old.isoformat(), "new": row.due_on.isoformat(),
        "due_on": row.due_on.isoformat(), "why": why,
    }  # fmt: skip


# --- ledger ------------------------------------------------------------------------------------------


def record_referral(referral: Referral, verb: Verb, by: Actor, held: Held | None, **facts: object) -> None:
    """Records an entry in the story of the referral and in that of its case."""
    data = {
        "referral": referral.code, "department": referral.department.name, "state": str(referral.state),
        "due_on": referral.due_on.isoformat(), **facts,
    }  # fmt: skip
    stories = [referral.code] + ([referral.case.code] if referral.case else [])
    lines = ((verb, Line(referral.area, referral.subject_id, story, data)) for story in stories)
    record_acts(lines, by=by, held=held)
    hint("inbox", referral.area)
    if referral.case:
        hint("case", referral.area)
