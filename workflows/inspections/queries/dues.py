"""From the months somebody was not paid for to the table a paper encloses: one reckoning, kept once and printed from there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from grid import outside, problems
from grid.law import problems as law_problems
from grid.law.models import Provision
from grid.registers.rules import masked_personal
from workflows.cases.models import Case
from workflows.inspections.models.insurances import Insurance
from workflows.inspections.rules.dues import Found, Short, Span, is_month, joined, months_between, reckon
from workflows.inspections.rules.money import number, percent
from workflows.notices.documents.sums import SumRow, SumTable

RATES = "inspection.rates"
_NUMBERS = ("amount", "base", "rate")


def spans_of(insurance: str, found: Found) -> list[Span]:
    """The months found, cut where the law changes: each year has its own floor and ceiling. One query.

    Raises LawMissing for a month of which the law is not known.
    """
    keys = ("base.floor", "base.ceiling", RATES)
    rows = list(Provision.objects.filter(key__in=keys).order_by("valid_from"))
    months = months_between(found.month_from, found.month_to)
    return joined([_span(month, insurance, found.rate, rows) for month in months])


def _span(month: str, insurance: str, rate: Decimal | None, rows: Sequence[Provision]) -> Span:
    day = outside.day(f"{month}-01")
    floor, ceiling = (_row_on(day, key, rows) for key in ("base.floor", "base.ceiling"))
    rests_on = [floor, ceiling]
    if rate is None:
        rests_on.append(parts := _row_on(day, RATES, rows))
        rate = sum((number(part) for part in parts.value[insurance].values()), Decimal(0))
    reviewed = all(row.reviewed for row in rests_on)
    return Span(month, month, number(floor.value), number(ceiling.value), rate, reviewed)


def _row_on(day: date, key: str, rows: Sequence[Provision]) -> Provision:
    until = (row for row in rows if row.key == key and row.valid_from <= day)
    found = [row for row in until if row.valid_to is None or row.valid_to >= day]
    if not found:
        raise law_problems.LawMissing(key=key, on=day)
    return found[-1]


@dataclass(frozen=True)
class Unpaid:
    """Whom nobody paid for, and for which months; `wage`: their monthly average, None where it could not be found out."""

    heads: int
    month_from: str
    month_to: str
    wage: Decimal | None = None


def reckoned(unpaid: Unpaid) -> tuple[Short, ...]:
    """What is owed for them of every insurance. Raises WrongPeriod, LawMissing."""
    months = (unpaid.month_from, unpaid.month_to)
    if not all(map(is_month, months)) or months[0] > months[1]:
        raise problems.WrongPeriod(first=months[0], last=months[1])
    shorts: list[Short] = []
    for insurance in Insurance:
        found = Found(str(insurance.label), *months, unpaid.heads, 0, unpaid.wage)
        shorts += reckon(found, spans_of(insurance, found))
    return tuple(shorts)


def audited(case: Case) -> tuple[tuple[Short, ...], str]:
    """What the newest audit of the case reckoned, and its roster: the same lines as its own papers."""
    audit = case.audits.order_by("-pk").first()
    if audit is None:
        return (), ""
    lines = [line for finding in audit.findings.order_by("pk") for line in finding.reckoning or ()]
    return shorts_in(lines), audit.roster or ""


# --- kept and printed ---------------------------------------------------------------------------


def kept(shorts: Iterable[Short]) -> list[dict[str, object]]:
    """As a column of the database holds them."""
    return [{name: _text(name, value) for name, value in asdict(short).items()} for short in shorts]


def _text(name: str, value: object) -> object:
    return str(value) if name in _NUMBERS and value is not None else value


def shorts_in(lines: Iterable[Mapping[str, object]] | None) -> tuple[Short, ...]:
    """What `kept` wrote; a line of a former version has no numbers besides its amount."""
    return tuple(map(_short_in, lines or ()))


def _short_in(line: Mapping[str, object]) -> Short:
    base, rate = line.get("base"), line.get("rate")
    return Short(
        str(line["words"]),
        Decimal(str(line["amount"])),
        bool(line["is_base"]),
        bool(line["reviewed"]),
        str(line.get("label", "")),
        str(line.get("month_from", "")),
        str(line.get("month_to", "")),
        int(str(line.get("heads", 0))),
        None if base is None else Decimal(str(base)),
        None if rate is None else Decimal(str(rate)),
        int(str(line.get("months", 0))),
    )


def names_in(text: str | None) -> tuple[str, ...]:
    """A roster as it is typed: one name a line, each line once."""
    return tuple(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def table_of(shorts: Sequence[Short], roster: str | None = "") -> SumTable | None:
    """The table a paper encloses; none where the numbers were not kept."""
    if not shorts or any(short.base is None or short.rate is None for short in shorts):
        return None
    return SumTable(
        rows=tuple(_row(short) for short in shorts),
        total=sum((short.amount for short in shorts), Decimal(0)),
        roster=tuple(masked_personal(name) for name in names_in(roster)),
        reviewed=all(short.reviewed for short in shorts),
    )


def _row(short: Short) -> SumRow:
    assert short.base is not None and short.rate is not None
    period = f"{short.month_from} 至 {short.month_to}"
    rate = percent(short.rate)
    return SumRow(short.label, period, short.heads, short.base, rate, short.months, short.amount)
