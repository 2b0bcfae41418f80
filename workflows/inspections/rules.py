"""What an inspection asks before it may go on: plain values in, plain values out."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

# The lawful path as drawn on the page. Ends beside it (withdrawn, spared …) are drawn on top of it.
PATH: tuple[str, ...] = (
    "filing",
    "investigating",
    "ordered",
    "order_expired",
    "noticed",
    "hearing",
    "legal_review",
    "collective",
    "deciding",
    "decided",
    "performing",
    "performed",
)
# Drawn in place of the step they follow, when the penalty is not performed by itself.
ENFORCING: tuple[str, ...] = ("demanded", "court", "enforced")


def inspection_code(case: str, number: int) -> str:
    """
    >>> inspection_code("HBW-2026-000001", 1)
    'HBW-2026-000001-J1'
    """
    return f"{case}-J{number}"


def is_valid(valid_from: date, valid_to: date, on: date) -> bool:
    """A certificate counts on every day of its period, the last included (处罚法 第42条; 监察条例 第15条)."""
    return valid_from <= on <= valid_to


def is_heavier(fine: Decimal, told: Decimal | None) -> bool:
    """Nobody is punished more heavily for having defended themselves (处罚法 第45条第2款)."""
    return told is not None and fine > told


def needs_collective(fine: Decimal, threshold: Decimal, *, heard: bool) -> bool:
    """情节复杂或者重大违法行为给予行政处罚, 由负责人集体讨论决定 (处罚法 第57条第2款).

    Which those are the law does not number: a fine from `threshold` on, and every matter that was heard.
    """
    return heard or fine >= threshold


def hearing_may_be(held_on: date, earliest: date) -> bool:
    """The party hears of it seven working days before (处罚法 第64条第2项); `earliest` is that day."""
    return held_on >= earliest


def days_late(due_on: date, until: date, remedies: Iterable[tuple[date, date | None]] = ()) -> int:
    """Days past the last day for paying; the surcharge counts each (处罚法 第72条), but none on which a review or a
    suit was pending (第73条第3款). `remedies`: from the day it was accepted to the day it ended, None while it runs.

    >>> days_late(date(2026, 3, 10), date(2026, 3, 20), [(date(2026, 3, 5), date(2026, 3, 12))])
    8
    """
    late = {due_on + timedelta(days=n) for n in range(1, (until - due_on).days + 1)}
    for first, last in remedies:
        late -= {first + timedelta(days=n) for n in range(((last or until) - first).days + 1)}
    return len(late)


def is_settled(paid: Decimal, fine: Decimal, surcharge: Decimal) -> bool:
    return paid >= fine + surcharge


def unsaid(opinions: Iterable[tuple[str, str]]) -> list[str]:
    """Names of those called to the discussion who have not spoken. `opinions`: name and words."""
    return [name for name, text in opinions if not text]
