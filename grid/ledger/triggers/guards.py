"""Triggers by which the database itself refuses what nobody may do: how they are made, and whether they still are.

Each room names its own (triggers.py) and has them installed by a migration; `follow` makes them known here, so that
one check sees all. The check compares definitions, not names: a trigger that is switched off, a function of the same
name that refuses nothing, a further trigger or rule that swallows what it is given are found like a missing one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

# The bits of pg_trigger.tgtype.
_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_CODE = "USING ERRCODE = 'integrity_constraint_violation'"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger. On PostgreSQL `body` is the text of the function it calls; on SQLite there is only `create`."""

    name: str
    table: str
    create: str
    function: str = ""
    body: str = ""
    kind: int = 0

    @property
    def key(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Gate:
    """`event` on `table` is refused when `refused` holds of OLD and NEW, and says so."""

    name: str
    table: str
    event: str
    refused: str
    says: str


Source = Callable[[str], list[Guard]]
_sources: list[Source] = []


def register_guards(source: Source) -> None:
    """Makes a room's guards known: `source` answers them for the engine of that name (called when the apps are ready)."""
    if source not in _sources:
        _sources.append(source)


def known(vendor: str) -> list[Guard]:
    return [guard for source in _sources for guard in source(vendor)]


# --- making them -----------------------------------------------------------------------------------


def install(connection: BaseDatabaseWrapper, guards: Iterable[Guard] | None = None) -> None:
    """Puts the guards in place, all that are known by default; harmless to repeat."""
    wanted = known(connection.vendor) if guards is None else list(guards)
    with connection.cursor() as cursor:
        for statement in (*removals(wanted), *installations(wanted)):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: Iterable[Guard] | None = None) -> None:
    """For a migration that rebuilds a table, and for emptying a test database."""
    with connection.cursor() as cursor:
        for statement in removals(known(connection.vendor) if guards is None else guards):
            cursor.execute(statement)


def installations(guards: Sequence[Guard]) -> Iterator[str]:
    """The statements that put the guards in place: the functions first, then whatever calls them."""
    functions = {guard.function: guard.body for guard in guards if guard.function}
    for name, body in functions.items():
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
    for guard in guards:
        yield guard.create
        if guard.function:
            # So that a session set to replica mode cannot slip past either.
            yield f'ALTER TABLE "{guard.table}" ENABLE ALWAYS TRIGGER "{guard.name}"'


def removals(guards: Iterable[Guard]) -> Iterator[str]:
    """The statements that take the guards off."""
    for guard in guards:
        on = f' ON "{guard.table}"' if guard.function else ""
        yield f'DROP TRIGGER IF EXISTS "{guard.name}"{on}'


def postgresql(name: str, table: str, events: str, each: str, function: str, body: str) -> Guard:
    """A trigger before `events` ("UPDATE OR DELETE") for each ROW or STATEMENT."""
    create = (
        f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {function}()'
    )
    kind = sum(_BITS[event] for event in events.split(" OR ")) + _BITS["BEFORE"] + _BITS.get(each, 0)
    return Guard(name, table, create, function, body, kind)


def of_gates(vendor: str, gates: Iterable[Gate]) -> list[Guard]:
    """SQLite gets a trigger for each gate, PostgreSQL one function for each table."""
    if vendor == "postgresql":
        return list(_postgresql_gates(gates))
    return [
        Guard(
            name := f"{gate.table}_gate_{gate.name}",
            gate.table,
            f'CREATE TRIGGER "{name}" BEFORE {gate.event} ON "{gate.table}" '
            f"WHEN {gate.refused} BEGIN SELECT RAISE(ABORT, '{gate.says}'); END",
        )
        for gate in gates
    ]


def _postgresql_gates(gates: Iterable[Gate]) -> Iterator[Guard]:
    by_table: dict[str, list[Gate]] = defaultdict(list)
    for gate in gates:
        by_table[gate.table].append(gate)
    for table, own in by_table.items():
        refusals = " ".join(
            f"IF TG_OP = '{gate.event}' THEN IF {gate.refused} THEN RAISE EXCEPTION '{gate.says}' {_CODE}; "
            "END IF; END IF;"
            for gate in own
        )
        body = (
            f" BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'never emptied' {_CODE}; END IF; "
            f"{refusals} {_PASSES} END "
        )
        for kind, events, each in (
            ("rows", "INSERT OR UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            yield postgresql(f"{table}_gate_{kind}", table, events, each, f"{table}_gates", body)


# A row trigger that answers NULL skips the row in silence: a deletion that is let pass answers OLD.
_PASSES = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"


# --- whether they stand ----------------------------------------------------------------------------


def differing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Guards that are not as the migrations made them: key → what is wrong with them, in words."""
    guards = known(connection.vendor)
    return dict(
        _on_postgresql(connection, guards)
        if connection.vendor == "postgresql"
        else _on_sqlite(connection, guards)
    )


def _on_sqlite(connection: BaseDatabaseWrapper, guards: list[Guard]) -> Iterator[tuple[str, str]]:
    found = _rows(connection, "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    stored = {name: sql for name, sql, _table in found}
    for guard in guards:
        if guard.name not in stored:
            yield guard.key, f"表 {guard.table} 的触发器 {guard.name} 不见了"
        elif stored[guard.name] != guard.create:
            yield guard.key, f"表 {guard.table} 的触发器 {guard.name} 的内容被改动"
    yield from _strange(guards, ((name, table) for name, _sql, table in found))


_TRIGGERS = (
    "SELECT t.tgname, c.relname, t.tgenabled::text, t.tgtype, p.proname, p.prosrc, l.lanname, "
    "t.tgqual IS NOT NULL OR t.tgattr::text <> '' OR p.proconfig IS NOT NULL "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_language l ON l.oid = p.prolang "
    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
)
# Foreign keys and unique keys that wait until the end are triggers of the server's own; switched off they check nothing.
_SWITCHED_OFF = (
    "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE t.tgisinternal AND t.tgenabled <> 'O' AND pg_table_is_visible(c.oid)"
)
_RULES = (
    "SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
    "WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid)"
)
_SETTINGS = (
    "SELECT COALESCE(r.rolname, d.datname, '*') FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole "
    "LEFT JOIN pg_database d ON d.oid = s.setdatabase "
    "WHERE array_to_string(s.setconfig, ',') LIKE '%%session_replication_role%%' "
    "AND (s.setdatabase = 0 OR d.datname = current_database())"
)


Rows = list[tuple[Any, ...]]


class Catalogue(NamedTuple):
    """What a PostgreSQL server has: rows of its triggers, and of what would let somebody past them."""

    triggers: Rows
    switched_off: Rows
    rules: Rows
    settings: Rows


def _on_postgresql(connection: BaseDatabaseWrapper, guards: list[Guard]) -> Iterator[tuple[str, str]]:
    found = Catalogue(
        _rows(connection, _TRIGGERS),
        _rows(connection, _SWITCHED_OFF),
        _rows(connection, _RULES),
        _rows(connection, _SETTINGS),
    )
    return faults_in(found, guards)


def faults_in(found: Catalogue, guards: list[Guard]) -> Iterator[tuple[str, str]]:
    """Where a PostgreSQL server differs from the guards, as `differing` answers it."""
    stored = {(row[1], row[0]): row[2:] for row in found.triggers}
    for guard in guards:
        what = f"表 {guard.table} 的触发器 {guard.name} "
        row = stored.get((guard.table, guard.name))
        if row is None:
            yield guard.key, what + "不见了"
            continue
        enabled, kind, function, body, language, narrowed = row
        if enabled != "A":
            yield guard.key, what + "被停用"
        elif (kind, function, language, narrowed) != (guard.kind, guard.function, "plpgsql", False):
            yield guard.key, what + "的定义被改动"
        elif body != guard.body:
            yield guard.key, what + f"所调用的函数 {function} 被改动"
    yield from _strange(guards, ((name, table) for table, name in stored))
    for (table,) in found.switched_off:
        yield f"{table}.internal", f"表 {table} 的外键检查被停用"
    for rule, table in found.rules:
        yield f"{table}.{rule}", f"表 {table} 上多出一条改写规则 {rule}"
    for (whose,) in found.settings:
        yield f"setting.{whose}", f"数据库把 {whose} 的 session_replication_role 设成了绕过触发器的值"


def _strange(guards: list[Guard], present: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Triggers of nobody on a guarded table: one that skips a row in silence would need no more."""
    ours, tables = {(guard.name, guard.table) for guard in guards}, {guard.table for guard in guards}
    for name, table in present:
        if table in tables and (name, table) not in ours:
            yield f"{table}.{name}", f"表 {table} 上多出一个不属于本系统的触发器 {name}"


def _rows(connection: BaseDatabaseWrapper, query: str) -> Rows:
    with connection.cursor() as cursor:
        # No parameters: a percent sign stands for itself on both engines only when doubled and given an empty list.
        cursor.execute(query, [])
        return list(cursor.fetchall())
