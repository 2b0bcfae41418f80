"""Who has the ground of an area that ended, through any number of changes."""

from collections.abc import Iterable

from grid.scope import in_area
from grid.territory.models import Area, Level, Succession


def successors_of(code: str) -> list[str]:
    """Codes that took over from a closed area; the code itself while in force."""
    return _leaves([code])


def ground_now(code: str) -> list[str]:
    """The areas that are the ground of an area today: itself, or the grids that followed its own. One query while it
    is in force, a few more for each change since it ended."""
    if not Succession.objects.filter(old=code).exists():
        return [code]
    grids = Area.objects.filter(in_area(code, "code"), level=Level.GRID).values_list("code", flat=True)
    return _leaves(grids)


def _leaves(codes: Iterable[str]) -> list[str]:
    """Where the chains of succession that begin here end. A query for each link of the longest."""
    found: set[str] = set()
    waiting, seen = set(codes), set(codes)
    while waiting:
        after = Succession.objects.filter(old__in=waiting).values_list("old_id", "new_id")
        links = list(after)
        found |= waiting - {old for old, _new in links}
        waiting = {new for _old, new in links} - seen
        seen |= waiting
    return sorted(found)
