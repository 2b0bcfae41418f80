"""Keeping the coverage account: each subject is in exactly one state at any time."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from grid.calendar.now import day_of, now
from grid.hints import hint
from grid.ledger.bulk import number_list, numbers_in
from grid.scope import Actor
from grid.subjects.actions.moves import Move
from grid.subjects.models import Standing
from tasks.coverage.states import CoverState

BATCH = 5000
MANY_GRIDS = 5

# The account is moved by the database itself, in three statements for one subject or for thousands. Each begins
# after the one before has its locks, so it sees what a colleague committed while we waited; one statement for all
# would decide on what was there before the wait.
_LOCK = (
    "SELECT count(*) FROM (SELECT 1 FROM grid_subject WHERE id {among} ORDER BY id FOR NO KEY UPDATE) AS held"
)
# A subject that is out of business is ENDED whatever is said of it; one back in business is what it was before.
_CLOSE = """
UPDATE tasks_span SET until = %s FROM grid_subject
WHERE grid_subject.id {among} AND tasks_span.subject_id = grid_subject.id AND tasks_span.until IS NULL
  AND (tasks_span.area <> grid_subject.area OR tasks_span.kind <> grid_subject.kind
       OR tasks_span.state <> CASE WHEN grid_subject.standing <> %s THEN %s
                                   ELSE COALESCE(%s, NULLIF(tasks_span.state, %s), '') END)
"""
# Whoever has no open span now was closed above or is new. Without a state, the last one is taken along.
_OPEN = """
INSERT INTO tasks_span (subject_id, area, kind, state, since, at)
SELECT id, area, kind, CASE WHEN standing <> %s THEN %s ELSE COALESCE(
         %s, (SELECT state FROM tasks_span WHERE subject_id = grid_subject.id AND state <> %s ORDER BY id DESC LIMIT 1), %s
       ) END, %s, %s
FROM grid_subject
WHERE id {among} AND NOT EXISTS (SELECT 1 FROM tasks_span WHERE subject_id = grid_subject.id AND until IS NULL)
RETURNING area
"""


def mark_state(subject_ids: Iterable[int], state: CoverState, *, by: Actor) -> int:
    """Moves subjects to `state` from today; those already in it stay untouched. Returns how many moved.

    One that is out of business stays ENDED: nobody marks that, its standing says it.
    Part of the action that knows better now: that action's ledger entry tells why.
    """
    if state == CoverState.ENDED:
        raise ValueError("standing alone ends a subject")
    return _in_batches(subject_ids, CoverState(state).value)


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """New subjects enter as 未派; moved ones take their state along to the new area.

    Part of the action that moved them.
    """
    _in_batches((move.subject_id for move in moves), None)


def follow_changes(subject_ids: Sequence[int], by: Actor) -> None:
    """A changed kind goes on in another account, an ended subject leaves the doors to be checked.

    Part of the action that changed them.
    """
    _in_batches(subject_ids, None)


def _in_batches(subject_ids: Iterable[int], state: str | None) -> int:
    ids = sorted(set(subject_ids))
    # No savepoint: a failure here fails the action it is part of.
    with transaction.atomic(savepoint=False):
        return sum(_move(ids[start : start + BATCH], state) for start in range(0, len(ids), BATCH))


def _move(ids: list[int], state: str | None) -> int:
    at = now()
    among, given = numbers_in(), number_list(ids)
    day, stored = (
        connection.ops.adapt_datefield_value(day_of(at)),
        connection.ops.adapt_datetimefield_value(at),
    )
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update:
            # In order of id, so that two actions on overlapping sets wait instead of deadlocking.
            cursor.execute(_LOCK.format(among=among), [given])
        active, ended = Standing.ACTIVE.value, CoverState.ENDED.value
        cursor.execute(_CLOSE.format(among=among), [day, given, active, ended, state, ended])
        new = [active, ended, state, ended, CoverState.NOT_SENT.value, day, stored, given]
        cursor.execute(_OPEN.format(among=among), new)
        areas = [area for (area,) in cursor.fetchall()]
    _hint(set(areas))
    return len(areas)


def _hint(areas: set[str]) -> None:
    """A batch over many grids tells their communities: desks watch communities or more."""
    for area in areas if len(areas) <= MANY_GRIDS else {area[:12] for area in areas}:
        hint("coverage", area)
