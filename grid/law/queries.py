"""Looking a parameter up as it stood on a day."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q

from grid.law.models import Provision


class Law(Mapping[str, Provision]):
    """All provisions in force on one day, read in one query: pass it down instead of asking again."""

    def __init__(self, on: date) -> None:
        self.on = on
        in_force = Provision.objects.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
        self._by_key = {p.key: p for p in in_force.order_by("valid_from")}

    def __getitem__(self, key: str) -> Provision:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)


def the_law(on: date) -> Law:
    """The law of a day. Raises KeyError for a parameter that has no provision then: a gap to be filled, not guessed."""
    return Law(on)
