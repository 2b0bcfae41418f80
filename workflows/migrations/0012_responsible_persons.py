# HAND-WRITTEN
"""Responsible persons with matters of their own, the lines a sum was reckoned by, and what of a paper is kept encrypted."""

import django.db.models.deletion
import django.db.models.functions.comparison
import grid.privacy
from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.persons.triggers import person_guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection, person_guards(schema_editor.connection.vendor))


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection, person_guards(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    # One running term of a kind in each matter becomes one of each person in it: what the code before writes, which
    # knows no persons, is bound as it was.
    unused_since = "0.1"
    obeyed_since = "0.1"

    dependencies = [
        ('tasks', '0007_leads_told'),
        ('workflows', '0011_the_order_by_its_name'),
        ('grid', '0015_heads'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paid_on', models.DateField(verbose_name='缴款日期')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='金额')),
                ('slip', models.CharField(max_length=60, verbose_name='票据号')),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ResponsiblePerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=15)),
                ('role', models.CharField(choices=[('supervisor', '直接负责的主管人员'), ('other', '其他直接责任人员')], max_length=12, verbose_name='责任身份')),
                ('name', grid.privacy.EncryptedTextField(verbose_name='姓名')),
                ('number', grid.privacy.EncryptedTextField(verbose_name='公民身份号码')),
                ('post', models.CharField(max_length=60, verbose_name='职务')),
                ('duty', models.CharField(max_length=500, verbose_name='职责和责任')),
                ('named_at', models.DateTimeField(verbose_name='认定')),
                ('tier', models.CharField(blank=True, max_length=40, verbose_name='裁量档次')),
                ('fine', models.DecimalField(decimal_places=2, max_digits=9, null=True, verbose_name='罚款')),
                ('noticed_on', models.DateField(null=True, verbose_name='告知送达')),
                ('noticed_fine', models.DecimalField(decimal_places=2, max_digits=9, null=True, verbose_name='告知的罚款')),
                ('statement', models.TextField(blank=True, verbose_name='陈述申辩')),
                ('statement_on', models.DateField(null=True)),
                ('statement_answer', models.TextField(blank=True, verbose_name='复核意见')),
                ('statement_closed_on', models.DateField(null=True, verbose_name='陈述申辩期满')),
                ('decided_on', models.DateField(null=True, verbose_name='决定日期')),
                ('served_on', models.DateField(null=True, verbose_name='决定送达')),
                ('due_on', models.DateField(null=True, verbose_name='缴纳期限')),
                ('paid', models.DecimalField(decimal_places=2, default=0, max_digits=9, verbose_name='已缴')),
                ('closed_on', models.DateField(null=True, verbose_name='办结')),
                ('closed_why', models.CharField(blank=True, max_length=300, verbose_name='办结理由')),
            ],
            options={
                'verbose_name': '责任人员',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='clock',
            name='clock_one_running',
        ),
        migrations.AddField(
            model_name='audit',
            name='roster',
            field=grid.privacy.EncryptedTextField(null=True, verbose_name='未参保职工名册'),
        ),
        migrations.AddField(
            model_name='clock',
            name='about',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='inspection',
            name='dues',
            field=models.JSONField(null=True, verbose_name='应缴费计算'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='roster',
            field=grid.privacy.EncryptedTextField(null=True, verbose_name='未参保职工名册'),
        ),
        migrations.AddField(
            model_name='notice',
            name='sealed',
            field=grid.privacy.EncryptedTextField(null=True),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('urging', '督促参保缴费告知书'), ('reminder', '参保缴费提醒书'), ('audit_notice', '社会保险稽核通知书'), ('audit_findings', '稽核情况告知书'), ('audit_opinion', '稽核意见书'), ('audit_clear', '稽核结果告知书'), ('penalty_proposal', '提请行政处罚建议书'), ('tax_transfer', '欠费移送函'), ('filing', '立案审批表'), ('order', '劳动保障监察限期改正指令书'), ('penalty_notice', '行政处罚事先告知书'), ('hearing_notice', '听证通知书'), ('penalty_decision', '行政处罚决定书'), ('no_penalty', '不予行政处罚决定书'), ('case_withdrawn', '撤销立案决定书'), ('case_transfer', '案件移送书'), ('demand', '履行催告书'), ('court_application', '强制执行申请书'), ('person_notice', '行政处罚事先告知书（责任人员）'), ('person_decision', '行政处罚决定书（责任人员）'), ('listing_notice', '列入社会保险领域严重失信人名单告知书'), ('listing_decision', '列入社会保险领域严重失信人名单决定书'), ('removal', '移出社会保险领域严重失信人名单决定书'), ('repair_advice', '信用修复告知书'), ('repair_decision', '信用修复决定书'), ('objection_answer', '异议处理答复书')], max_length=20, verbose_name='文种'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(models.F('case'), models.F('kind'), django.db.models.functions.comparison.Coalesce('about', 0), condition=models.Q(('fired_at', None), ('stopped_at', None)), name='clock_one_running'),
        ),
        migrations.AddField(
            model_name='personpayment',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='decision',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.notice'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='inspection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='workflows.inspection'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='named_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='notice',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.notice'),
        ),
        migrations.AddField(
            model_name='responsibleperson',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.inspectionrecord'),
        ),
        migrations.AddField(
            model_name='personpayment',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='workflows.responsibleperson'),
        ),
        migrations.AddConstraint(
            model_name='responsibleperson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('post', ''), _negated=True), models.Q(('duty', ''), _negated=True)), name='person_of_a_post_and_duty'),
        ),
        migrations.AddConstraint(
            model_name='responsibleperson',
            constraint=models.CheckConstraint(condition=models.Q(('noticed_on__isnull', True), models.Q(('notice__isnull', False), ('noticed_fine__isnull', False)), _connector='OR'), name='person_noticed_of_a_fine'),
        ),
        migrations.AddConstraint(
            model_name='responsibleperson',
            constraint=models.CheckConstraint(condition=models.Q(('decided_on__isnull', True), models.Q(('noticed_on__isnull', False), ('statement_closed_on__isnull', False), ('decided_by__isnull', False), ('decision__isnull', False), ('fine__lte', models.F('noticed_fine')), models.Q(('statement_on__isnull', True), models.Q(('statement_answer', ''), _negated=True), _connector='OR')), _connector='OR'), name='person_decided_after_being_heard'),
        ),
        migrations.AddConstraint(
            model_name='responsibleperson',
            constraint=models.CheckConstraint(condition=models.Q(('served_on__isnull', True), models.Q(('decided_on__isnull', False), ('due_on__isnull', False), ('served_on__gte', models.F('decided_on'))), _connector='OR'), name='person_served_after_the_decision'),
        ),
        migrations.AddConstraint(
            model_name='responsibleperson',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), models.Q(('closed_why', ''), _negated=True), _connector='OR'), name='person_closed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='personpayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='person_payment_is_money'),
        ),
        migrations.AddConstraint(
            model_name='personpayment',
            constraint=models.UniqueConstraint(fields=('person', 'slip'), name='person_payment_slip_once'),
        ),
        migrations.RunPython(install, remove),
    ]
