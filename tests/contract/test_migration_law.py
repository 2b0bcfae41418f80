"""No migration takes from the version that is running what it works with."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.contract.migration_law import all_faults, example, faults

TEXT = models.CharField(max_length=20)
UNIQUE = models.UniqueConstraint(fields=["name"], name="one_name")


def test_every_migration_since_the_baseline_keeps_the_law() -> None:
    assert all_faults(MigrationLoader(None, ignore_no_migrations=True)) == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.AddField("door", "weather", TEXT), "neither null nor db_default"),
        (migrations.AddField("door", "n", models.IntegerField(default=3)), "neither null nor db_default"),
        (migrations.RemoveField("door", "told"), "still uses it"),
        (migrations.RenameField("door", "name", "title"), "still uses it"),
        (migrations.DeleteModel("Door"), "still uses it"),
        (migrations.RenameModel("Door", "Gate"), "still uses it"),
        (migrations.AlterField("door", "name", TEXT), "more than 20 characters"),
        (migrations.AlterField("door", "told", models.CharField(max_length=40)), "NULL is refused"),
        (
            migrations.AlterField("door", "heads", models.IntegerField()),
            "default that the code before counts on",
        ),
        (migrations.AlterField("door", "name", models.CharField(max_length=40, unique=True)), "twice"),
        (migrations.AlterField("door", "name", models.IntegerField()), "CharField becomes IntegerField"),
        (migrations.AddConstraint("door", UNIQUE), "may write what it refuses"),
        (migrations.RunSQL("ALTER TABLE tasks_door DROP COLUMN told"), "DROP COLUMN"),
        (
            migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("door", "name")]),
            "the column stays",
        ),
        (
            migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("door", "told")]),
            "still uses it",
        ),
    ],
)
def test_what_the_code_before_would_not_survive_is_named(operation: Operation, why: str) -> None:
    found = faults(*example(operation))
    assert len(found) == 1 and why in found[0]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("door", "weather", models.CharField(max_length=20, db_default="")),
        migrations.AddField("door", "weather", models.CharField(max_length=20, null=True)),
        migrations.AlterField("door", "name", models.CharField(max_length=80)),
        migrations.AlterField("door", "heads", models.BigIntegerField(db_default=0)),
        migrations.AddIndex("door", models.Index(fields=["name"], name="door_name")),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("door", "told")]),
        migrations.RunSQL("CREATE INDEX x ON tasks_door (name)"),
    ],
)
def test_what_it_survives_is_let_through(operation: Operation) -> None:
    assert faults(*example(operation)) == []


def test_a_new_table_may_be_as_it_likes() -> None:
    made = migrations.CreateModel("Gate", [("id", models.BigAutoField(primary_key=True))])
    added = [migrations.AddField("gate", "name", TEXT), migrations.AddConstraint("gate", UNIQUE)]
    assert faults(*example(made, *added)) == []


def test_the_second_step_says_since_when() -> None:
    assert faults(*example(migrations.RemoveField("door", "told"), unused_since="0.12")) == []
    assert faults(*example(migrations.AddConstraint("door", UNIQUE), obeyed_since="0.12")) == []
    # One does not stand for the other.
    assert faults(*example(migrations.RemoveField("door", "told"), obeyed_since="0.12")) != []
