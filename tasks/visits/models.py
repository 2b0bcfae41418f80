"""What happens at a door: the visit that answers its task, the evidence, and what waits for a named person."""

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Premise, Subject
from grid.territory.models import Posting
from tasks.doors.models import CheckTask


class Outcome(models.TextChoices):
    """How a visit ended, as coarse as forms offer it; for what reason, and what follows, are rows of the law
    (tasks/outcomes). Wherever else these words stand: tests/contract/test_outcome_words.py."""

    DONE = "done", _("已核查")
    REFUSED = "refused", _("拒访")
    CLOSED = "closed", _("歇业")
    MOVED = "moved", _("迁出")
    NOT_FOUND = "not_found", _("查无此户")
    NOBODY_IN = "nobody_in", _("无人在场")
    NOT_A_SUBJECT = "not_a_subject", _("不属扩面对象")
    # No form offers it: what a client said came of the visit is none of the above.
    UNCLEAR = "unclear", _("结果不明")


class Route(models.TextChoices):
    """Where a visit went on arrival. None of these is a refusal."""

    NORMAL = "normal", _("正常")
    LATE = "late", _("逾期送达")
    HANDED_OVER = "handed_over", _("任务已转派")
    RECUT = "recut", _("网格已调整")
    CLOSED_ROUND = "closed_round", _("轮次已结束")
    UNKNOWN_TASK = "unknown_task", _("任务不明，待人工认领")
    CLASH = "clash", _("两人先后走访，待核定")
    HELD = "held", _("停用或离岗后所报，待核定")


FOR_A_PERSON = ["clash", "unknown_task"]


class Doubt(models.TextChoices):
    """Why the phone's time is not believed (see believing.counted)."""

    AHEAD = "ahead", _("手机时间晚于收到时间")
    BEFORE_PHONE = "before_phone", _("手机时间早于手机登记")
    BEFORE_TASK = "before_task", _("手机时间早于任务下发")


# The mark of a visit that would end the check of its door without a ground (see findings.rules.lacks_ground).
UNGROUNDED = "ground-missing"


def has_mark(marks: str, kind: str) -> bool:
    """Whether a visit's marks, as they are stored, hold one of that kind."""
    return bool(marks) and any(mark["kind"] == kind for mark in json.loads(marks))


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
    # The moment it counts as: the phone's time on our clock where that is believed, else its arrival. Whatever asks
    # when a visit was made asks here.
    counts_at = models.DateTimeField(_("计为"))
    doubt = models.CharField(_("手机时间存疑"), max_length=16, choices=Doubt.choices, blank=True)
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
    # Pieces that could not be kept as they came, as JSON (see rules.Mark): empty for nearly every visit.
    marks = EncryptedTextField(_("有疑问的部分"), default="", blank=True)

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
        constraints = [
            models.CheckConstraint(
                condition=Q(counts_at__lte=F("received_at")), name="visit_counts_once_here"
            ),
        ]

    @property
    def lacks_ground(self) -> bool:
        """Marked on arrival: it would end the check of its door, and does not say on what ground."""
        return has_mark(self.marks, UNGROUNDED)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A visit whose time nobody weighed counts as told, and never later than it came."""
        if self.counts_at is None:
            self.counts_at = min(self.recorded_at, self.received_at)
        super().save(*args, **kwargs)


class LaidAside(models.Model):
    """A visit to nobody known that, by a reviewer's word, is about no subject of the canvass."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="laid_aside")
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(_("理由"), max_length=300)


class Look(models.TextChoices):
    """What came of opening a photo: whether, and how much of it, the desk can show."""

    UNSEEN = "", _("尚未检查")
    SHOWN = "shown", _("可以显示")
    BROKEN = "broken", _("图片不完整，只能显示一部分")
    NO_PICTURE = "no-picture", _("不是图片，无法显示")
    TOO_LARGE = "too-large", _("图片尺寸过大，无法显示")
    DIED = "died", _("图片有问题，打开时出错，无法显示")
    GONE = "gone", _("照片文件不在磁盘上")


class HowItCame(models.TextChoices):
    """What a reviewer must know of a photo's way here; nothing for nearly all."""

    PLAIN = "", ""
    RESENT = "resent", _("同一份记录又送来一张同名照片，内容不同")


class Ending(models.TextChoices):
    """What ended the authority under which a phone spoke."""

    LOST = "lost", _("手机丢失或被盗")
    REVOKED = "revoked", _("手机已停用")
    POSTING = "posting", _("岗位已结束")
    PERSON = "person", _("人员已停用")


class Ground(models.TextChoices):
    """Why a word that came after that end is taken, or waits for a named person (see believing.ground_of)."""

    IN_TIME = "in_time", _("此前所记，期限内交回")
    LOST = "lost", _("手机不在本人手里，内容和日期都可由他人填写")
    AFTER = "after", _("所报时间在停用或离岗之后")
    UNDATED = "undated", _("手机时间不可信，无从知道是否在停用或离岗之前")
    OVERDUE = "overdue", _("停用或离岗后过久才收到")


class Verdict(models.TextChoices):
    TAKEN = "taken", _("照常采用")
    WAITING = "waiting", _("待核定")
    # A document handed over: decided where services are.
    AT_SERVICE = "at_service", _("随上门送达核定")
    ACCEPTED = "accepted", _("核定采用")
    ASIDE = "aside", _("核定不采用，存卷")


class AfterEnd(models.Model):
    """A visit that came after its phone was revoked or its posting had ended, and what became of it.

    One that waits opens and settles nothing: it has no task and no subject, only its claim.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="after_end")
    area = models.CharField(max_length=15)
    ending = models.CharField(max_length=8, choices=Ending.choices)
    ended_at = models.DateTimeField(_("结束"))
    words = models.CharField(_("停用理由"), max_length=100, blank=True)
    phone = models.CharField(_("手机"), max_length=120, blank=True)
    ground = models.CharField(_("缘由"), max_length=8, choices=Ground.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("停用或离岗后所报")
        indexes = [
            models.Index(fields=["area"], name="after_end_waiting", condition=Q(verdict="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["accepted", "aside"], decided_by__isnull=False)
                | (~Q(verdict__in=["accepted", "aside"]) & Q(decided_by__isnull=True)),
                name="after_end_decided_by",
            ),
            models.CheckConstraint(condition=~Q(verdict="aside", why=""), name="after_end_aside_why"),
        ]


class Evidence(models.Model):
    """A photo promised by a visit; `received_at` is set once its bytes have arrived with the right hash.

    The bytes themselves lie at `path` and are shown to nobody (docs/decisions/0025): what pages show is the
    picture at `shown_path`, made from them once.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    question = models.CharField(_("问题"), max_length=60, blank=True)
    path = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    # What the client called the file, where it has names.
    name = models.CharField(_("文件名"), max_length=255, blank=True)
    came = models.CharField(max_length=10, choices=HowItCame.choices, blank=True)
    look = models.CharField(max_length=10, choices=Look.choices, blank=True)
    shown_path = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            # The few nobody has opened yet, among millions.
            models.Index(
                fields=["id"], name="evidence_unseen", condition=Q(look="", received_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "sha256"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | ~Q(path=""), name="evidence_received_has_path"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
        ]

    @property
    def oddness(self) -> str:
        """What a reviewer must know of this photo, in words; empty for nearly all."""
        look = "" if self.received_at is None or self.look == Look.SHOWN else str(self.get_look_display())
        return "；".join(filter(None, (look, str(self.get_came_display()))))
