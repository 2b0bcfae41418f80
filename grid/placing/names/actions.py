"""Taking a table of place names: what is new is added, what differs is changed, every line is told of."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from grid import problems
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record
from grid.placing.models import PlaceName
from grid.placing.names.queries import ground_of, row_of
from grid.placing.names.rules import CHANGED, COLUMNS, NEW, REFUSED, REQUIRED, SAME, Outcome, Row, plan
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, in_area, require
from grid.tables.reading import read_table
from grid.territory.grids.reading.lines import MOST_LINES, Line, fields_of, line_of, too_many
from grid.territory.models import Area
from grid.workbooks import SMALL


def read_names(path: Path, name: str) -> list[Line]:
    """The lines of a table. Raises ColumnsMissing, EmptyFile, FileOversized and what read_table raises."""

    def is_header(cells: Sequence[str]) -> bool:
        return {"kind", "name"} <= set(fields_of(cells, COLUMNS))

    header, lines = read_table(path, name, is_header, SMALL)
    places = fields_of(header, COLUMNS)
    if lacking := [label for field, label in REQUIRED.items() if field not in places]:
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    found: list[Line] = []
    for line in lines:
        if len(found) >= MOST_LINES:
            raise too_many(name)
        found.append(line_of(line, places))
    if not found:
        raise problems.EmptyFile(name=name)
    return found


@transaction.atomic
def import_names(path: Path, name: str, area: str, *, is_sample: bool = False, by: Actor) -> list[Outcome]:
    """Takes a table of place names of a city, a district or below. A row of the same name, kind and place is changed;
    none is taken away: a name that is over says its last day. The whole file or, where it cannot be read, nothing.

    Raises NotHere, NotYourPost and what read_names raises.
    """
    require(by, Right.PLACE, area)
    lines = read_names(path, name)
    # One table after the other: two would add the same rows.
    Area.objects.select_for_update().filter(pk=area[:4]).first()
    outcomes = plan(lines, ground_of(area))
    new = [outcome.row for outcome in outcomes if outcome.verdict == NEW and outcome.row]
    PlaceName.objects.bulk_create(
        (PlaceName(**row._asdict(), is_sample=is_sample) for row in new), batch_size=500
    )
    _change([outcome.row for outcome in outcomes if outcome.verdict == CHANGED and outcome.row], area)
    counts = counted(outcomes)
    record(PlacingVerb.PLACE_NAMES_IMPORTED, Entered(area, data={"file": name[-100:], **counts}), by=by)
    return outcomes


def _change(rows: Sequence[Row], area: str) -> None:
    known = (
        {row_of(name).key: name for name in PlaceName.objects.filter(in_area(area[:4], "district"))}
        if rows
        else {}
    )
    changed = []
    for row in rows:
        name = known[row.key]
        name.last, name.current, name.basis = row.last, row.current, row.basis
        name.valid_from, name.valid_to = row.valid_from, row.valid_to
        changed.append(name)
    PlaceName.objects.bulk_update(
        changed, ["last", "current", "basis", "valid_from", "valid_to"], batch_size=500
    )


def counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    found = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: found[verdict] for verdict in (NEW, CHANGED, SAME, REFUSED)}
