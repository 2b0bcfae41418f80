"""What taking a step is alike in cases, audits and inspections: what is written, who is told, what is refused.

Each room locks its own rows in its own order and knows its own states (steps.py there).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

from django.db import transaction

from grid import problems
from grid.hints import hint
from grid.scope import Actor, Held, Right, ask

# A case, an audit or an inspection.
M = TypeVar("M")


@contextmanager
def written(
    matter: M,
    locked: Callable[[int], M],
    states: ModuleType,
    right: Right,
    in_states: tuple[str, ...],
    act: object,
    by: Actor,
) -> Iterator[tuple[M, Held | None]]:
    """Something written on a matter that stays where it is. Raises OutOfOrder in any other state.

    Whoever may not is refused before a row is locked, and so holds nobody up; what counts is asked under the lock.
    """
    one: Any = matter
    ask(by, right, one.area)
    with transaction.atomic():
        fresh: Any = locked(one.pk)
        held = ask(by, right, fresh.area)
        if fresh.state not in in_states:
            raise states.out_of_order(fresh, act)
        yield fresh, held
        fresh.save()
        tell(fresh)
    follow(matter, fresh)


def misplaced(matter: Any, act: str, states: ModuleType, right: Right, by: Actor) -> problems.Problem:
    """An act that has no place in this state; without `right` to see the matter not even that is told."""
    if not by.can(right, matter.area):
        return problems.NotHere()
    refusal: problems.Problem = states.out_of_order(matter, states.label_of(act))
    return refusal


def follow(matter: M, fresh: M) -> None:
    """The caller's object becomes what was saved, without reading it again."""
    matter.__dict__.update(fresh.__dict__)


def tell(matter: Any) -> None:
    """Pages that show the matter, and the inboxes of its area, look again."""
    hint("case", matter.area)
    hint("inbox", matter.area)
