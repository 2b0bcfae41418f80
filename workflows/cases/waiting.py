"""Cases that wait for somebody's step."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as When
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right, in_areas
from grid.waiting import Waiting
from tasks.findings.rules import matter
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState
from workflows.cases.rules import is_visit_question
from workflows.clocks.models import Clock
from workflows.engine.nodes import steps_with
from workflows.engine.signing.queries import in_other_hands

# A term has run out or is running here: these come before cases that merely wait.
PRESSING = (CaseState.ESCALATED, CaseState.DEFENCE)


def cases_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Cases at a step of the viewer's, but for those that lie in a colleague's hands; the pressing ones first."""
    waiting = _steps(viewer)
    if not waiting:
        return []
    # An answer owed at the window has a line of its own.
    own = Clock.objects.exclude(kind__startswith="counter.")
    ended = own.filter(case=OuterRef("pk"), stopped_at=None).order_by().values("case")
    pressing = When(If(state__in=PRESSING, then=Value(0)), default=Value(1))
    rows = Case.objects.filter(reduce(or_, waiting)).order_by(pressing, "opened_at", "pk")
    rows = rows.exclude(state=CaseState.DISTRICT_APPROVAL, street_by=viewer.person_id)
    rows = rows.exclude(
        Exists(in_other_hands(viewer).filter(process=OuterRef("process_id"), step=OuterRef("state")))
    )
    found = (
        _first(rows, limit)
        .annotate(due_on=Subquery(ended.annotate(last=Max("due_on")).values("last")))
        .values_list(
            "code",
            "area",
            "state",
            "measures",
            "returned_why",
            "opened_at",
            "due_on",
            "subject__name",
            named=True,
        )
    )
    return [_line(row) for row in found]


def _steps(viewer: Actor) -> list[Q]:
    """At which states, and where, a case waits for a right of the viewer's."""
    waiting = [
        Q(state__in=states) & in_areas(viewer.areas(right))
        for right in Right
        if viewer.has(right) and (states := _states_for(right))
    ]
    if viewer.has(Right.INSPECT):
        files = [state for state in CaseState.values if not is_visit_question(state)]
        waiting.append(
            Q(state=CaseState.CORRECTION, returned_to__in=files) & in_areas(viewer.areas(Right.INSPECT))
        )
    return waiting


def _states_for(right: Right) -> list[str]:
    """A case sent back to the door waits for the phone; its new visit comes as a finding."""
    return [state for state in steps_with(CaseFlow, right) if state != CaseState.CORRECTION]


def _first(rows: QuerySet[Case], limit: int) -> QuerySet[Case]:
    """The first of `rows`, in their order, to be joined with other tables: PostgreSQL would else join all that
    wait before it sorts them, and reads a tenth of the register for it."""
    first = Case.objects.filter(pk__in=rows.values("pk")[:limit])
    return first.order_by(*rows.query.order_by)


def _line(row: Any) -> Waiting:
    why = "、".join(matter(row.measures))
    if row.state == CaseState.CORRECTION:
        why = _("退回理由：{why}").format(why=row.returned_why)
    # A term that was kept says nothing of the step after it: only pressing states carry its end along.
    due = row.due_on if row.state in PRESSING else None
    return Waiting(
        "case", str(CaseState(row.state).label), f"{row.code} {row.subject__name}", why, row.area,
        reverse("case", args=[row.code]), day_of(row.opened_at), due, row.state,
    )  # fmt: skip
