"""Placing a set of subjects as one act, and undoing that act as one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now, today
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.operations.actions import end_operation, order_operation, take_step
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.placing import problems as placing_problems
from grid.placing.batches.followers import built_on
from grid.placing.batches.models import LineState, PlacingBatch, PlacingLine
from grid.placing.batches.rules import COMMUNITY, GRID, shared_area
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, in_area, require, require_person
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Alias, Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Area, Level, Person
from grid.territory.queries import actor_of, current_area, names_of, valid_on

PLACE: Final = "place"
UNPLACE: Final = "unplace"
PIECE: Final = 1_000  # subjects in one transaction


class Meaning(TypedDict):
    """An alias as a batch taught it: `before` is the grid it meant until then, "" where it was new."""

    district: str
    pattern: str
    before: str
    after: str


class Origin(NamedTuple):
    """Where a subject was before it was placed, and why it waited there."""

    area: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an act of placing was: the way, and what it was about; what it taught, and the lines it did not follow."""

    way: str
    what: str
    why: str = ""
    taught: Sequence[Meaning] = ()
    report: Sequence[Mapping[str, object]] = ()


def origins_of(subjects: Iterable[Subject]) -> dict[int, Origin]:
    return {subject.pk: Origin(subject.area, subject.placement_why) for subject in subjects}


def placing_facts(subject: Subject, before: str) -> dict[str, object]:
    return {
        "name": subject.name,
        "why": subject.placement_why,
        "placement": subject.placement,
        "from": before,
        "to": subject.area,
    }


def keep_batch(
    asked: Asked, placed: Sequence[Subject], before: Mapping[int, Origin], *, by: Actor
) -> PlacingBatch:
    """Part of the act that placed them: keeps where each of them was."""
    batch = _begin(asked, {*(before[s.pk].area for s in placed), *(s.area for s in placed)}, by)
    lines = (
        PlacingLine(
            batch=batch, subject=s, before=before[s.pk].area, before_why=before[s.pk].why, after=s.area
        )
        for s in placed
    )
    PlacingLine.objects.bulk_create(lines, batch_size=PIECE)
    return batch


def _begin(asked: Asked, areas: Collection[str], by: Actor) -> PlacingBatch:
    return PlacingBatch.objects.create(
        way=asked.way, what=asked.what[:120], area=shared_area(areas), by_id=require_person(by), at=now(),
        taught=list(asked.taught), report=list(asked.report),
    )  # fmt: skip


# --- placing ------------------------------------------------------------------------------------------------


def place_rows(pairs: Sequence[tuple[Subject, str]], asked: Asked, *, by: Actor) -> PlacingBatch:
    """Part of the act of a person who places locked subjects that wait: each into its area. Only a grid ends the
    waiting; in a community or a street a subject waits on, for those who know that place."""
    before = origins_of(subject for subject, _area in pairs)
    set_places(pairs, asked.why, by=by)
    return keep_batch(asked, [subject for subject, _area in pairs], before, by=by)


def require_place(to: str, by: Actor) -> Area:
    """Asks for the area `by` places into: a grid, or the community or street where that is all one knows. Raises
    NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid."""
    require(by, Right.PLACE, to)
    area = current_area(to)
    if area.level not in (Level.STREET, Level.COMMUNITY, Level.GRID):
        raise placing_problems.NotAGrid(area=area.name)
    return area


def set_places(pairs: Sequence[tuple[Subject, str]], why: str, *, by: Actor) -> None:
    """Part of the act of a person: gives locked subjects their areas, saves and records them."""
    words = f"{by.name}人工归格" + (f"：{why}" if why else "")
    before = [subject.area for subject, _area in pairs]
    for subject, area in pairs:
        is_grid = len(area) == GRID
        subject.area, subject.placement_why = area, words[:200]
        subject.placement = Placement.HAND if is_grid else Placement.UNPLACED
    placed = [subject for subject, _area in pairs]
    save_moves(placed, before, by=by)
    lines = (
        Line(subject.area, subject.pk, data=placing_facts(subject, old))
        for subject, old in zip(placed, before, strict=True)
    )
    record_many(SubjectVerb.SUBJECT_PLACED, lines, by=by)
    _notify(placed)


def _notify(subjects: Iterable[Subject]) -> None:
    for area in {subject.area for subject in subjects}:
        hint("coverage", area)


def order_rows(pairs: Sequence[tuple[Subject, str]], asked: Asked, *, by: Actor) -> Operation:
    """Part of the act of a person who places more than a request may: keeps what is to be done as a batch, and lets a
    background job do it."""
    batch = _begin(asked, {area for subject, to in pairs for area in (subject.area, to)}, by)
    lines = (
        PlacingLine(batch=batch, subject=s, before=s.area, before_why=s.placement_why, after=to,
                  state=LineState.WAITING)
        for s, to in pairs
    )  # fmt: skip
    PlacingLine.objects.bulk_create(lines, batch_size=PIECE)
    return order_operation(PLACE, batch.area, batch.what[:100], by=by)


def place_waiting(operation: Operation, *, by: Actor) -> None:
    """Carries such an order out, piece by piece, each batch in the name of whoever ordered it; also those that joined
    while it ran."""
    while take_step(operation, lambda fresh: _place_some(fresh, by)):
        pass


def _lines_below(operation: Operation, state: str) -> list[PlacingLine]:
    """The next piece of one batch, and how many there are in all."""
    rows = PlacingLine.objects.filter(in_area(operation.area, "batch__area"), state=state)
    if state == LineState.PLACED:
        rows = rows.filter(batch__undone_at__isnull=False)
    if not operation.total:
        operation.total = rows.count()
    lines = list(rows.select_related("batch").order_by("batch", "pk")[:PIECE])
    return [line for line in lines if line.batch_id == lines[0].batch_id]


def _place_some(operation: Operation, by: Actor) -> bool:
    lines = _lines_below(operation, LineState.WAITING)
    if not lines:
        words = _("看过 {done} 行，归格 {n} 户。").format(done=operation.done, n=operation.changed)
        end_operation(operation, words, by=by)
        return False
    batch = lines[0].batch
    found = _locked(line.subject_id for line in lines)
    pairs: list[tuple[Subject, str]] = []
    narrowed: list[PlacingLine] = []  # a colleague or a delivery learnt more of them since this was ordered
    for line in lines:
        subject = found[line.subject_id]
        line.state, line.why = LineState.PASSED, _why_passed(batch, subject, line.after)
        if not line.why:
            line.state = LineState.PLACED
            pairs.append((subject, line.after))
            if line.before != subject.area:
                line.before, line.before_why = subject.area, subject.placement_why
                narrowed.append(line)
    set_places(pairs, batch.what, by=actor_of(Person.objects.get(pk=batch.by_id)))
    PlacingLine.objects.bulk_update(narrowed, ["before", "before_why"], batch_size=200)
    _mark(lines)
    operation.done, operation.changed = operation.done + len(lines), operation.changed + len(pairs)
    operation.total = max(operation.total, operation.done)
    return True


def _mark(lines: Iterable[PlacingLine]) -> None:
    """Saves what became of them: nearly all of them the same."""
    marks: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        marks.setdefault((line.state, line.why), []).append(line.pk)
    for (state, why), pks in marks.items():
        PlacingLine.objects.filter(pk__in=pks).update(state=state, why=why)


def _why_passed(batch: PlacingBatch, subject: Subject, to: str) -> str:
    if batch.undone_at:
        return _("这一批已经撤销")
    if subject.is_placed:
        return _("已由别人归格")
    return "" if to.startswith(subject.area) else _("地址写明在别处")


def _locked(pks: Iterable[int]) -> dict[int, Subject]:
    rows = Subject.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk")
    return {subject.pk: subject for subject in rows}


# --- undoing ------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_batch(batch: PlacingBatch, *, why: str, by: Actor) -> tuple[PlacingBatch, Operation | None]:
    """Sends back to the pool whom a batch placed and on whom nobody built since; its lines say whom it left, and why.
    What it taught means again what it meant before, unless somebody taught it anew. Many are sent back by an operation.

    Raises NotHere, NotYourPost, ReasonMissing, AlreadyDone.
    """
    batch = PlacingBatch.objects.select_for_update(of=("self",)).select_related("undone_by").get(pk=batch.pk)
    held = require(by, Right.PLACE, batch.area)
    if batch.undone_at:
        when = f"{batch.undone_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        raise problems.AlreadyDone(who=str(batch.undone_by), when=when)
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤销归格"))
    batch.undone_at, batch.undone_by_id, batch.undone_why = now(), require_person(by), why.strip()[:100]
    batch.save(update_fields=["undone_at", "undone_by", "undone_why"])
    _forget_meanings(batch)
    lines = list(batch.lines.filter(state=LineState.PLACED).order_by("pk")[: AT_ONCE + 1])
    operation, back = None, 0
    if len(lines) > AT_ONCE:
        title = _("撤销：{what}").format(what=batch.what)
        operation = order_operation(UNPLACE, batch.area, title, by=by)
    else:
        back = _restore(batch, lines, by)
    facts = {
        "batch": batch.pk,
        "what": batch.what,
        "n": back,
        "kept": len(lines) - back,
        "reason": batch.undone_why,
    }
    if operation:
        facts |= {"n": None, "kept": None}
    record(PlacingVerb.PLACING_UNDONE, Line(batch.area, data=facts), by=by, held=held)
    return batch, operation


def _forget_meanings(batch: PlacingBatch) -> None:
    for meaning in batch.taught:
        rows = Alias.objects.filter(
            district=meaning["district"], pattern=meaning["pattern"], grid=meaning["after"], taught_by=batch.by_id,
            taught_at__lte=batch.at,
        )  # fmt: skip
        if before := meaning["before"]:
            rows.update(grid=before, community=before[:COMMUNITY])
        else:
            rows.delete()


def _restore(batch: PlacingBatch, lines: Sequence[PlacingLine], by: Actor) -> int:
    """How many went back."""
    found = _locked(line.subject_id for line in lines)
    kept = _reasons_to_keep(batch, lines, found)
    going = [line for line in lines if line.pk not in kept]
    for line in lines:
        line.state = LineState.KEPT if line.pk in kept else LineState.RESTORED
        line.why = kept.get(line.pk, "")[:200]
    subjects = [found[line.subject_id] for line in going]
    for line, subject in zip(going, subjects, strict=True):
        subject.area, subject.placement, subject.placement_why = (
            line.before,
            Placement.UNPLACED,
            line.before_why,
        )
    save_moves(subjects, [line.after for line in going], by=by)
    _mark(lines)
    facts = (
        Line(line.before, line.subject_id, data={"name": s.name, "from": line.after, "why": batch.undone_why})
        for line, s in zip(going, subjects, strict=True)
    )
    record_many(PlacingVerb.SUBJECT_UNPLACED, facts, by=by)
    for area in {line.after for line in going} | {line.before for line in going}:
        hint("coverage", area)
    return len(going)


def _reasons_to_keep(
    batch: PlacingBatch, lines: Sequence[PlacingLine], found: Mapping[int, Subject]
) -> dict[int, str]:
    """Line → why it is not undone: somebody placed it anew, sent somebody there, or its old area is no more."""
    built = built_on(list(found), batch.at)
    names = names_of({subject.area for subject in found.values()})
    befores = {line.before for line in lines}
    current = set(Area.objects.filter(valid_on(today()), pk__in=befores).values_list("pk", flat=True))
    kept: dict[int, str] = {}
    for line in lines:
        subject = found[line.subject_id]
        if subject.area != line.after or subject.is_placed != (len(line.after) == GRID):
            kept[line.pk] = _("此后又归入{area}").format(area=names.get(subject.area, subject.area))
        elif subject.same_as_id:
            kept[line.pk] = _("此后并入了另一户")
        elif subject.pk in built:
            kept[line.pk] = built[subject.pk]
        elif line.before not in current:
            kept[line.pk] = _("原来所在的区划已经撤销")
    return kept


def restore_undone(operation: Operation, *, by: Actor) -> None:
    """Carries out the undoing of many, piece by piece."""
    while take_step(operation, lambda fresh: _restore_some(fresh, by)):
        pass


def _restore_some(operation: Operation, by: Actor) -> bool:
    lines = _lines_below(operation, LineState.PLACED)
    if not lines:
        words = _("看过 {done} 户，退回待归格 {n} 户。").format(done=operation.done, n=operation.changed)
        end_operation(operation, words, by=by)
        return False
    operation.changed += _restore(lines[0].batch, lines, by)
    operation.done += len(lines)
    operation.total = max(operation.total, operation.done)
    return True
