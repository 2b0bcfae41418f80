"""Splitting a target and judging it, on plain values (乌政〔2020〕17号 五(一): 各区…确保扩面征缴目标任务落实)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


def split(whole: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`whole` in proportion to `weights`, in whole numbers that add up exactly (largest remainder).

    Where no part weighs anything, all weigh the same. Equal remainders go to the smaller code, so the same
    register always proposes the same shares. Raises ValueError for a negative whole or weight.
    """
    if whole < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("neither a target nor a weight is negative")
    if not weights:
        return {}
    total = sum(weights.values())
    shares = dict(weights) if total else dict.fromkeys(weights, 1)
    total = total or len(weights)
    parts = {code: whole * weight // total for code, weight in shares.items()}
    rest = whole - sum(parts.values())
    by_remainder = sorted(shares, key=lambda code: (-(whole * shares[code] % total), code))
    for code in by_remainder[:rest]:
        parts[code] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Balance:
    """One goal of a plan: its whole against the sum of its parts."""

    whole: int
    parts: int
    why: str = ""

    @property
    def gap(self) -> int:
        """Parts minus whole; positive when more was handed down than the whole."""
        return self.parts - self.whole

    @property
    def stands(self) -> bool:
        """The parts add up, or the difference has its reason."""
        return self.gap == 0 or bool(self.why.strip())


def percent(done: int, target: int) -> int | None:
    """How much of a target is reached, in whole per cent rounded down; None where nothing was planned."""
    return None if target == 0 else done * 100 // target


def changes(
    old: Mapping[tuple[str, str], int], new: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], tuple[int, int]]:
    """(goal, area) → (before, after) for whatever differs between two versions; absent counts as zero."""
    keys = sorted(old.keys() | new.keys())
    return {key: (old.get(key, 0), new.get(key, 0)) for key in keys if old.get(key, 0) != new.get(key, 0)}


# --- what a unit gained in a year ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the social register says of one unit. `heads`: those insured, none where its status is not in
    force. `insured_since`: YYYY-MM, empty where the register does not say."""

    since: date
    heads: int
    insured_since: str = ""


@dataclass(frozen=True, slots=True)
class Gained:
    """Whether a unit is insured for the first time, and by how many heads it grew (never fewer than none)."""

    is_new: bool
    heads: int


def gained(year: int, begin: Line | None, end: Line, first: Line | None, known_from: date | None) -> Gained:
    """`begin` and `end`: what the register said at the year's begin and says at its end; `first`: its first line ever,
    where there is none of the begin. `known_from`: the day of the first register of all.

    That a line came in this year says nothing: the first register holds whoever was insured for ten years. New is
    whose insurance began in the year by the register's own word, and only where it is silent, who was in no register
    before. Of a unit that came into sight within the year its first line is what it began with.
    """
    if begin is not None:
        is_new = begin.heads == 0 and end.heads > 0 and _began_in(year, end)
        return Gained(is_new, max(0, end.heads - begin.heads))
    if _is_of(year, end, first, known_from):
        return Gained(end.heads > 0, end.heads)
    return Gained(False, max(0, end.heads - (first.heads if first else 0)))


def _is_of(year: int, end: Line, first: Line | None, known_from: date | None) -> bool:
    if end.insured_since:
        return _began_in(year, end)
    came = first.since if first else end.since
    return known_from is not None and came > known_from and came.year == year


def _began_in(year: int, line: Line) -> bool:
    return line.insured_since[:4] == str(year)
