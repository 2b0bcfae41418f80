"""Re-cutting a grid: successors take its subjects and doors, the old one closes, nothing is forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry import Point, shape

from grid import problems
from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.operations.actions import end_operation, order_operation, take_step
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.recut import problems as recut_problems
from grid.recut.verbs import RecutVerb
from grid.scope import Actor, Right, Role, require
from grid.subjects.actions.moves import Move, save_moves
from grid.subjects.models import Alias, Placement, Premise, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Absence, Area, Level, Posting, Succession
from grid.territory.queries import current_area, valid_on
from grid.territory.rules import Outline, assigned_twice, free_codes, grid_kind, halves, unassigned
from grid.territory.verbs import TerritoryVerb

RECUT: Final = "recut"


@dataclass(frozen=True)
class Part:
    """One successor: an existing grid of the community (`code`), or a new one with a name and an outline.

    `subjects` are taken over by name; the rest goes by the outline and the point of their door.
    """

    code: str = ""
    name: str = ""
    kind: str = ""
    outline: Outline | None = None
    households: int = 0
    subjects: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Recut:
    """What a re-cut did: the grids that took over, every subject that moved, and the postings carried over."""

    successors: list[Area]
    moves: list[Move]
    postings: list[Posting]


@dataclass(frozen=True)
class Proposal:
    """A grid cut through its middle: both outlines, who goes into the second half, and whose door has no point."""

    outlines: tuple[Outline | None, Outline | None]
    subjects: list[Subject]
    second: set[int]
    unsure: set[int]


def proposed_split(grid: Area, direction: str) -> Proposal:
    """Who would go where, changing nothing. One query."""
    first, second = halves(grid.outline, direction) if grid.outline else (None, None)
    parts = (Part(name="1", outline=first), Part(name="2", outline=second))
    inside = Subject.objects.filter(area=grid.code).select_related("premise").order_by("address", "pk")
    subjects = list(inside)
    around = {subject.pk: _part_around(parts, subject.premise) for subject in subjects}
    return Proposal(
        (first, second),
        subjects,
        {pk for pk, part in around.items() if part == 1},
        {pk for pk, part in around.items() if part is None},
    )


def split_parts(
    grid: Area, proposal: Proposal, names: tuple[str, str], households: int, second: Sequence[int]
) -> list[Part]:
    """The two successors of a split as decided: `second` goes to the second, everybody else to the first."""
    beyond = frozenset(second)
    rest = frozenset(subject.pk for subject in proposal.subjects) - beyond
    counts = (max(grid.households - households, 0), households)
    return [
        Part(name=name, kind=grid.kind, outline=outline, households=count, subjects=subjects)
        for name, outline, count, subjects in zip(
            names, proposal.outlines, counts, (rest, beyond), strict=True
        )
    ]


@transaction.atomic
def recut_grid(old: Area, parts: Sequence[Part], *, reason: str, by: Actor, on: date | None = None) -> Recut:
    """Replaces a grid by `parts` from a day (today). One part only takes everything.

    A successor without a worker is given to the workers of the old grid until somebody decides otherwise. Then open
    tasks and coverage follow their subjects (see subjects.actions.moves), so that who holds the ground keeps its doors.
    Raises ReasonMissing, RecutWrong, RecutIncomplete, AreaNotCurrent, NotYourPost.
    """
    require(by, Right.RECUT, old.code)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.RECUT.value)
    # The community first, as whoever makes a grid does: the next free code is then nobody else's.
    Area.objects.select_for_update().get(pk=old.parent_id or old.code)
    old = Area.objects.select_for_update().get(pk=current_area(old.code).code)
    day = on or today()
    _refuse_wrong(old, parts)
    inside = Subject.objects.select_for_update(of=("self",)).filter(area=old.code)
    subjects = list(inside.select_related("premise").order_by("pk"))
    target = _targets(parts, subjects)
    grids = _successors(old, parts, day)
    # Before anything moves: whoever follows the moves finds the workers already where they are from now on.
    postings = _carry_over(old, grids, day, by)
    moves = _move(subjects, target, grids, old, by)
    _move_doors(old, subjects, parts, grids)
    _close(old, grids, day, reason)
    _record(old, grids, moves, reason, day, by)
    hint("coverage", old.code[:12])
    return Recut(grids, moves, postings)


def is_large(grid: Area) -> bool:
    """Whether it holds more subjects than a request may move: then it is ordered."""
    return Subject.objects.filter(area=grid.code).count() > AT_ONCE


def order_recut(old: Area, parts: Sequence[Part], *, reason: str, by: Actor) -> Operation:
    """For a grid of more subjects than a request may move: the same re-cut by a background job, whole or not at all.
    Raises what recut_grid does, but RecutIncomplete."""
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.RECUT.value)
    _refuse_wrong(current_area(old.code), parts)
    said = [asdict(part) | {"subjects": sorted(part.subjects)} for part in parts]
    title = _("调整{name}").format(name=old.name)
    return order_operation(RECUT, old.code, title, {"parts": said, "reason": reason}, by=by)


def carry_recut(operation: Operation, *, by: Actor) -> None:
    """Carries out a re-cut that was ordered."""
    asked = operation.asked
    parts = [Part(**said | {"subjects": frozenset(said["subjects"])}) for said in asked["parts"]]

    def cut(fresh: Operation) -> bool:
        done = recut_grid(Area.objects.get(pk=fresh.area), parts, reason=asked["reason"], by=by)
        fresh.total = fresh.done = fresh.changed = len(done.moves)
        names = "、".join(grid.name for grid in done.successors)
        words = _("{n} 户由{names}承接。").format(n=len(done.moves), names=names)
        end_operation(fresh, words, by=by)
        return False

    take_step(operation, cut)


def _refuse_wrong(old: Area, parts: Sequence[Part]) -> None:
    wrong = ""
    if old.level != Level.GRID:
        wrong = f"{old.name}不是网格。"
    elif not parts:
        wrong = "没有说明由哪些网格承接。"
    elif any(part.code == old.code or (part.code and part.code[:12] != old.code[:12]) for part in parts):
        wrong = "承接的网格须是同一社区的另一网格。"
    elif any(not part.code and not part.name for part in parts):
        wrong = "新网格须有名称。"
    elif assigned_twice([part.subjects for part in parts]):
        wrong = "同一户指定给了两个网格。"
    if wrong:
        raise recut_problems.RecutWrong(why=wrong)


def _targets(parts: Sequence[Part], subjects: Sequence[Subject]) -> dict[int, int]:
    """Subject → index of its part. Raises RecutIncomplete naming how many have none."""
    if len(parts) == 1:
        return {subject.pk: 0 for subject in subjects}
    target = {pk: index for index, part in enumerate(parts) for pk in part.subjects}
    for subject in subjects:
        if subject.pk not in target and (index := _part_around(parts, subject.premise)) is not None:
            target[subject.pk] = index
    missing = unassigned([s.pk for s in subjects], [target])
    if missing:
        raise recut_problems.RecutIncomplete(count=len(missing))
    return target


def _part_around(parts: Sequence[Part], premise: Premise | None) -> int | None:
    if premise is None or premise.lng is None or premise.lat is None:
        return None
    point = Point(premise.lng, premise.lat)
    return next(
        (i for i, part in enumerate(parts) if part.outline and shape(part.outline).covers(point)), None
    )


def _successors(old: Area, parts: Sequence[Part], day: date) -> list[Area]:
    """The grids that take over, in the order of the parts: existing ones locked, new ones created."""
    used = set(Area.objects.filter(parent=old.parent_id).values_list("code", flat=True))
    grids = []
    for part in parts:
        if part.code:
            current_area(part.code)
            grid = Area.objects.select_for_update().get(pk=part.code)
            grid.households += part.households
            grid.outline = part.outline or grid.outline
            grid.save(update_fields=["households", "outline"])
        else:
            grid = _new_grid(old, part, used, day)
            used.add(grid.code)
        grids.append(grid)
    return grids


def _new_grid(old: Area, part: Part, used: set[str], day: date) -> Area:
    kind = part.kind or grid_kind(old.code) or "基础网格"
    try:
        code = free_codes(old.code[:12], kind, used, 1)[0]
    except (ValueError, KeyError) as error:
        raise recut_problems.RecutWrong(why=f"本社区没有可用的{kind}代码。") from error
    return Area.objects.create(
        code=code,
        level=Level.GRID,
        kind=kind,
        name=part.name,
        short_name=part.name[:40],
        parent_id=old.parent_id,
        valid_from=day,
        households=part.households,
        outline=part.outline,
        is_sample=old.is_sample,
    )


def _move(
    subjects: Sequence[Subject], target: dict[int, int], grids: Sequence[Area], old: Area, by: Actor
) -> list[Move]:
    for subject in subjects:
        subject.area = grids[target[subject.pk]].code
        subject.placement = Placement.RECUT
        subject.placement_why = f"{old.name}调整，由{grids[target[subject.pk]].name}承接"[:200]
    return save_moves(subjects, [old.code] * len(subjects), by=by)


def _move_doors(old: Area, subjects: Sequence[Subject], parts: Sequence[Part], grids: Sequence[Area]) -> None:
    """A door goes with the subjects behind it, else by its point, else to the first successor."""
    behind = {subject.premise_id: subject.area for subject in subjects if subject.premise_id}
    doors = list(Premise.objects.select_for_update().filter(area=old.code))
    for door in doors:
        door.area = behind.get(door.pk) or grids[_part_around(parts, door) or 0].code
    Premise.objects.bulk_update(doors, ["area"], batch_size=1000)


def _close(old: Area, grids: Sequence[Area], day: date, reason: str) -> None:
    old.valid_to = max(day - timedelta(days=1), old.valid_from)
    old.save(update_fields=["valid_to"])
    Succession.objects.bulk_create(
        Succession(old=old, new=grid, on=day, reason=reason[:200]) for grid in grids
    )
    # What placing taught for the old grid holds on only where one grid took all of it.
    if len(grids) == 1:
        Alias.objects.filter(grid=old.code).update(grid=grids[0].code)
    else:
        Alias.objects.filter(grid=old.code).delete()


def _carry_over(old: Area, grids: Sequence[Area], day: date, by: Actor) -> list[Posting]:
    """The old grid's postings stay as they are: a phone out in the field hands in under them. Who is away, or will
    be, is so at the successors too, and so is who comes later."""
    lasting = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), role=Role.WORKER)
    active = lasting.filter(person__is_active=True)
    workers = active.filter(area=old).select_related("person").order_by("pk")
    manned = set(active.filter(valid_on(day), area__in=grids).values_list("area_id", flat=True))
    carried = [
        (worker, _carried_to(grid, worker, day))
        for grid in grids
        if grid.code not in manned
        for worker in workers
    ]
    Posting.objects.bulk_create(posting for _worker, posting in carried)
    record_many(TerritoryVerb.POSTING_GIVEN, [_line(posting, old) for _worker, posting in carried], by=by)
    _carry_absences(carried, old, day, by)
    return [posting for _worker, posting in carried]


def _carried_to(grid: Area, worker: Posting, day: date) -> Posting:
    return Posting(
        person=worker.person, role=worker.role, area=grid, department=worker.department,
        valid_from=max(day, worker.valid_from), valid_to=worker.valid_to,
    )  # fmt: skip


def _carry_absences(carried: Sequence[tuple[Posting, Posting]], old: Area, day: date, by: Actor) -> None:
    """A cover from the old grid covers at each successor with the posting it has there."""
    there = {(worker.pk, posting.area_id): posting for worker, posting in carried}
    rows = Absence.objects.filter(posting__in={worker.pk for worker, _posting in carried}, last_day__gte=day)
    absent: dict[int, list[Absence]] = {}
    for absence in rows.select_related("cover__person"):
        absent.setdefault(absence.posting_id, []).append(absence)
    made = [
        Absence(
            posting=posting, cover=there.get((absence.cover_id or 0, posting.area_id), absence.cover),
            first_day=max(day, absence.first_day), last_day=absence.last_day, reason=absence.reason,
        )
        for worker, posting in carried
        for absence in absent.get(worker.pk, ())
    ]  # fmt: skip
    Absence.objects.bulk_create(made)
    record_many(TerritoryVerb.ABSENCE_NOTED, [_absence_line(absence, old) for absence in made], by=by)


def _line(posting: Posting, old: Area) -> Line:
    return Line(posting.area_id, data=_facts(posting, old) | {"from": posting.valid_from})


def _absence_line(absence: Absence, old: Area) -> Line:
    facts = _facts(absence.posting, old) | {"from": absence.first_day, "until": absence.last_day}
    facts |= {"absence": absence.pk, "cover": absence.cover.person.full_name if absence.cover else ""}
    return Line(absence.posting.area_id, data=facts)


def _facts(posting: Posting, old: Area) -> dict[str, object]:
    facts = {"posting": posting.pk, "person": posting.person_id, "name": posting.person.full_name}
    return facts | {"role": posting.role, "role_name": str(Role.WORKER.label), "recut": old.code}


def _record(
    old: Area, grids: Sequence[Area], moves: Sequence[Move], reason: str, day: date, by: Actor
) -> None:
    moved = [Line(m.new, m.subject_id, data={"from": m.old, "to": m.new, "why": "网格调整"}) for m in moves]
    record_many(SubjectVerb.SUBJECT_PLACED, moved, by=by)
    record(
        RecutVerb.AREA_RECUT,
        Line(
            old.code,
            data={"successors": [g.code for g in grids], "subjects": len(moves), "on": day, "reason": reason},
        ),
        by=by,
    )
