"""Steps of a walk that a test process takes once; every later test that comes the same way gets what they wrote.

A case at the station of its publication is twenty acts and nine hundred queries away, and hundreds of tests start
there. The first to come acts; what its acts wrote is kept, statement by statement, and written again for the next
one, triggers and all, with the clock of that moment. Nothing is remembered of a way that is not known from the
template on: one row written by anybody between two steps, and the next steps are walked. PostgreSQL does not roll
its sequences back; they are set to where the template has them before a test that walks.

`tests/test_remembered.py` compares both, table by table.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models, transaction

from grid.calendar import now as clock
from tests.forward import forward_to

READS = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN", "COMMIT", "EXPLAIN")


@dataclass
class Step:
    """What one step wrote, what it answered (pickled), and when it was over."""

    state: int
    writes: list[tuple[str, Any, bool]]
    answer: bytes
    over: datetime

    def again(self) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values, many in self.writes:
                (cursor.executemany if many else cursor.execute)(sql, values)
                if "RETURNING" in sql:
                    cursor.fetchall()
        forward_to(self.over)
        return pickle.loads(self.answer)


@dataclass
class Memory:
    """Where this test stands (`state`: 0 is the template, nothing is a way nobody knows), and what is known."""

    state: int | None = None
    changes: int = 0
    is_open: bool = False
    inside: bool = False
    states: dict[tuple[int, Any], int] = field(default_factory=dict)
    steps: dict[tuple[int, Any], Step] = field(default_factory=dict)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)

    def begin(self, walks: bool) -> None:
        if connection.vendor == "postgresql":
            _watch(connection)
            self._sequences_back(walks)
        self.state = 0 if walks else None
        self.changes, self.is_open, self.inside = _changes(), False, False

    def _sequences_back(self, walks: bool) -> None:
        with connection.cursor() as cursor:
            if not self.sequences:
                # The first test of this process to ask the database finds them as the template has them.
                cursor.execute(
                    "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value),"
                    " last_value IS NOT NULL FROM pg_sequences"
                )
                self.sequences = cursor.fetchall()
            if walks:
                sets = ", ".join(f"setval('{name}', {last}, {used})" for name, last, used in self.sequences)
                cursor.execute(f"SELECT {sets}")

    def _here(self) -> int | None:
        """The state; nothing once somebody else has written."""
        if self.state is not None and self.changes != _changes():
            self.state = None
        return self.state

    def stand(self, state: int | None) -> None:
        """The rows are known to be those of `state`."""
        self.state, self.changes = state, _changes()

    def _next(self, here: int, name: Any) -> int:
        return self.states.setdefault((here, name), len(self.states) + 1)

    @contextmanager
    def noted(self, *name: Any) -> Iterator[None]:
        """What happens within is done each time, and always the same but for times and random values that nothing
        later depends on."""
        if self.inside or (here := self._here()) is None:
            yield
            return
        self.inside = True
        try:
            yield
        finally:
            self.inside = False
        self.stand(self._next(here, _told(name)))

    def take(self, step: Callable[[], Any], *name: Any) -> Any:
        """The answer of `step`, taken or written again. `name` says all that it depends on beside the rows."""
        return self.lay(step, *name) if self.is_open else step()

    def lay(self, step: Callable[[], Any], *name: Any) -> Any:
        """The same for what tests begin with, before anybody walks: the ground and the people on it."""
        here = None if self.inside else self._here()
        if here is None or not settings.DEMO:
            return step()
        known = (_told(name), clock.now().strftime("%Y-%m-%d %H"), str(settings.FILES))
        if (kept := self.steps.get((here, known))) is not None:
            answer = kept.again()
            self.stand(kept.state)
            return answer
        return self._taken(step, here, known)

    def _taken(self, step: Callable[[], Any], here: int, known: Any) -> Any:
        writes: list[tuple[str, Any, bool]] = []
        self.inside, self.state = True, None
        try:
            with connection.execute_wrapper(_keeping(writes)):
                answer = step()
        finally:
            self.inside = False
        if not any(sql.startswith("ROLLBACK") for sql, _values, _many in writes):
            state = self._next(here, known)
            self.steps[here, known] = Step(state, writes, pickle.dumps(answer), clock.now())
            self.stand(state)
        return answer


MEMORY = Memory()


def _changes() -> int:
    """Grows with whatever this connection writes: rows on SQLite, triggers' rows among them; statements elsewhere."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    return _written.number


class _Written:
    """Counts the statements that write."""

    number = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if _writes(sql):
            self.number += 1
        return execute(sql, params, many, context)


_written = _Written()


def _watch(connection: Any) -> None:
    if _written not in connection.execute_wrappers:
        connection.execute_wrappers.append(_written)


def _writes(sql: Any) -> bool:
    return not str(sql).lstrip().upper().startswith(READS)


def _keeping(writes: list[tuple[str, Any, bool]]) -> Callable[..., Any]:
    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _writes(sql):
            params = list(params) if many else params
            writes.append((sql.lstrip(), params, many))
        return execute(sql, params, many, context)

    return keep


def _told(value: Any) -> Any:
    """Something that can be compared: a row is named by its key."""
    if isinstance(value, models.Model):
        return (type(value).__name__, value.pk)
    if isinstance(value, dict):
        return tuple((key, _told(inner)) for key, inner in sorted(value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(_told(item) for item in value)
    return repr(value)


@pytest.fixture(autouse=True)
def _from_the_template(request: pytest.FixtureRequest) -> None:
    if {"db", "transactional_db"}.intersection(request.fixturenames):
        name = "transactional_db" if "transactional_db" in request.fixturenames else "db"
        request.getfixturevalue(name)
        MEMORY.begin("city" in request.fixturenames)
