"""What counts as covered (乌政〔2020〕17号 四(二)2: 检查不漏一户、参保不漏一人; 三: 动态清零)."""

from collections.abc import Mapping
from typing import Final

from tasks.coverage.states import CoverState

# A subject is known once somebody has seen it or its register has settled it; a refusal or a door nobody found is
# a gap with a name, not an answer.
SETTLED: Final = frozenset(
    {
        CoverState.COMPLIANT,
        CoverState.FOUND,
        CoverState.CLOSED,
        CoverState.MOVED,
        CoverState.NOT_A_SUBJECT,
        CoverState.RECTIFIED,
    }
)
# 已注销: in the account, and in no rate at any date, for a state is kept with its days.
OUT: Final = frozenset({CoverState.GONE, CoverState.ENDED})
GAPS: Final = tuple(state for state in CoverState if state not in SETTLED | OUT)


def total(counts: Mapping[str, int]) -> int:
    """Everybody in the register: what an account must add up to."""
    return sum(counts.values())


def due(counts: Mapping[str, int]) -> int:
    """Whoever is to be checked: what is closed for good stays in the account and leaves the rate."""
    return total(counts) - sum(counts.get(state, 0) for state in OUT)


def settled(counts: Mapping[str, int]) -> int:
    return sum(count for state, count in counts.items() if state in SETTLED)


def share(counts: Mapping[str, int]) -> float:
    """Settled subjects over those to be checked, 0 to 1; an area without any has nothing left to do."""
    everyone = due(counts)
    return settled(counts) / everyone if everyone else 1.0


def percent(counts: Mapping[str, int]) -> str:
    """The share in per cent, rounded down: 100.0 says that nothing is left.

    >>> percent({CoverState.COMPLIANT: 9999, CoverState.REFUSED: 1})
    '99.9'
    """
    everyone = due(counts)
    mille = settled(counts) * 1000 // everyone if everyone else 1000
    return f"{mille // 10}.{mille % 10}"


def shade(part: float) -> int:
    """Five steps for maps: 0 is drawn hatched, so that a gap shows without colour."""
    if part < 0.2:
        return 0
    return min(4, int(part * 4) + (1 if part < 1 else 0))
