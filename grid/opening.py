"""What must be done before a city's work can begin, named by each room and shown on one page (`project/checklist`).

A room knows what it lacks; rooms above may not be known here, so they ask to be asked, as followers of moves do
(see subjects.actions.moves): `register_opening(their_function)` in their app's ready(). The page only sorts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor
from grid.texts import Text


class Group(StrEnum):
    """Sections of the page, in its order."""

    LAND = "land"
    PEOPLE = "people"
    LAW = "law"
    DATA = "data"
    PHONES = "phones"
    SAFETY = "safety"


GROUP_NAMES: dict[Group, Text] = {
    Group.LAND: _("区划和网格"),
    Group.PEOPLE: _("人员和岗位"),
    Group.LAW: _("法规、机关和日历"),
    Group.DATA: _("名册和归格"),
    Group.PHONES: _("手机"),
    Group.SAFETY: _("台账和备份"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `left`: how many are still to be done, 0 for done, None where it does not apply. `words` say
    the same; `href` leads to where it is done, empty for who may not do it. What blocks must be done before the first
    document goes out. `parts`: (words, address) of some of what is left."""

    group: Group
    title: str
    left: int | None
    words: str
    href: str = ""
    is_blocking: bool = False
    parts: Sequence[tuple[str, str]] = ()

    @property
    def is_done(self) -> bool:
        return not self.left


# A city's code → what a viewer may know of it.
Provider = Callable[[Actor, str], list[Line]]
_providers: list[Provider] = []


def register_opening(provider: Provider) -> Provider:
    """Registers a function; asking twice changes nothing. It limits itself to what the viewer may see."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def opening_lines(viewer: Actor, city: str) -> list[Line]:
    """Of all rooms: by section, what blocks first, then what is left, then what is done."""
    lines = [line for provider in _providers for line in provider(viewer, city)]
    order = list(Group)
    return sorted(lines, key=lambda line: (order.index(line.group), line.is_done, not line.is_blocking))
