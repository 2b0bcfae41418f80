"""Where a phone stood at a door: one position for a subject, of its newest visit that has one; never a track."""

from collections.abc import Sequence

from grid.placing.followers import Position
from tasks.visits.models import Visit


def positions_seen(subjects: Sequence[int]) -> dict[int, Position]:
    """Subject → the position of its newest visit that was not corrected since. One query."""
    rows = Visit.objects.filter(subject__in=subjects, replaced_by=None).exclude(position=None).order_by("pk")
    return {
        subject: Position(float(position["lng"]), float(position["lat"]))
        for subject, position in rows.values_list("subject", "position")
        if subject is not None and position and {"lng", "lat"} <= position.keys()
    }
