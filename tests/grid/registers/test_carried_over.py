"""What lines held before they were encrypted, carried over and back."""

import hashlib
import json
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from grid.calendar.now import now, today
from grid.registers.models import Delivery, RefusedLine, Row
from grid.registers.rules import hash_of

pytestmark = pytest.mark.once

RAW = "150302190001030228,示例某,13800138000"
DATA = {"name": "示例有限公司", "capital": "100"}


def stored(column: str, table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_what_lines_held_is_carried_over(make_employer: Any) -> None:
    moves: Any = import_module("grid.migrations.0007_what_lines_held")
    delivery = Delivery.objects.create(
        register="tax", area="1503", file_name="a.csv", sha256="1" * 64, as_of=today(), delivered_at=now()
    )
    line = RefusedLine.objects.create(delivery=delivery, line=2, code="x", reason=f"“{RAW[:18]}”的校验位不符")
    plain = hashlib.sha256(json.dumps(DATA, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    row = Row.objects.create(
        register="tax", subject=make_employer(), area="1503", delivery=delivery, line=3, data=DATA, hash=plain,
        since=today(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_refusedline SET raw = %s", [RAW])
    editor = SimpleNamespace(connection=connection)

    moves.carry_over(apps, editor)
    assert stored("raw", "grid_refusedline").startswith("v1:")
    line.refresh_from_db()
    row.refresh_from_db()
    assert line.raw == "150***********0228,示例某,138****8000"
    assert line.reason == "“150***********0228”的校验位不符"
    assert row.hash == hash_of(DATA)

    moves.carry_back(apps, editor)
    assert stored("raw", "grid_refusedline") == "150***********0228,示例某,138****8000"
    assert stored("hash", "grid_row") == plain
