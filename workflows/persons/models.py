"""责任人员: whom the law fines beside the employer, each with a notice, a decision and terms of their own (社会保险法 84条)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField, masked
from workflows.inspections.models import Inspection, InspectionState
from workflows.inspections.records.models import InspectionRecord
from workflows.notices.models import Notice

UNPUNISHED = (InspectionState.WITHDRAWN, InspectionState.SPARED, InspectionState.TRANSFERRED)


class PersonRole(models.TextChoices):
    SUPERVISOR = "supervisor", _("直接负责的主管人员")
    OTHER = "other", _("其他直接责任人员")


def _staff(**options: Any) -> Any:
    return models.ForeignKey("grid.Person", models.PROTECT, related_name="+", **options)


class ResponsiblePerson(models.Model):
    """Somebody of the unit who answers for its violation, and the days of their own matter. Name and number stand only
    encrypted; triggers.py asks for the evidence."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="persons")
    area = models.CharField(max_length=15)
    role = models.CharField(_("责任身份"), max_length=12, choices=PersonRole.choices)
    name = EncryptedTextField(_("姓名"))
    number = EncryptedTextField(_("公民身份号码"))
    post = models.CharField(_("职务"), max_length=60)
    # The record that names what they were responsible for, and that in words.
    record = models.ForeignKey(InspectionRecord, models.PROTECT, related_name="+")
    duty = models.CharField(_("职责和责任"), max_length=500)
    named_by = _staff()
    named_at = models.DateTimeField(_("认定"))
    tier = models.CharField(_("裁量档次"), max_length=40, blank=True)
    fine = models.DecimalField(_("罚款"), max_digits=9, decimal_places=2, null=True)
    # The newest paper of each kind that was issued to them.
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")
    decision = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")
    noticed_on = models.DateField(_("告知送达"), null=True)
    noticed_fine = models.DecimalField(_("告知的罚款"), max_digits=9, decimal_places=2, null=True)
    statement = models.TextField(_("陈述申辩"), blank=True)
    statement_on = models.DateField(null=True)
    statement_answer = models.TextField(_("复核意见"), blank=True)
    statement_closed_on = models.DateField(_("陈述申辩期满"), null=True)
    decided_by = _staff(null=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    served_on = models.DateField(_("决定送达"), null=True)
    due_on = models.DateField(_("缴纳期限"), null=True)
    paid = models.DecimalField(_("已缴"), max_digits=9, decimal_places=2, default=0)
    closed_on = models.DateField(_("办结"), null=True)
    closed_why = models.CharField(_("办结理由"), max_length=300, blank=True)
    closed_by = _staff(null=True)

    class Meta:
        verbose_name = _("责任人员")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(post="") & ~Q(duty=""), name="person_of_a_post_and_duty"),
            models.CheckConstraint(
                condition=Q(noticed_on__isnull=True) | Q(noticed_fine__isnull=False, notice__isnull=False),
                name="person_noticed_of_a_fine",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | (
                    Q(noticed_on__isnull=False, statement_closed_on__isnull=False)
                    & Q(decided_by__isnull=False, decision__isnull=False, fine__lte=F("noticed_fine"))
                    & (Q(statement_on__isnull=True) | ~Q(statement_answer=""))
                ),
                name="person_decided_after_being_heard",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True)
                | Q(decided_on__isnull=False, due_on__isnull=False, served_on__gte=F("decided_on")),
                name="person_served_after_the_decision",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_why=""), name="person_closed_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """A person is fined for the violation of the unit: none where that came to nothing."""
        return self.closed_on is None and self.inspection.state not in UNPUNISHED

    @property
    def masked_number(self) -> str:
        return masked(self.number, 6, 4)

    @property
    def stands(self) -> str:
        """Where the matter stands, in words."""
        stages = (
            (self.closed_on, self.closed_why),
            (self.inspection.state in UNPUNISHED, self.inspection.get_state_display()),
            (self.served_on, _("待履行")),
            (self.decided_on, _("待送达处罚决定")),
            (self.statement_closed_on, _("待负责人决定")),
            (self.noticed_on, _("已告知，陈述申辩期")),
            (self.notice_id, _("待送达处罚告知书")),
        )
        return str(next((words for reached, words in stages if reached), _("待处罚告知")))


class PersonPayment(models.Model):
    """Money that came in on the fine of a person, as the bank's slip says."""

    person = models.ForeignKey(ResponsiblePerson, models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("缴款日期"))
    amount = models.DecimalField(_("金额"), max_digits=9, decimal_places=2)
    slip = models.CharField(_("票据号"), max_length=60)
    recorded_by = _staff()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="person_payment_is_money"),
            models.UniqueConstraint(fields=["person", "slip"], name="person_payment_slip_once"),
        ]
