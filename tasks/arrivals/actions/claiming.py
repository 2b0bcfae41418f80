"""Saying whom a visit without a known task was about."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Held, Right, require
from grid.subjects.models import Subject
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors import states
from tasks.doors.actions import moves
from tasks.doors.models import CheckTask, TaskState
from tasks.facts.verbs import FactVerb
from tasks.findings.actions import FindingInput, make_findings
from tasks.forms.queries import facts_for
from tasks.outcomes.queries import Reasons
from tasks.visits.models import LaidAside, Outcome, Visit

_WAITING = (TaskState.OPEN, TaskState.RETURNED)


@transaction.atomic
def claim_visit(visit: Visit, subject: Subject, why: str, *, by: Actor) -> Visit:
    """Says whom a visit without a known task was about; its finding is made and reviewed like any other, and it
    answers the subject's open task where there is one.

    Raises ReasonMissing, OutOfOrder when it belongs to a subject already or was laid aside.
    """
    held = require(by, Right.REVIEW, visit.area)
    require(by, Right.REVIEW, subject.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("认领走访"))
    waiting = _open_task(subject)
    visit = locked_stray(visit, _("认领走访"))
    facts = {"visit": visit.code, "chosen": subject.name, "reason": why}
    return attach(visit, subject, waiting, facts, held, by=by)


def locked_stray(visit: Visit, act: str) -> Visit:
    """The visit, locked, which belongs to nobody yet; or OutOfOrder."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("person")
    visit = rows.get(pk=visit.pk)
    if visit.subject_id is not None or LaidAside.objects.filter(visit=visit).exists():
        state = _("已有对应单位") if visit.subject_id else _("已搁置")
        raise problems.OutOfOrder(thing=visit.code, state=state, act=act)
    return visit


class Waiting(NamedTuple):
    """A task that waits for a visit, with its posting's next feed number, both locked."""

    task: CheckTask
    feed: int


def _open_task(subject: Subject) -> Waiting | None:
    """The subject's newest one."""
    rows = CheckTask.objects.filter(subject=subject, state__in=_WAITING).order_by("-pk")
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        return None
    waiting = Waiting(*moves.locked_task(pk))
    # Visited between the two reads: then there is nothing to answer any more.
    return waiting if waiting.task.state in _WAITING else None


def attach(
    visit: Visit,
    subject: Subject,
    waiting: Waiting | None,
    facts: dict[str, str],
    held: Held | None,
    *,
    by: Actor,
) -> Visit:
    """Part of an action that found out whom a visit was about."""
    visit.subject, visit.task, visit.area = subject, waiting and waiting.task, subject.area
    visit.save(update_fields=["subject", "task", "area"])
    record(FactVerb.VISIT_DECIDED, Line(visit.area, subject=subject.pk, data=facts), by=by)
    if visit.outcome != Outcome.NOBODY_IN:
        known = facts_for([subject.pk]).get(subject.pk, {})
        row = Reasons().row(visit.outcome, visit.answers, day_of(visit.counts_at))
        make_findings([FindingInput(visit, known, speaks=True, row=row)], by=by, held=held)
        if not visit.lacks_ground:
            mark_state([subject.pk], CoverState.TO_REVIEW, by=by)
        if waiting is not None and not visit.lacks_ground:
            task, feed = waiting
            states.move(task, "visit")
            moves.save_visited([task], {task.posting_id: feed})
    hint("inbox", visit.area)
    return visit
