# HAND-WRITTEN
"""Who audits, reviews, hears and discusses; arrears with their reckoning; the gates of the list by the roles of today."""

from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.announcements import triggers
from workflows.inspections.records.triggers import record_guards


def lift(apps, schema_editor):
    """SQLite rebuilds the table of inspections: the gates of the list read it, and its own go with it."""
    triggers.remove(schema_editor.connection)


def install(apps, schema_editor):
    """The city office reviews no listing any more: roles are written into the gates."""
    connection = schema_editor.connection
    triggers.install(connection)
    guards.install(connection, record_guards(connection.vendor, with_hearing=False))


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0009_lawful_lists'),
        ('grid', '0015_heads'),
    ]

    operations = [
        migrations.RunPython(lift, install),
        migrations.AddField(
            model_name='auditfinding',
            name='rate',
            field=models.DecimalField(decimal_places=4, max_digits=6, null=True, verbose_name='缴费比例'),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='reckoning',
            field=models.JSONField(null=True, verbose_name='计算过程'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='kind',
            field=models.CharField(choices=[('enforcement', '行政执法证'), ('audit', '稽核证'), ('law', '法律职业资格证书')], db_default='enforcement', default='enforcement', max_length=12, verbose_name='种类'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='collective_outcome',
            field=models.CharField(blank=True, choices=[('as_told', '同意拟处罚意见'), ('milder', '从轻、减轻处罚'), ('spare', '不予处罚')], db_default='', default='', max_length=10, verbose_name='集体讨论结论'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='hearing_accepted',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='采纳情况'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='hearing_opinion',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='听证意见'),
        ),
        migrations.AlterField(
            model_name='certificate',
            name='number',
            field=models.CharField(max_length=40, unique=True, verbose_name='证件号'),
        ),
        migrations.RunPython(install, lift),
    ]
