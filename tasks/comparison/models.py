"""Registers against each other: every run, and the leads it explained."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.registers.models import Delivery, Row
from grid.subjects.models import Subject


class Origin(models.TextChoices):
    ORDERED = "ordered", _("人工发起")
    DELIVERY = "delivery", _("名册送达后")
    UNDONE = "undone", _("名册撤回后")
    NIGHT = "night", _("每夜")


class Comparison(models.Model):
    """One run. `delivery` is what it followed: then only the subjects that the delivery changed were looked at.

    Counts grow batch by batch: `done_to` is the last subject settled, so that a run cut off goes on behind it and
    counts nothing twice. `by_rule`: rule → {"found", "kept", "healed", "dropped"}.
    """

    origin = models.CharField(_("缘由"), max_length=8, choices=Origin.choices, default=Origin.ORDERED)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="comparisons")
    area = models.CharField(_("范围"), max_length=15)
    as_of = models.DateField(_("数据日期"))
    run_at = models.DateTimeField()
    run_by = models.ForeignKey("grid.Person", models.PROTECT, null=True)
    compared = models.PositiveIntegerField(_("比对户数"), default=0)
    found = models.PositiveIntegerField(_("新线索"), default=0)
    kept = models.PositiveIntegerField(_("仍存在"), default=0)
    healed = models.PositiveIntegerField(_("已消除"), default=0)
    dropped = models.PositiveIntegerField(_("已排除"), default=0)
    by_rule = models.JSONField(default=dict)
    done_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # However many clocks and workers there are.
            models.UniqueConstraint(
                fields=["area", "as_of"], name="comparison_once_a_night", condition=Q(origin="night")
            ),
            models.UniqueConstraint(
                fields=["delivery", "origin"],
                name="comparison_once_a_delivery",
                condition=Q(delivery__isnull=False),
            ),
        ]


class LeadState(models.TextChoices):
    OPEN = "open", _("待核查")
    TASKED = "tasked", _("已派发")
    CONFIRMED = "confirmed", _("查实")
    DISMISSED = "dismissed", _("排除")
    HEALED = "healed", _("已消除")


LIVE = (LeadState.OPEN, LeadState.TASKED, LeadState.CONFIRMED)
# Of those the ones a visit has not settled yet.
UNSETTLED = (LeadState.OPEN, LeadState.TASKED)


class Lead(models.Model):
    """A hint that a subject owes something, never proof. Shows the rows it came from and the clause.

    What somebody told at a door has neither run nor rows: its source is protected (监察条例 第九条), and nothing in the
    lead leads back to it.
    """

    comparison = models.ForeignKey(Comparison, models.PROTECT, null=True, related_name="leads")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="leads")
    area = models.CharField(max_length=15)
    rule = models.CharField(_("规则"), max_length=4)
    state = models.CharField(_("状态"), max_length=10, choices=LeadState.choices, default=LeadState.OPEN)
    why = models.CharField(_("说明"), max_length=300)
    clause = models.CharField(_("依据"), max_length=200)
    facts = models.JSONField(default=dict, help_text=_("比对时的数值与所用参数"))
    left = models.ForeignKey(Row, models.PROTECT, null=True, related_name="+")
    right = models.ForeignKey(Row, models.PROTECT, null=True, related_name="+")
    found_on = models.DateField()
    verified_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    closed_in = models.ForeignKey(Comparison, models.PROTECT, null=True, related_name="closed")

    class Meta:
        verbose_name = _("线索")
        indexes = [models.Index(fields=["area", "state"], name="lead_area_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "rule"],
                name="lead_one_live",
                condition=Q(state__in=["open", "tasked", "confirmed"]),
            ),
            models.CheckConstraint(
                condition=Q(rule="R15") | Q(comparison__isnull=False, left__isnull=False),
                name="lead_from_rows",
            ),
        ]
