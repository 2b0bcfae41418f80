"""Departments with the duties the mandate gives them, and what was referred to whom (乌政〔2020〕17号 五(二))."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from tasks.findings.models import Finding
from workflows.cases.models import Case


class Department(models.Model):
    """A department while it exists. One that was merged or renamed names its successor, and is never deleted."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(_("部门"), max_length=40)
    # How the same department is called in a posting of a district: 海勃湾区税务局 is the 税务局 there.
    stems = models.JSONField(_("简称"), default=list)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    # [{prefixes: [GB/T 4754], kinds: [SubjectKind], what, first}]: what an industry authority answers for.
    answers_for = models.JSONField(_("主管行业"), default=list)
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("部门")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="department_period",
            ),
            # A department that ended without a successor would leave its duties to nobody.
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(successor__isnull=False),
                name="department_succeeded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """One thing a department owes by a clause of the mandate, in the mandate's words."""

    code = models.CharField(max_length=30)
    department = models.ForeignKey(Department, models.PROTECT, related_name="duties")
    clause = models.CharField(_("条款"), max_length=60)
    text = models.CharField(_("职责"), max_length=300)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("职责")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.clause} {self.text}"


class ReferralState(models.TextChoices):
    SENT = "sent", _("待签收")
    RECEIVED = "received", _("已签收，待答复")
    ANSWERED = "answered", _("已答复，待认可")
    RETURNED = "returned", _("部门退回，待改转")
    ASKED_AGAIN = "asked_again", _("待补充答复")
    ACCEPTED = "accepted", _("已认可，待办结")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


# The department has the word, and its term runs.
WITH_DEPARTMENT = (ReferralState.SENT, ReferralState.RECEIVED, ReferralState.ASKED_AGAIN)
# The sender has the word.
WITH_SENDER = (ReferralState.ANSWERED, ReferralState.RETURNED, ReferralState.ACCEPTED)
ENDED = (ReferralState.CLOSED, ReferralState.WITHDRAWN)


class Referral(models.Model):
    """Something a department is asked to do or to answer, about a case, a finding, a subject or a free matter.

    `facts` is all the department sees of the matter: what the sender released, as it stood then.
    """

    code = models.CharField(_("编号"), max_length=20, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="referrals")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="referrals")
    area = models.CharField(max_length=15)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="referrals")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="referrals")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="referrals")
    # Referrals written by one act carry one mark.
    batch = models.CharField(_("批次"), max_length=20, blank=True, db_index=True)
    title = models.CharField(_("事项"), max_length=80)
    question = models.TextField(_("请求事项"), max_length=2000)
    facts = models.JSONField(_("告知部门的情况"), default=list, help_text=_("[[名称, 值]]"))
    state = models.CharField(
        _("状态"), max_length=12, choices=ReferralState.choices, default=ReferralState.SENT
    )
    sent_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    # The area of the post it was sent under: that office goes on with it.
    sent_from = models.CharField(max_length=15)
    sent_at = models.DateTimeField(_("转出"))
    received_at = models.DateTimeField(_("签收"), null=True)
    answered_at = models.DateTimeField(_("答复"), null=True)
    accepted_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_why = models.CharField(max_length=300, blank=True)
    # Why the department gave it back, and to whom it says it belongs; why the sender asked once more.
    returned_why = models.CharField(_("退回理由"), max_length=300, blank=True)
    returned_to = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    again_why = models.CharField(_("补充要求"), max_length=300, blank=True)
    # The running term: from the day after `started_on`, so many days of this unit.
    started_on = models.DateField()
    length = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=2)
    due_on = models.DateField(_("答复期限"))
    remind_on = models.DateField()
    basis = models.CharField(_("期限依据"), max_length=300)
    reviewed = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("转办件")
        indexes = [
            models.Index(fields=["area", "state"], name="referral_area_state"),
            # What the watch of terms looks at, among all that were ever sent.
            models.Index(fields=["due_on"], name="referral_running", condition=Q(state__in=WITH_DEPARTMENT)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "department"], name="referral_one_open",
                condition=~Q(state__in=ENDED),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "accepted", "closed")) | Q(answered_at__isnull=False),
                name="referral_answered_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(accepted_at__isnull=False), name="referral_accepted_first"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def is_with_department(self) -> bool:
        return self.state in WITH_DEPARTMENT

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED


class Answer(models.Model):
    """One answer of a department. Kept as given: a supplement is another answer."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="answers")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    text = models.TextField(_("答复"), max_length=4000)
    checked = models.PositiveIntegerField(_("核查户（人）数"), null=True)
    insured = models.PositiveIntegerField(_("其中已参保"), null=True)
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(insured__isnull=True) | Q(insured__lte=F("checked")), name="answer_part_of_whole"
            ),
        ]


class Attachment(models.Model):
    """A file sent along with a referral (`answer` empty) or with an answer. The bytes lie under their hash."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="files")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="files")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
