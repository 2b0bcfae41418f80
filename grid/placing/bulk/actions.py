"""Placing many at once: alike addresses, those that were ticked, or a table that was filled in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record_many
from grid.operations.actions import refuse_many
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.outside import whole
from grid.placing import problems as placing_problems
from grid.placing.actions import order_replacing, placing_facts, replace
from grid.placing.bulk.queries import CITY, HEAD, GridNames, Group, grid_names, groups_of, read_addresses
from grid.placing.queries import gazetteer
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, in_area, require, require_person, within
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Alias, Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.tables.reading import read_table, unread
from grid.tables.rules import Line
from grid.territory import problems as territory_problems
from grid.territory.models import Area, Level
from grid.territory.queries import current_area
from grid.workbooks import SMALL

PLACED, SAME, REFUSED, BLANK = "placed", "same", "refused", "blank"
NUMBER, CREDIT_CODE, TARGET = HEAD[0], HEAD[2], HEAD[5]
Taught = tuple[Group, Area]


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line of a table."""

    number: int
    name: str
    verdict: str
    code: str = ""
    why: str = ""


def _grid_to_place_into(grid: str, by: Actor) -> Area:
    require(by, Right.PLACE, grid)
    area = current_area(grid)
    if area.level != Level.GRID:
        raise placing_problems.NotAGrid(area=area.name)
    return area


# --- alike addresses --------------------------------------------------------------------------------------


@transaction.atomic
def place_groups(chosen: Mapping[str, str], area: str, *, by: Actor) -> tuple[list[Subject], list[Operation]]:
    """Teaches what each piece of an address means (`chosen`: key of a Group → grid) and reads the pool again, once.
    Returns those placed, or where they are many the operations that place them. As by hand, what the text of an address
    says outweighs what is taught.

    A group in which nobody waits any more is passed over, among others. Raises NotYourPost, UnknownArea,
    AreaNotCurrent, NotAGrid, PlaceUnclear for a grid of another district, NotHere for a grid out of reach and where no
    group is left.
    """
    require_person(by)
    groups = {group.key: group for group in groups_of(by, area)}
    if not groups.keys() & chosen.keys():
        raise problems.NotHere()
    taught: list[Taught] = []
    for key, grid in chosen.items():
        if key not in groups:
            continue  # a colleague placed them meanwhile
        place = _grid_to_place_into(grid, by)
        if not place.code.startswith(groups[key].district):
            raise placing_problems.PlaceUnclear(text=place.name)
        taught.append((groups[key], place))
    rows = _teach(taught, by)
    if sum(group.count for group, _place in taught) > AT_ONCE:
        districts = sorted({group.district for group, _place in taught})
        return [], [order_replacing(district, by=by) for district in districts]
    placed: list[Subject] = []
    for city in sorted({group.district[:CITY] for group, _place in taught}):
        placed += _place_alike(
            [subject for subject, _ in taught if subject.district.startswith(city)], city, by
        )
    _count_uses(rows, taught, {subject.pk for subject in placed})
    for code in {place.code for _group, place in taught}:
        hint("coverage", code)
    return placed, []


def _teach(taught: Sequence[Taught], by: Actor) -> list[Alias]:
    """The newest hand decides; what was placed by the older meaning stays where it is."""
    rows = Alias.objects.select_for_update().filter(district__in={group.district for group, _ in taught})
    known = {(row.district, row.pattern): row for row in rows}
    changed, lines = [], []
    for group, place in taught:
        pattern = group.piece[:80]
        row = known.get((group.district, pattern)) or Alias(district=group.district, pattern=pattern)
        data = {"alias": pattern, "community": place.code[:12], "before": row.grid}
        row.community, row.grid, row.taught_at = place.code[:12], place.code, now()
        row.taught_by_id, row.taught_from_id = require_person(by), group.subjects[0]
        changed.append(row)
        lines.append(Entered(place.code, group.subjects[0], data=data))
    Alias.objects.bulk_create(row for row in changed if row.pk is None)
    fields = ["community", "grid", "taught_at", "taught_by", "taught_from"]
    Alias.objects.bulk_update([row for row in changed if row.pk], fields, batch_size=200)
    record_many(PlacingVerb.ALIAS_TAUGHT, lines, by=by)
    return changed


def _place_alike(groups: Sequence[Group], city: str, by: Actor) -> list[Subject]:
    """One pass over the pool of each district, whatever the number of groups."""
    wanted: dict[str, set[str]] = {}
    for group in groups:
        wanted.setdefault(group.district, set()).add(group.piece)
    unplaced = Subject.objects.filter(placement=Placement.UNPLACED)
    likely = [
        pk
        for district, patterns in wanted.items()
        for pk, _district, _address, pieces in read_addresses(unplaced.filter(in_area(district)))
        if patterns.intersection(pieces)
    ]
    rows = Subject.objects.select_for_update().filter(pk__in=likely, placement=Placement.UNPLACED)
    return replace(rows.order_by("pk"), gazetteer(city), by=by)


def _count_uses(rows: Sequence[Alias], taught: Sequence[Taught], placed: set[int]) -> None:
    for row, (group, _place) in zip(rows, taught, strict=True):
        row.uses += len(placed.intersection(group.subjects))
    Alias.objects.bulk_update(rows, ["uses"], batch_size=200)


# --- ticked, or named in a table --------------------------------------------------------------------------


@transaction.atomic
def place_many(subjects: Iterable[int], grid: str, *, why: str = "", by: Actor) -> list[Subject]:
    """Puts those of the subjects that still wait, and may lie there, into one grid. Teaches nothing: what was ticked
    need not be alike. Raises TooManyAtOnce, NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid."""
    subjects = set(subjects)
    refuse_many(len(subjects))
    place = _grid_to_place_into(grid, by)
    rows = within(Subject.objects.select_for_update(), by, Right.PLACE)
    waiting = list(rows.filter(pk__in=subjects, placement=Placement.UNPLACED).order_by("pk"))
    return _place_by_hand([(row, place.code) for row in waiting if place.code.startswith(row.area)], why, by)


def _place_by_hand(pairs: Sequence[tuple[Subject, str]], why: str, by: Actor) -> list[Subject]:
    words = f"{by.name}人工归格" + (f"：{why}" if why else "")
    before = [subject.area for subject, _grid in pairs]
    for subject, grid in pairs:
        subject.area, subject.placement, subject.placement_why = grid, Placement.HAND, words[:200]
    placed = [subject for subject, _grid in pairs]
    save_moves(placed, before, by=by)
    lines = (
        Entered(subject.area, subject.pk, data=placing_facts(subject, old))
        for subject, old in zip(placed, before, strict=True)
    )
    record_many(SubjectVerb.SUBJECT_PLACED, lines, by=by)
    for code in {subject.area for subject in placed}:
        hint("coverage", code)
    return placed


@transaction.atomic
def place_table(path: Path, name: str, *, by: Actor) -> list[LineOutcome]:
    """Places by a table of 编号 or 代码 and 归入网格: each line by itself, one without a grid stays as it is. The same
    table again changes nothing. Answers what became of every line of the table, in its order. Raises ColumnsMissing,
    TooManyAtOnce for more lines with a grid than a request may place, NotYourPost and what read_table raises."""
    if not by.areas(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    lines = _lines_of(path, name)
    refuse_many(sum(bool(cells.get(TARGET)) for _line, cells in lines))
    subjects = _subjects_of([cells for _line, cells in lines], by)
    said, outcomes, pairs = grid_names(by), [], []
    seen: Counter[int] = Counter()
    for line, cells in lines:
        number, subject = line.number, subjects.get(_number_in(cells))
        other = subjects.get(cells.get(CREDIT_CODE, ""))
        if not line.fault and not cells.get(TARGET):
            outcomes.append(LineOutcome(number, cells.get(HEAD[1], ""), BLANK))
            continue
        try:
            if wrong := unread(line):
                raise wrong
            if subject and other and subject.pk != other.pk:
                raise territory_problems.GridLineWrong(
                    why=_("编号和代码是两个不同的对象，请核对是否只排了其中一列的顺序。")
                )
            subject = subject or other
            grid = _of_line(subject, cells, said, seen)
        except problems.Problem as problem:
            shown = subject.name if subject else cells.get(HEAD[1], "")
            outcomes.append(LineOutcome(number, shown, REFUSED, problem.code, problem.detail))
            continue
        assert subject is not None
        is_there = subject.is_placed
        outcomes.append(LineOutcome(number, subject.name, SAME if is_there else PLACED))
        if not is_there:
            pairs.append((subject, grid))
    _place_by_hand(pairs, _("表格“{file}”").format(file=name[-100:]), by)
    return outcomes


def _lines_of(path: Path, name: str) -> list[tuple[Line, dict[str, str]]]:
    """Every line of the table with its cells by their heads; one that could not be read has none."""
    header, lines = read_table(path, name, lambda cells: TARGET in [cell.strip() for cell in cells], SMALL)
    heads = [cell.strip() for cell in header]
    if TARGET not in heads or not {NUMBER, CREDIT_CODE} & set(heads):
        raise problems.ColumnsMissing(name=name, columns=f"{NUMBER}、{TARGET}")
    return [
        (line, {} if line.fault else dict(zip(heads, (cell.strip() for cell in line.cells), strict=False)))
        for line in lines
    ]


def _subjects_of(lines: Sequence[Mapping[str, str]], by: Actor) -> dict[str, Subject]:
    """Those of the lines within reach, by number and by credit code, locked."""
    rows = within(Subject.objects.select_for_update(), by, Right.PLACE)
    numbers = {pk for cells in lines if (pk := whole(_number_in(cells))) is not None}
    codes = {cells[CREDIT_CODE] for cells in lines if cells.get(CREDIT_CODE)}
    found: dict[str, Subject] = {}
    for subject in rows.filter(pk__in=numbers).order_by("pk"):
        found[str(subject.pk)] = subject
    for subject in rows.filter(credit_code__in=codes).order_by("pk"):
        found[subject.credit_code or ""] = found.get(str(subject.pk), subject)
    return found


def _number_in(cells: Mapping[str, str]) -> str:
    """A spreadsheet may have made 123.0 of it."""
    return cells.get(NUMBER, "").removesuffix(".0")


def _of_line(subject: Subject | None, cells: Mapping[str, str], said: GridNames, seen: Counter[int]) -> str:
    if subject is None:
        raise territory_problems.GridLineWrong(why=_("您的辖区里没有这个编号或代码的对象。"))
    grid = said.grid(cells[TARGET])
    seen[subject.pk] += 1
    if seen[subject.pk] > 1:
        raise territory_problems.GridLineWrong(why=_("前面的行已经写过这个对象。"))
    if subject.is_placed and subject.area != grid:
        raise territory_problems.GridLineWrong(
            why=_("它已归入别的网格（{grid}），不再等待归格。").format(grid=subject.area)
        )
    if not grid.startswith(subject.area):
        raise territory_problems.GridLineWrong(
            why=_("地址写明在 {area}，不能归入 {grid}。").format(area=subject.area, grid=grid)
        )
    return grid
