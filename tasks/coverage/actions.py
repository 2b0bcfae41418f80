"""Keeping the coverage account: each subject is in exactly one state at any time."""

from collections.abc import Iterable

from django.db import transaction

from grid.calendar.now import day_of, now
from grid.hints import hint
from grid.scope import Actor
from grid.subjects.models import Subject
from tasks.coverage.models import CoverState, Span

BATCH = 2000


def mark_state(subject_ids: Iterable[int], state: CoverState, *, by: Actor) -> int:
    """Moves subjects to `state` from today; those already in it stay untouched. Returns how many moved.

    Runs in the transaction of the action that knows better now; that action writes the ledger entry.
    """
    ids, moved = sorted(set(subject_ids)), 0
    for start in range(0, len(ids), BATCH):
        moved += _mark(ids[start : start + BATCH], state)
    return moved


@transaction.atomic
def _mark(ids: list[int], state: CoverState) -> int:
    at = now()
    day = day_of(at)
    # Subjects are locked in order of id, so two actions on overlapping sets wait instead of deadlocking.
    areas = dict(
        Subject.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", "area")
    )
    current = {span.subject_id: span for span in Span.objects.filter(subject__in=ids, until=None)}
    same = {i for i, span in current.items() if span.state == state and span.area == areas.get(i)}
    moving = [i for i in areas if i not in same]
    Span.objects.filter(subject__in=moving, until=None).update(until=day)
    Span.objects.bulk_create(Span(subject_id=i, area=areas[i], state=state, since=day, at=at) for i in moving)
    for area in {areas[i] for i in moving}:
        hint("coverage", area)
    return len(moving)
