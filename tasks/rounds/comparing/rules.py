"""Two plans side by side: what each sends, to whom, and where they differ. Pure, over plans of tasks/rounds/rules.py."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from tasks.rounds.rules import Plan


class Differs(StrEnum):
    """How a subject fares in the two plans."""

    ONLY_FIRST = "first"
    ONLY_SECOND = "second"
    OTHER_WORKER = "worker"
    OTHER_REASON = "reason"


class Fate(NamedTuple):
    """What a plan does with a subject: gives it to a posting, or nobody (None), and why in words. `is_chosen` is false
    where the plan does not know it."""

    posting: int | None
    words: str
    is_chosen: bool = True


NOT_CHOSEN = Fate(None, "", False)


class Difference(NamedTuple):
    subject: int
    how: Differs
    first: Fate
    second: Fate


class Load(NamedTuple):
    """Doors a posting gets in either plan."""

    posting: int
    first: int
    second: int

    @property
    def more(self) -> int:
        return self.second - self.first


def fates_of(plan: Plan) -> dict[int, Fate]:
    fates = {door.candidate.subject: Fate(None, door.words) for door in plan.left_over}
    return fates | {door.candidate.subject: Fate(door.posting, door.how) for door in plan.assigned}


def differences(first: Mapping[int, Fate], second: Mapping[int, Fate]) -> list[Difference]:
    """Every subject that fares differently, by number. Only in one: sent in it, in the other not."""
    found = []
    for subject in sorted(first.keys() | second.keys()):
        one, other = first.get(subject, NOT_CHOSEN), second.get(subject, NOT_CHOSEN)
        if how := _how(one, other):
            found.append(Difference(subject, how, one, other))
    return found


def _how(first: Fate, second: Fate) -> Differs | None:
    if first.posting == second.posting:
        is_same = first.posting is not None or (first.words, first.is_chosen) == (
            second.words,
            second.is_chosen,
        )
        return None if is_same else Differs.OTHER_REASON
    if second.posting is None:
        return Differs.ONLY_FIRST
    return Differs.ONLY_SECOND if first.posting is None else Differs.OTHER_WORKER


def loads(first: Iterable[Fate], second: Iterable[Fate]) -> list[Load]:
    """Doors by posting in the two plans, the largest difference first."""
    one = Counter(fate.posting for fate in first if fate.posting is not None)
    other = Counter(fate.posting for fate in second if fate.posting is not None)
    found = [Load(posting, one[posting], other[posting]) for posting in one.keys() | other.keys()]
    return sorted(found, key=lambda load: (-abs(load.more), load.posting))
