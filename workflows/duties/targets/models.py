"""Targets of a year: planned by the city, split by each level below, changed only by a new version (五(一), 五(二)1)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Goal(models.Model):
    """What may be planned, with the definition by which it is counted. Dated: a definition never changes under a plan."""

    code = models.CharField(max_length=20)
    title = models.CharField(_("指标"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10)
    definition = models.CharField(_("口径"), max_length=400)
    basis = models.CharField(_("依据"), max_length=300)
    # The name of the count in queries/measuring.py, and of what shares are proposed by.
    formula = models.CharField(max_length=20)
    weighed_by = models.CharField(max_length=20)
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("计划指标")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="goal_once")]

    def __str__(self) -> str:
        return self.title


class PlanState(models.TextChoices):
    DRAFT = "draft", _("草案")
    CHECKED = "checked", _("已核对，待下达")
    ISSUED = "issued", _("已下达")
    REPLACED = "replaced", _("已由新版替代")
    WITHDRAWN = "withdrawn", _("已撤回")


DRAFTS = (PlanState.DRAFT, PlanState.CHECKED)


class Plan(models.Model):
    """One version of the targets an area splits among the areas below it.

    A district's plan hangs on the version of the city's that handed its whole down (`above`).
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    area = models.CharField(max_length=15)
    version = models.PositiveSmallIntegerField(_("版次"))
    above = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    state = models.CharField(_("状态"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    reason = models.CharField(_("调整理由"), max_length=300, blank=True)
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("编制"))
    issued_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("下达"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("目标计划")
        constraints = [
            models.UniqueConstraint(fields=["year", "area", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["year", "area"], name="plan_one_issued", condition=Q(state="issued")
            ),
            models.UniqueConstraint(
                fields=["year", "area"], name="plan_one_draft", condition=Q(state__in=DRAFTS)
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="plan_changed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "replaced")) | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="plan_issued_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} {self.area} v{self.version}"


class Target(models.Model):
    """How much of one goal falls to one area: the plan's own area is the whole, the areas below it are parts."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="targets")
    area = models.CharField(max_length=15)
    amount = models.PositiveIntegerField(_("目标"))
    # On the whole only: why the parts do not add up to it.
    gap_why = models.CharField(_("差额理由"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "goal", "area"], name="target_once")]
