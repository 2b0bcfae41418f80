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
GAPS: Final = tuple(state for state in CoverState if state not in SETTLED)


def total(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def settled(counts: Mapping[str, int]) -> int:
    return sum(count for state, count in counts.items() if state in SETTLED)


def share(counts: Mapping[str, int]) -> float:
    """Settled subjects over all, 0 to 1; an area without subjects has nothing left to do."""
    everyone = total(counts)
    return settled(counts) / everyone if everyone else 1.0


def shade(part: float) -> int:
    """Five steps for maps: 0 is drawn hatched, so that a gap shows without colour."""
    if part < 0.2:
        return 0
    return min(4, int(part * 4) + (1 if part < 1 else 0))
