"""A batch of a phone is taken whole, fast; one thing in it that nobody foresaw must not cost the others."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from grid import problems
from grid.outages import outage_of

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Told = TypeVar("Told")


def taken(
    items: Sequence[Item], take: Callable[[Sequence[Item]], list[Told]], refused: Callable[[Item], Told]
) -> list[Told]:
    """What `take` answers to all of them, in order. Where it breaks, and so has changed nothing, each is taken alone,
    and the one that breaks again is answered by `refused`: what is said of each is what was recorded.

    A database that does not answer, a full disk, and refusals in words are nobody's item: they go on up.
    """
    try:
        return take(items)
    except (problems.Problem, OperationalError, InterfaceError):
        raise
    except Exception as error:
        if outage_of(error):
            raise
        log.exception("a batch of %d broke", len(items))
    if len(items) == 1:
        return [refused(items[0])]
    return [told for item in items for told in taken([item], take, refused)]
