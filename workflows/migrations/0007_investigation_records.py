# HAND-WRITTEN
"""Evidence of an inspection: records that stay as they are, and no penalty told or reviewed without them."""

import django.db.models.deletion
import grid.privacy
from django.db import migrations, models

from grid.ledger.triggers import guards
from workflows.announcements.triggers import listing_guards
from workflows.inspections.records.triggers import record_guards


def lift(apps, schema_editor):
    """SQLite rebuilds the table of services, which the gates of the list read."""
    guards.remove(schema_editor.connection, listing_guards(schema_editor.connection.vendor))


def put_back(apps, schema_editor):
    guards.install(
        schema_editor.connection, listing_guards(schema_editor.connection.vendor, with_proof=False)
    )


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    guards.install(
        schema_editor.connection, [*listing_guards(vendor, with_proof=False), *record_guards(vendor, with_hearing=False)]
    )


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    guards.remove(schema_editor.connection, [*listing_guards(vendor), *record_guards(vendor, with_hearing=False)])


class Migration(migrations.Migration):

    dependencies = [("workflows", "0006_the_year"), ("grid", "0014_operations")]

    operations = [
        migrations.RunPython(lift, put_back),
        migrations.AddField(
            model_name='inspection',
            name='evidenced_on',
            field=models.DateField(null=True, verbose_name='取得证据'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='reported_on',
            field=models.DateField(null=True, verbose_name='调查终结报告'),
        ),
        migrations.AddField(
            model_name='service',
            name='place',
            field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='送达地点'),
        ),
        migrations.AddField(
            model_name='service',
            name='server_1',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='送达人'),
        ),
        migrations.AddField(
            model_name='service',
            name='server_2',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='第二送达人'),
        ),
        migrations.CreateModel(
            name='InspectionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('scene', '现场检查笔录'), ('interview', '询问笔录'), ('obtained', '调取证据清单'), ('registered', '先行登记保存证据清单'), ('audiovisual', '视听资料'), ('electronic', '电子数据'), ('report', '案件调查终结报告')], max_length=12, verbose_name='种类')),
                ('on', models.DateField(verbose_name='日期')),
                ('place', models.CharField(max_length=120, verbose_name='地点')),
                ('text', models.TextField(verbose_name='内容')),
                ('said_by', grid.privacy.EncryptedTextField(blank=True, default='', verbose_name='被询问人')),
                ('certificate_1', models.CharField(max_length=40, verbose_name='执法证号')),
                ('certificate_2', models.CharField(max_length=40, verbose_name='执法证号')),
                ('cards_shown', models.BooleanField(default=False, verbose_name='已出示执法证件')),
                ('is_signed', models.BooleanField(default=True, verbose_name='当事人已签名')),
                ('refused_why', models.CharField(blank=True, max_length=200, verbose_name='未签名的原因')),
                ('recorded_at', models.DateTimeField()),
                ('seconded_at', models.DateTimeField(null=True, verbose_name='另一名执法人员签认')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='workflows.inspection')),
                ('officer_1', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
                ('officer_2', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.person')),
            ],
            options={
                'verbose_name': '调查取证记录',
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RecordFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=200)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='workflows.inspectionrecord')),
            ],
            options={
                'verbose_name': '调查取证附件',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='inspectionrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('officer_1', models.F('officer_2')), _negated=True), models.Q(('certificate_1', ''), _negated=True), models.Q(('certificate_2', ''), _negated=True), models.Q(('author', models.F('officer_1')), ('author', models.F('officer_2')), _connector='OR')), name='inspection_record_by_two_officers'),
        ),
        migrations.AddConstraint(
            model_name='inspectionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'report'), models.Q(('cards_shown', True), models.Q(('place', ''), _negated=True)), _connector='OR'), name='inspection_record_cards_shown'),
        ),
        migrations.AddConstraint(
            model_name='inspectionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('is_signed', True), models.Q(('refused_why', ''), _negated=True), _connector='OR'), name='inspection_record_signed_or_why'),
        ),
        migrations.AddConstraint(
            model_name='inspectionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='inspection_record_says_something'),
        ),
        migrations.AddConstraint(
            model_name='recordfile',
            constraint=models.UniqueConstraint(fields=('record', 'sha256'), name='inspection_record_file_once'),
        ),
        migrations.RunPython(install, remove),
    ]
