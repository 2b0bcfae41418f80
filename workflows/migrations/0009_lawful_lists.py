# HAND-WRITTEN
"""A look again after the penalty, the documents a ground stands on, and the gate that asks for them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.announcements import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    connection = schema_editor.connection
    triggers.remove(connection)
    guards.install(connection, triggers.listing_guards(connection.vendor, with_proof=False))


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0008_what_was_violated'),
        ('grid', '0014_operations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('urging', '督促参保缴费告知书'), ('reminder', '参保缴费提醒书'), ('audit_notice', '社会保险稽核通知书'), ('audit_findings', '稽核情况告知书'), ('audit_opinion', '稽核意见书'), ('audit_clear', '稽核结果告知书'), ('penalty_proposal', '提请行政处罚建议书'), ('tax_transfer', '欠费移送函'), ('filing', '立案审批表'), ('order', '责令改正指令书'), ('penalty_notice', '行政处罚事先告知书'), ('hearing_notice', '听证通知书'), ('penalty_decision', '行政处罚决定书'), ('no_penalty', '不予行政处罚决定书'), ('case_withdrawn', '撤销立案决定书'), ('case_transfer', '案件移送书'), ('demand', '履行催告书'), ('court_application', '强制执行申请书'), ('listing_notice', '列入社会保险领域严重失信人名单告知书'), ('listing_decision', '列入社会保险领域严重失信人名单决定书'), ('removal', '移出社会保险领域严重失信人名单决定书'), ('repair_advice', '信用修复告知书'), ('repair_decision', '信用修复决定书'), ('objection_answer', '异议处理答复书')], max_length=20, verbose_name='文种'),
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='复查日期')),
                ('place', models.CharField(max_length=100, verbose_name='复查地点')),
                ('certificate_1', models.CharField(max_length=40, verbose_name='执法证号')),
                ('certificate_2', models.CharField(max_length=40, verbose_name='执法证号')),
                ('seen', models.CharField(max_length=500, verbose_name='复查情况')),
                ('is_corrected', models.BooleanField(verbose_name='已经改正')),
                ('recorded_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='workflows.case')),
                ('officer_1', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer_2', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '复查记录',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('officer_1', models.F('officer_2')), _negated=True), models.Q(('certificate_1', ''), _negated=True), models.Q(('certificate_2', ''), _negated=True), models.Q(('certificate_1', models.F('certificate_2')), _negated=True)), name='look_by_two_officers'), models.CheckConstraint(condition=models.Q(models.Q(('place', ''), _negated=True), models.Q(('seen', ''), _negated=True)), name='look_says_what_and_where')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('penalty', '行政处罚决定书'), ('return', '责令退回决定书'), ('judgment', '生效裁判文书'), ('record', '当事人签名的笔录')], max_length=10, verbose_name='文书种类')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('issued_on', models.DateField(verbose_name='作出日期')),
                ('issuer', models.CharField(max_length=60, verbose_name='作出机关')),
                ('recorded_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='workflows.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '列入依据文书',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('issuer', ''), _negated=True), models.Q(('kind', 'record'), models.Q(('number', ''), _negated=True), _connector='OR')), name='proof_can_be_found')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
