"""劳动保障监察: from the filing of a violation to the performed penalty, every gate with its trace."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from grid.privacy import EncryptedTextField
from workflows.cases.models import Case


class InspectionProcess(Process):
    """The engine's agenda of an inspection: who must act next. No legal fact lives there."""

    class Meta:
        proxy = True


class InspectionState(models.TextChoices):
    FILING = "filing", _("待批准立案")
    INVESTIGATING = "investigating", _("调查中")
    ORDERED = "ordered", _("责令改正期内")
    ORDER_EXPIRED = "order_expired", _("责令逾期，待处罚告知")
    NOTICED = "noticed", _("已告知，陈述申辩期")
    HEARING = "hearing", _("待听证")
    LEGAL_REVIEW = "legal_review", _("待法制审核")
    COLLECTIVE = "collective", _("待集体讨论")
    DECIDING = "deciding", _("待负责人决定")
    DECIDED = "decided", _("待送达处罚决定")
    PERFORMING = "performing", _("待履行")
    DEMANDED = "demanded", _("已催告")
    COURT = "court", _("已申请强制执行")
    PERFORMED = "performed", _("已履行")
    ENFORCED = "enforced", _("已强制执行")
    WITHDRAWN = "withdrawn", _("已撤销立案")
    SPARED = "spared", _("不予处罚")
    TRANSFERRED = "transferred", _("已移送")
    QUASHED = "quashed", _("处罚决定已被撤销")


ENDED = (
    InspectionState.PERFORMED,
    InspectionState.ENFORCED,
    InspectionState.WITHDRAWN,
    InspectionState.SPARED,
    InspectionState.TRANSFERRED,
    InspectionState.QUASHED,
)
# Nothing has been decided in these; a trace of a decision is refused by the database.
UNDECIDED = (
    InspectionState.FILING,
    InspectionState.INVESTIGATING,
    InspectionState.ORDERED,
    InspectionState.ORDER_EXPIRED,
    InspectionState.NOTICED,
    InspectionState.HEARING,
    InspectionState.LEGAL_REVIEW,
    InspectionState.COLLECTIVE,
    InspectionState.DECIDING,
    InspectionState.WITHDRAWN,
    InspectionState.SPARED,
    InspectionState.TRANSFERRED,
)
PENALISED = tuple(state for state in InspectionState if state not in UNDECIDED)


class Violation(models.TextChoices):
    """The keys of the violations in the law (`inspection.violations`), which says all else of them."""

    UNREGISTERED = "unregistered", _("未依法办理社会保险登记")
    MISSED = "missed", _("未为部分职工办理社会保险登记")
    UNPAID = "unpaid", _("未按时足额缴纳社会保险费")
    CONCEALED = "concealed", _("瞒报工资总额或者职工人数")
    OBSTRUCTION = "obstruction", _("抗拒、阻挠劳动保障监察")
    DEFIANCE = "defiance", _("经责令改正拒不改正")


class DiscussionOutcome(models.TextChoices):
    """What the heads decided together; the head who signs is bound by it (行政处罚法57条2款)."""

    AS_TOLD = "as_told", _("同意拟处罚意见")
    MILDER = "milder", _("从轻、减轻处罚")
    SPARE = "spare", _("不予处罚")


def _gate(name: str, condition: Q, says: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=says)


def _person(**options: Any) -> Any:
    return models.ForeignKey("grid.Person", models.PROTECT, related_name="+", **options)


class Inspection(models.Model):
    """Every gate leaves its trace here; the database refuses a penalty without them."""

    code = models.CharField(_("监察案号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="inspections")
    area = models.CharField(max_length=15)
    state = models.CharField(_("状态"), max_length=20, choices=InspectionState.choices)
    process = models.OneToOneField(InspectionProcess, models.PROTECT, related_name="inspection")
    proposed_at = models.DateTimeField(_("申请立案"))
    proposed_by = _person()
    why = models.CharField(_("立案理由"), max_length=500)
    officer_1 = _person()
    officer_2 = _person()
    certificate_1 = models.CharField(_("执法证号"), max_length=40)
    certificate_2 = models.CharField(_("执法证号"), max_length=40)
    filed_by = _person(null=True)
    filed_on = models.DateField(_("立案日期"), null=True)
    extended_on = models.DateField(_("延长调查"), null=True)
    extended_by = _person(null=True)
    # When what is investigated came to its end; none while it goes on, and why it is filed after two years.
    ended_on = models.DateField(_("违法行为终了之日"), null=True)
    late_why = models.CharField(
        _("逾二年仍立案的理由"), max_length=300, default="", db_default="", blank=True
    )
    # What was found, in the words and sums the notice tells.
    facts = models.TextField(_("查明的事实"), blank=True)
    # As filed, as ordered, as told: each may know better than the one before.
    violation = models.CharField(_("违法行为"), max_length=20, blank=True, choices=Violation.choices)
    ordered_for = models.CharField(
        _("责令改正的违法行为"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=Violation.choices,
    )
    # The collector's own 限期缴纳 (社会保险法 63, 86).
    tax_number = models.CharField(
        _("税务机关限期缴纳文号"), max_length=60, default="", db_default="", blank=True
    )
    tax_served_on = models.DateField(_("税务机关限期缴纳送达"), null=True)
    tax_due_on = models.DateField(_("税务机关限期缴纳届满"), null=True)
    circumstances = models.JSONField(_("裁量情节"), default=dict)
    arrears = models.DecimalField(_("应缴未缴社会保险费"), max_digits=14, decimal_places=2, null=True)
    arrears_since = models.DateField(_("欠缴之日"), null=True)
    # The lines that sum was reckoned by (queries/dues.py), and for whom, one name a line.
    dues = models.JSONField(_("应缴费计算"), null=True)
    roster = EncryptedTextField(_("未参保职工名册"), null=True)
    late_fee = models.DecimalField(_("滞纳金"), max_digits=14, decimal_places=2, null=True)
    tier = models.CharField(_("裁量档次"), max_length=40, blank=True)
    # The multiple chosen, or the sum where the tiers are sums of their own.
    times = models.DecimalField(_("倍数或数额"), max_digits=9, decimal_places=2, null=True)
    fine = models.DecimalField(_("罚款"), max_digits=14, decimal_places=2, null=True)
    reckoning = models.JSONField(_("计算过程"), default=list)
    hearing_owed = models.BooleanField(_("应告知听证权利"), default=False)
    # The first record that both officers signed, and the report they signed on the newest notice (records/).
    evidenced_on = models.DateField(_("取得证据"), null=True)
    reported_on = models.DateField(_("调查终结报告"), null=True)
    ordered_on = models.DateField(_("责令改正送达"), null=True)
    order_expired_on = models.DateField(_("责令期限届满"), null=True)
    order_met_on = models.DateField(_("责令期限内改正"), null=True)
    noticed_on = models.DateField(_("告知送达"), null=True)
    noticed_fine = models.DecimalField(_("告知的罚款"), max_digits=14, decimal_places=2, null=True)
    statement = models.TextField(_("陈述申辩"), blank=True)
    statement_on = models.DateField(null=True)
    statement_answer = models.TextField(_("复核意见"), blank=True)
    statement_closed_on = models.DateField(_("陈述申辩期满"), null=True)
    hearing_asked_on = models.DateField(_("要求听证"), null=True)
    hearing_asked = models.TextField(blank=True)
    hearing_on = models.DateField(_("听证日期"), null=True)
    hearing_place = models.CharField(_("听证地点"), max_length=100, blank=True)
    hearing_chair = _person(null=True)
    hearing_noticed_on = models.DateField(_("听证通知送达"), null=True)
    # When its record was filed, on which the report rests (records/).
    hearing_recorded_on = models.DateField(_("听证笔录入卷"), null=True)
    hearing_held_on = models.DateField(null=True)
    hearing_report = models.TextField(_("听证报告"), blank=True)
    hearing_opinion = models.TextField(_("听证意见"), blank=True, default="", db_default="")
    hearing_accepted = models.TextField(_("采纳情况"), blank=True, default="", db_default="")
    reviewed_by = _person(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_opinion = models.CharField(_("法制审核意见"), max_length=500, blank=True)
    collective_needed = models.BooleanField(_("须集体讨论"), default=False)
    collective_on = models.DateField(null=True)
    collective_members = models.PositiveSmallIntegerField(default=0)
    collective_summary = models.CharField(_("集体讨论意见"), max_length=500, blank=True)
    collective_outcome = models.CharField(
        _("集体讨论结论"),
        max_length=10,
        choices=DiscussionOutcome.choices,
        blank=True,
        default="",
        db_default="",
    )
    returned_why = models.CharField(_("退回理由"), max_length=300, blank=True)
    decided_by = _person(null=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    decision_number = models.CharField(_("决定文号"), max_length=60, blank=True)
    served_on = models.DateField(_("决定送达"), null=True)
    due_on = models.DateField(_("缴纳期限"), null=True)
    correction_due_on = models.DateField(_("处罚决定责令改正期限"), null=True)
    correction_expired_on = models.DateField(_("处罚决定责令改正期限届满"), null=True)
    paid = models.DecimalField(_("已缴"), max_digits=14, decimal_places=2, default=0)
    demanded_on = models.DateField(_("催告送达"), null=True)
    court_on = models.DateField(_("申请强制执行"), null=True)
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_by = _person(null=True)
    closed_why = models.CharField(_("办结理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("监察")
        indexes = [models.Index(fields=["state", "area"], name="inspection_state_area")]
        # Each gate asks for the one before it, so that no statement in SQL can jump one either.
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="inspection_one_open", condition=~Q(state__in=ENDED)
            ),
            _gate(
                "inspection_two_officers",
                ~Q(officer_1=F("officer_2"))
                & ~Q(certificate_1="")
                & ~Q(certificate_2="")
                & ~Q(certificate_1=F("certificate_2")),
                "two officers, each with a certificate",
            ),
            _gate(
                "inspection_filed_first",
                Q(state__in=["filing", "withdrawn"]) | Q(filed_on__isnull=False, filed_by__isnull=False),
                "nothing is investigated before the filing was approved",
            ),
            _gate(
                "inspection_filed_by_another",
                Q(filed_by__isnull=True) | (~Q(filed_by=F("officer_1")) & ~Q(filed_by=F("officer_2"))),
                "who investigates does not approve the filing",
            ),
            _gate(
                "inspection_noticed_after_order",
                Q(noticed_on__isnull=True)
                | Q(order_expired_on__isnull=False, noticed_fine__isnull=False, noticed_fine__gte=0),
                "the order to correct comes before the notice of a penalty",
            ),
            _gate(
                "inspection_unpaid_after_tax_order",
                Q(decided_on__isnull=True)
                | ~Q(violation=Violation.UNPAID)
                | Q(ordered_for="")
                | (
                    ~Q(tax_number="")
                    & Q(tax_served_on__isnull=False, tax_due_on__isnull=False, tax_due_on__lt=F("decided_on"))
                ),
                "arrears are punished when the collector's own order has run out",
            ),
            _gate(
                "inspection_met_or_expired",
                Q(order_met_on__isnull=True) | Q(order_expired_on__isnull=True),
                "an order is met or runs out, not both",
            ),
            _gate(
                "inspection_correction_expires_after_its_term",
                Q(correction_expired_on__isnull=True)
                | Q(served_on__isnull=False, correction_due_on__lte=F("correction_expired_on")),
                "the term to correct of a decision runs from its service",
            ),
            _gate(
                "inspection_statement_answered",
                Q(statement_on__isnull=True) | Q(reviewed_at__isnull=True) | ~Q(statement_answer=""),
                "a statement is answered",
            ),
            _gate(
                "inspection_reviewed_after_hearing",
                Q(reviewed_at__isnull=True)
                | (
                    Q(noticed_on__isnull=False, statement_closed_on__isnull=False, reviewed_by__isnull=False)
                    & (Q(hearing_asked_on__isnull=True) | Q(hearing_held_on__isnull=False))
                ),
                "reviewed when noticed, heard and, where asked for, after the hearing",
            ),
            _gate(
                "inspection_reviewed_by_another",
                Q(reviewed_by__isnull=True)
                | (
                    ~Q(reviewed_by=F("officer_1"))
                    & ~Q(reviewed_by=F("officer_2"))
                    & ~Q(reviewed_by=F("proposed_by"))
                ),
                "who investigates does not review",
            ),
            _gate(
                "inspection_discussed_by_three",
                Q(collective_on__isnull=True) | Q(collective_members__gte=3, reviewed_at__isnull=False),
                "a collective discussion has at least three members",
            ),
            _gate(
                "inspection_decided_after_every_gate",
                Q(decided_on__isnull=True)
                | (
                    Q(reviewed_at__isnull=False, decided_by__isnull=False, fine__isnull=False)
                    & ~Q(decision_number="")
                    & (Q(collective_needed=False) | Q(collective_on__isnull=False))
                ),
                "decided after review and, where needed, discussion",
            ),
            _gate(
                "inspection_decided_by_another",
                Q(decided_by__isnull=True)
                | (
                    ~Q(decided_by=F("officer_1"))
                    & ~Q(decided_by=F("officer_2"))
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("reviewed_by"))
                ),
                "who investigates or reviews does not decide",
            ),
            _gate(
                "inspection_never_heavier",
                Q(decided_on__isnull=True) | Q(fine__lte=F("noticed_fine")),
                "a penalty is never heavier than the party was told",
            ),
            _gate(
                "inspection_penalised_when_decided",
                Q(decided_on__isnull=False, state__in=PENALISED)
                | Q(decided_on__isnull=True, state__in=UNDECIDED),
                "a penalty stands on its decision",
            ),
            _gate(
                "inspection_performed_when_served",
                Q(state__in=[*UNDECIDED, "decided"])
                | Q(served_on__isnull=False, served_on__gte=F("decided_on")),
                "a decision binds from its service",
            ),
            _gate(
                "inspection_court_after_demand",
                Q(court_on__isnull=True) | Q(demanded_on__isnull=False, court_on__gt=F("demanded_on")),
                "the court is asked after a demand",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def officers(self) -> tuple[int, int]:
        return self.officer_1_id, self.officer_2_id


class Recusal(models.Model):
    """回避: an officer who may not act in this matter, why, by whose decision, and who acts instead."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="recusals")
    person = _person()
    replaced_by = _person()
    why = models.CharField(_("回避理由"), max_length=300)
    decided_by = _person()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person"], name="recused_once"),
            models.CheckConstraint(
                condition=~Q(person=F("replaced_by")) & ~Q(person=F("decided_by")), name="recused_by_another"
            ),
        ]


class Opinion(models.Model):
    """One member of the collective discussion and what they said; empty until they have."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="opinions")
    person = _person()
    called_at = models.DateTimeField()
    text = models.CharField(_("讨论意见"), max_length=500, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person"], name="opinion_once"),
            models.CheckConstraint(
                condition=Q(said_at__isnull=True, text="") | (Q(said_at__isnull=False) & ~Q(text="")),
                name="opinion_said",
            ),
        ]


class Payment(models.Model):
    """Money that came in on a penalty, as the bank's slip says."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("缴款日期"))
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    slip = models.CharField(_("票据号"), max_length=60)
    recorded_by = _person()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_money"),
            models.UniqueConstraint(fields=["inspection", "slip"], name="payment_slip_once"),
        ]
