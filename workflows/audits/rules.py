"""What an audit may conclude and say: plain values in, plain values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from grid.calendar.rules import add_months

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

# The path as drawn on the page; ends stand beside it.
PATH: tuple[str, ...] = ("noticed", "examining", "informed", "opinion")
# Phases with which some of its terms end (terms.py): the service of its opinion, the answer of the tax office.
OPINION, TRANSFER = "opinion", "transfer"
# What is left to do when an audit has ended clean: the term ends with neither the audit nor its case.
LETTER_TERM = "audit.result_letter"


@dataclass(frozen=True, slots=True)
class Found:
    """One insurance as the audit found it. Sums in yuan; bases are the monthly average per head."""

    label: str
    month_from: str
    month_to: str
    heads_due: int
    heads_insured: int
    base_due: Decimal | None = None
    base_declared: Decimal | None = None
    arrears: Decimal = Decimal(0)


def audit_code(prefix: str, year: int, number: int) -> str:
    """
    >>> audit_code("HBW", 2026, 3)
    'HBW-JH-2026-0003'
    """
    return f"{prefix}-JH-{year}-{number:04d}"


def earliest_start(noticed_on: date, notice_days: int) -> date:
    """The first day on which the audit may begin: so many days after its notice was served (社会保险稽核办法).

    >>> earliest_start(date(2026, 11, 2), 3)
    datetime.date(2026, 11, 5)
    """
    return noticed_on + timedelta(days=notice_days)


def is_month(text: str) -> bool:
    return bool(_MONTH.fullmatch(text))


def is_wrong(found: Found) -> bool:
    """Whether an insurance shows something to be corrected: heads left out, a base too low, or money owed."""
    low = found.base_due is not None and (found.base_declared or Decimal(0)) < found.base_due
    return found.heads_insured < found.heads_due or low or found.arrears > 0


def in_words(found: Found) -> str:
    """A finding as the documents say it.

    >>> in_words(Found("工伤保险", "2026-01", "2026-10", 12, 4, arrears=Decimal("960.00")))
    '工伤保险（2026-01 至 2026-10）：应参保12人，实际参保4人，少8人；欠缴960.00元。'
    """
    parts = [f"应参保{found.heads_due}人，实际参保{found.heads_insured}人"]
    if found.heads_insured < found.heads_due:
        parts[0] += f"，少{found.heads_due - found.heads_insured}人"
    if found.base_due is not None and found.base_declared is not None:
        parts.append(f"月缴费基数应为{found.base_due:,.2f}元，申报{found.base_declared:,.2f}元")
    if found.arrears > 0:
        parts.append(f"欠缴{found.arrears:,.2f}元")
    return f"{found.label}（{found.month_from} 至 {found.month_to}）：{'；'.join(parts)}。"


def breached(founds: Sequence[Found]) -> tuple[str, ...]:
    """The clauses of the 社会保险法 that these findings show broken, each once.

    第58条: everybody is registered within 30 days; 第60条: bases are declared truthfully, contributions paid in full;
    第63条: what is owed is made good.
    """
    clauses = []
    if any(found.heads_insured < found.heads_due for found in founds):
        clauses.append("社会保险法第五十八条")
    if any(is_wrong(found) for found in founds):
        clauses.append("社会保险法第六十条")
    if any(found.arrears > 0 for found in founds):
        clauses.append("社会保险法第六十三条")
    return tuple(clauses)


def orders(founds: Sequence[Found]) -> tuple[str, ...]:
    """What the opinion asks for when the auditors write nothing else (社会保险经办条例 第44条)."""
    asked = []
    for found in founds:
        if found.heads_insured < found.heads_due:
            asked.append(f"为{found.heads_due - found.heads_insured}名职工办理{found.label}参保登记。")
        if found.base_due is not None and (found.base_declared or Decimal(0)) < found.base_due:
            asked.append(f"按实际工资申报{found.label}缴费基数。")
        if found.arrears > 0:
            asked.append(
                f"补缴{found.label}{found.month_from}至{found.month_to}欠缴的{found.arrears:,.2f}元。"
            )
    return tuple(asked)


def latest_agreement(signed_on: date, months: int) -> date:
    """The last day an agreement on later payment may name (社会保险费申报缴纳管理规定: not more than a year).

    >>> latest_agreement(date(2026, 11, 23), 12)
    datetime.date(2027, 11, 23)
    """
    return add_months(signed_on, months)


def settled(kind: str, collected: Decimal, owed: Decimal) -> str:
    """The state a transfer reaches by an answer of `kind`, with `collected` in all.

    >>> settled("collected", Decimal(60), Decimal(100)), settled("collected", Decimal(100), Decimal(100))
    ('received', 'collected')
    """
    if kind == "collected":
        return "collected" if collected >= owed else "received"
    return kind
