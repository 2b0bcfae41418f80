"""Taking an edition of the official divisions: what is new is added, what is renamed is renamed, nothing is closed.

An area that is no longer in the file stays: closing one moves its subjects, which is an act of its own.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from grid import problems
from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record, record_many
from grid.scope import Actor, Right, in_area, require
from grid.tables.reading import read_table
from grid.territory import problems as territory_problems
from grid.territory.divisions import rules
from grid.territory.divisions.rules import Known
from grid.territory.grids.actions import end_file, keep_lines, locked_file
from grid.territory.grids.models import AreaFile
from grid.territory.grids.reading.lines import MOST_LINES, Line, fields_of, kept_line, line_of, too_many
from grid.territory.grids.rules import planning
from grid.territory.grids.rules.planning import CHANGED, NEW, Outcome
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
    require(by, Right.RECUT, city)
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
    end_file(file, AreaFile.State.TAKEN, by, [outcome.told() for outcome in outcomes])
    return take_divisions(lines, file.area, file.name, today(), by=by)


@transaction.atomic
def take_divisions(
    lines: Sequence[Line], city: str, file_name: str, valid_from: date, *, by: Actor
) -> list[Outcome]:
    """Adds the divisions of a city that are missing and renames those renamed. Raises NotHere, NotYourPost."""
    require(by, Right.RECUT, city)
    # One edition after the other: two would add the same areas.
    Area.objects.select_for_update().filter(pk=city).first()
    outcomes = _planned(lines, city)
    new = [outcome for outcome in outcomes if outcome.verdict == NEW]
    renamed = [outcome for outcome in outcomes if outcome.verdict == CHANGED]
    Area.objects.bulk_create(
        _made(outcome, valid_from) for outcome in sorted(new, key=lambda outcome: outcome.code)
    )
    _rename(renamed, by)
    if new or renamed:
        data: dict[str, object] = {"areas": len(new), "renamed": [outcome.code for outcome in renamed]}
        record(TerritoryVerb.TERRITORY_IMPORTED, Entered(city, data=data | {"file": file_name}), by=by)
        hint("coverage", city)
    return outcomes


def _made(outcome: Outcome, valid_from: date) -> Area:
    return Area(
        code=outcome.code, level=level_of(outcome.code), kind=outcome.kind, name=outcome.name,
        short_name=outcome.changed["short_name"][1], parent_id=parent_of(outcome.code) or None, valid_from=valid_from,
    )  # fmt: skip


def _rename(renamed: Sequence[Outcome], by: Actor) -> None:
    rows = Area.objects.select_for_update().in_bulk([outcome.code for outcome in renamed])
    for outcome in renamed:
        for name, (_before, after) in outcome.changed.items():
            setattr(rows[outcome.code], name, after)
    Area.objects.bulk_update(rows.values(), ["name", "short_name", "kind"], batch_size=500)
    told = (
        Entered(outcome.code, data={"name": outcome.name, "before": outcome.changed["name"][0]})
        for outcome in renamed
        if "name" in outcome.changed
    )
    record_many(TerritoryVerb.DIVISION_RENAMED, told, by=by)
