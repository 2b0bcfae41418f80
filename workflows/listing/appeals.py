"""What the subject may set against an entry: objection, review and suit, repair of its credit. Tables only."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.doors.models import CheckTask
from workflows.cases.models import Case
from workflows.listing.models import Listing
from workflows.notices.models import Notice


class Verdict(models.TextChoices):
    REJECTED = "rejected", _("不予采纳")
    CORRECTED = "corrected", _("更正信息")
    REVOKED = "revoked", _("撤销列入")


class Objection(models.Model):
    """An objection to a public entry: verified and answered in a set time (国办发〔2020〕49号)."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="objections")
    text = models.TextField(_("异议内容"))
    filed_on = models.DateField(_("提出"))
    filed_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    verdict = models.CharField(_("处理结果"), max_length=10, choices=Verdict.choices, blank=True)
    checked = models.CharField(_("核查情况"), max_length=500, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="objection")

    class Meta:
        verbose_name = _("异议")
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], name="objection_one_open", condition=Q(answered_at=None)
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | (Q(answered_by__isnull=False) & ~Q(verdict="") & ~Q(answer="")),
                name="objection_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("filed_by")),
                name="objection_answered_by_another",
            ),
        ]


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
        """Those by which the execution of a penalty, or of a listing, is stayed now."""
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


class Repair(models.Model):
    """信用修复 of one entry: applied, checked on the spot, decided by another person."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="repairs")
    evidence = models.TextField(_("改正和履行义务的证明"))
    commitment = models.TextField(_("信用承诺"))
    applied_on = models.DateField(_("申请"))
    taken_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    task = models.OneToOneField(CheckTask, models.PROTECT, null=True, related_name="repair")
    granted = models.BooleanField(_("准予修复"), null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="repair")

    class Meta:
        verbose_name = _("信用修复")
        constraints = [
            models.UniqueConstraint(fields=["listing"], name="repair_one_open", condition=Q(decided_at=None)),
            models.CheckConstraint(
                condition=~Q(evidence="") & ~Q(commitment=""), name="repair_with_proof_and_promise"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | (Q(granted__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="repair_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted=False) | Q(task__isnull=False),
                name="repair_granted_after_inspection",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("taken_by")),
                name="repair_decided_by_another",
            ),
        ]
