"""A year's table of holidays and make-up workdays, from pasted lines or a file, into days.

A line is `day, 休 or 班, note`; a day may be a period: `2026-02-15 至 2026-02-23`. A line that cannot be read
refuses the whole table: half a calendar would compute wrong deadlines in silence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from grid.calendar import problems as calendar_problems

DAY = timedelta(days=1)
LONGEST = 31  # days of one line
OFF = frozenset({"休", "休息", "放假", "假", "节假日", "休假"})
WORK = frozenset({"班", "上班", "调休上班", "补班", "工作日", "调休"})
HEADS = frozenset({"日期", "时间"})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CUT = re.compile(r"[,，\t;；、]")


@dataclass(frozen=True, slots=True)
class Row:
    """One day that differs, or is said to differ, from the plain week."""

    day: date
    works: bool
    note: str


def cells_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Pasted lines as numbered cells, without empty ones and without a header."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in _CUT.split(line)]
        if any(cells):
            yield number, cells


def rows_of(lines: Iterable[tuple[int, Sequence[str]]], year: int) -> list[Row]:
    """The days of a year's table, in order. December before it may be named too: a New Year holiday begins there.

    Raises CalendarLineWrong, naming the first line at fault; CalendarTableEmpty.
    """
    rows: dict[date, Row] = {}
    for number, cells in lines:
        if cells[0].strip() in HEADS:
            continue
        for row in _days(number, cells):
            _refuse(number, cells, row, year, rows)
            rows[row.day] = row
    differing = [row for row in rows.values() if row.works != (row.day.weekday() < 5)]
    if not any(row.day.year == year for row in differing):
        raise calendar_problems.CalendarTableEmpty(year=year)
    return sorted(differing, key=lambda row: row.day)


def _refuse(number: int, cells: Sequence[str], row: Row, year: int, before: dict[date, Row]) -> None:
    if row.day.year != year and (row.day.year, row.day.month) != (year - 1, 12):
        raise _wrong(number, cells, _("{day} 不在 {year} 年内").format(day=row.day, year=year))
    if row.day in before and before[row.day].works != row.works:
        raise _wrong(number, cells, _("{day} 前面已写为另一种").format(day=row.day))


def _days(number: int, cells: Sequence[str]) -> Iterator[Row]:
    first, last = _period(number, cells)
    kind = cells[1].strip() if len(cells) > 1 else ""
    if kind not in OFF | WORK:
        raise _wrong(number, cells, _("第二格应写“休”或“班”"))
    note = cells[2].strip()[:40] if len(cells) > 2 else ""
    day = first
    while day <= last:
        yield Row(day, kind in WORK, note)
        day += DAY


def _period(number: int, cells: Sequence[str]) -> tuple[date, date]:
    found = _DATE.findall(cells[0])
    if not 1 <= len(found) <= 2 or not _only_dates(cells[0]):
        raise _wrong(number, cells, _("日期写法应为 2026-02-15，或者 2026-02-15 至 2026-02-23"))
    try:
        days = [date(*map(int, parts)) for parts in found]
    except ValueError:
        raise _wrong(number, cells, _("没有这一天")) from None
    first, last = days[0], days[-1]
    if not 0 <= (last - first).days < LONGEST:
        raise _wrong(number, cells, _("起止颠倒，或者超过 {days} 日").format(days=LONGEST))
    return first, last


def _only_dates(text: str) -> bool:
    return _DATE.sub("", text).strip() in ("", "至", "到", "-", "—", "~", "～", "－", "–")


def _wrong(number: int, cells: Sequence[str], why: str) -> calendar_problems.CalendarLineWrong:
    return calendar_problems.CalendarLineWrong(line=number, text="，".join(cells)[:60], why=why)
