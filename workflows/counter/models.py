"""The employer's window: whom a code is sent to, who came in, and what was handed in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Subject
from workflows.cases.models import Case
from workflows.notices.models import Notice


class EntryCode(models.Model):
    """A one-time code, or the trace that one was asked for where no phone is on file: both look the same outside.

    `browser` and `address` are keyed fingerprints of who asked and from where: the code is good in that browser alone,
    and both have limits of their own. Rows go after a week.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True, default="")
    is_sent = models.BooleanField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "asked_at"], name="entry_code_subject"),
            models.Index(fields=["address", "asked_at"], name="entry_code_address"),
        ]


class Kind(models.TextChoices):
    """What an employer may hand in."""

    CORRECTION = "correction", _("整改证明")
    COMMITMENT = "commitment", _("如实参保核定承诺书")
    STATEMENT = "statement", _("陈述申辩")
    HEARING = "hearing", _("听证申请")
    OBJECTION = "objection", _("异议申请")
    REPAIR = "repair", _("信用修复申请")


class SubmissionState(models.TextChoices):
    ARRIVED = "arrived", _("已收到，待接办")
    TAKEN = "taken", _("已接办，待答复")
    ANSWERED = "answered", _("已答复")


class Submission(models.Model):
    """Something an employer handed in. Its words and files never change; the same thing twice is one.

    `due_on` is the last day on which it was in time, `answer_due` the last day for our answer.
    """

    receipt = models.CharField(_("回执号"), max_length=30, unique=True)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.ARRIVED)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="submissions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="submissions")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="submissions")
    area = models.CharField(max_length=15)
    text = EncryptedTextField(_("内容"), blank=True, default="")
    signer = EncryptedTextField(_("提交人"), blank=True, default="")
    content_hash = models.CharField(max_length=64)
    given_at = models.DateTimeField(_("收到"))
    due_on = models.DateField(_("提出期限"), null=True)
    is_late = models.BooleanField(_("逾期提出"), default=False)
    answer_due = models.DateField(_("答复期限"))
    answer_basis = models.CharField(max_length=300)
    answer_reviewed = models.BooleanField(default=False)
    overdue_at = models.DateTimeField(_("逾期未答复"), null=True)
    taken_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    entered = models.CharField(_("记入"), max_length=100, blank=True)
    answer = EncryptedTextField(_("答复"), blank=True, default="")
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("单位提交")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["area", "answer_due"],
                name="handed_in_open",
                condition=~Q(state="answered"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "content_hash"], name="handed_in_once"),
            models.CheckConstraint(
                condition=Q(state="arrived", taken_at=None)
                | Q(state__in=["taken", "answered"], taken_by__isnull=False, taken_at__isnull=False),
                name="handed_in_taken_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="handed_in_answered_by",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt


class Material(models.Model):
    """A file handed in, kept under its hash. Never shown in place: whoever may read it downloads it."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="materials")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("材料")
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="material_once"),
        ]
