"""Rows at the speed of the engine: COPY on PostgreSQL, one prepared statement on SQLite.

Building and compiling a model's insert costs more than the insert itself, and every act pays it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts `rows` in their order, so that ids ascend with it. Values are already in the database's form."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(rows))


def insert_row(table: str, columns: Sequence[str], row: Sequence[Any]) -> int:
    """Inserts one row and answers its id."""
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING "id"', list(row))
        return int(cursor.fetchone()[0])


def among(ids: Sequence[int]) -> RawSQL:
    """For `pk__in=among(ids)`: the numbers as one parameter. Thousands of placeholders cost more than the query."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])
