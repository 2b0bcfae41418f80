"""What an audit may conclude and say: plain values in, plain values out."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from grid.calendar.rules import add_months
from workflows.inspections.rules.dues import Found

# The path as drawn on the page; ends stand beside it.
PATH: tuple[str, ...] = ("noticed", "examining", "informed", "opinion")
# Phases with which some of its terms end (terms.py): the service of its opinion, the answer of the tax office.
OPINION, TRANSFER = "opinion", "transfer"
# What is left to do when an audit has ended clean: the term ends with neither the audit nor its case.
LETTER_TERM = "audit.result_letter"


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


def is_wrong(found: Found) -> bool:
    """Whether an insurance shows something to be corrected: heads left out, or money owed, be it for a base too low."""
    return found.missing > 0 or found.arrears > 0


def in_words(found: Found) -> str:
    """A finding as the documents say it. What is owed is reckoned here and assessed by who collects.

    >>> from workflows.inspections.rules.dues import Short
    >>> in_words(Found("工伤保险", "2026-01", "2026-10", 12, 4, shorts=(Short("", Decimal("960.00")),)))
    '工伤保险（2026-01 至 2026-10）：应参保12人，实际参保4人，少8人；测算欠缴960.00 元。'
    """
    parts = [f"应参保{found.heads_due}人，实际参保{found.heads_insured}人"]
    if found.missing:
        parts[0] += f"，少{found.missing}人"
    if found.base_due is not None:
        parts.append(f"月平均工资{found.base_due:,.2f} 元")
    if found.base_declared is not None and found.heads_insured:
        low = "，低于应申报的缴费基数" if found.is_low else ""
        parts.append(f"申报的月缴费基数{found.base_declared:,.2f} 元{low}")
    if found.arrears > 0:
        parts.append(f"测算欠缴{found.arrears:,.2f} 元")
    return f"{found.label}（{found.month_from} 至 {found.month_to}）：{'；'.join(parts)}。"


def breached(founds: Sequence[Found]) -> tuple[str, ...]:
    """The clauses of the 社会保险法 that these findings show broken, each once.

    第58条第1款: everybody is registered within 30 days; 第60条第1款: bases are declared truthfully, contributions paid in
    full. 第63条 says what the collector does about it; nobody breaks it.
    """
    clauses = []
    if any(found.missing for found in founds):
        clauses.append("社会保险法第五十八条第一款")
    if any(is_wrong(found) for found in founds):
        clauses.append("社会保险法第六十条第一款")
    return tuple(clauses)


def orders(founds: Sequence[Found]) -> tuple[str, ...]:
    """What the opinion asks for when the auditors write nothing else (社会保险经办条例 第44条). The sum is the tax office's
    to assess and to collect (社会保险法 第63条), so it is asked to be declared there."""
    asked = []
    for found in founds:
        if found.missing:
            asked.append(f"为{found.missing}名职工办理{found.label}参保登记。")
        if found.is_low:
            asked.append(f"按规定如实申报{found.label}缴费基数。")
        if found.arrears > 0:
            asked.append(
                f"就{found.label}{found.month_from}至{found.month_to}少缴的部分向税务机关申报缴纳"
                f"（测算{found.arrears:,.2f} 元，以税务机关核定为准）。"
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
