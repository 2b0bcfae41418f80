# HAND-WRITTEN
"""The coverage account by kind, and what is out of business apart.

What a subject was on a day gone by is read from its spans from here on. Of the days before, the registers' rows say
since when a unit was struck off and since when a sole trader has staff; what they do not say stays as it is today.
"""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

BATCH = 1_000
ENDED = "ended"
STAFF = ("employees", "heads", "insured", "pension", "injury")
CITY_DAY = timezone.timedelta(hours=8)


def fill(apps, schema_editor):
    spans, subjects = apps.get_model("tasks", "Span").objects, apps.get_model("grid", "Subject").objects
    rows = apps.get_model("grid", "Row").objects
    spans.update(kind=Subquery(subjects.filter(pk=OuterRef("subject")).values("kind")[:1]))
    for batch in _batches(subjects.exclude(standing="active")):
        told = _rows_of(rows.filter(register="market"), batch)
        for subject in batch:
            day = _ended_on(told.get(subject.pk, ())) or _today()
            _end(spans, subject, day)
    for batch in _batches(subjects.filter(kind="sole_trader_employing")):
        told = _rows_of(rows, batch)
        for subject in batch:
            if day := _staff_since(told.get(subject.pk, ())):
                _without_staff_before(spans, subject, day)


def _batches(found):
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _rows_of(rows, batch):
    found = {}
    chosen = rows.filter(subject__in=[subject.pk for subject in batch]).order_by("since", "pk")
    for subject, data, since in chosen.values_list("subject", "data", "since"):
        found.setdefault(subject, []).append((since, data))
    return found


def _today():
    return (timezone.now() + CITY_DAY).date()


def _is_over(data):
    said = data.get("standing", "")
    return "注销" in said.replace("未注销", "") or "吊销" in said or "撤销" in said


def _ended_on(told):
    """The first day of the unbroken run of lines that say so; None where the last one does not."""
    day = None
    for since, data in reversed(told):
        if not _is_over(data):
            break
        day = since
    return day


def _staff_since(told):
    """The first line with staff, where lines without any came before it."""
    has_staff = [any(data.get(name) for name in STAFF) for _since, data in told]
    if True not in has_staff or has_staff[0]:
        return None
    return told[has_staff.index(True)][0]


def _end(spans, subject, day):
    if subject.same_as_id:
        # Merged: the span that said so began on that day.
        spans.filter(subject=subject, state="not_a_subject", until=None).update(state=ENDED)
    _split(spans, subject, day)
    spans.filter(subject=subject, since__gte=day).update(state=ENDED)


def _without_staff_before(spans, subject, day):
    _split(spans, subject, day)
    spans.filter(subject=subject, since__lt=day).update(kind="sole_trader")


def _split(spans, subject, day):
    """Cuts the span in which `day` lies in two."""
    open_then = models.Q(until=None) | models.Q(until__gt=day)
    for span in spans.filter(open_then, subject=subject, since__lt=day):
        until, span.until = span.until, day
        span.save(update_fields=["until"])
        span.pk, span.since, span.until = None, day, until
        span.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("grid", "0008_complete_deliveries"), ("tasks", "0004_comparisons_by_cause")]

    operations = [
        migrations.RemoveIndex(model_name="span", name="span_account"),
        migrations.AddField(
            model_name="span",
            name="kind",
            field=models.CharField(
                choices=[
                    ("enterprise", "企业"),
                    ("sole_trader_employing", "有雇工个体工商户"),
                    ("sole_trader", "无雇工个体工商户"),
                    ("cooperative", "农民专业合作社"),
                    ("institution", "机关事业单位"),
                    ("social_organisation", "社会组织"),
                    ("construction_site", "工程建设项目"),
                    ("resident", "住户"),
                    ("flexible_worker", "灵活就业人员"),
                    ("hardship", "困难人员"),
                    ("announcement_point", "宣传点"),
                ],
                default="enterprise",
                max_length=24,
                verbose_name="类型",
            ),
            preserve_default=False,
        ),
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
                    ("ended", "不再检查"),
                ],
                max_length=16,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(fields=["area", "kind", "state", "since", "until"], name="span_account"),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=models.Q(("until", None)),
                fields=["area", "kind", "state", "until"],
                name="span_today",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
