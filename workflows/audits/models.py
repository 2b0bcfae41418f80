"""社会保险稽核: the agency examines whether a unit pays for everybody, and orders what is wrong to be corrected."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from grid.privacy import EncryptedTextField
from workflows.cases.models import Case
from workflows.inspections.models.insurances import Insurance


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


def _person(**options: Any) -> Any:
    return models.ForeignKey("grid.Person", models.PROTECT, related_name="+", **options)


class Audit(models.Model):
    """Two auditors, what they were told, what was ordered. Every gate leaves its date; terms run on the case."""

    code = models.CharField(_("稽核号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="audits")
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=20, choices=AuditState.choices)
    process = models.OneToOneField(AuditProcess, models.PROTECT, related_name="audit")
    auditor_1 = _person()
    auditor_2 = _person()
    why = models.CharField(_("稽核原因"), max_length=300)
    month_from = models.CharField(_("所属期间自"), max_length=7)
    month_to = models.CharField(_("所属期间至"), max_length=7)
    place = models.CharField(_("稽核地点"), max_length=100)
    held_on = models.DateField(_("稽核开始"))
    opened_at = models.DateTimeField(_("立项"))
    opened_by = _person()
    noticed_on = models.DateField(_("通知书送达"), null=True)
    informed_on = models.DateField(_("情况告知书送达"), null=True)
    answer = models.TextField(_("单位的答复"), blank=True)
    answer_on = models.DateField(_("答复日期"), null=True)
    answer_closed_on = models.DateField(_("答复期满"), null=True)
    # The opinion as the auditors drafted it: one order to correct in each line.
    draft = models.TextField(_("稽核意见"), blank=True)
    # 未参保职工名册, one name a line: printed by family names, for the party's own copy (workflows/notices/documents/sums.py).
    roster = EncryptedTextField(_("未参保职工名册"), null=True)
    heard = models.CharField(_("对答复的意见"), max_length=500, blank=True)
    drafted_by = _person(null=True)
    drafted_at = models.DateTimeField(null=True)
    returned_why = models.CharField(_("退回理由"), max_length=300, blank=True)
    approved_by = _person(null=True)
    approved_at = models.DateTimeField(_("批准"), null=True)
    opinion_on = models.DateField(_("意见书送达"), null=True)
    expired_on = models.DateField(_("改正期满"), null=True)
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_by = _person(null=True)
    closed_why = models.CharField(_("办结理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("稽核")
        indexes = [models.Index(fields=["state", "area"], name="audit_state_area")]
        constraints = [
            models.UniqueConstraint(fields=["case"], name="audit_one_open", condition=~Q(state__in=ENDED)),
            models.CheckConstraint(condition=~Q(auditor_1=F("auditor_2")), name="audit_two_auditors"),
            models.CheckConstraint(
                condition=Q(state="noticed") | Q(state__in=ENDED) | Q(noticed_on__isnull=False),
                name="audit_noticed_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="opinion")
                | Q(informed_on__isnull=False, approved_by__isnull=False, opinion_on__isnull=False),
                name="audit_opinion_after_gates",
            ),
            models.CheckConstraint(
                condition=Q(opinion_on__isnull=True) | Q(approved_at__isnull=False),
                name="audit_opinion_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("auditor_1")) & ~Q(approved_by=F("auditor_2"))),
                name="audit_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(closed_at__isnull=False), name="audit_closed_at"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def auditors(self) -> tuple[int, int]:
        return self.auditor_1_id, self.auditor_2_id

    @property
    def period(self) -> str:
        return f"{self.month_from} 至 {self.month_to}"


class RecordKind(models.TextChoices):
    WORK = "work", _("稽核工作记录")
    INTERVIEW = "interview", _("询问笔录")
    MATERIAL = "material", _("调取资料记录")


class AuditRecord(models.Model):
    """What an auditor wrote down on the spot (GB/T 32622: 询问笔录, 工作记录表). Never changed; a later one corrects."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="records")
    kind = models.CharField(_("种类"), max_length=10, choices=RecordKind.choices)
    on = models.DateField(_("日期"))
    text = models.TextField(_("内容"))
    said_by = EncryptedTextField(_("被询问人"), blank=True, default="")
    is_signed = models.BooleanField(_("对方已签名"), default=True)
    refused_why = models.CharField(_("拒签原因"), max_length=200, blank=True)
    author = _person()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("稽核记录")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_signed=True) | ~Q(refused_why=""), name="audit_record_signed_or_why"
            ),
        ]


class AuditFinding(models.Model):
    """What the audit found of one insurance: heads and bases as they should be and as declared, and the arrears."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="findings")
    insurance = models.CharField(_("险种"), max_length=12, choices=Insurance.choices)
    month_from = models.CharField(_("自"), max_length=7)
    month_to = models.CharField(_("至"), max_length=7)
    heads_due = models.PositiveIntegerField(_("应参保人数"))
    heads_insured = models.PositiveIntegerField(_("实际参保人数"))
    base_due = models.DecimalField(_("应申报月缴费基数"), max_digits=12, decimal_places=2, null=True)
    base_declared = models.DecimalField(_("实际申报月缴费基数"), max_digits=12, decimal_places=2, null=True)
    # Another rate than the law's, where the trade has its own (工伤保险).
    rate = models.DecimalField(_("缴费比例"), max_digits=6, decimal_places=4, null=True)
    # Reckoned from the above by the law of each month, never typed. `reckoning`: lines, as inspections.queries.dues keeps them.
    arrears = models.DecimalField(_("欠缴金额"), max_digits=14, decimal_places=2, default=0)
    reckoning = models.JSONField(_("计算过程"), null=True)
    noted_by = _person()
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("稽核发现")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "insurance"], name="audit_finding_once"),
            models.CheckConstraint(
                condition=Q(arrears__gte=0) & Q(month_to__gte=F("month_from")), name="audit_finding_sound"
            ),
        ]

    @property
    def missing(self) -> int:
        return max(0, self.heads_due - self.heads_insured)


class TransferState(models.TextChoices):
    SENT = "sent", _("待税务接收")
    RECEIVED = "received", _("税务办理中")
    COLLECTED = "collected", _("已征收入库")
    AGREED = "agreed", _("已签缓缴协议")
    FAILED = "failed", _("无法征收")
    RECALLED = "recalled", _("已撤回")


class TaxTransfer(models.Model):
    """欠费移送税务: what was sent to the office that collects, and what it answers; the mirror of its work, no more.

    `lines`: {insurance, label, from, to, amount} for each insurance with arrears.
    """

    audit = models.OneToOneField(Audit, models.PROTECT, related_name="transfer")
    case = models.ForeignKey(Case, models.PROTECT, related_name="transfers")
    area = models.CharField(max_length=15)
    department = models.CharField(_("送往"), max_length=40)
    notice = models.OneToOneField("workflows.Notice", models.PROTECT, related_name="transfer")
    lines = models.JSONField(_("欠费明细"))
    amount = models.DecimalField(_("欠费"), max_digits=14, decimal_places=2)
    collected = models.DecimalField(_("已征收"), max_digits=14, decimal_places=2, default=0)
    state = models.CharField(_("状态"), max_length=10, choices=TransferState.choices)
    sent_at = models.DateTimeField(_("移送"))
    sent_by = _person()
    reminded_at = models.DateTimeField(_("催复"), null=True)
    escalated_at = models.DateTimeField(_("报上级协调"), null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("欠费移送")
        indexes = [models.Index(fields=["department", "area"], name="tax_transfer_department")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, collected__gte=0, collected__lte=F("amount")),
                name="tax_transfer_sums",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "received"]) | Q(closed_at__isnull=False),
                name="tax_transfer_closed",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def left(self) -> object:
        return self.amount - self.collected


class AnswerKind(models.TextChoices):
    RECEIVED = "received", _("已接收")
    COLLECTED = "collected", _("已征收")
    AGREED = "agreed", _("签订缓缴协议")
    FAILED = "failed", _("无法征收")


class TaxAnswer(models.Model):
    """One answer of the tax office. `on`: the day of payment or of the agreement; `until`: the agreement's end."""

    transfer = models.ForeignKey(TaxTransfer, models.PROTECT, related_name="answers")
    kind = models.CharField(_("答复"), max_length=10, choices=AnswerKind.choices)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True)
    on = models.DateField(_("日期"))
    until = models.DateField(_("协议到期"), null=True)
    why = models.CharField(_("说明"), max_length=300, blank=True)
    answered_by = _person()
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("税务答复")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="collected") | Q(amount__isnull=False, amount__gt=0),
                name="tax_answer_money",
            ),
            models.CheckConstraint(
                condition=~Q(kind="agreed") | Q(until__isnull=False, until__gt=F("on")),
                name="tax_answer_until",
            ),
            models.CheckConstraint(condition=~Q(kind="failed") | ~Q(why=""), name="tax_answer_why"),
        ]
