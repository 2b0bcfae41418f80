"""Rows written past the engine's own statements are the rows it would have written."""

from typing import Any

import pytest
from django.db.models import Value
from django.db.models.expressions import DatabaseDefault

from grid.calendar.now import now
from grid.ledger.bulk import insert_models, insert_rows
from grid.subjects.models import Placement, Subject, SubjectKind

pytestmark = pytest.mark.django_db


def subject(**given: Any) -> Subject:
    fixed = {
        "kind": SubjectKind.ENTERPRISE, "match_name": "示例", "area": "150302001002001",
        "placement": Placement.HAND, "placement_why": "测试", "added_at": now(),
    }  # fmt: skip
    return Subject(**fixed, **given)


def test_what_only_the_table_gives_is_written_and_known() -> None:
    """As every column that a later version adds: nobody of the old code names it."""
    default = DatabaseDefault(Value("示例一"), output_field=Subject._meta.get_field("name"))
    rows = [
        subject(name=default, legacy_code="000000000000001"),
        subject(name="示例二", legacy_code="000000000000002"),
    ]
    insert_models(rows)
    assert [row.name for row in rows] == ["示例一", "示例二"]
    assert sorted(Subject.objects.values_list("name", flat=True)) == ["示例一", "示例二"]


def test_nothing_to_write_writes_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_models([])
        insert_rows("grid_subject", ["id"], [])
