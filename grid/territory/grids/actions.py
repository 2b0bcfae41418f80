"""Making and changing grids: one by one, from a file, or one for each community for a start.

Whoever makes a grid holds the row of its community: the next free code is then nobody else's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record, record_many
from grid.scope import Actor, Right, in_area, require
from grid.territory import problems as territory_problems
from grid.territory.grids import queries
from grid.territory.grids.models import AreaFile
from grid.territory.grids.reading.lines import Line, kept_line, read_grids
from grid.territory.grids.rules import planning
from grid.territory.grids.rules.planning import CHANGED, NEW, REFUSED, Outcome
from grid.territory.models import Area, Level
from grid.territory.rules import Outline, free_codes
from grid.territory.verbs import TerritoryVerb

STARTING_NAME = "全域网格"
WORDS: Mapping[str, str] = {
    "name": "名称",
    "households": "户数",
    "outline": "边界",
    "is_provisional": "暂定",
}


class Done(NamedTuple):
    """A grid that was made or changed, and what should be known of it, as that it overlaps a neighbour a little."""

    grid: Area
    notes: list[str]


# --- from a file ------------------------------------------------------------------------------------------


def keep_grids_file(path: Path, name: str, area: str, *, datum: str = "", by: Actor) -> AreaFile:
    """Reads a file of grids and keeps its lines until somebody takes or drops them; nothing of the territory changes.
    Raises NotHere, NotYourPost and what read_grids raises."""
    require(by, Right.RECUT, area)
    lines = read_grids(
        path, name, datum
    )  # before the transaction: nobody waits for a strange file to be read
    return keep_lines(AreaFile.What.GRIDS, area, path, name, [line.kept() for line in lines], by=by)


@transaction.atomic
def keep_lines(
    what: str, area: str, path: Path, name: str, lines: list[dict[str, object]], *, by: Actor
) -> AreaFile:
    """The lines of a file that was read, as they wait until somebody takes or drops them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = AreaFile.objects.create(
        what=what, area=area, name=name[-100:], sha256=digest, lines=lines, by_id=by.person_id, at=now()
    )
    data = {"file": kept.name, "sha256": digest, "what": str(kept.get_what_display()), "lines": len(lines)}
    record(TerritoryVerb.AREA_FILE_KEPT, Entered(area, data=data), by=by)
    return kept


def planned(file: AreaFile) -> list[Outcome]:
    """What the file would do now."""
    return planning.plan([kept_line(line) for line in file.lines], queries.ground_of(file.area))


@transaction.atomic
def take_grids_file(file: AreaFile, *, seen: str = "", by: Actor) -> list[Outcome]:
    """Makes and changes the grids of a file; the lines that were refused stay as they are told. `seen`: fingerprint of
    the preview, so that what was shown is what is done.

    Raises OutOfOrder when it was taken or dropped, PreviewOutdated, NotHere, NotYourPost.
    """
    file = locked_file(file, by)
    outcomes = planned(file)
    if seen and seen != planning.fingerprint(outcomes):
        raise territory_problems.PreviewOutdated()
    return _take(file, outcomes, by)


@transaction.atomic
def import_grids(path: Path, name: str, area: str, *, datum: str = "", by: Actor) -> list[Outcome]:
    """Reads a file and takes it at once, as a command does. Raises what both do."""
    file = locked_file(keep_grids_file(path, name, area, datum=datum, by=by), by)
    return _take(file, planned(file), by)


def locked_file(file: AreaFile, by: Actor) -> AreaFile:
    """The file, and every community below it: what the plan rests on stays as it is until it is done.

    Part of taking and dropping."""
    file = AreaFile.objects.select_for_update().get(pk=file.pk)
    require(by, Right.RECUT, file.area)
    if file.state != AreaFile.State.WAITING:
        raise problems.OutOfOrder(thing=file.name, state=file.get_state_display(), act=_("采用"))
    _lock_communities(file.area)
    return file


def _lock_communities(area: str) -> list[Area]:
    rows = Area.objects.select_for_update().filter(
        in_area(area[:12], "code"), level=Level.COMMUNITY, valid_to=None
    )
    return list(rows.order_by("code"))


def _take(file: AreaFile, outcomes: Sequence[Outcome], by: Actor) -> list[Outcome]:
    why = _("文件“{file}”").format(file=file.name)
    _make([outcome for outcome in outcomes if outcome.verdict == NEW], why, by)
    _change([outcome for outcome in outcomes if outcome.verdict == CHANGED], why, by)
    end_file(file, AreaFile.State.TAKEN, by, [outcome.told() for outcome in outcomes])
    counts = planning.counted(outcomes)
    facts = {"file": file.name, "sha256": file.sha256, "added": counts[NEW], "changed": counts[CHANGED]}
    facts["refused"] = counts[REFUSED]
    record(TerritoryVerb.GRIDS_IMPORTED, Entered(file.area, data=facts), by=by)
    hint("coverage", file.area)
    return list(outcomes)


@transaction.atomic
def drop_file(file: AreaFile, *, by: Actor) -> AreaFile:
    """Raises OutOfOrder when it was taken or dropped, NotHere, NotYourPost."""
    file = locked_file(file, by)
    end_file(file, AreaFile.State.DROPPED, by, [])
    record(
        TerritoryVerb.AREA_FILE_DROPPED,
        Entered(file.area, data={"file": file.name, "sha256": file.sha256}),
        by=by,
    )
    return file


def end_file(file: AreaFile, state: str, by: Actor, outcome: list[dict[str, object]]) -> None:
    """The outlines went into the grids, or nowhere: they are not kept twice.

    Part of taking and dropping."""
    file.state, file.ended_at, file.ended_by_id, file.outcome, file.lines = (
        state, now(), by.person_id, outcome, [],
    )  # fmt: skip
    file.save(update_fields=["state", "ended_at", "ended_by", "outcome", "lines"])


# --- one by one -------------------------------------------------------------------------------------------


@transaction.atomic
def add_grid(
    community: str, name: str, *, kind: str = "", households: int = 0, outline: Outline | None = None,
    by: Actor,
) -> Done:  # fmt: skip
    """A new grid with the next free code of its kind. The same law as a file's line.

    Raises NotHere, NotYourPost, GridNameTaken, GridCodesUsedUp, GridLineWrong, OutlineFar, OutlineOutside,
    OutlineOverlaps.
    """
    require(by, Right.RECUT, community)
    _lock_communities(community)
    ground = queries.ground_of(community)
    if community in ground.communities and any(
        grid.name == name and not grid.until for grid in ground.grids.values()
    ):
        grid = next(g for g in ground.grids.values() if g.name == name and not g.until)
        raise territory_problems.GridNameTaken(
            community=ground.communities[community].name, name=name, grid=grid.code
        )
    cells = {"community": community, "name": name, "households": str(households), "kind": kind}
    (found,) = planning.plan([Line(1, cells, outline)], ground)
    _refuse(found)
    (made,) = _make([found], _("手工新增"), by)
    hint("coverage", made.code)
    return Done(made, found.notes)


@transaction.atomic
def change_grid(
    grid: Area, *, name: str, households: int, outline: Outline | None = None, why: str = "", by: Actor
) -> Done:
    """Changes what a grid is called, how many households it has, or its outline (None: as it is). A provisional grid
    is settled by it. Raises as add_grid does; AlreadyDone is not among them: the last word counts."""
    require(by, Right.RECUT, grid.code)
    _lock_communities(grid.code[:12])
    cells = {"code": grid.code, "name": name, "households": str(households)}
    (found,) = planning.plan([Line(1, cells, outline)], queries.ground_of(grid.code[:12]))
    _refuse(found)
    _change([found] if found.verdict == CHANGED else [], why, by)
    hint("coverage", grid.code)
    grid.refresh_from_db()
    return Done(grid, found.notes)


def _refuse(found: Outcome) -> None:
    if found.verdict == REFUSED:
        raise found.refusal or territory_problems.GridLineWrong(why=found.why)


@transaction.atomic
def start_grids(area: str, *, by: Actor) -> list[Area]:
    """One provisional grid for each community at or below `area` that has none, with the community's households and
    outline: work can begin, and the grids are settled later. Doing it again adds nothing. Raises NotHere, NotYourPost."""
    require(by, Right.RECUT, area)
    _lock_communities(area)
    communities = list(queries.communities_without_grid(area))
    used: dict[str, list[str]] = {}
    rows = Area.objects.filter(parent__in=communities, level=Level.GRID)
    for code, parent in rows.values_list("code", "parent"):
        used.setdefault(parent or "", []).append(code)
    made = [_started(community, used.get(community.code, ())) for community in communities]
    Area.objects.bulk_create(made)
    _record_added(made, _("暂定，一个社区一个"), by)
    if made:
        record(TerritoryVerb.GRIDS_STARTED, Entered(area, data={"count": len(made)}), by=by)
        hint("coverage", area)
    return made


def _started(community: Area, used: Iterable[str]) -> Area:
    kind = "园区网格" if community.kind in ("虚拟", "园区") else "基础网格"
    return Area(
        code=free_codes(community.code, kind, used, 1)[0], level=Level.GRID, kind=kind, name=STARTING_NAME,
        short_name=STARTING_NAME, parent=community, valid_from=today(), households=community.households,
        outline=community.outline, is_sample=community.is_sample, is_provisional=True,
    )  # fmt: skip


# --- writing ----------------------------------------------------------------------------------------------


def _make(outcomes: Sequence[Outcome], why: str, by: Actor) -> list[Area]:
    made = [
        Area(
            code=outcome.code, level=Level.GRID, kind=outcome.kind, name=outcome.name, short_name=outcome.name[:40],
            parent_id=outcome.community, valid_from=today(), households=outcome.households, outline=outcome.outline,
        )
        for outcome in outcomes
    ]  # fmt: skip
    Area.objects.bulk_create(made)
    _record_added(made, why, by)
    return made


def _record_added(made: Sequence[Area], why: str, by: Actor) -> None:
    lines = (
        Entered(grid.code, data={"name": grid.name, "households": grid.households, "why": why})
        for grid in made
    )
    record_many(TerritoryVerb.GRID_ADDED, lines, by=by)


def _change(outcomes: Sequence[Outcome], why: str, by: Actor) -> None:
    rows = Area.objects.select_for_update().in_bulk([outcome.code for outcome in outcomes])
    for outcome in outcomes:
        row = rows[outcome.code]
        for name, (_before, after) in outcome.changed.items():
            setattr(row, name, after)
        row.short_name = row.name[:40]
    fields = ["name", "short_name", "households", "outline", "is_provisional"]
    Area.objects.bulk_update(rows.values(), fields, batch_size=200)
    record_many(TerritoryVerb.GRID_CHANGED, (_changed_line(outcome, why) for outcome in outcomes), by=by)


def _changed_line(outcome: Outcome, why: str) -> Entered:
    """The outline itself is too long for an entry: that it changed is told, not how."""
    before = {name: pair[0] for name, pair in outcome.changed.items() if name in ("name", "households")}
    words = "、".join(WORDS[name] for name in outcome.changed)
    data = {
        "name": outcome.name,
        "households": outcome.households,
        "changed": words,
        "before": before,
        "why": why,
    }
    return Entered(outcome.code, data=data)
