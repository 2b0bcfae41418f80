"""What a batch of visits meets on arrival, read in few queries whatever the size of the batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from grid.calendar.now import CITY_TIME, now, today
from grid.prepared import Given, Prepared
from grid.scope import Held
from grid.subjects.models import Premise, Subject
from grid.territory.models import Absence
from grid.territory.queries import covers_of, is_covered_on
from tasks.arrivals.queries.meeting import is_in_reach, known_in_pool
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.facts.queries.reading import decisions_for
from tasks.facts.rules import Decided
from tasks.forms.queries import Version, facts_for
from tasks.forms.rules import Answers
from tasks.outcomes.queries import Reasons
from tasks.rounds.models import Round
from tasks.visits import rules
from tasks.visits.models import Visit
from tasks.visits.rules import Arrival, Earlier, StoredAnswers, TaskFacts
from tasks.visits.rules.believing import Counted, Receipt
from tasks.visits.states import FindingState

# What a door is known by within a batch: its task, its subject, or the visit alone.
DoorKey = tuple[str, int | UUID | None]


@dataclass(slots=True)
class ResolvedVisit:
    """Where one visit belongs: a task with its subject, a subject alone, or neither (kept to be claimed)."""

    arrival: Arrival
    task: CheckTask | None = None
    subject: Subject | None = None
    premise: Premise | None = None
    # The posting that stood in for the task's own on the day of the visit.
    stand_in: int | None = None
    # A unit nobody listed that turned out to be a row of the pool.
    is_met: bool = False
    # The moment the visit counts as; set by context_for.
    word: Counted = field(default_factory=lambda: Counted(now()))

    @property
    def is_errand(self) -> bool:
        return self.arrival.form in rules.ERRANDS

    @property
    def key(self) -> DoorKey:
        if self.is_errand:
            return ("visit", self.arrival.client_id)
        if self.task:
            return ("task", self.task.pk)
        return ("subject", self.subject.pk) if self.subject else ("visit", self.arrival.client_id)

    def touched(self) -> set[object]:
        names: set[object] = {self.key, self.arrival.client_id}
        return names | {self.arrival.replaces} if self.arrival.replaces else names

    def area(self, posting_area: str) -> str:
        """A placed subject is where it is now; the rest where the task was made, or the worker's own area."""
        if self.subject and self.subject.is_placed:
            return self.subject.area
        return self.task.area if self.task else posting_area

    def apart(self) -> "ResolvedVisit":
        """The same visit without what it names: it opens and settles nothing."""
        return replace(self, task=None, subject=None)

    def facts(self) -> TaskFacts | None:
        task = self.task
        if task is None:
            return None
        subject_area = task.subject.area if task.subject.is_placed else task.area
        return TaskFacts(
            self.stand_in or task.posting_id,
            task.area,
            subject_area,
            task.due_on,
            task.state,
            task.round.state,
        )


@dataclass(slots=True)
class Repeat:
    """A visit that is here already."""

    person_id: int
    code: str
    route: str
    hash: str


@dataclass(slots=True)
class BatchContext:
    """Everything a batch needs to know; `earlier` grows as its waves are written."""

    doors: list[ResolvedVisit]
    repeats: dict[UUID, Repeat]
    earlier: dict[DoorKey, list[Earlier]]
    registers: dict[int, dict[str, Version]] = field(default_factory=dict)
    # task → what named persons decided there; read only for doors where somebody else was.
    decisions: dict[int, list[Decided]] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=Reasons)


class TaskRow(NamedTuple):
    """What a visit needs of its task; the fields are the columns read, in their order, those of the task first."""

    id: int
    round_id: int
    subject_id: int
    area: str
    posting_id: int
    state: str
    due_on: date
    come_again_on: date | None
    dispatched_at: datetime
    subject__area: str
    subject__placement: str
    subject__same_as_id: int | None
    round__code: str
    round__state: str


_OF_TASK = tuple(name for name in TaskRow._fields if "__" not in name)
_BY_NUMBER = Prepared(
    lambda: CheckTask.objects.filter(pk__one_of=Given("numbers")).values_list(*TaskRow._fields)
)


def tasks_named(arrivals: Sequence[Arrival], held: Held) -> list[CheckTask]:
    """Tasks named by number, and this posting's tasks for subjects named without one.

    Not locked themselves: the locks on their postings keep everybody else from writing them (see tasks/doors/actions/feed.py)."""
    numbers = [a.task_id for a in arrivals if a.task_id is not None]
    alone = (a for a in arrivals if a.task_id is None and a.form not in rules.ERRANDS)
    subjects = [a.subject_id for a in alone if a.subject_id is not None]
    subjects += [subject.pk for subject in known_in_pool(arrivals, held).values()]
    found = [_task(TaskRow._make(row)) for row in _BY_NUMBER(numbers=numbers)] if numbers else []
    if subjects:
        live = (TaskState.OPEN, TaskState.RETURNED, TaskState.VISITED)
        served = Q(posting=held.posting_id) | Q(posting__in=_covered_today(held))
        rows = CheckTask.objects.filter(served, subject__in=subjects, state__in=live)
        tasks = map(_task, map(TaskRow._make, rows.values_list(*TaskRow._fields)))
        found += [task for task in tasks if task.pk not in numbers]
    _with_kept_subjects(found)
    return found


def _with_kept_subjects(tasks: Sequence[CheckTask]) -> None:
    """A door whose subject turned out to be a duplicate is a door of the subject that was kept."""
    merged = [task for task in tasks if task.subject.same_as_id is not None]
    kept = Subject.objects.in_bulk({task.subject.same_as_id for task in merged}) if merged else {}
    for task in merged:
        task.subject = kept[task.subject.same_as_id]


def _task(row: TaskRow) -> CheckTask:
    """With its subject and its round; columns that were not read are read when asked for."""
    db = connection.alias
    task = CheckTask.from_db(db, _OF_TASK, row[: len(_OF_TASK)])
    subject = (row.subject_id, row.subject__area, row.subject__placement, row.subject__same_as_id)
    task.subject = Subject.from_db(db, ("id", "area", "placement", "same_as_id"), subject)
    task.round = Round.from_db(db, ("id", "code", "state"), (row.round_id, row.round__code, row.round__state))
    return task


def _covered_today(held: Held) -> QuerySet[Absence, int]:
    day = today()
    running = Absence.objects.filter(cover=held.posting_id, first_day__lte=day, last_day__gte=day)
    return running.values_list("posting_id", flat=True)


def context_for(
    arrivals: Sequence[Arrival], tasks: Sequence[CheckTask], held: Held, by_person: int, receipt: Receipt
) -> BatchContext:
    """Tasks of a foreign territory count as unknown: a phone may not move what was never near its posting."""
    absences = _absences(arrivals, tasks, held)
    covered = {absence.posting_id for absence in absences}
    reach = _reach(absences, held)
    near = {task.pk: task for task in tasks if task.posting_id in covered or _is_near(task, held)}
    far = [task for task in tasks if task.pk not in near]
    near |= {task.pk: task for task in far if task.pk in _handed_away(far, held)}
    subjects = _subjects(arrivals, near.values(), reach)
    met = known_in_pool(arrivals, held)
    premises = _premises(arrivals, reach)
    served = covered | {held.posting_id}
    by_subject = {task.subject_id: task for task in near.values() if task.posting_id in served}
    doors = [_resolved(arrival, near, by_subject, subjects, premises) for arrival in arrivals]
    for door in doors:
        _recognise(door, met, by_subject)
    for door in doors:
        door.word = _word(door, near, receipt)
        door.stand_in = held.posting_id if _stands_in(door, absences, receipt.at) else None
    repeats, earlier = _visits_here(doors)
    known = facts_for({door.subject.pk for door in doors if door.subject})
    return BatchContext(doors, repeats, earlier, known, _decisions(doors, earlier, by_person))


def _absences(arrivals: Sequence[Arrival], tasks: Sequence[CheckTask], held: Held) -> list[Absence]:
    """What this posting covers, or covered: read only when a visit goes beyond its own tasks."""
    own = {task.pk for task in tasks if task.posting_id == held.posting_id}
    beyond = any(arrival.task_id not in own for arrival in arrivals)
    return covers_of([held.posting_id]) if beyond else []


def _reach(absences: Iterable[Absence], held: Held) -> tuple[str, ...]:
    """Areas whose subjects and doors this posting may name: its own, and those it covers today."""
    day = today()
    return held.area, *(absence.posting.area_id for absence in absences if is_covered_on(absence, day))


def _word(door: ResolvedVisit, tasks: Mapping[int, CheckTask], receipt: Receipt) -> Counted:
    """A visit that names its task was made after the task came; one found by its subject may be older."""
    named = tasks.get(door.arrival.task_id) if door.arrival.task_id is not None else None
    return receipt.counted(door.arrival.recorded_at, named.dispatched_at if named else None)


def _stands_in(door: ResolvedVisit, absences: Iterable[Absence], received_at: datetime) -> bool:
    """The day is the one the visit counts as, so that one sent after the cover's end counts like those sent before;
    or the day of its arrival, for a phone whose clock is wrong."""
    if door.task is None:
        return False
    moments = (door.word.at, received_at)
    return any(
        absence.posting_id == door.task.posting_id and any(_lasts_at(absence, moment) for moment in moments)
        for absence in absences
    )


def _lasts_at(absence: Absence, moment: datetime) -> bool:
    first = datetime.combine(absence.first_day, time(), CITY_TIME)
    return first <= moment < datetime.combine(absence.last_day, time(), CITY_TIME) + timedelta(days=1)


def _is_near(task: CheckTask, held: Held) -> bool:
    return task.posting_id == held.posting_id or held.covers(task.area) or held.covers(task.subject.area)


def _handed_away(tasks: Sequence[CheckTask], held: Held) -> set[int]:
    if not tasks:
        return set()
    gone = Gone.objects.filter(posting=held.posting_id, task__in=[task.pk for task in tasks])
    return set(gone.values_list("task_id", flat=True))


def _subjects(
    arrivals: Sequence[Arrival], tasks: Iterable[CheckTask], reach: tuple[str, ...]
) -> dict[int, Subject]:
    known = {task.subject_id: task.subject for task in tasks}
    asked = {a.subject_id for a in arrivals if a.subject_id is not None and a.task_id is None} - known.keys()
    if asked:
        found = Subject.objects.filter(pk__in=asked).select_related("same_as")
        kept = {subject.pk: subject.same_as or subject for subject in found}
        claimed = {a.subject_id for a in arrivals if a.grid}
        known |= {pk: row for pk, row in kept.items() if is_in_reach(row, reach, is_claimed=pk in claimed)}
    return known


def _recognise(door: ResolvedVisit, met: Mapping[UUID, Subject], tasks: Mapping[int, CheckTask]) -> None:
    subject = met.get(door.arrival.client_id)
    if subject is not None and not door.is_errand:
        door.task = tasks.get(subject.pk)
        door.subject, door.is_met = door.task.subject if door.task else subject, True


def _premises(arrivals: Sequence[Arrival], reach: tuple[str, ...]) -> dict[str, Premise]:
    codes = {a.premise_code for a in arrivals if a.premise_code}
    found = Premise.objects.filter(code__in=codes) if codes else ()
    return {premise.code: premise for premise in found if premise.area.startswith(reach)}


def _resolved(
    arrival: Arrival,
    tasks: dict[int, CheckTask],
    by_subject: dict[int, CheckTask],
    subjects: dict[int, Subject],
    premises: dict[str, Premise],
) -> ResolvedVisit:
    task = tasks.get(arrival.task_id) if arrival.task_id is not None else None
    if arrival.form in rules.ERRANDS:
        subject = subjects.get(arrival.subject_id or 0) or (task.subject if task else None)
        return ResolvedVisit(arrival, None, subject, premises.get(arrival.premise_code or ""))
    if task is None and arrival.task_id is None and arrival.subject_id is not None:
        task = by_subject.get(arrival.subject_id)
    subject = task.subject if task else None
    if subject is None and arrival.task_id is None and arrival.subject_id is not None:
        subject = subjects.get(arrival.subject_id)
    return ResolvedVisit(arrival, task, subject, premises.get(arrival.premise_code or ""))


class Made(NamedTuple):
    """A visit that is here; the fields are the columns read, in their order."""

    id: int
    client_id: UUID
    person_id: int
    outcome: str
    counts_at: datetime
    doubt: str
    route: str
    claim: Mapping[str, Any]
    replaced_by__id: int | None
    task_id: int | None
    subject_id: int | None
    code: str
    hash: str
    finding__state: str | None
    form: str
    form_version: str
    answers: Answers
    shown: Answers
    replaces_id: int | None

    @property
    def claimed(self) -> UUID | None:
        """The visit it says it replaces."""
        return UUID(self.claim["replaces"]) if self.claim.get("replaces") else None


_MADE = Prepared(
    lambda: Visit.objects.filter(
        Q(client_id__one_of=Given("numbers"))
        | Q(task__one_of=Given("tasks"))
        | Q(subject__one_of=Given("alone"), task=None)
    ).values_list(*Made._fields)
)


def _visits_here(doors: Sequence[ResolvedVisit]) -> tuple[dict[UUID, Repeat], dict[DoorKey, list[Earlier]]]:
    """Repeats by client id, and the visits already made to each door. One query."""
    rows = _MADE(
        numbers={number for door in doors for number in _numbers(door)},
        tasks={door.task.pk for door in doors if door.task},
        alone={door.subject.pk for door in doors if door.subject and not door.task},
    )
    made = sorted(map(Made._make, rows), key=attrgetter("id"))
    numbers = {visit.id: visit.client_id for visit in made}
    earlier: dict[DoorKey, list[Earlier]] = {}
    for visit in made:
        if visit.form not in rules.ERRANDS:
            key = ("task", visit.task_id) if visit.task_id else ("subject", visit.subject_id)
            earlier.setdefault(key, []).append(_earlier(visit, numbers))
    return {
        visit.client_id: Repeat(visit.person_id, visit.code, visit.route, visit.hash) for visit in made
    }, earlier


def _earlier(made: Made, numbers: Mapping[int, UUID]) -> Earlier:
    """`numbers`: the client ids of the visits read with it."""
    claims = made.claimed
    replaces = claims if made.replaces_id is None else numbers.get(made.replaces_id, claims)
    return Earlier(
        id=made.id,
        client_id=made.client_id,
        person_id=made.person_id,
        outcome=made.outcome,
        at=made.counts_at,
        route=made.route,
        claims=claims,
        replaced=made.replaced_by__id is not None,
        stored=StoredAnswers(made.code, made.form, made.form_version, made.answers, made.shown, replaces),
        waits=made.finding__state == FindingState.CLASHING,
        doubted=bool(made.doubt),
    )


def _decisions(
    doors: Sequence[ResolvedVisit], earlier: dict[DoorKey, list[Earlier]], by_person: int
) -> dict[int, list[Decided]]:
    """One query, and none while nobody else was at any of these doors."""
    met = [
        door.task.pk
        for door in doors
        if door.task and rules.meets_others(earlier.get(door.key, ()), by_person, door.task.state)
    ]
    return decisions_for(met)


def _numbers(door: ResolvedVisit) -> Iterator[UUID]:
    yield door.arrival.client_id
    if door.arrival.replaces:
        yield door.arrival.replaces
