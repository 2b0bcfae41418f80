"""The yearly assessment: a scheme with dated indicators, results that open to their members, and its way to the end."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SchemeState(models.TextChoices):
    OPEN = "open", _("试算中")
    SHOWN = "shown", _("已公示，听取各区意见")
    PROPOSED = "proposed", _("已提请封定")
    FROZEN = "frozen", _("已封定")


class Scheme(models.Model):
    """One year. Its numbers are computed up to `cutoff`, shown to the districts until `due_on`, and closed by two
    people; whoever closed a year before there were stages (no cutoff) did so alone."""

    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=80)
    basis = models.CharField(max_length=300)
    reviewed = models.BooleanField(default=False)
    state = models.CharField(_("状态"), max_length=10, choices=SchemeState.choices, default=SchemeState.OPEN)
    computed_at = models.DateTimeField(null=True)
    cutoff = models.DateField(_("截至"), null=True)
    law = models.JSONField(_("所用法规参数"), default=dict)
    # How often it was shown: a preview taken back is shown again.
    showing = models.PositiveSmallIntegerField(_("公示次数"), default=0)
    shown_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("意见截止"), null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cutoff__isnull=True)
                | Q(frozen_at__isnull=True, frozen_by__isnull=True) & ~Q(state="frozen")
                | Q(
                    state="frozen", frozen_at__isnull=False, frozen_by__isnull=False, proposed_by__isnull=False,
                    shown_at__isnull=False,
                ) & ~Q(frozen_by=F("proposed_by")),
                name="scheme_frozen_by_two",
            ),
        ]  # fmt: skip

    @property
    def has_members(self) -> bool:
        """Whether the members behind its numbers were stored: not of a year closed before they were."""
        return self.cutoff is not None


class Indicator(models.Model):
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="indicators")
    formula = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("指标"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, default="")
    weight = models.DecimalField(_("权重"), max_digits=5, decimal_places=2)
    target = models.DecimalField(_("目标"), max_digits=5, decimal_places=4)
    explanation = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "formula"], name="indicator_once")]


class Result(models.Model):
    """One indicator of one district: numerator over denominator, the score they make, and who they are made of.

    `sorts`: sort of subjects → [reached, due, how many]. `hash` is that of the lines of its MemberList. `evidence` is
    all that was kept before there were such lists: fingerprints, which prove nothing but that something changed.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="results")
    area = models.CharField(max_length=15)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    score = models.DecimalField(
        _("得分"), max_digits=6, decimal_places=2, null=True, help_text=_("空：不适用")
    )
    evidence = models.JSONField(default=dict)
    sorts = models.JSONField(default=dict)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "area"], name="result_once")]


class MemberList(models.Model):
    """The members behind one result, packed (rules/packing.py). Apart from it, so that a ranking reads none of them."""

    result = models.OneToOneField(Result, models.CASCADE, primary_key=True, related_name="members")
    packed = models.BinaryField()
    count = models.PositiveIntegerField()


class Stand(models.TextChoices):
    WAITING = "waiting", _("待回应")
    AGREED = "agreed", _("无异议")
    OBJECTED = "objected", _("有异议，待答复")
    UPHELD = "upheld", _("异议成立，重新计算")
    REJECTED = "rejected", _("异议不成立")


class Response(models.Model):
    """What one district says of its numbers in one showing, and what the city answered."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="responses")
    showing = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=10, choices=Stand.choices, default=Stand.WAITING)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, verbose_name=_("所指指标"), related_name="+"
    )
    reason = models.CharField(_("异议理由"), max_length=1000, blank=True)
    given_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "showing", "area"], name="response_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("objected", "upheld", "rejected")) | ~Q(reason=""),
                name="objection_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("upheld", "rejected"))
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
                name="objection_answered_by_somebody",
            ),
        ]
