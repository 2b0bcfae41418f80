"""What is written again is what was walked: `tests/remembered.py` compared with the way itself, table by table."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from grid.calendar import now as clock
from tests.remembered import MEMORY
from tests.workflows.conftest import grounds, make_case, make_finding, walk
from workflows.cases.models import Case, CaseState
from workflows.inspections.models import InspectionState

__all__ = ["grounds", "make_case", "make_finding", "walk"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
# What is of the moment or of chance: a time of day, the number of a visit, a code, ciphertext, hashes of these.
OF_CHANCE = re.compile(
    r"\"code\": \"[^\"]*\"|\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?"
    r"|\bv1:[0-9a-f]{8}:\S+|\b[0-9a-f]{32,}\b|\bV[0-9a-f]{12}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def dump() -> dict[str, list[str]]:
    """Every row of every table, without what is of chance."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in connection.introspection.table_names(cursor)}


def _rows(cursor: Any, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    columns = [column[0] for column in cursor.description]
    return sorted(" | ".join(map(_plain, columns, row)) for row in cursor.fetchall())


def _plain(column: str, value: Any) -> str:
    if isinstance(value, bytes) or column in ("code", "sha256", "hash", "size"):
        return "…"
    return OF_CHANCE.sub("…", str(value))


@pytest.mark.once
def test_what_is_remembered_is_what_was_walked(walk: Any, make_case: Any, make_employer: Any) -> None:
    listed, inspected = make_employer(), make_employer()
    began, ahead, found = MEMORY.state, clock._ahead, []
    assert began is not None, "the way is not known from the template on"
    for remembers in (False, True, True):
        clock.move(ahead)
        with transaction.atomic():
            MEMORY.stand(began)
            MEMORY.is_open = remembers
            known = len(MEMORY.steps)
            walk.to(make_case(listed), CaseState.PUBLISHED)
            walk.inspection_at(make_case(inspected), InspectionState.COURT)
            found.append(dump())
            transaction.set_rollback(True)
    assert len(MEMORY.steps) == known > 20, "nothing was walked the last time"
    walked, _learnt, written = found
    assert len(walked["grid_entry"]) > 50
    assert [
        (table, before, after)
        for table, rows in walked.items()
        for before, after in zip(rows, written[table], strict=True)
        if before != after
    ] == []


def test_a_row_of_somebody_else_ends_it(walk: Any, make_case: Callable[..., Case]) -> None:
    case = make_case()
    assert MEMORY.state is not None
    Case.objects.filter(pk=case.pk).update(returned_why="别人写的")
    walk.to(case, CaseState.URGING)
    assert MEMORY.state is None
    case.refresh_from_db()
    assert case.state == CaseState.URGING
