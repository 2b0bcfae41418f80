# HAND-WRITTEN
"""A year's stages, what the districts say of it, and the members behind every number."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.assessment.triggers import year_guards


def take_over(apps, schema_editor):
    """Years closed before there were stages stay closed; nobody stored their members."""
    apps.get_model("workflows", "Scheme").objects.exclude(frozen_at=None).update(state="frozen")


def install(apps, schema_editor):
    guards.install(schema_editor.connection, year_guards(schema_editor.connection.vendor))


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection, year_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0005_ledger_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MemberList',
            fields=[
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='members', serialize=False, to='workflows.result')),
                ('packed', models.BinaryField()),
                ('count', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('showing', models.PositiveSmallIntegerField()),
                ('area', models.CharField(max_length=15)),
                ('state', models.CharField(choices=[('waiting', '待回应'), ('agreed', '无异议'), ('objected', '有异议，待答复'), ('upheld', '异议成立，重新计算'), ('rejected', '异议不成立')], default='waiting', max_length=10, verbose_name='状态')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='异议理由')),
                ('given_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='indicator',
            name='unit',
            field=models.CharField(default='', max_length=10, verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='result',
            name='hash',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='result',
            name='sorts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='scheme',
            name='cutoff',
            field=models.DateField(null=True, verbose_name='截至'),
        ),
        migrations.AddField(
            model_name='scheme',
            name='due_on',
            field=models.DateField(null=True, verbose_name='意见截止'),
        ),
        migrations.AddField(
            model_name='scheme',
            name='law',
            field=models.JSONField(default=dict, verbose_name='所用法规参数'),
        ),
        migrations.AddField(
            model_name='scheme',
            name='proposed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='scheme',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scheme',
            name='showing',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='公示次数'),
        ),
        migrations.AddField(
            model_name='scheme',
            name='shown_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='scheme',
            name='state',
            field=models.CharField(choices=[('open', '试算中'), ('shown', '已公示，听取各区意见'), ('proposed', '已提请封定'), ('frozen', '已封定')], default='open', max_length=10, verbose_name='状态'),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='indicator',
            name='explanation',
            field=models.CharField(max_length=500),
        ),
        migrations.AlterField(
            model_name='result',
            name='evidence',
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name='scheme',
            constraint=models.CheckConstraint(condition=models.Q(('cutoff__isnull', True), models.Q(('frozen_at__isnull', True), ('frozen_by__isnull', True), models.Q(('state', 'frozen'), _negated=True)), models.Q(('frozen_at__isnull', False), ('frozen_by__isnull', False), ('proposed_by__isnull', False), ('shown_at__isnull', False), ('state', 'frozen'), models.Q(('frozen_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='scheme_frozen_by_two'),
        ),
        migrations.AddField(
            model_name='response',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='given_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='indicator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.indicator', verbose_name='所指指标'),
        ),
        migrations.AddField(
            model_name='response',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='workflows.scheme'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('scheme', 'showing', 'area'), name='response_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('objected', 'upheld', 'rejected')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='objection_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('upheld', 'rejected')), _negated=True), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='objection_answered_by_somebody'),
        ),
        migrations.RunPython(install, remove),
    ]
