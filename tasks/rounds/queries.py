"""Reading rounds: always within the viewer's territory."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, Role, in_area, within
from grid.subjects.models import Subject
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import names_of, valid_on
from tasks.rounds import states
from tasks.rounds.drafting import TO_VISIT, draft, workers_near
from tasks.rounds.models import Round, RoundState
from tasks.rounds.rules import LeftOver, Plan
from tasks.visits.models import CheckTask, TaskState

APPROVERS = {
    RoundState.STREET_APPROVAL: Right.APPROVE_ROUND_STREET,
    RoundState.DISTRICT_APPROVAL: Right.APPROVE_ROUND_DISTRICT,
    RoundState.CITY_APPROVAL: Right.APPROVE_ROUND_CITY,
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker has, and gets in a plan."""

    posting: int
    name: str
    area: str
    load: int
    given: int
    note: str

    @property
    def total(self) -> int:
        return self.load + self.given


@dataclass(frozen=True, slots=True)
class Choice:
    """One subject of a plan with its two reasons: why it was chosen, and why this worker goes or nobody does."""

    subject: Subject
    area: str
    why: str
    worker: str
    how: str


@dataclass(frozen=True, slots=True)
class DryRun:
    plan: Plan
    shares: list[Share]
    left_over: list[tuple[str, int]]

    @property
    def chosen(self) -> int:
        return len(self.plan.assigned) + len(self.plan.left_over)


def rounds_for(viewer: Actor, state: str = "") -> QuerySet[Round]:
    """Newest first."""
    rows = within(Round.objects.select_related("planned_by"), viewer, Right.SEE_CASES)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def round_at(viewer: Actor, code: str) -> Round:
    """Raises NotHere outside the viewer's territory, as for a code that does not exist."""
    round = rounds_for(viewer).filter(code=code).first()
    if round is None:
        raise problems.NotHere()
    return round


def areas_to_plan(viewer: Actor) -> list[tuple[str, str]]:
    """Where the viewer may plan a round: from the own area down to communities, as (code, indented name)."""
    rows = within(Area.objects.filter(valid_on(today())), viewer, Right.PLAN, "code")
    areas = rows.filter(level__lte=Level.COMMUNITY).values_list("code", "name", "level")
    return [(code, "　" * (level - 1) + name) for code, name, level in areas.order_by("code")]


def lawful_acts(viewer: Actor, round: Round) -> list[str]:
    """What this viewer may do with the round now; the page offers exactly these."""
    state, can = RoundState(round.state), lambda right: viewer.can(right, round.area)
    acts: list[str] = []
    if state in states.DRAFTS and can(Right.PLAN):
        acts += ["submit", "change"]
    if state in APPROVERS and can(APPROVERS[state]) and viewer.person_id != round.planned_by_id:
        acts += ["approve", "return"]
    if can(Right.DISPATCH):
        acts += {"approved": ["dispatch"], "dispatching": ["resume"], "worked": ["close"]}.get(state, [])
    if state in states.BEFORE_DISPATCH and can(Right.PLAN):
        acts.append("withdraw")
    return acts


def is_own_plan(viewer: Actor, round: Round) -> bool:
    """The viewer could approve by post, but planned the round: the page says that a colleague has to."""
    right = APPROVERS.get(RoundState(round.state))
    return right is not None and viewer.can(right, round.area) and viewer.person_id == round.planned_by_id


def counts_of(round: Round) -> list[tuple[str, str, int]]:
    """(state, label, number) of the round's doors; one query."""
    counts = dict(CheckTask.objects.filter(round=round).values_list("state").annotate(Count("pk")))
    return [(state.value, str(state.label), counts.get(state.value, 0)) for state in TaskState]


def dry_run(round: Round) -> DryRun:
    """The plan as it would be sent today, and what it means for each worker. The round comes from a scoped query."""
    plan = draft(round, today())
    given = Counter(one.posting for one in plan.assigned)
    workers = workers_near(round.area, today())
    names = {worker.posting: worker.name for worker in workers}
    places = names_of(worker.area for worker in workers)
    shares = [
        Share(w.posting, w.name, places.get(w.area, w.area), w.load, given[w.posting], _note(w, names))
        for w in sorted(workers, key=lambda w: (w.area, w.posting))
        if in_reach(w.area, round.area) or given[w.posting]
    ]
    return DryRun(plan, shares, Counter(one.words for one in plan.left_over).most_common())


def in_reach(area: str, of: str) -> bool:
    return area.startswith(of) or of.startswith(area)


def _note(worker: Any, names: dict[int, str]) -> str:
    if worker.away:
        cover = names.get(worker.cover or 0)
        return _("缺勤，由{cover}代班").format(cover=cover) if cover else _("缺勤，无人代班")
    return _("代班") if worker.cover_only else ""


def choices(run: DryRun, part: str, start: int, size: int) -> list[Choice]:
    """A page of the plan's choices with their reasons: those given to somebody, or those left over."""
    chosen = (run.plan.left_over if part == "left" else run.plan.assigned)[start : start + size]
    subjects = Subject.objects.in_bulk([one.candidate.subject for one in chosen])
    places, names = names_of(one.candidate.area for one in chosen), {s.posting: s.name for s in run.shares}
    return [
        Choice(
            subjects[one.candidate.subject],
            places.get(one.candidate.area, one.candidate.area),
            one.candidate.why,
            "" if isinstance(one, LeftOver) else names.get(one.posting, ""),
            one.words if isinstance(one, LeftOver) else one.how,
        )
        for one in chosen
    ]


def doors_of(
    viewer: Actor, round: Round, *, posting: int | None = None, state: str = ""
) -> QuerySet[CheckTask]:
    """The round's doors in the viewer's territory, by worker; open ones unless a state is asked for."""
    rows = within(CheckTask.objects.filter(round=round), viewer, Right.SEE_CASES)
    rows = rows.filter(state=state) if state else rows.filter(state__in=TO_VISIT)
    if posting:
        rows = rows.filter(posting=posting)
    return rows.select_related("subject", "posting__person").order_by("posting", "pk")


def round_seen(viewer: Actor, code: str) -> Round:
    """A round the viewer may look into because it holds doors in the viewer's territory. Raises NotHere."""
    round = Round.objects.select_related("planned_by").filter(code=code).first()
    if round is None or not viewer.has(Right.SEE_CASES):
        raise problems.NotHere()
    if viewer.can(Right.SEE_CASES, round.area):
        return round
    if not any(area.startswith(round.area) for area in viewer.areas(Right.SEE_CASES)):
        raise problems.NotHere()
    return round


def receivers(viewer: Actor, area: str) -> list[Posting]:
    """Workers' postings in force within `area` to whom the viewer may hand doors over."""
    rows = Posting.objects.filter(valid_on(today()), in_area(area, "area_id"), role=Role.WORKER)
    reach = within(rows.filter(person__is_active=True), viewer, Right.ASSIGN, "area_id")
    return list(reach.select_related("person", "area").order_by("area", "pk"))


def posting_named(found: Iterable[Posting], pk: int) -> Posting:
    """Raises NotHere for a posting that is not among those offered."""
    for posting in found:
        if posting.pk == pk:
            return posting
    raise problems.NotHere()
