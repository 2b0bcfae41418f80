"""What one act of placing placed, so that it can be read again, and undone as one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from grid.territory.models import Person


class Way(models.TextChoices):
    ONE = "one", _("逐户归格")
    GROUP = "group", _("成组归格")
    TICKED = "ticked", _("勾选归格")
    TABLE = "table", _("按表格归格")
    PROPOSED = "proposed", _("确认建议")


class LineState(models.TextChoices):
    WAITING = "waiting", _("等待办理")
    PLACED = "placed", _("已归格")
    PASSED = "passed", _("未归格")
    RESTORED = "restored", _("已撤销")
    KEPT = "kept", _("未撤销")


class PlacingBatch(models.Model):
    """`area` is the narrowest in which everything lies that it placed, before and after. `taught` are the aliases it
    taught, with what they meant before; `report` the lines of a table that were not followed:
    {"number", "name", "code", "why"}."""

    way = models.CharField(_("方式"), max_length=10, choices=Way.choices)
    what = models.CharField(_("内容"), max_length=120)
    area = models.CharField(max_length=15)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("办理时间"))
    taught = models.JSONField(default=list)
    report = models.JSONField(default=list)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField(_("撤销理由"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("归格批次")
        indexes = [models.Index(fields=["area", "-id"], name="placing_area_newest")]

    def __str__(self) -> str:
        return self.what


class PlacingLine(models.Model):
    """One subject of a batch: where it was, where it went, and what became of that."""

    batch = models.ForeignKey(PlacingBatch, models.PROTECT, related_name="lines")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    before = models.CharField(max_length=15)
    before_why = models.CharField(max_length=200)
    after = models.CharField(max_length=15)
    state = models.CharField(_("结果"), max_length=10, choices=LineState.choices, default=LineState.PLACED)
    why = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "state"], name="placingline_state")]
        constraints = [models.UniqueConstraint(fields=["batch", "subject"], name="placingline_once")]
