"""Room for a deep call.

CPython keeps the frames of running functions in pieces of 16 KB and gives a piece back to the system as soon as the
last call in it returns. Whatever loops at the edge of a piece pays two system calls and fresh pages of memory for
every single call: a journey under pytest stood there and took a quarter longer (a page of the server stands
elsewhere and gains nothing). A function that claims a large frame is given a large piece, and what it calls finds
its room in there.
"""

from collections.abc import Callable
from types import FunctionType
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

# Values a frame may hold, eight bytes each: the piece becomes 1 MB, of which half is left for what is called. Only
# what is touched of it costs memory.
SLOTS = 66_000


def roomy(function: F) -> F:
    """The same plain function, called with room for everything below it. A generator keeps its own frame."""
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=SLOTS)
    return function
