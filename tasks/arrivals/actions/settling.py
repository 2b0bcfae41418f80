"""Visits that say in which grid their door lies: from the pool's list, at the door, or of a unit nobody had listed."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from grid.scope import Actor, Held
from tasks.arrivals.actions.taking import DecidedVisit
from tasks.claims.actions import LOST, Settled, settle_grid
from tasks.claims.models import Way
from tasks.claims.rules import GRID
from tasks.visits import rules
from tasks.visits.models import Route


def settle(taken: Sequence[DecidedVisit], held: Held, *, by: Actor) -> dict[UUID, Settled]:
    """Part of taking a wave of visits that are written: what became of the grids they told. Those that wait for a named
    person settle nothing yet."""
    found: dict[UUID, Settled] = {}
    for decided_visit in taken:
        visit, grid = decided_visit.visit, grid_of(decided_visit, held)
        if grid and visit.subject_id is not None and visit.route != Route.HELD:
            found[visit.client_id] = settle_grid(visit, grid, _way(decided_visit), held, by=by)
        elif visit.form == rules.CLAIM and visit.route != Route.HELD:
            found[visit.client_id] = Settled(LOST, _("此户已归到别处，或不在您的社区，不再等您认领。"))
    return found


def grid_of(decided_visit: DecidedVisit, held: Held) -> str:
    """A unit that was met and recognised lies where its worker goes about, unless they say otherwise."""
    told = decided_visit.door.arrival.grid
    if told or not decided_visit.door.is_met:
        return told
    return held.area if len(held.area) == GRID else ""


def _way(decided_visit: DecidedVisit) -> Way:
    if decided_visit.door.arrival.form == rules.CLAIM:
        return Way.POOL
    return Way.MET if decided_visit.door.is_met else Way.DOOR
