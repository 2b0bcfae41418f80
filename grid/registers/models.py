"""What departments delivered: files, their rows with versions, and the lines that were refused."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Subject


class Register(models.TextChoices):
    MARKET = "market", _("市场监管登记")
    SOCIAL = "social", _("社会保险参保")
    TAX = "tax", _("税务申报")


class Extent(models.TextChoices):
    """What a delivery says of those it does not name."""

    COMPLETE = "complete", _("完整名册（没有列入的，自数据日期起不在册）")
    PARTIAL = "partial", _("部分名册（只增加和变更）")


class DeliveryState(models.TextChoices):
    PREVIEW = "preview", _("待核对列")
    READING = "reading", _("导入中")
    READY = "ready", _("待采用")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未能读取")
    WAITING = "waiting", _("待第二人确认")
    DROPPED = "dropped", _("未予采用")
    UNDONE = "undone", _("已撤回")


class Delivery(models.Model):
    """One file of one register. The same bytes delivered again are recognised and change nothing.

    Data lines are taken in order and in batches: `lines` says how many are settled, so a read cut off by a
    crash goes on behind them. lines = accepted + refused; the unchanged are among the accepted.

    `foreseen` is what it would change, end and heal (grid/registers/actions/foreseeing.py), reckoned before its first line is
    taken. Above the brake nothing is taken until somebody else than who delivered it has decided; with `look_first`
    nothing is taken until somebody has looked. `remarks` name what was not among the lines (grid/registers/reading.py).

    `extent` is what the file means: complete for its area and day, or partial. `ended` counts rows that ended because
    a complete file no longer names them, `unread` its refused lines of which nobody can tell whom they are about.
    `keeps_former`: what it changed about subjects is kept beside it, so that it can be undone (actions/rolling_back.py).
    """

    register = models.CharField(_("名册"), max_length=8, choices=Register.choices)
    area = models.CharField(_("范围"), max_length=15)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("数据日期"))
    extent = models.CharField(_("交来的是"), max_length=8, choices=Extent.choices, default=Extent.PARTIAL)
    delivered_at = models.DateTimeField()
    delivered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.READING)
    lines = models.PositiveIntegerField(_("行数"), default=0)
    accepted = models.PositiveIntegerField(_("接收"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    refused = models.PositiveIntegerField(_("退回"), default=0)
    unplaced = models.PositiveIntegerField(_("待归格"), default=0)
    ended = models.PositiveIntegerField(_("不再在册"), default=0)
    unread = models.PositiveIntegerField(_("认不出是哪一户"), default=0)
    noted = models.PositiveIntegerField(_("有未读出的项"), default=0)
    doubted = models.PositiveIntegerField(_("有校验提示"), default=0)
    remarks = models.JSONField(default=list)
    trouble = models.CharField(_("未能读取的原因"), max_length=300, blank=True)
    look_first = models.BooleanField(default=False)
    foreseen = models.JSONField(null=True)
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("确认理由"), max_length=200, blank=True)
    keeps_former = models.BooleanField(default=False)
    undone_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(_("撤回理由"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("名册批次")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "sha256", "area", "as_of", "extent"],
                name="delivery_once",
                condition=~Q(state="undone"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(delivered_by__isnull=True)
                | ~Q(decided_by=models.F("delivered_by")),
                name="delivery_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()} {self.as_of} {self.file_name}"

    @property
    def is_complete(self) -> bool:
        return self.extent == Extent.COMPLETE

    @property
    def began_at(self) -> datetime:
        """From when on its lines may have been read by anybody."""
        return self.decided_at or self.delivered_at


class Rows(models.Manager["Row"]):
    """Facts of persons are not even loaded where nobody asks for them: not by comparing, not by lists."""

    def get_queryset(self) -> models.QuerySet["Row"]:
        return super().get_queryset().defer("personal")


class Row(models.Model):
    """One version of one register's line about one subject: the provenance of every fact.

    `data` holds what rules compare; facts of natural persons lie encrypted in `personal`, as JSON. A changed line closes
    the current version (`until`) and opens the next; an unchanged one is left alone, and `seen_in` is the last delivery
    that still had it. `ended_by` is the delivery that closed it: by another line, or, complete, by having none. A
    version that was taken back has an empty span: it was in force on no day.
    """

    register = models.CharField(max_length=8, choices=Register.choices)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="rows")
    area = models.CharField(max_length=15)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rows")
    sheet = models.CharField(_("工作表"), max_length=100, blank=True, default="")
    line = models.PositiveIntegerField(_("行号"))
    data = models.JSONField(_("字段"))
    personal = EncryptedTextField(null=True)
    hash = models.CharField(max_length=64)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)
    # Written for every unchanged line of every delivery, and never searched by: an index would cost and serve nobody.
    seen_in = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_by = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="ended_rows")

    objects = Rows()

    class Meta:
        indexes = [
            models.Index(fields=["register", "area"], name="row_register_area", condition=Q(until=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "subject"], name="row_one_current", condition=Q(until__isnull=True)
            ),
        ]


class RefusedLine(models.Model):
    """A line that could not be taken, with the reason. As it came it is kept encrypted; `shown` is what pages and
    exports have of it: the cells of known columns that are not about persons."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="refusals")
    sheet = models.CharField(_("工作表"), max_length=100, blank=True, default="")
    line = models.PositiveIntegerField(_("行号"))
    code = models.CharField(_("原因代码"), max_length=40)
    reason = models.CharField(_("原因"), max_length=300)
    raw = EncryptedTextField(_("原文"))
    shown = models.TextField(_("原文"), blank=True, default="")

    class Meta:
        ordering = ["delivery", "pk"]
        # A batch that is taken again after a crash reports its bad lines once.
        constraints = [
            models.UniqueConstraint(fields=["delivery", "sheet", "line"], name="refused_line_once")
        ]


class Former(models.Model):
    """What a delivery changed about a subject itself: field → [before, after], or that it added the subject."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="formers")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    is_new = models.BooleanField(default=False)
    fields = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "subject"], name="former_once")]


class AskedFor(models.Model):
    """A register that was late and was asked for: once for each day it was due."""

    register = models.CharField(_("名册"), max_length=8, choices=Register.choices)
    area = models.CharField(_("范围"), max_length=15)
    due_on = models.DateField(_("应于…前送达"))
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "area", "due_on"], name="asked_for_once")]


class Preview(models.Model):
    """The first lines of an uploaded file, looked at before anything of it is taken. `sample` (JSON, encrypted: the
    lines are as they came) is empty until the file was looked at, and again once somebody has said of each column what
    it is; `chosen` is what was said, and holds for the whole reading: header fingerprint → field → position."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="preview")
    sample = EncryptedTextField(blank=True, default="")
    chosen = models.JSONField(default=dict)


class ColumnMapping(models.Model):
    """What a sender's columns are, as somebody said once: the next file with this header is read so by itself.
    `sender`: the department in whose name it was delivered, else the person."""

    register = models.CharField(max_length=8, choices=Register.choices)
    sender = models.CharField(max_length=100)
    header = models.CharField(max_length=64)
    columns = models.JSONField()
    said_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "sender", "header"], name="column_mapping_once")
        ]
