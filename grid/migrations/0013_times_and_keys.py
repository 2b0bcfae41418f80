# HAND-WRITTEN
"""The time of a case's last entry beside its count; keys of personal data may be wrapped anew during a rotation."""

from django.db import migrations, models

from grid.ledger.triggers import guards
from grid.watch.triggers import watch_guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection, watch_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    dependencies = [("grid", "0012_heartbeats")]

    operations = [
        migrations.AddField(
            model_name="casecounter",
            name="at",
            field=models.DateTimeField(null=True, verbose_name="末条时间"),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
