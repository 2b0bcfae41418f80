# HAND-WRITTEN
"""Counters do not go back, keys do not vanish, alarms stay as they were found."""

from django.db import migrations

from grid.ledger.triggers import guards
from grid.watch.triggers import watch_guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection, watch_guards(schema_editor.connection.vendor))


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection, watch_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    dependencies = [("grid", "0005_ledger_alarms")]

    operations = [migrations.RunPython(install, remove)]
