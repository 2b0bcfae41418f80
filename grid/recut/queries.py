"""Which grids may take a grid over."""

from grid.scope import Actor, Right
from grid.territory.models import Area, Level
from grid.territory.queries import areas_below

STREET = 9  # digits of a street's code


def grids_around(viewer: Actor, grid: Area) -> list[tuple[str, str]]:
    """The other grids of its street that the viewer may cut, those of its own community first: (code, name)."""
    rows = areas_below(viewer, grid.code[:STREET], Level.GRID).exclude(pk=grid.code)
    found = rows.values_list("code", "name", "parent", "parent__short_name").order_by("code")
    near = [(code, name) for code, name, parent, _short in found if parent == grid.parent_id]
    if not viewer.can(Right.RECUT, grid.code[:STREET]):
        return near
    far = [(code, f"{short} · {name}") for code, name, parent, short in found if parent != grid.parent_id]
    return near + far
