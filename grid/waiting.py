"""What waits for somebody, named by each room in its `waiting.py` and shown in one inbox (`project/inbox.py`).

A room knows what of its work waits for whom; rooms above may not be known here, so they ask to be asked, as the lines
of the first week do (see grid.opening): `register_waiting(their_function)` in their app's ready(). The inbox only sorts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, DateField, F, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from grid.calendar.now import today
from grid.prepared import Written
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


@dataclass(frozen=True)
class Seldom:
    """A sort that is asked for its lines only where the query of all piles found a row of it."""

    rows: Callable[[Actor], QuerySet[Model]]
    lines: Provider


_providers: list[Provider] = []
_piles: list[Pile | Seldom] = []


def register_waiting(*sorts: Provider | Pile | Seldom) -> None:
    """Registers what waits in a room; registering twice changes nothing. It limits itself to what the viewer may do."""
    for sort in sorts:
        known: list[Any] = _piles if isinstance(sort, Pile | Seldom) else _providers
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
    rows: list[list[Row]] = [[] for _pile in _piles]
    written = _written(viewer, limit, today(), len(_piles))
    for place, *row in written.rows() if written else ():
        rows[place].append(Row(*row))
    return [line for pile, own in zip(_piles, rows, strict=True) for line in _lines(pile, viewer, own, limit)]


def _lines(pile: Pile | Seldom, viewer: Actor, rows: list[Row], limit: int) -> list[Waiting]:
    if isinstance(pile, Seldom):
        return pile.lines(viewer, limit) if rows else []
    return pile.lines(viewer, rows)


@lru_cache(maxsize=500)
def _written(viewer: Actor, limit: int, _on: date, _piles_known: int) -> Written | None:
    """The query of all piles. It says the same for a viewer all day, who opens the inbox twenty times, and Django takes
    ten times longer to write it than a database to answer; it asks nothing of the tables itself."""
    first, *others = (
        _of(pile, viewer, limit).values_list(Value(place), "key_", "words_", "since_")
        for place, pile in enumerate(_piles)
    )
    try:
        return Written.of(first.union(*others, all=True))
    except EmptyResultSet:
        return None


def _of(pile: Pile | Seldom, viewer: Actor, limit: int) -> QuerySet[Model]:
    if isinstance(pile, Pile):
        return pile.rows(viewer, limit)
    # PostgreSQL takes a bare null for a text.
    nothing, no_day = Value("", CharField()), Cast(Value(None), DateField())
    named: QuerySet[Model] = (
        pile.rows(viewer).order_by().annotate(key_=nothing, words_=nothing, since_=no_day)
    )
    return named
