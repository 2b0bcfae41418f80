"""Queries whose SQL is built once in a process.

Django builds the text of a query anew each time, which costs several times what the database needs to answer a
query by key. A phone's push asks five of them. What varies is a list of values, given when the query is asked:

    BY_TOKEN = Prepared(lambda: Device.objects.filter(token_hash__one_of=Given("tokens")).values_list("id", "label"))
    BY_TOKEN(tokens=[…])
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, ForeignKey, Lookup, QuerySet

Row = tuple[Any, ...]
Converters = dict[int, Any]
AnyRows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Given:
    """The place of a list of values in a prepared query."""

    name: str


@dataclass(frozen=True)
class _Slot:
    name: str
    field: Any

    def filled(self, values: Iterable[object]) -> str:
        """The list as one parameter: PostgreSQL takes it as an array, SQLite as JSON."""
        stored = [self.field.get_db_prep_value(value, connection) for value in values]
        return array_text(stored) if connection.vendor == "postgresql" else json.dumps(stored)


def array_text(values: Iterable[object]) -> str:
    """PostgreSQL's text for an array. The driver's own way looks for the type of each element, at several times
    the cost.

    >>> array_text([1, 2]), array_text(["a,b", 'c"d'])
    ('{1,2}', '{"a,b","c\\\\"d"}')
    """
    return "{" + ",".join(str(value) if type(value) is int else _quoted(str(value)) for value in values) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@Field.register_lookup
class OneOf(Lookup):
    """`field__one_of=Given("name")`: like `in`, with one placeholder however long the list, and served by indexes."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, before = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        slot = _Slot(self.rhs.name, field)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s::{field.db_type(connection)}[])", [*before, slot]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*before, slot]


# The lookups of a relation do not come from Field.
ForeignKey.register_lookup(OneOf)


@dataclass(frozen=True)
class Written:
    """A query with its values, written once and asked again and again."""

    sql: str
    values: Row
    converters: Converters

    @classmethod
    def of(cls, rows: AnyRows) -> "Written":
        """Of a `values_list` query. Raises EmptyResultSet where nothing can fit."""
        compiler = rows.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        converters = compiler.get_converters(column for column, _sql, _alias in compiler.select)
        return cls(sql, tuple(values), converters)

    def rows(self, values: Iterable[Any] | None = None) -> list[Row]:
        """The rows as Django would answer them; `values` in the place of its own."""
        # Looked up once: the name `connection` finds the thread's own anew at each use.
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, self.values if values is None else list(values))
            rows = cursor.fetchall()
        return [_converted(row, self.converters) for row in rows] if self.converters else rows


class Prepared:
    """A `values_list` query, built when first asked, for each engine; calling it answers the rows as Django would."""

    def __init__(self, build: Callable[[], AnyRows]) -> None:
        self._build = build
        self._made: dict[str, Written] = {}

    def __call__(self, **given: Iterable[object]) -> list[Row]:
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        if (made := self._made.get(vendor)) is None:
            made = self._made[vendor] = Written.of(self._build())
        return made.rows(
            slot.filled(given[slot.name]) if isinstance(slot, _Slot) else slot for slot in made.values
        )


def _converted(row: Row, converters: Converters) -> Row:
    """From the database's form, as Django's compiler does it for its own rows."""
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
