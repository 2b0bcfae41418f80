"""Taking an edition of the official divisions: what is new is added, what is renamed is renamed, nothing is closed.

An area that is no longer in the file stays: closing one moves its subjects, which is an act of its own.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from grid import problems
from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record, record_many
from grid.scope import Actor, Right, ask, in_area
from grid.tables.readers import read_table
from grid.territory import problems as territory_problems
from grid.territory.divisions import rules
from grid.territory.divisions.rules import Known
from grid.territory.grids import planning
from grid.territory.grids.actions import end_file, keep_lines, locked_file
from grid.territory.grids.models import AreaFile
from grid.territory.grids.planning import CHANGED, NEW, Outcome
from grid.territory.grids.reading import MOST_LINES, Line, fields_of, kept_line, line_of, too_many
from grid.territory.models import Area, Level
from grid.territory.rules import level_of, parent_of
from grid.territory.verbs import TerritoryVerb
from grid.workbooks import SMALL


def read_divisions(path: Path, name: str) -> list[Line]:
    """The lines of an edition. Raises ColumnsMissing, EmptyFile and what read_table raises."""

    def is_header(cells: Sequence[str]) -> bool:
        return {"code", "name"} <= set(fields_of(cells, rules.COLUMNS))

    header, lines = read_table(path, name, is_header, SMALL)
    places = fields_of(header, rules.COLUMNS)
    if lacking := [label for field, label in rules.REQUIRED.items() if field not in places]:
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    found: list[Line] = []
    for line in lines:
        if len(found) >= MOST_LINES:
            raise too_many(name)
        found.append(line_of(line, places))
    if not found:
        raise problems.EmptyFile(name=name)
    return found


def keep_divisions_file(path: Path, name: str, city: str, *, by: Actor) -> AreaFile:
    """Reads an edition and keeps its lines until somebody takes or drops them. Raises NotHere, NotYourPost and what
    read_divisions raises."""
    ask(by, Right.RECUT, city)
    lines = read_divisions(path, name)
    return keep_lines(AreaFile.What.DIVISIONS, city, path, name, [line.kept() for line in lines], by=by)


def planned(file: AreaFile) -> list[Outcome]:
    """What the edition would change now. One query."""
    return _planned([kept_line(line) for line in file.lines], file.area)


def _planned(lines: Sequence[Line], city: str) -> list[Outcome]:
    rows = Area.objects.filter(in_area(city, "code"), level__lt=Level.GRID)
    day = today()
    known = {
        code: Known(name, short, kind, f"{until:%Y-%m-%d}" if until and until < day else "")
        for code, name, short, kind, until in rows.values_list(
            "code", "name", "short_name", "kind", "valid_to"
        )
    }
    return rules.plan(lines, known, city)


@transaction.atomic
def take_divisions_file(file: AreaFile, *, seen: str = "", by: Actor) -> list[Outcome]:
    """Adds and renames what the preview showed. Raises OutOfOrder, PreviewOutdated, NotHere, NotYourPost."""
    file = locked_file(file, by)
    lines = [kept_line(line) for line in file.lines]
    outcomes = _planned(lines, file.area)
    if seen and seen != planning.fingerprint(outcomes):
        raise territory_problems.PreviewOutdated()
    end_file(file, AreaFile.State.TAKEN, by, [one.told() for one in outcomes])
    return take_divisions(lines, file.area, file.name, today(), by=by)


@transaction.atomic
def take_divisions(
    lines: Sequence[Line], city: str, file_name: str, valid_from: date, *, by: Actor
) -> list[Outcome]:
    """Adds the divisions of a city that are missing and renames those renamed. Raises NotHere, NotYourPost."""
    ask(by, Right.RECUT, city)
    # One edition after the other: two would add the same areas.
    Area.objects.select_for_update().filter(pk=city).first()
    outcomes = _planned(lines, city)
    new = [one for one in outcomes if one.verdict == NEW]
    renamed = [one for one in outcomes if one.verdict == CHANGED]
    Area.objects.bulk_create(_made(one, valid_from) for one in sorted(new, key=lambda one: one.code))
    _rename(renamed, by)
    if new or renamed:
        data: dict[str, Any] = {"areas": len(new), "renamed": [one.code for one in renamed]}
        record(TerritoryVerb.TERRITORY_IMPORTED, Entered(city, data=data | {"file": file_name}), by=by)
        hint("coverage", city)
    return outcomes


def _made(one: Outcome, valid_from: date) -> Area:
    return Area(
        code=one.code, level=level_of(one.code), kind=one.kind, name=one.name,
        short_name=one.changed["short_name"][1], parent_id=parent_of(one.code) or None, valid_from=valid_from,
    )  # fmt: skip


def _rename(renamed: Sequence[Outcome], by: Actor) -> None:
    rows = Area.objects.select_for_update().in_bulk([one.code for one in renamed])
    for one in renamed:
        for name, (_before, after) in one.changed.items():
            setattr(rows[one.code], name, after)
    Area.objects.bulk_update(rows.values(), ["name", "short_name", "kind"], batch_size=500)
    told = (
        Entered(one.code, data={"name": one.name, "before": one.changed["name"][0]})
        for one in renamed
        if "name" in one.changed
    )
    record_many(TerritoryVerb.DIVISION_RENAMED, told, by=by)
