"""Which area is meant: found while somebody types, and read from what was typed in the end.

A city has hundreds of grids. Nobody finds one in a list of all of them, so no page offers such a list: one field, one
address behind it, limited to where the viewer holds the right it is for.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from grid.calendar.now import today
from grid.outside import is_area
from grid.scope import Actor, Right, in_area, in_areas
from grid.territory import problems as territory_problems
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on

MOST: Final = 12
READ: Final = 200  # of what fits, before the nearest of them are shown
WORDS: Final = 4
_CHOSEN: Final = re.compile(r"（([0-9]{4,15})）$")
_CODE: Final = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{12}|[0-9]{9}|[0-9]{6}|[0-9]{4})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which areas may be chosen: where one of `rights` is held, of these `levels`, at or below `within`."""

    rights: tuple[Right, ...]
    levels: frozenset[int]
    within: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The same, as the field asks for it while somebody types."""
        levels = "".join(str(level) for level in sorted(self.levels))
        return {
            "rights": " ".join(right.name for right in self.rights),
            "levels": levels,
            "within": self.within,
        }


def wanted_of(rights: str, levels: str, within: str) -> Wanted:
    """What a field asked for; what is none of our words is left out, and so finds less."""
    named = tuple(Right[name] for name in rights.split() if name in Right.__members__)
    return Wanted(
        named, frozenset(n for n in Level.values if str(n) in levels), within if is_area(within) else ""
    )


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str


def label_of(area: Area) -> str:
    """The name with those of the street and community above it, and the code, by which it is read back."""
    above = area.parent if area.level > Level.STREET else None
    higher = above.parent if above and above.level > Level.STREET else None
    names = [part.short_name for part in (higher, above) if part] + [area.name]
    return f"{' · '.join(names)}（{area.code}）"


def code_chosen(text: str) -> str:
    """The code of a label as the field puts it in; "" for what was typed otherwise.

    >>> code_chosen("凤凰岭 · 和平社区居委会（150302001002）"), code_chosen("和平社区")
    ('150302001002', '')
    """
    found = _CHOSEN.search(text)
    return found[1] if found else ""


def areas_named(viewer: Actor, text: str, wanted: Wanted, near: str = "") -> list[Choice]:
    """While somebody types: those whose name, or that of what they lie in, holds each word, or whose code begins so.
    What lies in `near` comes first, then what begins with the words, the wider before the narrower. One query."""
    words = text.split()[:WORDS]
    rows = _areas(viewer, wanted)
    for word in words:
        rows = rows.filter(_holds(word))
    found = list(rows.order_by("level", "code")[: READ if words else MOST * 4])
    found.sort(key=lambda area: _order(area, words, near))
    return [Choice(area.code, label_of(area)) for area in found[:MOST]]


def _order(area: Area, words: Collection[str], near: str) -> tuple[bool, bool, int, str]:
    begins = any(area.name.startswith(word) for word in words)
    return not (near and area.code.startswith(near)), not begins, area.level, area.code


def _holds(word: str) -> Q:
    named = Q(name__contains=word) | Q(parent__name__contains=word) | Q(parent__parent__name__contains=word)
    return named | Q(code__startswith=word) if is_area(word) else named


def _areas(viewer: Actor, wanted: Wanted) -> QuerySet[Area]:
    rows = Area.objects.filter(valid_on(today()), level__in=wanted.levels)
    if not viewer.machine:
        codes = {code for right in wanted.rights for code in viewer.areas(right)}
        rows = rows.filter(in_areas(codes, "code"))
    if wanted.within:
        rows = rows.filter(in_area(wanted.within, "code"))
    return rows.select_related("parent__parent").defer(
        "outline", "parent__outline", "parent__parent__outline"
    )


def area_meant(viewer: Actor, text: str, wanted: Wanted) -> Area:
    """The area that was chosen or typed: by its code, wherever that stands in the text, or by a name that only one has.
    Where a grid may be chosen, what has one grid only means that grid. Raises AreaUnclear."""
    typed = text.strip()
    codes = _CODE.findall(typed)
    wider = Wanted(wanted.rights, wanted.levels | _around(wanted.levels), wanted.within)
    rows = _areas(viewer, wider)
    by_name = Q(name=typed) | Q(short_name=typed)
    found = list(rows.filter(pk=codes[-1]) if codes else rows.filter(by_name)[:MOST])
    fitting = [area for area in found if area.level in wanted.levels]
    if len(found) == 1 and Level.GRID in wanted.levels and (grid := _only_grid(found[0])):
        return grid
    if len(fitting) != 1:
        raise territory_problems.AreaUnclear(text=typed[:60])
    return fitting[0]


def _around(levels: Iterable[int]) -> frozenset[int]:
    """A community may stand for its only grid."""
    return frozenset({Level.COMMUNITY}) if Level.GRID in levels else frozenset()


def _only_grid(area: Area) -> Area | None:
    if area.level == Level.GRID:
        return area
    grids = Area.objects.filter(valid_on(today()), in_area(area.code, "code"), level=Level.GRID)
    below = list(grids.select_related("parent__parent")[:2])
    return below[0] if len(below) == 1 else None


def label_for(viewer: Actor, code: str, wanted: Wanted) -> str:
    """What the field shows of an area already chosen; the code where it is none of those wanted."""
    area = _areas(viewer, wanted).filter(pk=code).first()
    return label_of(area) if area else code
