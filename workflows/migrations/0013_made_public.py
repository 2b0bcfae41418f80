# HAND-WRITTEN
"""Penalties made public; the record of a hearing; files of a look again and of what a ground stands on; with their gates."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from grid.ledger.triggers import guards
from workflows.announcements import triggers
from workflows.disclosures.triggers import disclosure_guards
from workflows.inspections.records.triggers import filed_guards, record_guards


def lift(apps, schema_editor):
    """SQLite may rebuild the table of inspections: the gates of the list read it, and its own go with it."""
    connection = schema_editor.connection
    triggers.remove(connection)
    guards.remove(connection, record_guards(connection.vendor))


def put_back(apps, schema_editor):
    connection = schema_editor.connection
    triggers.install(connection)
    guards.install(connection, record_guards(connection.vendor, with_hearing=False))


def install(apps, schema_editor):
    connection = schema_editor.connection
    vendor = connection.vendor
    triggers.install(connection)
    guards.install(connection, [*record_guards(vendor), *filed_guards(vendor), *disclosure_guards(vendor)])


def remove(apps, schema_editor):
    connection = schema_editor.connection
    vendor = connection.vendor
    triggers.remove(connection)
    guards.remove(connection, [*record_guards(vendor), *filed_guards(vendor), *disclosure_guards(vendor)])


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0012_responsible_persons'),
        ('grid', '0015_heads'),
    ]

    operations = [
        migrations.RunPython(lift, put_back),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('urging', '督促参保缴费告知书'), ('reminder', '参保缴费提醒书'), ('audit_notice', '社会保险稽核通知书'), ('audit_findings', '稽核情况告知书'), ('audit_opinion', '稽核意见书'), ('audit_clear', '稽核结果告知书'), ('penalty_proposal', '提请行政处罚建议书'), ('tax_transfer', '欠费移送函'), ('filing', '立案审批表'), ('order', '劳动保障监察限期改正指令书'), ('penalty_notice', '行政处罚事先告知书'), ('hearing_notice', '听证通知书'), ('penalty_decision', '行政处罚决定书'), ('penalty_advice', '行政处罚信用修复告知书'), ('no_penalty', '不予行政处罚决定书'), ('case_withdrawn', '撤销立案决定书'), ('case_transfer', '案件移送书'), ('demand', '履行催告书'), ('court_application', '强制执行申请书'), ('person_notice', '行政处罚事先告知书（责任人员）'), ('person_decision', '行政处罚决定书（责任人员）'), ('listing_notice', '列入社会保险领域严重失信人名单告知书'), ('listing_decision', '列入社会保险领域严重失信人名单决定书'), ('removal', '移出社会保险领域严重失信人名单决定书'), ('repair_advice', '信用修复告知书'), ('repair_decision', '信用修复决定书'), ('objection_answer', '异议处理答复书')], max_length=20, verbose_name='文种'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='hearing_recorded_on',
            field=models.DateField(null=True, verbose_name='听证笔录入卷'),
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('area', models.CharField(db_index=True, max_length=15)),
                ('number', models.CharField(max_length=60, verbose_name='处罚决定文号')),
                ('authority', models.CharField(max_length=100, verbose_name='处罚机关')),
                ('decided_on', models.DateField(verbose_name='处罚日期')),
                ('name', models.CharField(max_length=200, verbose_name='当事人')),
                ('credit_code', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('head', models.CharField(blank=True, max_length=60, verbose_name='经营者')),
                ('facts', models.CharField(max_length=500, verbose_name='主要违法事实')),
                ('basis', models.CharField(max_length=1000, verbose_name='处罚依据')),
                ('content', models.CharField(max_length=500, verbose_name='处罚内容')),
                ('published_at', models.DateTimeField(verbose_name='公示')),
                ('ends_on', models.DateField(verbose_name='公示至')),
                ('repair_from', models.DateField(null=True, verbose_name='最早修复日期')),
                ('fallen_at', models.DateTimeField(null=True)),
                ('fallen_why', models.CharField(blank=True, max_length=300)),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回')),
                ('withdrawn_why', models.CharField(blank=True, max_length=300, verbose_name='撤回理由')),
                ('repaired_at', models.DateTimeField(null=True, verbose_name='信用修复')),
                ('repaired_why', models.CharField(blank=True, max_length=300, verbose_name='修复依据')),
                ('feed', models.PositiveIntegerField(db_index=True)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='workflows.inspection')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
                ('repaired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='grid.subject')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
            ],
            options={
                'verbose_name': '处罚公示',
                'constraints': [
                    models.UniqueConstraint(fields=('inspection',), condition=Q(withdrawn_at=None), name='disclosure_one_standing'),
                    models.CheckConstraint(condition=~Q(number='') & ~Q(name='') & ~Q(facts='') & ~Q(basis='') & ~Q(content=''), name='disclosure_whole'),
                    models.CheckConstraint(condition=Q(ends_on__gt=F('decided_on')), name='disclosure_ends_after'),
                    models.CheckConstraint(
                        condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why='')
                        | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why='')),
                        name='disclosure_withdrawn_with_reason',
                    ),
                    models.CheckConstraint(
                        condition=Q(repaired_at__isnull=True, repaired_by__isnull=True, repaired_why='')
                        | (
                            Q(repaired_at__isnull=False, repaired_by__isnull=False, repair_from__isnull=False)
                            & ~Q(repaired_why='')
                        ),
                        name='disclosure_repaired_with_reason',
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name='HearingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='听证日期')),
                ('place', models.CharField(max_length=100, verbose_name='听证地点')),
                ('recorder', models.CharField(max_length=60, verbose_name='记录人')),
                ('is_signed', models.BooleanField(default=True, verbose_name='当事人已签名')),
                ('refused_why', models.CharField(blank=True, max_length=200, verbose_name='未签名的原因')),
                ('recorded_at', models.DateTimeField()),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hearing_records', to='workflows.inspection')),
            ],
            options={
                'verbose_name': '听证笔录',
                'ordering': ['on', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=~Q(place='') & ~Q(recorder=''), name='hearing_record_says_where_and_who'),
                    models.CheckConstraint(condition=Q(is_signed=True) | ~Q(refused_why=''), name='hearing_record_signed_or_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HearingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=200)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='workflows.hearingrecord')),
            ],
            options={
                'verbose_name': '听证笔录附件',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('record', 'sha256'), name='hearing_file_once')],
            },
        ),
        migrations.CreateModel(
            name='LookFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=200)),
                ('look', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='workflows.look')),
            ],
            options={
                'verbose_name': '复查附件',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('look', 'sha256'), name='look_file_once')],
            },
        ),
        migrations.CreateModel(
            name='ProofFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=200)),
                ('proof', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='workflows.proof')),
            ],
            options={
                'verbose_name': '列入依据文书附件',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('proof', 'sha256'), name='proof_file_once')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
