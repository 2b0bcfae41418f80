"""Tables for a spreadsheet: sent line by line, readable in Chinese, and nothing in them runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`rows`, the head first, as the file `name`.csv; the mark in front lets spreadsheets read the Chinese."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in rows:
            yield str(writer.writerow([inert(cell) for cell in row]))

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def inert(cell: Any) -> Any:
    """A name that begins like a formula must stay a name in a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
