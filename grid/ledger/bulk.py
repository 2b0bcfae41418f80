"""Rows at the speed of the engine: COPY on PostgreSQL, one prepared statement on SQLite.

Building and compiling a model's insert costs more than the insert itself, and every act pays it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    ForeignKey,
    IntegerField,
    Model,
    OneToOneField,
    PositiveIntegerField,
    TextField,
)
from django.db.models.expressions import DatabaseDefault, RawSQL

FEW = 200  # below, one INSERT costs less than the three exchanges of a COPY


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts `rows` in their order, so that ids ascend with it. Values are already in the database's form."""
    source = iter(rows)
    some = list(islice(source, FEW))
    with connection.cursor() as cursor:
        if len(some) < FEW:
            if some:
                cursor.execute(_insert_of(table, tuple(columns), len(some)), list(chain.from_iterable(some)))
        elif connection.vendor == "postgresql":
            names = _names(columns)
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in chain(some, source):
                    copy.write_row(row)
        else:
            cursor.executemany(_insert_of(table, tuple(columns), 1), list(chain(some, source)))


def insert_models(rows: Sequence[Model]) -> None:
    """What `bulk_create` writes, with ids set, at half of its cost: the statement is not built from expressions."""
    if not rows:
        return
    fields = _fields_of(type(rows[0]))
    table, columns = rows[0]._meta.db_table, tuple(field.column for field, _plain in fields)
    for start in range(0, len(rows), FEW):
        part = rows[start : start + FEW]
        values = [_stored(field, _settled(row, field), plain) for row in part for field, plain in fields]
        with connection.cursor() as cursor:
            cursor.execute(_insert_of(table, columns, len(part)) + ' RETURNING "id"', values)
            for row, (number,) in zip(part, cursor.fetchall(), strict=True):
                row.pk = number
                row._state.adding, row._state.db = False, connection.alias


# Of these fields a text or a number is stored as it is.
_PLAIN = (
    CharField,
    TextField,
    IntegerField,
    BigIntegerField,
    PositiveIntegerField,
    ForeignKey,
    OneToOneField,
)


@cache
def _fields_of(model: type[Model]) -> list[tuple[Any, bool]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [(field, type(field) in _PLAIN) for field in fields]


def _settled(row: Model, field: Any) -> Any:
    """The value of a field; where nobody gave one and the table has a default (as every new column has: decision 54),
    that one, and the row says so from now on. Raises AttributeError for a default that is no constant."""
    value: Any = getattr(row, field.attname)
    if isinstance(value, DatabaseDefault):
        default: Any = value
        value = default.expression.value
        setattr(row, field.attname, value)
    return value


def _stored(field: Any, value: Any, plain: bool) -> Any:
    """Not asked of the field where its answer is the value itself: ten times in each row."""
    if plain and (value is None or type(value) in (str, int)):
        return value
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=512)
def _insert_of(table: str, columns: tuple[str, ...], count: int) -> str:
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f'INSERT INTO "{table}" ({_names(columns)}) VALUES {", ".join([marks] * count)}'


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def insert_row(table: str, columns: Sequence[str], row: Sequence[Any]) -> int:
    """Inserts one row and answers its id."""
    with connection.cursor() as cursor:
        cursor.execute(_insert_of(table, tuple(columns), 1) + ' RETURNING "id"', list(row))
        return int(cursor.fetchone()[0])


# How each engine reads a list of numbers that is one parameter.
_ROWS_OF = {"postgresql": "SELECT unnest(%s::bigint[])", "sqlite": "SELECT value FROM json_each(%s)"}
_IN = {"postgresql": "= ANY(%s::bigint[])", "sqlite": "IN (SELECT value FROM json_each(%s))"}


def among(ids: Sequence[int]) -> RawSQL:
    """For `pk__in=among(ids)`: the numbers as one parameter. Thousands of placeholders cost more than the query."""
    return RawSQL(_ROWS_OF[connection.vendor], [number_list(ids)])


def numbers_in() -> str:
    """The same for a statement of our own: `WHERE id {numbers_in()}`, with `number_list(ids)` as its parameter."""
    return _IN[connection.vendor]


def number_list(ids: Sequence[int]) -> list[int] | str:
    return list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))
