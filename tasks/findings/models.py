"""What a visit amounts to, confirmed or returned by a second pair of eyes."""

from copy import copy

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from tasks.findings.rules import without_measures
from tasks.visits.models import Visit


class FindingState(models.TextChoices):
    OPEN = "open", _("待复核")
    CONFIRMED = "confirmed", _("已确认")
    RETURNED = "returned", _("已退回")
    REJECTED = "rejected", _("不成立")
    # Another visit to the same door speaks instead: a later one of the same person, or the other side of a clash.
    REPLACED = "replaced", _("由其他走访替代")
    # Somebody else said otherwise of the same door; a named person decides field by field.
    CLASHING = "clashing", _("两人所报不一，待核定")


class Finding(models.Model):
    """The measures (五抓) a visit's facts call for. One per visit; an empty list of measures means in order."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="finding")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="findings")
    area = models.CharField(max_length=15)
    measures = models.JSONField(_("措施"), help_text=_("[{measure, clause, why}]"))
    # Where several people's visits make up the facts: {outcome, answers, sources: {field: visit code}}.
    merged = models.JSONField(_("合并后的事实"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    remark = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("发现")
        indexes = [models.Index(fields=["area", "state"], name="finding_area_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("recorded_by")),
                name="finding_four_eyes",
            ),
        ]

    @property
    def seen(self) -> Visit:
        """The visit with the facts that hold at its door: its own, unless others were there as well.

        For reading only. Expects `visit` at hand.
        """
        if self.merged is None:
            return self.visit
        seen = copy(self.visit)
        seen.outcome, seen.answers = self.merged["outcome"], self.merged["answers"]
        return seen

    @property
    def without_measures(self) -> str:
        """In words, for a finding without measures. Expects `visit` at hand."""
        seen = self.seen
        return without_measures(seen.outcome, seen.get_outcome_display())
