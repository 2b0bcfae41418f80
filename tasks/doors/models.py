"""A door to be checked, by whom, and doors that were handed away. The round they belong to stands above them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from grid.territory.models import Posting


class TaskState(models.TextChoices):
    OPEN = "open", _("待查")
    VISITED = "visited", _("已走访，待复核")
    RETURNED = "returned", _("退回补充")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


class CheckTask(models.Model):
    """One door to be checked by one worker in one round."""

    round = models.ForeignKey("tasks.Round", models.PROTECT, related_name="tasks")
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
    # When its worker was reminded that the round ends: once for each door.
    reminded_on = models.DateField(_("提醒"), null=True)
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
