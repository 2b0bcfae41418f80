"""Documents that were issued, and how they reached whom."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid import outside
from grid.privacy import EncryptedTextField
from tasks.visits.models import Visit
from workflows.notices.letters import Addressee, letter_of


class NoticeKind(models.TextChoices):
    URGING = "urging", _("督促参保缴费告知书")
    REMINDER = "reminder", _("参保缴费提醒书")
    AUDIT_NOTICE = "audit_notice", _("社会保险稽核通知书")
    AUDIT_FINDINGS = "audit_findings", _("稽核情况告知书")
    AUDIT_OPINION = "audit_opinion", _("稽核意见书")
    AUDIT_CLEAR = "audit_clear", _("稽核结果告知书")
    PENALTY_PROPOSAL = "penalty_proposal", _("提请行政处罚建议书")
    TAX_TRANSFER = "tax_transfer", _("欠费移送函")
    FILING = "filing", _("立案审批表")
    ORDER = "order", _("劳动保障监察限期改正指令书")
    PENALTY_NOTICE = "penalty_notice", _("行政处罚事先告知书")
    HEARING_NOTICE = "hearing_notice", _("听证通知书")
    PENALTY_DECISION = "penalty_decision", _("行政处罚决定书")
    PENALTY_ADVICE = "penalty_advice", _("行政处罚信用修复告知书")
    NO_PENALTY = "no_penalty", _("不予行政处罚决定书")
    CASE_WITHDRAWN = "case_withdrawn", _("撤销立案决定书")
    CASE_TRANSFER = "case_transfer", _("案件移送书")
    DEMAND = "demand", _("履行催告书")
    COURT_APPLICATION = "court_application", _("强制执行申请书")
    PERSON_NOTICE = "person_notice", _("行政处罚事先告知书（责任人员）")
    PERSON_DECISION = "person_decision", _("行政处罚决定书（责任人员）")
    LISTING_NOTICE = "listing_notice", _("列入社会保险领域严重失信人名单告知书")
    LISTING_DECISION = "listing_decision", _("列入社会保险领域严重失信人名单决定书")
    REMOVAL = "removal", _("移出社会保险领域严重失信人名单决定书")
    REPAIR_ADVICE = "repair_advice", _("信用修复告知书")
    REPAIR_DECISION = "repair_decision", _("信用修复决定书")
    OBJECTION_ANSWER = "objection_answer", _("异议处理答复书")


class Number(models.Model):
    """The last number given per office, word and year; locked while the next is taken, so no gaps."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series")]


class Notice(models.Model):
    """An issued document. Its bytes are kept and hashed; it is withdrawn, never changed."""

    number = models.CharField(_("文号"), max_length=60, unique=True)
    code = models.CharField(_("核验码"), max_length=24, unique=True)
    kind = models.CharField(_("文种"), max_length=20, choices=NoticeKind.choices)
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="notices")
    area = models.CharField(max_length=15, db_index=True)
    issued_at = models.DateTimeField(_("制发"))
    # Nobody where the clock issued it: the removal when the period of a listing is over.
    issued_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    values = models.JSONField(help_text=_("排版所用的值"))
    # Those of them that tell of a natural person what the law protects (`Document.SEALED`), as JSON.
    sealed = EncryptedTextField(null=True)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(_("撤回理由"), max_length=300, blank=True)
    # The document this one was issued in place of, which is withdrawn.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    # Since when, and by whose word, the grid worker is asked to hand it over at the door.
    asked_at = models.DateTimeField(_("请网格员送达"), null=True)
    asked_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("文书")
        constraints = [
            models.CheckConstraint(condition=~Q(replaces=models.F("id")), name="notice_replaces_another"),
        ]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the field makes none where there is one
        """The title of its letter."""
        return letter_of(self.kind).title

    @property
    def dated_on(self) -> date:
        """成文日期, which the paper bears: the day of its approval, until then that of its draft."""
        return outside.day(self.values["letter"]["issued_on"])

    @property
    def is_approved(self) -> bool:
        """Whether it may leave the house: approved, and sealed; what stays on file asks for neither."""
        if letter_of(self.kind).signed_by is None:
            return True
        approval: Approval | None = getattr(self, "approval", None)
        if approval is None or not approval.is_given:
            return False
        return approval.way == ApprovalWay.BEFORE or hasattr(self, "seal_use")

    @property
    def is_draft(self) -> bool:
        """Whether it waits for its approval."""
        approval: Approval | None = getattr(self, "approval", None)
        return self.withdrawn_at is None and approval is not None and approval.way == ApprovalWay.WAITING

    @property
    def stays_on_file(self) -> bool:
        """Written for the file, another office or a court; the party is not served with it."""
        return not letter_of(self.kind).is_served

    @property
    def is_to_party(self) -> bool:
        """Whoever holds it may see the matter at the window: it is the party's own."""
        return letter_of(self.kind).to is Addressee.PARTY

    @property
    def is_sent(self) -> bool:
        """Written to another office, which `values["to"]` names."""
        return letter_of(self.kind).to is Addressee.OFFICE

    @property
    def corrects_served(self) -> bool:
        """Issued to mend a slip in a document that had been served: its own service moves nothing (补正)."""
        return self.replaces is not None and hasattr(self.replaces, "service")


class Way(models.TextChoices):
    DIRECT = "direct", _("直接送达")
    LEFT = "left", _("留置送达")
    MAIL = "mail", _("邮寄送达")
    ELECTRONIC = "electronic", _("电子送达")
    COMMISSIONED = "commissioned", _("委托送达")
    PASSED_ON = "passed_on", _("转交送达")
    PUBLIC = "public", _("公告送达")


class Service(models.Model):
    """Serving a notice: way, receiver, witness, and the day from which it counts (处罚法61 → 民诉法87-95).

    What each way has to prove stands in `rules.PROOFS`; the constraints say it once more.
    """

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="service")
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    served_on = models.DateField(_("送达日期"))
    effective_on = models.DateField(_("生效日期"))
    receiver = models.CharField(_("签收人"), max_length=60, blank=True)
    receiver_role = models.CharField(_("身份"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    witness_2 = models.CharField(_("见证人"), max_length=60, blank=True)
    refused_why = models.CharField(_("拒收事由"), max_length=200, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    # Whom the office asked to hand it over: another authority, or the unit that passes it on (民诉法 91-94).
    through = models.CharField(_("受托或转交单位"), max_length=100, blank=True)
    # Who handed it over, two where it orders or punishes (处罚法 42), and where.
    server_1 = models.CharField(_("送达人"), max_length=40, blank=True, default="", db_default="")
    server_2 = models.CharField(_("第二送达人"), max_length=40, blank=True, default="", db_default="")
    place = models.CharField(_("送达地点"), max_length=120, blank=True, default="", db_default="")
    # Number of the postal slip, or of the consent signed to electronic service.
    reference = models.CharField(_("回执号或同意书编号"), max_length=60, blank=True)
    agreed_on = models.DateField(_("同意书签署日期"), null=True)
    # Where it was published, or the system and address it arrived at.
    media = models.CharField(_("公告载体或送达系统"), max_length=200, blank=True)
    reasons = models.CharField(_("公告送达的原因和经过"), max_length=500, blank=True)
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # The visit at which it was handed over: its photos and signature are the proof.
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="service")
    # The 送达回证: of a service at the door set once every photo and signature has arrived, else the scan that came back.
    slip_path = models.CharField(max_length=200, blank=True)
    slip_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            # Left service proves nothing without a witness, or photos of it (民诉法 89).
            models.CheckConstraint(
                condition=~Q(way="left", witness="", visit=None), name="service_left_witnessed"
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["direct", "mail", "commissioned", "passed_on"], receiver=""),
                name="service_taken_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(way="mail", reference=""), name="service_posted_with_slip"),
            models.CheckConstraint(
                condition=~Q(way="electronic")
                | (
                    ~Q(reference="")
                    & ~Q(media="")
                    & Q(agreed_on__isnull=False, agreed_on__lte=models.F("served_on"))
                ),
                name="service_electronic_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["commissioned", "passed_on"], through=""),
                name="service_through_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(way="public", media="") & ~Q(way="public", reasons=""),
                name="service_public_explained",
            ),
            models.CheckConstraint(
                condition=Q(effective_on__gte=models.F("served_on")), name="service_counts_afterwards"
            ),
        ]


class Fate(models.TextChoices):
    """What became of a visit at which a document was to be handed over. None of these loses it."""

    SERVED = "served", _("已送达")
    ATTEMPTED = "attempted", _("未能送达")
    KEPT = "kept", _("存卷")
    WAITING = "waiting", _("待核定")
    ADOPTED = "adopted", _("核定为送达")
    ASIDE = "aside", _("核定不采用，存卷")


class DoorService(models.Model):
    """One visit of the service form: which document it was about, and whether it counts as service."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="door_service")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="door_services")
    area = models.CharField(max_length=15)
    fate = models.CharField(_("去向"), max_length=10, choices=Fate.choices)
    reason = models.CharField(_("缘由"), max_length=30, blank=True)
    taken_at = models.DateTimeField()
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("上门送达")
        indexes = [
            models.Index(fields=["area"], name="door_service_waiting", condition=Q(fate="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(fate__in=["adopted", "aside"]) | Q(decided_by__isnull=False),
                name="door_service_decided_by",
            ),
        ]


class ApprovalWay(models.TextChoices):
    """How a paper came to be approved, that it was not, or that it waits."""

    WAITING = "waiting", _("待签发")
    SIGNED = "signed", _("签发")
    DECIDED = "decided", _("依决定制发")
    # Issued before approvals were kept: nobody knows any more who passed it.
    BEFORE = "before", _("签发登记启用前制发")
    RETURNED = "returned", _("退回")


class Approval(models.Model):
    """签发: the one word on an outgoing paper, by whom, as what, when (党政机关公文处理工作条例 第22条). It waits from the
    drafting on, and once given it is never changed.

    `step`: the decision whose text the paper is, where that was its approval. `why`: why it was sent back.
    """

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="approval")
    area = models.CharField(max_length=15)
    way = models.CharField(_("签发方式"), max_length=8, choices=ApprovalWay.choices)
    # Nobody where the clock issued it, and where it is older than the rule.
    by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    post = models.CharField(_("签发职务"), max_length=60, blank=True)
    step = models.CharField(_("决定"), max_length=60, blank=True)
    why = models.CharField(_("退回理由"), max_length=300, blank=True)
    at = models.DateTimeField(_("签发时间"), null=True)

    class Meta:
        verbose_name = _("文书签发")
        indexes = [models.Index(fields=["area"], name="approval_waiting", condition=Q(way="waiting"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="waiting") | Q(at__isnull=False), name="approval_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["signed", "returned"]) | (Q(by__isnull=False) & ~Q(post="")),
                name="approval_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(way="decided", step=""), name="approval_names_decision"),
            models.CheckConstraint(condition=~Q(way="returned", why=""), name="approval_returned_why"),
        ]

    @property
    def is_given(self) -> bool:
        return self.way not in (ApprovalWay.WAITING, ApprovalWay.RETURNED)


class SealUse(models.Model):
    """用印: which seal of which office was put to a paper, on how many copies, by whom and when; never changed."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="seal_use")
    area = models.CharField(max_length=15, db_index=True)
    office = models.CharField(_("用印机关"), max_length=60)
    seal = models.CharField(_("印章"), max_length=60)
    copies = models.PositiveSmallIntegerField(_("份数"))
    on = models.DateField(_("用印日期"))
    # Nobody where the clock issued the paper.
    by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("用印登记")
        constraints = [models.CheckConstraint(condition=Q(copies__gte=1), name="seal_on_a_copy")]
