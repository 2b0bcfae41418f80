"""Who builds on a placing: rooms above that sent somebody to where a subject was placed. They ask to be asked before it
is undone: `on_undoing(their_function)` in their app's ready()."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

# (subjects, since when) → of those that were built upon, what was done, in words.
Asked = Callable[[Collection[int], datetime], Mapping[int, str]]
_asked: list[Asked] = []


def on_undoing(asked: Asked) -> Asked:
    """Registers such a function; asking twice changes nothing."""
    if asked not in _asked:
        _asked.append(asked)
    return asked


def built_on(subjects: Collection[int], since: datetime) -> dict[int, str]:
    found: dict[int, str] = {}
    for asked in _asked:
        for pk, words in asked(subjects, since).items():
            found.setdefault(pk, words)
    return found
