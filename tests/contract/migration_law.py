"""The law of migrations: the version that is running goes on while the next one changes its tables (decision 54).

`faults(before, migration)` names every operation of a migration that the code before it would not survive. What must
go, goes in two steps: a version stops using it, and a later one takes it away and says so in its class:

    class Migration(migrations.Migration):
        unused_since = "0.12"    # the version that no longer reads or writes what is dropped or renamed here
        obeyed_since = "0.12"    # the version since which every row keeps the constraint that is added here
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# The last migration of each app from before the law: nobody had a city to keep running.
BASELINE = {
    "grid": "0008_complete_deliveries",
    "tasks": "0006_corrected_findings",
    "workflows": "0006_the_year",
    "mobile_api": "0003_phones_told_apart",
}
GOES = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel,
    migrations.AlterModelTable, migrations.RemoveConstraint,
)  # fmt: skip
BINDS = (migrations.AddConstraint, migrations.AlterUniqueTogether)
# Wider kinds of column take whatever the narrower one held, and the old code writes what it always wrote.
WIDER = {
    ("IntegerField", "BigIntegerField"),
    ("CharField", "TextField"),
    ("SmallIntegerField", "IntegerField"),
}


def is_bound(app: str, name: str) -> bool:
    return app in BASELINE and name > BASELINE[app]


def faults(before: ProjectState, migration: migrations.Migration) -> list[str]:
    """What is wrong with a migration that comes upon `before`, each as app.name: what. `before` is left as it is."""
    state, made, found = before.clone(), set(), []
    for operation in migration.operations:
        for what in _of(operation, state, migration, made):
            found.append(f"{migration.app_label}.{migration.name}: {what}")
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    return found


def _of(
    operation: Operation, state: ProjectState, migration: migrations.Migration, made: set[str]
) -> Iterator[str]:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _of(inner, state, migration, made)
        for inner in operation.state_operations:
            yield from _left_behind(inner, state, migration.app_label)
        return
    model = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    # A table of this very migration is used by nobody yet.
    if model in made:
        return
    yield from _verdict(operation, state, migration, model)


def _verdict(
    operation: Operation, state: ProjectState, migration: migrations.Migration, model: str
) -> Iterator[str]:
    told = operation.describe()
    if isinstance(operation, migrations.AddField) and not _fills_itself(operation.field):
        yield f"{told}: neither null nor db_default, so the code before cannot insert a row"
    if isinstance(operation, GOES) and not getattr(migration, "unused_since", ""):
        yield f"{told}: the code before still uses it (unused_since)"
    if isinstance(operation, BINDS) and not getattr(migration, "obeyed_since", ""):
        yield f"{told}: the code before may write what it refuses (obeyed_since)"
    if isinstance(operation, migrations.AlterField) and not getattr(migration, "obeyed_since", ""):
        old = state.models[migration.app_label, model].fields[operation.name]
        yield from (f"{told}: {why} (obeyed_since)" for why in narrowed(old, operation.field))
    if isinstance(operation, migrations.RunSQL):
        yield from _in_sql(told, operation.sql, migration)


def _fills_itself(field: Any) -> bool:
    return field.many_to_many or field.null or field.has_db_default()


def narrowed(old: Any, new: Any) -> Iterator[str]:
    """What a column took before and takes no more."""
    if old.null and not new.null:
        yield "NULL is refused from now on"
    if new.unique and not old.unique:
        yield "the same value twice is refused from now on"
    if old.has_db_default() and not (new.has_db_default() or new.null):
        yield "the default that the code before counts on is gone"
    if new.max_length and (not old.max_length or new.max_length < old.max_length):
        yield f"more than {new.max_length} characters are refused from now on"
    kinds = (old.get_internal_type(), new.get_internal_type())
    # The kinds first: the type of a foreign key's column is known only where its other table is.
    if kinds[0] != kinds[1] and kinds not in WIDER and old.db_type(connection) != new.db_type(connection):
        yield f"{kinds[0]} becomes {kinds[1]}"


def _left_behind(operation: Operation, state: ProjectState, app: str) -> Iterator[str]:
    """A column the new code forgets, and the table keeps: it must fill itself."""
    if isinstance(operation, migrations.RemoveField):
        field = state.models[app, operation.model_name_lower].fields[operation.name]
        if not _fills_itself(field):
            yield f"{operation.describe()}: the column stays, and has neither null nor db_default"


def _in_sql(told: str, sql: Any, migration: migrations.Migration) -> Iterator[str]:
    text = " ".join(str(part) for part in sql).upper() if isinstance(sql, list | tuple) else str(sql).upper()
    for words in ("DROP COLUMN", "DROP TABLE", "RENAME ", "SET NOT NULL"):
        if words in text and not getattr(migration, "unused_since", getattr(migration, "obeyed_since", "")):
            yield f"{told}: {words.strip()} (unused_since, obeyed_since)"


def all_faults(loader: Any) -> list[str]:
    """Of every migration of ours after the baseline, each upon the state its forerunners leave."""
    found = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if is_bound(app, name):
            before = loader.project_state(migration.dependencies, at_end=True)
            found += faults(before, migration)
    return found


def example(*operations: Operation, **said: str) -> tuple[ProjectState, migrations.Migration]:
    """A table of the city before, and a migration upon it."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=40)),
        ("told", models.CharField(max_length=40, null=True)),
        ("heads", models.IntegerField(db_default=0)),
    ]
    migrations.CreateModel("Door", fields).state_forwards("tasks", state)
    made = migrations.Migration("0099_next", "tasks")
    made.operations = list(operations)
    for name, version in said.items():
        setattr(made, name, version)
    return state, made
