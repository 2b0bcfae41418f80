"""The first week's list as one person sees it: every room tells its own lines, here they are only sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.core.cache import cache

from grid import problems
from grid.ledger.models import Entry
from grid.opening import GROUP_NAMES, Line, opening_lines
from grid.scope import Actor, Right
from grid.texts import Text
from project.checklist.verbs import ChecklistVerb

CHECKLIST: Final = "/checklist/"
CITY: Final = 4  # digits of a city's code
CLOSED: Final = "checklist-closed"


@dataclass(frozen=True, slots=True)
class Checklist:
    sections: Sequence[tuple[Text, Sequence[Line]]]
    blocking: list[Line]
    others: list[Line]
    is_closed: bool


def city_of(viewer: Actor) -> str:
    """The city whose posts the viewer gives: the city office, and who gives the posts that watch. Empty for others."""
    posts = [*viewer.areas(Right.POST), *viewer.areas(Right.POST_CONTROL)]
    return next((code for code in posts if len(code) == CITY), "")


def is_offered(viewer: Actor) -> bool:
    """Whether the menu leads there. It is asked with every page, so a cache that forgot says yes until the list is
    opened once more."""
    return bool(city_of(viewer)) and not cache.get(CLOSED, False)


def checklist_of(viewer: Actor) -> Checklist:
    """Some thirty queries, whatever the size of the city. Raises NotHere for who does not give a city's posts."""
    city = city_of(viewer)
    if not city:
        raise problems.NotHere()
    lines = opening_lines(viewer, city)
    sections = [(GROUP_NAMES[group], list(some)) for group, some in groupby(lines, lambda line: line.group)]
    left = [line for line in lines if not line.is_done]
    is_closed = Entry.objects.filter(verb=ChecklistVerb.CHECKLIST_CLOSED).exists()
    cache.set(CLOSED, is_closed, None)
    return Checklist(
        sections,
        [line for line in left if line.is_blocking],
        [line for line in left if not line.is_blocking],
        is_closed,
    )
