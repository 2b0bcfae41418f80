# HAND-WRITTEN
"""The gates of the list anew, as the ledger's check compares them; numbers of documents do not go back."""

from django.db import migrations

from grid.ledger.triggers import guards
from workflows.announcements.triggers import listing_guards
from workflows.notices.triggers import number_guards


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    guards.install(schema_editor.connection, [*listing_guards(vendor, with_proof=False), *number_guards(vendor)])


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection, number_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    dependencies = [("workflows", "0004_codes_by_browser"), ("grid", "0006_ledger_guards")]

    operations = [migrations.RunPython(install, remove)]
