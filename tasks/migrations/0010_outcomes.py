import django.db.models.deletion
import grid.privacy
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0015_heads"),
        ("tasks", "0009_chosen_and_joined"),
    ]

    operations = [
        migrations.AlterField(
            model_name="span",
            name="state",
            field=models.CharField(
                choices=[
                    ("not_sent", "未派"),
                    ("to_check", "待查"),
                    ("to_review", "待复核"),
                    ("compliant", "已查合规"),
                    ("found", "已发现"),
                    ("refused", "拒访"),
                    ("closed", "歇业"),
                    ("not_found", "查无"),
                    ("moved", "迁出"),
                    ("not_a_subject", "不属对象"),
                    ("rectified", "已整改"),
                    ("gone", "已注销（走访）"),
                    ("ended", "已注销（登记）"),
                ],
                max_length=16,
                verbose_name="状态",
            ),
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.CharField(max_length=15)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("again", "到期再访"),
                            ("merge", "合并建议"),
                            ("note", "告知市场监管"),
                            ("place", "按新地址归格"),
                        ],
                        max_length=8,
                        verbose_name="后续",
                    ),
                ),
                ("reason", models.CharField(max_length=60, verbose_name="走访结果")),
                ("given", grid.privacy.EncryptedTextField(blank=True, default="", verbose_name="走访所报")),
                ("due_on", models.DateField(null=True, verbose_name="日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待办"), ("done", "已办"), ("dropped", "不办")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.person",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.subject",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.subject"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follows", to="tasks.visit"
                    ),
                ),
            ],
            options={
                "verbose_name": "走访后续",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["area", "kind"], name="follow_left"
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["subject"], name="follow_subject"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "kind"), name="follow_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("ended_at__isnull", False), _connector="OR"),
                        name="follow_ended_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(models.Q(("why", ""), _negated=True), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_dropped_why",
                    ),
                ],
            },
        ),
    ]
