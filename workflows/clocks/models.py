"""Statutory and local terms that run: when they began, how long, on what basis, what became of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.rounds.models import Round
from workflows.cases.models import Case


class Unit(models.TextChoices):
    WORKDAYS = "wd", _("个工作日")
    DAYS = "d", _("日")
    MONTHS = "m", _("个月")


class Clock(models.Model):
    """Fires once: `fired_at` is set by a conditional update that only one process can win."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="clocks")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="clocks")
    kind = models.CharField(_("期限"), max_length=30)
    started_on = models.DateField(_("起算"))
    length = models.PositiveSmallIntegerField(_("长度"))
    unit = models.CharField(max_length=2, choices=Unit.choices)
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(default=False)
    provisional = models.BooleanField(_("节假日表未到，暂定"), default=False)
    due_on = models.DateField(_("届满"))
    fired_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="clock_due", condition=Q(fired_at=None, stopped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, round__isnull=True)
                | Q(case__isnull=True, round__isnull=False),
                name="clock_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], name="clock_one_running", condition=Q(fired_at=None, stopped_at=None)
            ),
        ]


class Pause(models.Model):
    """Days on which a clock stands still, by a rule that names its basis."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    basis = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="pause_period"
            ),
        ]
