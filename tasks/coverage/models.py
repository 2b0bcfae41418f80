"""The coverage account: in which state each subject was, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from tasks.coverage.states import CoverState


class Span(models.Model):
    """A subject was in `state` in `area` during [since, until). Its spans follow each other without a gap."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="spans")
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=16, choices=CoverState.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        # Covers the whole account: a city is counted from this index alone, without touching the rows.
        indexes = [models.Index(fields=["area", "state", "since", "until"], name="span_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="span_one_current", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="span_period"
            ),
        ]
