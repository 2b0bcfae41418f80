"""What a named person decided where two visits say different things of one door.

Facts themselves are not kept: what holds is reckoned from the visits, which never change, and from these
decisions, so it cannot fall behind them (see rules.py).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from tasks.doors.models import CheckTask
from tasks.visits.models import Visit


class Decision(models.Model):
    """Of one field at one door: which visit is to be believed, among those that were there when it was decided."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="decisions")
    task = models.ForeignKey(CheckTask, models.PROTECT, null=True, related_name="decisions")
    area = models.CharField(max_length=15)
    field = models.CharField(_("项目"), max_length=60)
    chosen = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    # Numbers of the visits it was decided between; one that comes later is not bound by it.
    over = models.JSONField(_("所及走访"))
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("核定时间"))
    why = models.CharField(_("理由"), max_length=300)

    class Meta:
        verbose_name = _("核定")
        indexes = [models.Index(fields=["subject", "id"], name="decision_subject")]
