"""Overdue human work: a step that took longer than its limit is told to the superior, exactly once.

Local limits are law parameters `sla.<flow>.<step>` or `sla.<step>`: they start nothing in law. A statutory term of
the office's own work that runs out is told the same way (`report_term`). The superior is the
next level up where somebody is posted: community → street → district → city.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.hints import hint
from grid.law.models import Provision
from grid.law.queries import Law, the_law
from grid.ledger.actions import Line, record
from grid.scope import Role, machine
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from workflows.clocks import rules
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock, Escalation
from workflows.clocks.rules.posts import superior_of
from workflows.engine.agenda import Matter, OpenStep, matters, open_steps, still_open
from workflows.engine.kind import kinds
from workflows.engine.verbs import EngineVerb

WATCH = machine(_("办理时限督办"))
DAY = timedelta(days=1)
Posts = frozenset[tuple[str, str]]


class Limit(Protocol):
    """On what a step should have been done by then: a Provision, or a Clock."""

    basis: str
    reviewed: bool


@dataclass(frozen=True, slots=True)
class _Late:
    step: OpenStep
    matter: Matter
    limit: Limit
    due_on: date


def escalate_overdue() -> int:
    """Periodic: tells what is overdue to the superior, and closes what was taken meanwhile. How many were told."""
    Escalation.objects.filter(ended_at=None).exclude(still_open()).update(ended_at=now())
    law = the_law(today())
    if not any(key.startswith("sla.") for key in law):
        return 0
    posts = posts_in_force()
    return sum(_report(late, posts) for kind in kinds() for late in _late_steps(kind.name, law))


def report_term(flow: str, process: int, clock: Clock) -> bool:
    """A term of the office's own work is over: the open step is reported to the superior, once."""
    matter = next(matters(flow, process), None)
    step = next((open_step for open_step in open_steps(flow, process=process) if open_step.rights), None)
    if matter is None or step is None:
        return False
    return _report(_Late(step, matter, clock, clock.due_on), posts_in_force())


def posts_in_force() -> Posts:
    """(role, area) of everybody who may act today. One query."""
    rows = Posting.objects.filter(valid_on(today()), person__is_active=True)
    return frozenset(rows.values_list("role", "area_id"))


def limit_of(law: Law, flow: str, step: str) -> Provision | None:
    return law.get(f"sla.{flow}.{step}") or law.get(f"sla.{step}")


def _late_steps(flow: str, law: Law) -> list[_Late]:
    """Human steps past their limit that were not reported yet; the matters are read only when there are some."""
    days, now_on = workdays(), today()
    reported = set(Escalation.objects.filter(flow=flow, ended_at=None).values_list("task", flat=True))
    late: list[tuple[OpenStep, Provision, date]] = []
    for step in open_steps(flow, before=now() - DAY):
        limit = (
            None if step.waits or not step.rights or step.task in reported else limit_of(law, flow, step.name)
        )
        if limit is None:
            continue
        due = due_on(day_of(step.since), int(limit.value), rules.unit_of(limit.unit), days)
        if due and due < now_on:
            late.append((step, limit, due))
    found = {matter.process: matter for matter in matters(flow)} if late else {}
    return [
        _Late(step, found[step.process], limit, due) for step, limit, due in late if step.process in found
    ]


@transaction.atomic
def _report(late: _Late, posts: Posts) -> bool:
    step, matter = late.step, late.matter
    above = superior_of(step.rights, matter.area, posts)
    if above is None:
        return False
    role, area = above
    # The number of the engine's step is unique here: of two sweeps only one writes, and only that one reports.
    _row, is_new = Escalation.objects.get_or_create(
        task=step.task,
        defaults={
            "flow": matter.flow, "step": step.name, "title": step.title, "case_id": matter.case,
            "round_id": matter.round, "area": matter.area, "role": role, "superior": area, "since": step.since,
            "due_on": late.due_on, "basis": late.limit.basis, "reviewed": late.limit.reviewed, "at": now(),
        },
    )  # fmt: skip
    if not is_new:
        return False
    case = cases().read(matter.case) if matter.case else None
    record(
        EngineVerb.STEP_OVERDUE,
        Line(
            matter.area,
            subject=case.subject_id if case else None,
            case=case.code if case else "",
            data={
                "step": step.title,
                "matter": matter.code,
                "due_on": late.due_on.isoformat(),
                "superior": str(Role(role).label),
                "superior_area": area,
            },
        ),
        by=WATCH,
    )
    hint("inbox", matter.area)
    return True
