# HAND-WRITTEN
"""The approval of outgoing papers and the use of the seal; what was issued before is marked as older than the rule."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.notices.triggers import approval_guards

OLDER = (
    "INSERT INTO workflows_approval (notice_id, area, way, post, step, why, at) "
    "SELECT id, area, 'before', '', '', '', issued_at FROM workflows_notice WHERE kind <> 'filing'"
)


def install(apps, schema_editor):
    guards.install(schema_editor.connection, approval_guards(schema_editor.connection.vendor))


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection, approval_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0014_certificates_and_answers'),
        ('grid', '0015_heads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=15)),
                ('way', models.CharField(choices=[('waiting', '待签发'), ('signed', '签发'), ('decided', '依决定制发'), ('before', '签发登记启用前制发'), ('returned', '退回')], max_length=8, verbose_name='签发方式')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='签发职务')),
                ('step', models.CharField(blank=True, max_length=60, verbose_name='决定')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='退回理由')),
                ('at', models.DateTimeField(null=True, verbose_name='签发时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='workflows.notice')),
            ],
            options={
                'verbose_name': '文书签发',
                'indexes': [models.Index(condition=models.Q(('way', 'waiting')), fields=['area'], name='approval_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('way', 'waiting'), ('at__isnull', False), _connector='OR'), name='approval_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('way__in', ['signed', 'returned']), _negated=True), models.Q(('by__isnull', False), models.Q(('post', ''), _negated=True)), _connector='OR'), name='approval_by_somebody'), models.CheckConstraint(condition=models.Q(('step', ''), ('way', 'decided'), _negated=True), name='approval_names_decision'), models.CheckConstraint(condition=models.Q(('way', 'returned'), ('why', ''), _negated=True), name='approval_returned_why')],
            },
        ),
        migrations.CreateModel(
            name='SealUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(db_index=True, max_length=15)),
                ('office', models.CharField(max_length=60, verbose_name='用印机关')),
                ('seal', models.CharField(max_length=60, verbose_name='印章')),
                ('copies', models.PositiveSmallIntegerField(verbose_name='份数')),
                ('on', models.DateField(verbose_name='用印日期')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal_use', to='workflows.notice')),
            ],
            options={
                'verbose_name': '用印登记',
                'constraints': [models.CheckConstraint(condition=models.Q(('copies__gte', 1)), name='seal_on_a_copy')],
            },
        ),
        migrations.RunSQL(OLDER, migrations.RunSQL.noop),
        migrations.RunPython(install, remove),
    ]
