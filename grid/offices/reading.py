"""A CSV file of offices, line by line."""

import csv
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from grid import outside, problems
from grid.offices import problems as offices_problems
from grid.offices.models import Part
from grid.offices.rules import Entered
from grid.territory.rules import short_code

COLUMNS = {
    "区划": "area", "种类": "part", "全称": "name", "代字": "word", "地址": "address", "电话": "phone", "印章": "seal",
    "起": "from",
}  # fmt: skip
NEEDED = ("区划", "种类", "全称", "起")
OFFICIAL_DIGITS = 12
LONGEST_LINE = 2000
MOST_BYTES = 1024 * 1024
_MORE = "…"  # cells behind the last column of the header


def lines_of(name: str, content: bytes) -> Iterator[tuple[int, Entered]]:
    """Each line that holds something with its number. The area may have its 12 official digits.

    Raises ColumnsMissing, OfficeFileWrong for what is no text, too large, a day that is none, or a line that has more
    cells than the header.
    """
    rows = _rows_of(name, content)
    lacking = [column for column in NEEDED if column not in (rows.fieldnames or ())]
    if lacking:
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    parts = {str(label): value for value, label in Part.choices}
    for row in rows:
        line, more = rows.line_num, row.pop(_MORE, None)
        if more and any(cell.strip() for cell in more):
            why = _("第 {line} 行：比表头多出 {n} 格（可能串列）").format(line=line, n=len(more))
            raise offices_problems.OfficeFileWrong(name=name, lines=why)
        if not any((cell or "").strip() for cell in row.values()):
            continue
        cells = {ours: (row.get(theirs) or "").strip() for theirs, ours in COLUMNS.items()}
        area, part, begins = cells.pop("area"), cells.pop("part"), cells.pop("from")
        if len(area) == OFFICIAL_DIGITS:
            area = short_code(area)
        try:
            day = _day(begins)
        except ValueError:
            why = _("第 {line} 行：“起”须是年-月-日，例如 2026-01-01").format(line=line)
            raise offices_problems.OfficeFileWrong(name=name, lines=why) from None
        yield line, Entered(area, parts.get(part, part), cells, day)


def _day(text: str) -> date:
    """2026-01-01, or 2026/1/1 as spreadsheets write it. Raises ValueError."""
    year, month, day = (int(part) for part in text.replace("/", "-").split("-"))
    return outside.in_our_days(date(year, month, day))


def _rows_of(name: str, content: bytes) -> "csv.DictReader[str]":
    """Raises OfficeFileWrong for signs no database keeps, and a field longer than any line may be."""
    text = _text_of(name, content)
    if not outside.is_readable(text):
        raise offices_problems.OfficeFileWrong(name=name, lines=_("有不能显示的字符"))
    if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise offices_problems.OfficeFileWrong(name=name, lines=_("有一行长得不像机关资料"))
    return csv.DictReader(text.splitlines(), restkey=_MORE)


def _text_of(name: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise offices_problems.OfficeFileWrong(name=name, lines=_("文件超过 1 MB"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise offices_problems.OfficeFileWrong(name=name, lines=_("不是 UTF-8 或 GB18030 的文本"))
