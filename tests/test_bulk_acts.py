"""What the desk does to many at once has a bound, or is ordered as an operation: one law (grid.operations.followers).

Every view of this list was measured by tests/bench/bench_desk.py with 30,000 subjects, 900 people and 1,020 grids. A view
that changes as many things as somebody chose, or as an area holds, belongs here, with what keeps it short.
"""

import inspect

import pytest
from django.urls import get_resolver

from grid.accounts.rules import MOST_CODES
from grid.operations.followers import AT_ONCE, KINDS
from grid.people.actions import MOST_POSTS
from grid.people.rules import MOST_LINES
from grid.placing.actions import POOL
from grid.placing.batches.actions import PLACE, UNPLACE
from grid.recut.actions import RECUT
from grid.territory.grids.reading.lines import MOST_LINES as MOST_GRIDS
from tasks.rounds.choosing.rules import MOST_LISTED

# Name of the address → the kind of operation it orders, or the most it takes in one request.
BULK: dict[str, str | int] = {
    "pool-again": POOL,
    "pool-groups": PLACE,  # from AT_ONCE on
    "pool-place": POOL,  # its alike, from AT_ONCE on
    "pool-group": AT_ONCE,  # of which a page lists fewer
    "pool-proposals": AT_ONCE,
    "pool-many": AT_ONCE,
    "place-names-import": MOST_GRIDS,
    "pool-table": PLACE,  # from AT_ONCE on
    "pool-batch": UNPLACE,  # from AT_ONCE on
    "area-split": RECUT,  # from AT_ONCE on
    "area-merge": RECUT,
    "people-import": MOST_LINES,
    "people-sheet": MOST_LINES,
    "people-posts": MOST_POSTS,
    "people-ends": MOST_POSTS,
    "people-codes": MOST_CODES,
    "grids-import": MOST_GRIDS,
    "round-list-new": MOST_LISTED,
    "divisions-import": MOST_GRIDS,
    "area-file-take": MOST_GRIDS,
}


def names() -> set[str]:
    return {name for name in get_resolver().reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("name", BULK)
def test_a_view_on_many_has_its_bound(name: str) -> None:
    assert name in names()
    bound = BULK[name]
    assert bound in KINDS if isinstance(bound, str) else 0 < bound <= 5_000


def test_every_kind_of_operation_says_how_it_goes_on() -> None:
    for kind in KINDS.values():
        assert kind.page in names()
        source = inspect.getsource(kind.carry_out)
        assert "take_step(" in source, f"{kind.name} does not keep its progress"
