"""Review and suit: what was filed, what it stays, how it ended."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflows.cases.models import Case


class RemedyKind(models.TextChoices):
    REVIEW = "review", _("行政复议")
    SUIT = "suit", _("行政诉讼")


class RemedyTarget(models.TextChoices):
    PENALTY = "penalty", _("行政处罚决定")
    LISTING = "listing", _("列入决定")


class RemedyOutcome(models.TextChoices):
    UPHELD = "upheld", _("维持或驳回")
    CHANGED = "changed", _("变更")
    QUASHED = "quashed", _("撤销或确认违法")
    WITHDRAWN = "withdrawn", _("撤回申请")


class Remedies(models.QuerySet["Remedy"]):
    def staying(self, target: str) -> "Remedies":
        """The remedies that stay the execution of a penalty, or of a listing, now."""
        return self.filter(target=target, stayed_on__isnull=False, decided_on=None)


class Remedy(models.Model):
    """行政复议 or 行政诉讼 against the penalty or the listing of a case; what it suspends is a rule (rules.py)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    target = models.CharField(_("对象"), max_length=10, choices=RemedyTarget.choices)
    kind = models.CharField(_("途径"), max_length=10, choices=RemedyKind.choices)
    body = models.CharField(_("受理机关"), max_length=100)
    filed_on = models.DateField(_("受理日期"))
    noted_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    stay_number = models.CharField(_("停止执行文书文号"), max_length=60, blank=True)
    stayed_on = models.DateField(_("停止执行"), null=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=RemedyOutcome.choices, blank=True)
    outcome_number = models.CharField(_("决定或判决文号"), max_length=60, blank=True)
    decided_on = models.DateField(_("作出日期"), null=True)
    # A judgment is entered once it binds (rules.binds): until then the remedy runs.
    effective_on = models.DateField(_("生效日期"), null=True)
    closed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")

    objects = Remedies.as_manager()

    class Meta:
        verbose_name = _("复议诉讼")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "target", "kind"], name="remedy_one_open", condition=Q(decided_on=None)
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | (Q(decided_on__gte=F("filed_on"), closed_by__isnull=False) & ~Q(outcome="")),
                name="remedy_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(stayed_on__isnull=True) | ~Q(stay_number=""), name="remedy_stay_has_number"
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True) | Q(effective_on__gte=F("decided_on")),
                name="remedy_binds_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | ~Q(kind=RemedyKind.SUIT)
                | Q(outcome=RemedyOutcome.WITHDRAWN)
                | Q(effective_on__isnull=False),
                name="remedy_judgment_binds",
            ),
        ]

    @property
    def ended_on(self) -> date | None:
        """The day from which what it held up goes on; None while it runs."""
        return self.effective_on or self.decided_on
