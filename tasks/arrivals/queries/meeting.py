"""Whom a visit may be about beyond its own doors: what waits in the pool where its worker goes about."""

from collections.abc import Sequence
from uuid import UUID

from grid.scope import Held
from grid.subjects.models import Subject
from tasks.claims.queries import in_pool
from tasks.claims.rules import COMMUNITY
from tasks.visits.rules import Arrival


def known_in_pool(arrivals: Sequence[Arrival], held: Held) -> dict[UUID, Subject]:
    """The row of the pool of each, by the visit that met it. A query for each unit told, and none for other visits."""
    alone = (a for a in arrivals if a.unlisted and a.subject_id is None and a.task_id is None)
    found = {a.client_id: in_pool(a.unlisted, held.area) for a in alone if a.unlisted}
    return {number: subject for number, subject in found.items() if subject}


def is_in_reach(subject: Subject, reach: Sequence[str], *, is_claimed: bool) -> bool:
    """Whether somebody who goes about at `reach` may name the subject: one that lies there, or waits in the pool of that
    community, street or district. Who claims one that a colleague of the community was faster with is to hear so."""
    if not subject.is_placed and any(area.startswith(subject.area) for area in reach):
        return True
    ground = [area[:COMMUNITY] if is_claimed else area for area in reach]
    return subject.area.startswith(tuple(ground))
