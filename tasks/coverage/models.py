"""The coverage account: in which state each subject was, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject, SubjectKind
from tasks.coverage.states import CoverState


class Span(models.Model):
    """A subject of `kind` was in `state` in `area` during [since, until). Its spans follow each other without a gap.

    With its area, its kind and whether it had ended, this is what the system knows of a subject on a day gone by.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="spans")
    area = models.CharField(max_length=15)
    kind = models.CharField(_("类型"), max_length=24, choices=SubjectKind.choices)
    state = models.CharField(_("状态"), max_length=16, choices=CoverState.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        # Each covers the whole account: a city is counted from one index alone, without touching the rows.
        indexes = [
            models.Index(fields=["area", "kind", "state", "since", "until"], name="span_account"),
            models.Index(
                fields=["area", "kind", "state", "until"], name="span_today", condition=Q(until=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="span_one_current", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="span_period"
            ),
        ]
