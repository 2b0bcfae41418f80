"""Work on many things that somebody ordered at the desk and a background job does."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Operation(models.Model):
    """`kind` is one of `kinds.KINDS`, `asked` what it needs to know. A job may run again: `cursor` is where it is.
    `total` is 0 until it has been counted; of `done` things `changed` are no longer as they were."""

    kind = models.CharField(max_length=20)
    area = models.CharField(max_length=15)
    title = models.CharField(_("办理事项"), max_length=100)
    asked = models.JSONField(default=dict)
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("交办时间"))
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(_("办完时间"), null=True)
    result = models.CharField(_("结果"), max_length=300, blank=True)
    trouble = models.CharField(_("未完成的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("后台办理")
        constraints = [
            # Ordered twice it is still one: the second joins the first.
            models.UniqueConstraint(
                fields=["kind", "area"], condition=Q(ended_at__isnull=True), name="operation_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.ended_at is None
