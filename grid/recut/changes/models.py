"""Changes of streets, communities and grids: drafted, rehearsed, decided, and carried out on their day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.recut.changes import rules
from grid.territory.models import Person


class ChangeKind(models.TextChoices):
    RENAME = rules.RENAME, _("更名")
    MERGE = rules.MERGE, _("并入另一区划")
    FOUND = rules.FOUND, _("新设区划")
    TRANSFER = rules.TRANSFER, _("划入")
    CLOSE = rules.CLOSE, _("撤销")


class ChangeState(models.TextChoices):
    DRAFT = "draft", _("待决定")
    DECIDED = "decided", _("已决定，待生效")
    DONE = "done", _("已生效")
    WITHDRAWN = "withdrawn", _("已撤回")
    FAILED = "failed", _("未能生效")


class AreaChange(models.Model):
    """`asked` is what is to become of which areas; `rehearsal` what a run of it touched, taken back again, and `mark`
    its fingerprint: what was shown is what is decided. `result` is what the change itself touched."""

    kind = models.CharField(_("类型"), max_length=10, choices=ChangeKind.choices)
    area = models.CharField(_("范围"), max_length=15, db_index=True)
    title = models.CharField(_("调整"), max_length=120)
    asked = models.JSONField()
    document = models.CharField(_("批准文号"), max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=200)
    on = models.DateField(_("生效日"))
    state = models.CharField(_("状态"), max_length=10, choices=ChangeState.choices, default=ChangeState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("拟定"))
    rehearsal = models.JSONField(null=True)
    mark = models.CharField(max_length=64, blank=True)
    rehearsed_at = models.DateTimeField(_("试算"), null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定"), null=True)
    result = models.JSONField(null=True)
    ended_at = models.DateTimeField(_("办结"), null=True)
    trouble = models.CharField(_("未能生效的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("区划调整")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | (~Q(mark="") & Q(decided_by__isnull=False)),
                name="area_change_rehearsed_and_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False, ended_at__isnull=False),
                name="area_change_done_with_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title
