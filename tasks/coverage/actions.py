"""Keeping the coverage account: each subject is in exactly one state at any time."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection, transaction

from grid.calendar.now import day_of, now
from grid.hints import hint
from grid.ledger.bulk import among, insert_rows
from grid.scope import Actor
from grid.subjects.models import Subject
from grid.subjects.moves import Move
from tasks.coverage.models import CoverState, Span

BATCH = 5000
MANY_GRIDS = 5


def mark_state(subject_ids: Iterable[int], state: CoverState, *, by: Actor) -> int:
    """Moves subjects to `state` from today; those already in it stay untouched. Returns how many moved.

    Part of the action that knows better now: that action's ledger entry tells why.
    """
    return _in_batches(subject_ids, lambda held: state)


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """New subjects enter as 未派; moved ones take their state along to the new area.

    Part of the action that moved them.
    """
    _in_batches(
        (move.subject_id for move in moves), lambda held: CoverState(held) if held else CoverState.NOT_SENT
    )


def _in_batches(subject_ids: Iterable[int], next_state: Callable[[str], CoverState]) -> int:
    ids = sorted(set(subject_ids))
    return sum(_move(ids[start : start + BATCH], next_state) for start in range(0, len(ids), BATCH))


@transaction.atomic
def _move(ids: list[int], next_state: Callable[[str], CoverState]) -> int:
    at = now()
    day = day_of(at)
    # Subjects are locked in order of id, so two actions on overlapping sets wait instead of deadlocking.
    subjects = Subject.objects.filter(pk__in=among(ids)).select_for_update(no_key=True)
    areas = dict(subjects.order_by("pk").values_list("pk", "area"))
    spans = Span.objects.filter(subject__in=among(ids), until=None).values_list("subject_id", "state", "area")
    current = {subject: (state, area) for subject, state, area in spans}
    wanted = {i: (next_state(current[i][0] if i in current else ""), area) for i, area in areas.items()}
    moving = [i for i in areas if current.get(i) != wanted[i]]
    Span.objects.filter(subject__in=among(moving), until=None).update(until=day)
    # Not through model instances: of a dispatch of 100,000 doors they would take a third of the time.
    since, stored = connection.ops.adapt_datefield_value(day), connection.ops.adapt_datetimefield_value(at)
    rows = ((i, wanted[i][1], wanted[i][0].value, since, None, stored) for i in moving)
    insert_rows("tasks_span", ("subject_id", "area", "state", "since", "until", "at"), rows)
    _hint({areas[i] for i in moving})
    return len(moving)


def _hint(areas: set[str]) -> None:
    """A batch over many grids tells their communities: a hint costs 6 ms, and desks watch communities or more."""
    for area in areas if len(areas) <= MANY_GRIDS else {area[:12] for area in areas}:
        hint("coverage", area)
