"""社会保险稽核: the agency examines whether a unit pays for everybody, and orders what is wrong to be corrected."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from workflows.cases.models import Case


class AuditProcess(Process):
    """The engine's agenda of an audit: who must act next. No legal fact lives there."""

    class Meta:
        proxy = True


class AuditState(models.TextChoices):
    NOTICED = "noticed", _("已发稽核通知书")
    EXAMINING = "examining", _("稽核中")
    INFORMED = "informed", _("已告知情况，待陈述")
    OPINION = "opinion", _("责令改正期内")
    CORRECTED = "corrected", _("已改正")
    CLEAN = "clean", _("未发现问题")
    PROPOSED = "proposed", _("已提请行政处罚")
    TAX = "tax", _("已移送税务")


ENDED = (AuditState.CORRECTED, AuditState.CLEAN, AuditState.PROPOSED, AuditState.TAX)


class Audit(models.Model):
    code = models.CharField(_("稽核号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="audits")
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=20, choices=AuditState.choices)
    process = models.OneToOneField(AuditProcess, models.PROTECT, related_name="audit")
    auditor_1 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    auditor_2 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("立项"))
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_why = models.CharField(_("办结理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("稽核")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="audit_one_open",
                condition=~Q(state__in=["corrected", "clean", "proposed", "tax"]),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED
