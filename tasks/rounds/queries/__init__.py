"""Reading rounds: always within the viewer's territory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, Role, in_area, in_areas, within
from grid.subjects.models import Subject
from grid.territory.followers import Work
from grid.territory.models import Posting
from grid.territory.queries import names_of
from grid.territory.succession.queries import ground_now
from tasks.comparison.models import UNSETTLED, Lead
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds import rules
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import (
    TO_VISIT,
    current,
    draft,
    in_force,
    nobodys,
    settled_holders,
    workers_on,
)
from tasks.rounds.rules import LeftOver, Plan

APPROVERS: dict[str, Right] = {
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
    """Rounds the viewer may look into, newest first: those within the own territory, and those it lies in, for they
    hold its doors."""
    rows = Round.objects.select_related("planned_by")
    if not viewer.machine:
        mine = viewer.areas(Right.SEE_CASES)
        rows = rows.filter(in_areas(mine) | Q(area__in={code[:end] for code in mine for end in _ENDS}))
    return (rows.filter(state=state) if state else rows).order_by("-pk")


# Where the codes of areas end: city, district, street, community.
_ENDS = (4, 6, 9, 12)


def round_at(viewer: Actor, code: str) -> Round:
    """A round whose whole area is the viewer's. Raises NotHere outside it, as for a code that does not exist."""
    round = rounds_for(viewer).filter(code=code).first()
    if round is None or not viewer.can(Right.SEE_CASES, round.area):
        raise problems.NotHere()
    return round


def waiting_in(viewer: Actor, rounds: Iterable[Round]) -> dict[int, int]:
    """Round → doors still to be visited in the viewer's territory. One query."""
    rows = CheckTask.objects.filter(round__in=[round.pk for round in rounds], state__in=TO_VISIT)
    counts = within(rows, viewer, Right.SEE_CASES).order_by().values_list("round").annotate(Count("pk"))
    return dict(counts)


def is_dispatch_given_up(round: Round) -> bool:
    """The job that writes its tasks has ended without coming to the end: somebody must order it again."""
    if round.state != RoundState.DISPATCHING:
        return False
    jobs = DBTaskResult.objects.filter(
        task_path="tasks.rounds.dispatch.write_tasks", args_kwargs__args__0=round.pk
    )
    newest = jobs.order_by("-enqueued_at").first()
    return newest is not None and newest.status == TaskResultStatus.FAILED


def counts_of(round: Round) -> list[tuple[str, str, int]]:
    """(state, label, number) of the round's doors; one query."""
    counts = dict(CheckTask.objects.filter(round=round).values_list("state").annotate(Count("pk")))
    return [(state.value, str(state.label), counts.get(state.value, 0)) for state in TaskState]


def dry_run(round: Round) -> DryRun:
    """The plan as it would be sent today, and what it means for each worker. The round comes from a scoped query."""
    plan = draft(round, today())
    given = Counter(door.posting for door in plan.assigned)
    ground = ground_now(round.area)
    workers = workers_on(ground, today())
    names = {worker.posting: worker.name for worker in workers}
    places = names_of(worker.area for worker in workers)
    shares = [
        Share(w.posting, w.name, places.get(w.area, w.area), w.load, given[w.posting], _note(w, names))
        for w in sorted(workers, key=lambda w: (w.area, w.posting))
        if any(in_reach(w.area, code) for code in ground) or given[w.posting]
    ]
    return DryRun(plan, shares, Counter(door.words for door in plan.left_over).most_common())


def in_reach(area: str, of: str) -> bool:
    return area.startswith(of) or of.startswith(area)


def _note(worker: rules.Worker, names: dict[int, str]) -> str:
    if worker.away:
        cover = names.get(worker.cover or 0)
        return _("缺勤，由{cover}代班").format(cover=cover) if cover else _("缺勤，无人代班")
    return _("代班") if worker.cover_only else ""


def choices(run: DryRun, part: str, start: int, size: int) -> list[Choice]:
    """A page of the plan's choices with their reasons: those given to somebody, or those left over."""
    chosen = (run.plan.left_over if part == "left" else run.plan.assigned)[start : start + size]
    subjects = Subject.objects.in_bulk([door.candidate.subject for door in chosen])
    places, names = names_of(door.candidate.area for door in chosen), {s.posting: s.name for s in run.shares}
    return [
        Choice(
            subjects[door.candidate.subject],
            places.get(door.candidate.area, door.candidate.area),
            door.candidate.why,
            "" if isinstance(door, LeftOver) else names.get(door.posting, ""),
            door.words if isinstance(door, LeftOver) else door.how,
        )
        for door in chosen
    ]


def doors_of(
    viewer: Actor, round: Round, *, posting: int | None = None, state: str = "", door: int | None = None
) -> QuerySet[CheckTask]:
    """The round's doors in the viewer's territory, by worker; open ones unless a state is asked for, or one `door` alone.
    The state NOBODYS is that of doors still to be visited whose posting is over."""
    rows = nobodys() if state == NOBODYS else CheckTask.objects.all()
    rows = within(rows.filter(round=round), viewer, Right.SEE_CASES)
    if state in TaskState.values:
        rows = rows.filter(state=state)
    elif not door:
        rows = rows.filter(state__in=TO_VISIT)
    if posting:
        rows = rows.filter(posting=posting)
    if door:
        rows = rows.filter(pk=door)
    return rows.select_related("subject", "posting__person").order_by("posting", "pk")


NOBODYS = "nobodys"


def why_nobodys(tasks: Sequence[CheckTask]) -> dict[int, str]:
    """Task → why nobody has it; or who would by now, where the clock has not come round yet."""
    doors = [rules.OpenDoor(task.pk, task.area, task.posting_id, task.posting.person_id) for task in tasks]
    return {task: found.words for task, found in (settled_holders(doors) if doors else {}).items()}


def work_of(posting: Posting, viewer: Actor) -> list[Work]:
    """What a worker still has to visit, round by round, with the leads among it, and where to hand it over."""
    rows = CheckTask.objects.filter(posting=posting.pk, state__in=TO_VISIT)
    seen = within(rows, viewer, Right.SEE_CASES).select_related("round")
    live = Lead.objects.filter(subject=OuterRef("subject"), state__in=UNSETTLED)
    rounds: dict[Round, list[bool]] = {}
    for row in seen.annotate(has_lead=Exists(live)).order_by("-round", "pk"):
        rounds.setdefault(row.round, []).append(row.has_lead)
    words, with_leads = _("轮次“{title}”：{n} 户待走访"), _("，其中 {leads} 户有线索")
    return [
        Work(
            words.format(title=round.title, n=len(doors))
            + (with_leads.format(leads=sum(doors)) if any(doors) else ""),
            reverse("round-doors", args=[round.code]) + f"?posting={posting.pk}",
        )
        for round, doors in rounds.items()
    ]


def round_seen(viewer: Actor, code: str) -> Round:
    """A round the viewer may look into because it holds doors in the viewer's territory. Raises NotHere."""
    round = rounds_for(viewer).filter(code=code).first()
    if round is None:
        raise problems.NotHere()
    return round


def receivers(viewer: Actor, area: str) -> list[Posting]:
    """Workers' postings in force within `area` to whom the viewer may hand doors over; of a closed grid only those of
    whoever is posted nowhere else there."""
    rows = in_force(today()).filter(in_area(area, "area_id"), role=Role.WORKER)
    reach = within(rows, viewer, Right.ASSIGN, "area_id")
    return list(current(reach.select_related("area").order_by("area", "pk")).values())


def posting_named(found: Iterable[Posting], pk: int) -> Posting:
    """Raises NotHere for a posting that is not among those offered."""
    for posting in found:
        if posting.pk == pk:
            return posting
    raise problems.NotHere()
