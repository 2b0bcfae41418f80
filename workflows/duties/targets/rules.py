"""Splitting a target and judging it, on plain values (乌政〔2020〕17号 五(一): 各区…确保扩面征缴目标任务落实)."""

from collections.abc import Mapping
from dataclasses import dataclass


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
