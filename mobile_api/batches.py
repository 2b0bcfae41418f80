"""A batch of a phone is taken whole, fast; one thing in it that nobody foresaw must not cost the others."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from grid import problems
from grid.outages import is_of_the_database, outage_of

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Answered = TypeVar("Answered")


def taken(
    items: Sequence[Item],
    take: Callable[[Sequence[Item]], list[Answered]],
    refused: Callable[[Item], Answered],
) -> list[Answered]:
    """What `take` answers to all of them, in order. Where it breaks, and so has changed nothing, each is taken alone,
    and the one that breaks again is answered by `refused`: what is said of each is what was recorded.

    A database that does not answer or is behind the code, a full disk, and refusals in words are nobody's item: they
    go on up, and the phone keeps all of them and sends them again. Only what the server said in words is final.
    """
    try:
        return take(items)
    except problems.Problem:
        raise
    except Exception as error:
        if is_of_the_database(error) or outage_of(error):
            raise
        log.exception("a batch of %d broke", len(items))
    if len(items) == 1:
        return [refused(items[0])]
    return [told for item in items for told in taken([item], take, refused)]
