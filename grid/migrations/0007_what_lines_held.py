"""Refused lines are kept encrypted, rows may hold facts of persons, and hashes of rows tell nothing.

What lines held before stays: each raw line is encrypted as it is, with citizens' numbers masked in it and in its
reason; each row's hash is reckoned anew with our key, so that the next delivery finds its lines unchanged.
"""

import json
from hashlib import sha256

import django.db.models.deletion
import grid.privacy
from django.conf import settings
from django.db import migrations, models

from grid.discreet import without_numbers

PART = 2000
RAW = "grid_refusedline.raw"


def carry_over(apps, schema_editor):
    _change_lines(schema_editor, lambda raw: grid.privacy.encrypt(without_numbers(raw).encode(), RAW) if raw else raw)
    _change_hashes(apps, lambda told: grid.privacy.fingerprint(told, "register row"))


def carry_back(apps, schema_editor):
    _change_lines(schema_editor, lambda raw: grid.privacy.decrypt(raw, RAW).decode() if raw else raw)
    _change_hashes(apps, lambda told: sha256(told.encode()).hexdigest())


def _change_lines(schema_editor, change):
    """By statements of our own: the column reads as encrypted already, or not yet."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT id, raw, reason FROM grid_refusedline WHERE id > %s ORDER BY id LIMIT %s", [last, PART]
            )
            lines = cursor.fetchall()
            if not lines:
                return
            cursor.executemany(
                "UPDATE grid_refusedline SET raw = %s, reason = %s WHERE id = %s",
                [(change(raw), without_numbers(reason), pk) for pk, raw, reason in lines],
            )
            last = lines[-1][0]


def _change_hashes(apps, hashed):
    rows = apps.get_model("grid", "Row").objects
    last = 0
    while part := list(rows.filter(pk__gt=last).order_by("pk").only("data", "hash")[:PART]):
        for row in part:
            row.hash = hashed(json.dumps(row.data, ensure_ascii=False, sort_keys=True))
        rows.bulk_update(part, ["hash"], batch_size=500)
        last = part[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('grid', '0006_ledger_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(choices=[('market', '市场监管登记'), ('social', '社会保险参保'), ('tax', '税务申报')], max_length=8)),
                ('sender', models.CharField(max_length=100)),
                ('header', models.CharField(max_length=64)),
                ('columns', models.JSONField()),
                ('said_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sample', grid.privacy.EncryptedTextField(blank=True, default='')),
                ('chosen', models.JSONField(default=dict)),
            ],
        ),
        migrations.AlterModelOptions(
            name='refusedline',
            options={'ordering': ['delivery', 'pk']},
        ),
        migrations.RemoveConstraint(
            model_name='refusedline',
            name='refused_line_once',
        ),
        migrations.AddField(
            model_name='delivery',
            name='doubted',
            field=models.PositiveIntegerField(default=0, verbose_name='有校验提示'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='noted',
            field=models.PositiveIntegerField(default=0, verbose_name='有未读出的项'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='remarks',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='refusedline',
            name='sheet',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='工作表'),
        ),
        migrations.AddField(
            model_name='refusedline',
            name='shown',
            field=models.TextField(blank=True, default='', verbose_name='原文'),
        ),
        migrations.AddField(
            model_name='row',
            name='personal',
            field=grid.privacy.EncryptedTextField(null=True),
        ),
        migrations.AddField(
            model_name='row',
            name='sheet',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='工作表'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('preview', '待核对列'), ('reading', '导入中'), ('done', '已完成'), ('failed', '未能读取'), ('waiting', '待第二人确认'), ('dropped', '未予采用')], default='reading', max_length=8),
        ),
        migrations.AlterField(
            model_name='refusedline',
            name='raw',
            field=grid.privacy.EncryptedTextField(verbose_name='原文'),
        ),
        migrations.AddConstraint(
            model_name='refusedline',
            constraint=models.UniqueConstraint(fields=('delivery', 'sheet', 'line'), name='refused_line_once'),
        ),
        migrations.AddField(
            model_name='columnmapping',
            name='said_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='preview',
            name='delivery',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preview', to='grid.delivery'),
        ),
        migrations.AddConstraint(
            model_name='columnmapping',
            constraint=models.UniqueConstraint(fields=('register', 'sender', 'header'), name='column_mapping_once'),
        ),
        migrations.RunPython(carry_over, carry_back),
    ]
