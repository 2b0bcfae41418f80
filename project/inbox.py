"""The inbox: what only this person can do now, soonest deadline first, the reason in one line.

It reads our own state columns by indexed ranges of the viewer's areas; the engine is not asked. Each kind of work
is one query with a limit, so that the page costs the same at a thousand and at a million check tasks.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case as When
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.personal.waiting import forgettings_waiting
from grid.placing.waiting import pools_waiting
from grid.registers.waiting import deliveries_waiting
from grid.scope import Actor, Right, in_areas
from grid.territory.queries import names_of
from grid.waiting import Waiting
from project import inbox_listing as entries
from project import inbox_proceedings as proceedings
from project.inbox_items import LIMIT, Inbox, Item, dated
from project.inbox_ledger import alarms_and_entries
from tasks.arrivals.waiting import held_words_waiting, nearest, visits_waiting
from tasks.findings.rules import matter
from tasks.findings.waiting import findings_waiting
from tasks.rounds.waiting import rounds_waiting
from workflows.assessment.waiting import assessments_waiting
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState
from workflows.cases.rules import is_visit_question
from workflows.clocks.models import Clock
from workflows.duties.waiting import duties_waiting
from workflows.engine.kind import kinds
from workflows.engine.nodes import steps_with
from workflows.engine.signing.queries import in_other_hands
from workflows.notices.deciding import reason_words
from workflows.notices.queries import waiting_services

NEVER = date(9999, 12, 31)
# A term has run out or is running here: these come before cases that merely wait.
PRESSING = (CaseState.ESCALATED, CaseState.DEFENCE)


def inbox_of(viewer: Actor) -> Inbox:
    """Everything that waits for `viewer`, the overdue first. Some twenty queries at most, whatever waits."""
    sorts = [
        _of(findings_waiting(viewer, LIMIT)),
        _of(rounds_waiting(viewer, LIMIT)),
        _cases(viewer),
        _of(pools_waiting(viewer)),
        _of(visits_waiting(viewer, LIMIT)),
        _of(held_words_waiting(viewer, LIMIT)),
        _services(viewer),
        proceedings.moves(viewer),
        proceedings.escalations(viewer),
        proceedings.submissions(viewer),
        _duties(viewer),
        _assessments(viewer),
        _of(deliveries_waiting(viewer, LIMIT)),
        *(_of(lines(viewer, LIMIT)) for lines in _of_matters()),
        entries.listings_waiting(viewer),
        entries.papers(viewer),
        entries.announcements(viewer),
        entries.sanctions(viewer),
        alarms_and_entries(viewer),
        _of(forgettings_waiting(viewer, LIMIT)),
    ]
    items = dated([item for sort in sorts for item in sort])
    places = names_of(item.area for item in items)
    named = [replace(item, place=places.get(item.area, item.area)) for item in items]
    named.sort(key=lambda item: (item.kind == "pool", item.due_on or NEVER, item.since))
    return Inbox(named, any(len(sort) >= LIMIT for sort in sorts))


def _of_matters() -> list[Callable[[Actor, int], list[Waiting]]]:
    """What waits of each kind of matter, as its room says."""
    return [lines for kind in kinds() for lines in kind.waiting]


def _of(lines: Iterable[Waiting]) -> list[Item]:
    return [Item(**line._asdict()) for line in lines]


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The first of `rows`, in their order, to be joined with other tables: PostgreSQL would else join all that
    wait before it sorts them, and reads a tenth of the register for it."""
    first = rows.model._default_manager.filter(pk__in=rows.values("pk")[:LIMIT])
    return first.order_by(*rows.query.order_by)


def _cases(viewer: Actor) -> list[Item]:
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
    if not waiting:
        return []
    # An answer owed at the window has a line of its own.
    own = Clock.objects.exclude(kind__startswith="counter.")
    ended = own.filter(case=OuterRef("pk"), stopped_at=None).order_by().values("case")
    pressing = When(If(state__in=PRESSING, then=Value(0)), default=Value(1))
    rows = Case.objects.filter(_any(waiting)).order_by(pressing, "opened_at", "pk")
    rows = rows.exclude(state=CaseState.DISTRICT_APPROVAL, street_by=viewer.person_id)
    rows = rows.exclude(
        Exists(in_other_hands(viewer).filter(process=OuterRef("process_id"), step=OuterRef("state")))
    )
    found = (
        _shown(rows)
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
    return [_case_item(row) for row in found]


def _states_for(right: Right) -> list[str]:
    """A case sent back to the door waits for the phone; its new visit comes as a finding."""
    return [state for state in steps_with(CaseFlow, right) if state != CaseState.CORRECTION]


def _case_item(row: Any) -> Item:
    why = "、".join(matter(row.measures))
    if row.state == CaseState.CORRECTION:
        why = _("退回理由：{why}").format(why=row.returned_why)
    # A term that was kept says nothing of the step after it: only pressing states carry its end along.
    due = row.due_on if row.state in PRESSING else None
    title = f"{row.code} {row.subject__name}"
    href = reverse("case", args=[row.code])
    return Item(
        "case",
        str(CaseState(row.state).label),
        title,
        why,
        row.area,
        href,
        day_of(row.opened_at),
        due,
        state=row.state,
    )


def _services(viewer: Actor) -> list[Item]:
    """Documents carried to a door whose service waits for a decision: a line for each."""
    if not (viewer.areas(Right.SERVE) and viewer.areas(Right.REVIEW)):
        return []
    rows = waiting_services(viewer).filter(nearest(viewer)).exclude(visit__person=viewer.person_id)[:LIMIT]
    return [
        Item(
            "service", _("核定上门送达"), row.notice.number if row.notice else _("文号不明的文书"),
            reason_words(row), row.area, reverse("door-service", args=[row.visit.code]), day_of(row.taken_at),
        )
        for row in rows
    ]  # fmt: skip


def _assessments(viewer: Actor) -> list[Item]:
    """A year's numbers to be confirmed by its district; objections to them, and the year's end, for the city."""
    return [Item(**waiting._asdict()) for waiting in assessments_waiting(viewer)]


def _duties(viewer: Actor) -> list[Item]:
    """Referrals to answer or to decide on, and plans handed down and not yet split."""
    return [Item(**waiting._asdict()) for waiting in duties_waiting(viewer, LIMIT)]


def _any(conditions: Iterable[Q]) -> Q:
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either
