"""What an inspection asks before it may go on: plain values in, plain values out."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from workflows.inspections.rules.money import Late

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


def days_late(due_on: date, until: date, remedies: Iterable[tuple[date, date | None]] = ()) -> list[date]:
    """Days past the last day for paying, in order; the surcharge counts each (处罚法 第72条), but none on which a
    review or a suit was pending (第73条第3款). `remedies`: from the day it was accepted to the day it ended, None
    while it runs.

    >>> len(days_late(date(2026, 3, 10), date(2026, 3, 20), [(date(2026, 3, 5), date(2026, 3, 12))]))
    8
    """
    late = {due_on + timedelta(days=n) for n in range(1, (until - due_on).days + 1)}
    for first, last in remedies:
        late -= {first + timedelta(days=n) for n in range(((last or until) - first).days + 1)}
    return sorted(late)


Payments = Iterable[tuple[date, Decimal]]


def unpaid_on(day: date, fine: Decimal, payments: Payments) -> Decimal:
    """What was open of the fine as `day` began; money is taken for the fine first, and the day of paying is still a
    day late. `payments`: day and sum of each."""
    return max(fine - sum((amount for on, amount in payments if on < day), Decimal(0)), Decimal(0))


def late_spans(fine: Decimal, late: Iterable[date], payments: Payments, *, on_rest: bool) -> list[Late]:
    """The days `late` with what each bears the surcharge on: it is for a fine that is not paid (处罚法 第72条第1款第1项),
    so none is after the day on which the fine was. `on_rest`: on what was still open of it, else on the whole of it.

    >>> half = [(date(2026, 3, 12), Decimal(50))]
    >>> late_spans(Decimal(100), [date(2026, 3, 12), date(2026, 3, 13)], half, on_rest=True)
    [Late(base=Decimal('100'), days=1), Late(base=Decimal('50'), days=1)]
    """
    paid = sorted(payments)
    owed = [unpaid_on(day, fine, paid) for day in late]
    bases = [(rest if on_rest else fine) for rest in owed if rest > 0]
    return [Late(base, len(list(days))) for base, days in groupby(bases)]


def paid_up_on(fine: Decimal, payments: Payments) -> date | None:
    """The day on which the fine was paid in full, whatever the surcharge; None while it is not."""
    paid = Decimal(0)
    for on, amount in sorted(payments):
        paid += amount
        if paid >= fine:
            return on
    return None


def is_settled(paid: Decimal, fine: Decimal, surcharge: Decimal) -> bool:
    return paid >= fine + surcharge


def unsaid(opinions: Iterable[tuple[str, str]]) -> list[str]:
    """Names of those called to the discussion who have not spoken. `opinions`: name and words."""
    return [name for name, text in opinions if not text]
