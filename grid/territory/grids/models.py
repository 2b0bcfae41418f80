"""Tables of areas that were handed in: read once, shown line by line, then taken or dropped by a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Person


class AreaFile(models.Model):
    """What is about to become areas. Its lines are read when it comes and kept, so that what was shown is what is
    taken; `outcome` says of each line what became of it, once it was taken."""

    class What(models.TextChoices):
        GRIDS = "grids", _("网格")
        DIVISIONS = "divisions", _("行政区划")

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        TAKEN = "taken", _("已采用")
        DROPPED = "dropped", _("已放弃")

    what = models.CharField(_("内容"), max_length=10, choices=What.choices)
    area = models.CharField(_("范围"), max_length=15, db_index=True)
    name = models.CharField(_("文件"), max_length=100)
    sha256 = models.CharField(max_length=64)
    lines = models.JSONField(default=list)
    outcome = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("提交时间"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("区划文件")

    def __str__(self) -> str:
        return self.name
