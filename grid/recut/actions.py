"""Re-cutting a grid: successors take its subjects and doors, the old one closes, nothing is forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

from django.db import transaction
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
from grid.recut.followers import Ground, follow_ground
from grid.recut.posts.actions import carry_posts
from grid.recut.rehearsal.actions import fingerprint, taken_back
from grid.recut.verbs import RecutVerb
from grid.scope import Actor, Right, require
from grid.subjects.actions.moves import Move, save_moves
from grid.subjects.models import Alias, Placement, Premise, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Area, Level, Posting, Succession
from grid.territory.queries import current_area
from grid.territory.rules import Outline, assigned_twice, free_codes, grid_kind, halves, unassigned

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
    touched: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Of each thing how much."""
        return {"subjects": len(self.moves), "posts": len(self.postings), **self.touched}


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


def rehearse_recut(old: Area, parts: Sequence[Part], *, reason: str, by: Actor) -> dict[str, int]:
    """What a re-cut would touch; it is taken back. Raises what recut_grid does."""
    return taken_back(lambda: recut_grid(old, parts, reason=reason, by=by).counts())


@transaction.atomic
def recut_grid(
    old: Area, parts: Sequence[Part], *, reason: str, by: Actor, on: date | None = None, seen: str = ""
) -> Recut:
    """Replaces a grid by `parts` from a day (today). One part only takes everything.

    A successor without a worker is given to the workers of the old grid until somebody decides otherwise. Then open
    tasks and coverage follow their subjects (see subjects.actions.moves), so that who holds the ground keeps its doors.
    `seen`: fingerprint of the rehearsal somebody read. Raises ReasonMissing, RecutWrong, RecutIncomplete,
    RehearsalStale, AreaNotCurrent, NotYourPost.
    """
    require(by, Right.RECUT, old.code)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.RECUT.value)
    # The community first, as whoever makes a grid does: the next free code is then nobody else's.
    Area.objects.select_for_update().get(pk=old.parent_id or old.code)
    old = Area.objects.select_for_update().get(pk=current_area(old.code).code)
    day = on or today()
    _refuse_wrong(old, parts)
    for part in parts:
        require(by, Right.RECUT, part.code or old.code)
    inside = Subject.objects.select_for_update(of=("self",)).filter(area=old.code)
    subjects = list(inside.select_related("premise").order_by("pk"))
    target = _targets(parts, subjects)
    grids = _successors(old, parts, day)
    # Before anything moves: whoever follows the moves finds the workers already where they are from now on.
    postings = carry_posts({old.code: [grid.code for grid in grids]}, day, by=by)
    moves = _move(subjects, target, grids, old, by)
    _move_doors(old, subjects, parts, grids)
    _close(old, grids, day, reason)
    done = Recut(grids, moves, postings, follow_ground(_ground(old, parts, grids, moves)))
    if seen and seen != fingerprint(done.counts()):
        raise recut_problems.RehearsalStale()
    _record(old, grids, moves, reason, day, by)
    hint("coverage", old.code[:9])
    return done


def _ground(old: Area, parts: Sequence[Part], grids: Sequence[Area], moves: Sequence[Move]) -> Ground:
    """Where one grid took all of it, its code stands for the old one; else what lay in it goes by its subject."""
    successor = {old.code: grids[0].code} if len(grids) == 1 else {}
    return Ground(successor, frozenset({old.code} if parts[0].code else ()), moves)


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
    elif any(part.code == old.code or (part.code and part.code[:9] != old.code[:9]) for part in parts):
        wrong = "承接的网格须是同一街道的另一网格。"
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
    old.end_before(day)
    old.save(update_fields=["valid_from", "valid_to"])
    Succession.objects.bulk_create(
        Succession(old=old, new=grid, on=day, reason=reason[:200]) for grid in grids
    )
    # What placing taught for the old grid holds on only where one grid took all of it.
    if len(grids) == 1:
        Alias.objects.filter(grid=old.code).update(grid=grids[0].code, community=grids[0].code[:12])
    else:
        Alias.objects.filter(grid=old.code).delete()


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
