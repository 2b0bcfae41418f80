"""Placing by a table that was filled in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.outside import whole
from grid.placing.batches.actions import Asked, order_rows, place_rows
from grid.placing.batches.models import PlacingBatch, Way
from grid.placing.batches.queries import LastPlacing, last_placings
from grid.placing.bulk.queries import HEAD, PlaceNames, place_names
from grid.scope import Actor, Right, within
from grid.sheet_rows import MEGABYTE
from grid.subjects.models import Subject
from grid.tables.reading import read_table, unread
from grid.tables.rules import Line
from grid.territory import problems as territory_problems
from grid.workbooks import Bounds

PLACED, ORDERED, SAME, REFUSED, BLANK = "placed", "ordered", "same", "refused", "blank"
NUMBER, CREDIT_CODE, TARGET = HEAD[0], HEAD[2], HEAD[5]
SOME: Final = 1_000  # keys in one question
# A city's pool: 30,000 lines of the six columns that went out, and of some that somebody added.
BOUNDS: Final = Bounds(
    text=20 * MEGABYTE, packed=10 * MEGABYTE, unpacked=100 * MEGABYTE, parts=500, sheets=50, cells=1_000_000,
    memory=512 * MEGABYTE, seconds=30,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line of a table."""

    number: int
    name: str
    verdict: str
    code: str = ""
    why: str = ""

    @property
    def facts(self) -> dict[str, object]:
        return {"number": self.number, "name": self.name, "code": self.code, "why": self.why}


@dataclass(slots=True)
class TableOutcome:
    """What became of every line, in its order; the batch that placed them, or the operation that does where they are
    many."""

    lines: list[LineOutcome] = field(default_factory=list)
    batch: PlacingBatch | None = None
    operation: Operation | None = None


@transaction.atomic
def place_table(path: Path, name: str, *, by: Actor) -> TableOutcome:
    """Places by a table of 编号 or 代码 and 归入网格: each line by itself, one without a grid stays as it is. The same
    table again changes nothing. Raises ColumnsMissing, NotYourPost and what read_table raises."""
    if not by.areas(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    lines = _lines_of(path, name)
    is_many = sum(bool(cells.get(TARGET)) for _line, cells in lines) > AT_ONCE
    found = _subjects_of([cells for _line, cells in lines], by, is_locked=not is_many)
    judged = [*_judge_lines(lines, found, place_names(by))]
    outcome = TableOutcome([line.outcome(ORDERED if is_many else PLACED) for line in judged])
    pairs = [
        (line.subject, line.place) for line in judged if line.subject and line.place and not line.is_there
    ]
    refused = [line.facts for line in outcome.lines if line.verdict == REFUSED]
    asked = Asked(Way.TABLE, name[-100:], _("表格“{file}”").format(file=name[-100:]), report=refused)
    if pairs and is_many:
        outcome.operation = order_rows(pairs, asked, by=by)
    elif pairs:
        outcome.batch = place_rows(pairs, asked, by=by)
    return outcome


class Judged(NamedTuple):
    """A line with whom it is about and where it wants them, or with why it is not followed."""

    number: int
    name: str
    subject: Subject | None = None
    place: str = ""
    problem: problems.Problem | None = None

    @property
    def is_there(self) -> bool:
        return self.subject is not None and self.subject.area == self.place

    def outcome(self, placing: str) -> LineOutcome:
        if self.problem:
            return LineOutcome(self.number, self.name, REFUSED, self.problem.code, self.problem.detail)
        if not self.place:
            return LineOutcome(self.number, self.name, BLANK)
        return LineOutcome(self.number, self.name, SAME if self.is_there else placing)


def _judge_lines(
    lines: Sequence[tuple[Line, dict[str, str]]], subjects: Mapping[str, Subject], places: PlaceNames
) -> Iterator[Judged]:
    seen: Counter[int] = Counter()
    placed = sorted({subject.pk for subject in subjects.values() if subject.is_placed})
    last: dict[int, LastPlacing] = {}
    for start in range(0, len(placed), SOME):
        last |= last_placings(placed[start : start + SOME])
    for line, cells in lines:
        shown = cells.get(HEAD[1], "")
        if not line.fault and not cells.get(TARGET):
            yield Judged(line.number, shown)
            continue
        subject = subjects.get(_number_in(cells))
        other = subjects.get(cells.get(CREDIT_CODE, ""))
        found = subject or other
        try:
            if wrong := unread(line):
                raise wrong
            if subject and other and subject.pk != other.pk:
                raise territory_problems.GridLineWrong(
                    why=_("编号和代码是两个不同的对象，请核对是否只排了其中一列的顺序。")
                )
            place = _place_of_line(found, cells, places, seen)
            _refuse_taken(found, place, last)
        except problems.Problem as problem:
            yield Judged(line.number, found.name if found else shown, problem=problem)
        else:
            yield Judged(line.number, found.name if found else shown, found, place)


def _lines_of(path: Path, name: str) -> list[tuple[Line, dict[str, str]]]:
    """Every line of the table with its cells by their heads; one that could not be read has none."""
    header, lines = read_table(path, name, lambda cells: TARGET in [cell.strip() for cell in cells], BOUNDS)
    heads = [cell.strip() for cell in header]
    if TARGET not in heads or not {NUMBER, CREDIT_CODE} & set(heads):
        raise problems.ColumnsMissing(name=name, columns=f"{NUMBER}、{TARGET}")
    return [
        (line, {} if line.fault else dict(zip(heads, (cell.strip() for cell in line.cells), strict=False)))
        for line in lines
    ]


def _subjects_of(lines: Sequence[Mapping[str, str]], by: Actor, *, is_locked: bool) -> dict[str, Subject]:
    """Those of the lines within reach, by number and by credit code; locked where they are placed at once."""
    numbers = sorted({pk for cells in lines if (pk := whole(_number_in(cells))) is not None})
    codes = sorted({cells[CREDIT_CODE] for cells in lines if cells.get(CREDIT_CODE)})
    subjects = Subject.objects.all()
    rows = within(subjects.select_for_update() if is_locked else subjects, by, Right.PLACE)
    found: dict[str, Subject] = {}
    for start in range(0, len(numbers), SOME):
        for subject in rows.filter(pk__in=numbers[start : start + SOME]).order_by("pk"):
            found[str(subject.pk)] = subject
    for start in range(0, len(codes), SOME):
        for subject in rows.filter(credit_code__in=codes[start : start + SOME]).order_by("pk"):
            found[subject.credit_code or ""] = found.get(str(subject.pk), subject)
    return found


def _number_in(cells: Mapping[str, str]) -> str:
    """A spreadsheet may have made 123.0 of it."""
    return cells.get(NUMBER, "").removesuffix(".0")


def _place_of_line(
    subject: Subject | None, cells: Mapping[str, str], places: PlaceNames, seen: Counter[int]
) -> str:
    if subject is None:
        raise territory_problems.GridLineWrong(why=_("您的辖区里没有这个编号或代码的对象。"))
    place = places.place(cells[TARGET])
    seen[subject.pk] += 1
    if seen[subject.pk] > 1:
        raise territory_problems.GridLineWrong(why=_("前面的行已经写过这个对象。"))
    return place


def _refuse_taken(subject: Subject | None, place: str, last: Mapping[int, LastPlacing]) -> None:
    """A table is filled in for hours: who was placed meanwhile is named with who placed them."""
    if subject is None or subject.area == place:
        return
    if subject.is_placed:
        placing = last.get(subject.pk)
        words = _("它已归入别的网格（{grid}），不再等待归格。").format(grid=subject.area)
        whom = _("由{who}于 {when} 归格。").format(who=placing.who, when=placing.when) if placing else ""
        raise territory_problems.GridLineWrong(why=words + whom)
    if not place.startswith(subject.area):
        raise territory_problems.GridLineWrong(
            why=_("地址写明在 {area}，不能归入 {grid}。").format(area=subject.area, grid=place)
        )
