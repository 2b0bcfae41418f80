"""A round of canvassing: what it covers, how far its approval and its dispatch have come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    PLANNED = "planned", _("已制定")
    STREET_APPROVAL = "street_approval", _("待街道审批")
    DISTRICT_APPROVAL = "district_approval", _("待区级审批")
    CITY_APPROVAL = "city_approval", _("待市级审批")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已批准")
    DISPATCHING = "dispatching", _("派发中")
    WORKED = "worked", _("摸排中")
    CLOSED = "closed", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤回")


class Round(models.Model):
    code = models.CharField(_("轮次号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    area = models.CharField(_("范围"), max_length=15, db_index=True)
    rules = models.JSONField(_("线索规则"), default=list, help_text=_("为空表示范围内全部对象"))
    # What else a subject must be (tasks/rounds/choosing/rules.py: Criteria), nothing for all in business.
    criteria = models.JSONField(_("走访对象"), null=True)
    # Whether who is placed in the area while it runs gets a door as well; not said is no. A column with a value of its
    # own would have SQLite build the table anew, under the gates of other tables that read it.
    joins = models.BooleanField(_("后来归格的自动加入"), null=True)
    due_on = models.DateField(_("截止"))
    per_worker = models.PositiveIntegerField(_("每人上限"), default=200)
    state = models.CharField(_("状态"), max_length=20, choices=RoundState.choices, default=RoundState.PLANNED)
    returned_why = models.CharField(_("退回理由"), max_length=300, blank=True)
    planned_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    path = models.JSONField(_("审批路径"), default=list, help_text=_("尚需审批的环节，依次"))
    dispatch_total = models.PositiveIntegerField(default=0)
    dispatch_done = models.PositiveIntegerField(default=0)
    # Raised by each run of the dispatch job that takes the round over. A run that finds a higher number has
    # been replaced and writes nothing more.
    dispatch_run = models.PositiveIntegerField(default=0)
    left_over = models.JSONField(_("未能派发"), default=list, help_text=_("[{reason, count, examples}]"))
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("摸排轮次")

    def __str__(self) -> str:
        return self.title
