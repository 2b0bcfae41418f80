"""The outline of a street or a community; that of a grid is changed with the grid (see grids.actions)."""

from django.db import transaction

from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require
from grid.territory.models import Area
from grid.territory.rules import Outline
from grid.territory.verbs import TerritoryVerb


@transaction.atomic
def draw_outline(area: Area, outline: Outline, *, why: str, by: Actor) -> Area:
    """The last word counts; who lies where does not change by it. Raises NotHere, NotYourPost."""
    require(by, Right.RECUT, area.code)
    area = Area.objects.select_for_update().get(pk=area.pk)
    area.outline = outline
    area.save(update_fields=["outline"])
    record(TerritoryVerb.OUTLINE_DRAWN, Line(area.code, data={"name": area.name, "why": why}), by=by)
    hint("coverage", area.code)
    return area
