"""The current rows of the registers go where their subject goes."""

from collections.abc import Sequence

from grid.calendar.now import today
from grid.registers.models import Row
from grid.scope import Actor
from grid.subjects.actions.moves import BATCH, Move
from grid.subjects.models import Subject


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """Rows lie where their subject lies, so that a territory's rows are found by one range.

    Part of the action that moved them. A subject just added has no row yet.
    """
    by_area: dict[str, list[int]] = {}
    for move in moves:
        if move.old:
            by_area.setdefault(move.new, []).append(move.subject_id)
    for area, ids in by_area.items():
        for start in range(0, len(ids), BATCH):
            Row.objects.filter(subject__in=ids[start : start + BATCH], until=None).update(area=area)


def follow_merge(kept: Subject, dropped: Subject, by: Actor) -> None:
    """From today on the lines say it of `kept`, those of registers it lacks. Until yesterday they said it of
    `dropped`, and go on having said so: what was counted of an earlier day was counted there.

    Part of merging two subjects.
    """
    day = today()
    known = set(Row.objects.filter(subject=kept, until=None).values_list("register", flat=True))
    rows = Row.objects.filter(subject=dropped, until=None)
    going = list(rows.exclude(register__in=known).defer(None))
    rows.update(until=day)
    for row in going:
        row.pk, row._state.adding = None, True
        row.subject, row.area, row.since = kept, kept.area, max(row.since, day)
    Row.objects.bulk_create(going)
