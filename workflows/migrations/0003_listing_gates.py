# HAND-WRITTEN
"""The gates of the list that need other rows are refused by the database."""

from django.db import migrations

from grid.ledger.triggers import guards
from workflows.announcements import triggers


def install(apps, schema_editor):
    connection = schema_editor.connection
    guards.install(connection, triggers.listing_guards(connection.vendor, with_proof=False))


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_engine_indexes"), ("grid", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
