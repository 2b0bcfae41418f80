"""What departments delivered: files, their rows with versions, and the lines that were refused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject


class Register(models.TextChoices):
    MARKET = "market", _("市场监管登记")
    SOCIAL = "social", _("社会保险参保")
    TAX = "tax", _("税务申报")


class DeliveryState(models.TextChoices):
    READING = "reading", _("导入中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未能读取")


class Delivery(models.Model):
    """One file of one register. The same bytes delivered again are recognised and change nothing.

    Data lines are taken in order and in batches: `lines` says how many are settled, so a read cut off by a
    crash goes on behind them. lines = accepted + refused; the unchanged are among the accepted.
    """

    register = models.CharField(_("名册"), max_length=8, choices=Register.choices)
    area = models.CharField(_("范围"), max_length=15)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("数据日期"))
    delivered_at = models.DateTimeField()
    delivered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.READING)
    lines = models.PositiveIntegerField(_("行数"), default=0)
    accepted = models.PositiveIntegerField(_("接收"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    refused = models.PositiveIntegerField(_("退回"), default=0)
    unplaced = models.PositiveIntegerField(_("待归格"), default=0)
    trouble = models.CharField(_("未能读取的原因"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("名册批次")
        constraints = [models.UniqueConstraint(fields=["register", "sha256"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.get_register_display()} {self.as_of} {self.file_name}"


class Row(models.Model):
    """One version of one register's line about one subject: the provenance of every fact.

    A changed line closes the current version (`until`) and opens the next; an unchanged one is left alone.
    """

    register = models.CharField(max_length=8, choices=Register.choices)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="rows")
    area = models.CharField(max_length=15)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("行号"))
    data = models.JSONField(_("字段"))
    hash = models.CharField(max_length=64)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)

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
    """A line that could not be taken, kept as it came, with the reason."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="refusals")
    line = models.PositiveIntegerField(_("行号"))
    code = models.CharField(_("原因代码"), max_length=40)
    reason = models.CharField(_("原因"), max_length=300)
    raw = models.TextField(_("原文"))

    class Meta:
        ordering = ["delivery", "line"]
        # A batch that is taken again after a crash reports its bad lines once.
        constraints = [models.UniqueConstraint(fields=["delivery", "line"], name="refused_line_once")]
