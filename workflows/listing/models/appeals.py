"""What the subject may set against an entry: objection, repair of its credit. Tables only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.doors.models import CheckTask
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
