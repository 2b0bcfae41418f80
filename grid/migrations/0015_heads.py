# HAND-WRITTEN
"""Whose post leads an office, who audits, and the desks to which a party turns."""

from django.db import migrations, models

from grid.ledger.triggers import guards
from grid.watch.triggers import watch_guards


def install(apps, schema_editor):
    """SQLite builds the table of postings anew for its new column, and loses the gate on it."""
    guards.install(schema_editor.connection, watch_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):

    dependencies = [
        ('grid', '0014_operations'),
    ]

    operations = [
        migrations.AddField(
            model_name='posting',
            name='is_head',
            field=models.BooleanField(db_default=False, default=False, verbose_name='行政机关负责人'),
        ),
        migrations.AlterField(
            model_name='body',
            name='part',
            field=models.CharField(choices=[('authority', '人力资源社会保障行政部门'), ('agency', '社会保险经办机构'), ('tax', '税务机关'), ('office', '扩面工作机构'), ('review_body', '行政复议机关'), ('court', '行政诉讼管辖法院'), ('inspectorate', '劳动保障监察机构'), ('audit_desk', '社会保险稽核机构'), ('legal_desk', '法制机构'), ('cases', '案号字头')], max_length=12, verbose_name='种类'),
        ),
        migrations.AlterField(
            model_name='posting',
            name='role',
            field=models.CharField(choices=[('worker', '网格员'), ('community', '社区复核员'), ('street', '街道主管'), ('district', '区主管'), ('examiner', '稽核员'), ('inspector', '劳动监察员'), ('city', '市扩面办'), ('liaison', '部门联络员'), ('auditor', '审计员'), ('legal', '法制审核员'), ('personnel', '组织人事')], max_length=12, verbose_name='岗位'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
