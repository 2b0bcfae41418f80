"""What waits for somebody, named by each room in its `waiting.py` and shown in one inbox (`project/inbox.py`).

A room knows what of its work waits for whom; rooms above may not be known here, so they ask to be asked, as the lines
of the first week do (see grid.opening): `register_waiting(their_function)` in their app's ready(). The inbox only sorts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from grid.scope import Actor


@dataclass(frozen=True)
class Waiting:
    """One line: a kind of work, what it is about and why it waits, where and since when. `href` leads to it."""

    kind: str
    label: str
    title: str
    why: str
    area: str
    href: str
    since: date
    due_on: date | None = None
    state: str = ""


# What waits for a viewer of one sort of work, the most pressing first: so many lines at most.
Provider = Callable[[Actor, int], list[Waiting]]


class Row(NamedTuple):
    """One row of a pile: by what its page is found, what it is, since when it waits."""

    key: str
    words: str
    since: date


@dataclass(frozen=True)
class Pile:
    """Of some sorts there is hardly ever anything: the rows of all of them are read in one query (see `as_rows`), and
    each room makes its lines from its own, which may be none."""

    rows: Callable[[Actor, int], QuerySet[Model]]
    lines: Callable[[Actor, list[Row]], list[Waiting]]


_providers: list[Provider] = []
_piles: list[Pile] = []


def register_waiting(*sorts: Provider | Pile) -> None:
    """Registers what waits in a room; registering twice changes nothing. It limits itself to what the viewer may do."""
    for sort in sorts:
        known: list[Any] = _piles if isinstance(sort, Pile) else _providers
        if sort not in known:
            known.append(sort)


def as_rows(rows: QuerySet[Model], key: str, words: str, since: Combinable) -> QuerySet[Model]:
    """The rows of a pile: which columns (or what expression) say the three things of a `Row`."""
    named: QuerySet[Model] = rows.order_by().annotate(
        key_=Cast(key, CharField()), words_=F(words), since_=since
    )
    return named


def waiting_for(viewer: Actor, limit: int) -> list[list[Waiting]]:
    """What every room has for the viewer: a list for each sort of work, at most about `limit` lines long."""
    return [*(provider(viewer, limit) for provider in _providers), of_piles(viewer, limit)]


def of_piles(viewer: Actor, limit: int) -> list[Waiting]:
    """Of all piles together. One query, and what a room still asks."""
    first, *others = (
        pile.rows(viewer, limit).values_list(Value(place), "key_", "words_", "since_")
        for place, pile in enumerate(_piles)
    )
    rows: list[list[Row]] = [[] for _pile in _piles]
    for place, *row in first.union(*others, all=True):
        rows[place].append(Row(*row))
    return [line for pile, own in zip(_piles, rows, strict=True) for line in pile.lines(viewer, own)]
