import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("grid", "0015_heads"), ("workflows", "0013_made_public")]

    operations = [
        migrations.AddField(
            "certificate", "body",
            models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="发证机关"),
        ),
        migrations.AddField(
            "certificate", "ended_why",
            models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="终止理由"),
        ),
        migrations.CreateModel(
            "Contractor",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="施工总承包单位")),
                ("code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                ("permit", models.CharField(blank=True, max_length=60, verbose_name="施工许可证号")),
                ("source", models.CharField(max_length=300, verbose_name="查明的依据")),
                ("entered_at", models.DateTimeField()),
                ("case", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="contractor", to="workflows.case",
                )),
                ("entered_by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
                )),
            ],
            {
                "verbose_name": "施工总承包单位",
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(name="") & ~Q(source=""), name="contractor_named_on_a_source"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "LawAnswer",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.PositiveSmallIntegerField(db_index=True, verbose_name="问题")),
                ("text", models.CharField(max_length=1000, verbose_name="答复")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("valid_from", models.DateField(verbose_name="自何日起")),
                ("certificate", models.CharField(max_length=40, verbose_name="法律职业资格证号")),
                ("answered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("answered_by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
                )),
                ("confirmed_by", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to=settings.AUTH_USER_MODEL,
                )),
                ("versions", models.ManyToManyField(related_name="answers", to="grid.provision")),
            ],
            {
                "verbose_name": "法制答复",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                        | (
                            Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                            & ~Q(confirmed_by=F("answered_by"))
                        ),
                        name="law_answer_confirmed_by_another",
                    ),
                    models.CheckConstraint(condition=~Q(text="") & ~Q(basis=""), name="law_answer_says_why"),
                ],
            },
        ),
    ]  # fmt: skip
