"""The coverage account: in which state each subject was, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject


class CoverState(models.TextChoices):
    NOT_SENT = "not_sent", _("未派")
    TO_CHECK = "to_check", _("待查")
    TO_REVIEW = "to_review", _("已走访,待复核")
    COMPLIANT = "compliant", _("已查合规")
    FOUND = "found", _("已发现")
    REFUSED = "refused", _("拒访")
    CLOSED = "closed", _("歇业")
    NOT_FOUND = "not_found", _("查无")
    MOVED = "moved", _("迁出")
    NOT_A_SUBJECT = "not_a_subject", _("不属对象")
    RECTIFIED = "rectified", _("已整改")


class Span(models.Model):
    """A subject was in `state` in `area` during [since, until). Its spans follow each other without a gap."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="spans")
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=16, choices=CoverState.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "since"], name="span_area_since")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="span_one_current", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="span_period"
            ),
        ]
