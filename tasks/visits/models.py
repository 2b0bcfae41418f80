"""What happens at a door: the task, the visit that answers it, the evidence, and what was handed away."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Premise, Subject
from grid.territory.models import Posting
from tasks.rounds.models import Round


class TaskState(models.TextChoices):
    OPEN = "open", _("待查")
    VISITED = "visited", _("已走访，待复核")
    RETURNED = "returned", _("退回补充")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


class CheckTask(models.Model):
    """One door to be checked by one worker in one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="tasks")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="tasks")
    area = models.CharField(max_length=15)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="tasks")
    state = models.CharField(_("状态"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    why = models.CharField(_("缘由"), max_length=200)
    form = models.CharField(_("表单"), max_length=40)
    due_on = models.DateField(_("截止"))
    question = models.CharField(_("退回的问题"), max_length=300, blank=True)
    question_fields = models.JSONField(default=list)
    question_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    question_at = models.DateTimeField(_("退回时间"), null=True)
    # What the last visit that met nobody proposed; gone once somebody was met.
    come_again_on = models.DateField(_("约定再访"), null=True)
    # Position in its posting's feed (see Posting.feed): what a phone's cursor is compared with.
    feed = models.PositiveBigIntegerField()
    # How many documents the worker is asked to hand over at this door: pulling costs nothing while it is 0.
    notices = models.PositiveSmallIntegerField(default=0)
    dispatched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("核查任务")
        indexes = [
            models.Index(fields=["posting", "feed"], name="task_posting_feed"),
            models.Index(fields=["area", "state"], name="task_area_state"),
            models.Index(fields=["subject", "-id"], name="task_subject_newest"),
        ]
        constraints = [
            # The second half of a dispatch cut off by a crash may be written again: it changes nothing.
            models.UniqueConstraint(fields=["round", "subject"], name="task_once_a_round"),
        ]


class Gone(models.Model):
    """A task that left a posting: tells the phone that still holds it."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    task = models.ForeignKey(CheckTask, models.PROTECT, related_name="+")
    feed = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["posting", "feed"], name="gone_posting_feed")]


class Outcome(models.TextChoices):
    DONE = "done", _("已核查")
    REFUSED = "refused", _("拒访")
    CLOSED = "closed", _("歇业")
    MOVED = "moved", _("迁出")
    NOT_FOUND = "not_found", _("查无此户")
    NOBODY_IN = "nobody_in", _("无人在场")
    NOT_A_SUBJECT = "not_a_subject", _("不属扩面对象")


class Route(models.TextChoices):
    """Where a visit went on arrival. None of these is a refusal."""

    NORMAL = "normal", _("正常")
    LATE = "late", _("逾期送达")
    HANDED_OVER = "handed_over", _("任务已转派")
    RECUT = "recut", _("网格已调整")
    CLOSED_ROUND = "closed_round", _("轮次已结束")
    UNKNOWN_TASK = "unknown_task", _("任务不明，待人工认领")
    CLASH = "clash", _("两人先后走访，待核定")


FOR_A_PERSON = ["clash", "unknown_task"]


class Visit(models.Model):
    """What one person saw at one door. Never changed: a correction is a new visit that replaces it."""

    client_id = models.UUIDField(unique=True)
    code = models.CharField(_("走访号"), max_length=20, unique=True)
    task = models.ForeignKey(CheckTask, models.PROTECT, null=True, related_name="visits")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="visits")
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="+")
    area = models.CharField(max_length=15)
    person = models.ForeignKey("grid.Person", models.PROTECT, related_name="visits")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="visits")
    outcome = models.CharField(_("结果"), max_length=16, choices=Outcome.choices)
    answers = models.JSONField(_("答案"))
    form = models.CharField(max_length=40)
    form_version = models.CharField(max_length=20)
    recorded_at = models.DateTimeField(_("手机时间"))
    received_at = models.DateTimeField(_("收到时间"))
    skew_seconds = models.IntegerField(_("时钟偏差"), default=0)
    position = models.JSONField(null=True)
    route = models.CharField(_("去向"), max_length=16, choices=Route.choices)
    # question → the value the form stood at when the worker opened it: what an answer confirms or changes.
    shown = models.JSONField(_("填写时所见"), default=dict)
    # A unit found on the street that nobody knew: {name, credit_code, address, kind, lng, lat} as JSON. It may be
    # a person's name and home.
    unlisted = EncryptedTextField(_("名册外的单位"), default="", blank=True)
    come_again_on = models.DateField(_("约定再访"), null=True)
    # What the phone named and the server could not follow when the visit came: task, subject, premise, replaces.
    claim = models.JSONField(_("手机所报"), default=dict)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("走访")
        indexes = [
            models.Index(fields=["area", "received_at"], name="visit_area_received"),
            models.Index(fields=["subject", "-id"], name="visit_subject_newest"),
            # The few that wait for a named person, found among millions that do not.
            models.Index(
                fields=["route", "area"], name="visit_for_a_person", condition=Q(route__in=FOR_A_PERSON)
            ),
        ]


class LaidAside(models.Model):
    """A visit to nobody known that, by a reviewer's word, is about no subject of the canvass."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="laid_aside")
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(_("理由"), max_length=300)


class Evidence(models.Model):
    """A photo promised by a visit; `received_at` is set once its bytes have arrived with the right hash."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    question = models.CharField(_("问题"), max_length=60, blank=True)
    path = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "sha256"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | ~Q(path=""), name="evidence_received_has_path"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
        ]
