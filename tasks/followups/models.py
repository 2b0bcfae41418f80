"""What follows from the outcome of a visit and is left for somebody to do."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Subject


class FollowKind(models.TextChoices):
    """As the rows of the law name them (rules.FOLLOWS)."""

    AGAIN = "again", _("到期再访")
    MERGE = "merge", _("合并建议")
    NOTE = "note", _("告知市场监管")
    PLACE = "place", _("按新地址归格")


class FollowState(models.TextChoices):
    OPEN = "open", _("待办")
    DONE = "done", _("已办")
    DROPPED = "dropped", _("不办")


class FollowUp(models.Model):
    """One thing that follows from a visit, by the row of the law `reason` as it stood on the day of the visit."""

    visit = models.ForeignKey("tasks.Visit", models.PROTECT, related_name="follows")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    area = models.CharField(max_length=15)
    kind = models.CharField(_("后续"), max_length=8, choices=FollowKind.choices)
    reason = models.CharField(_("走访结果"), max_length=60)
    # What was given with it: an address, the other's code or name. It may be where somebody lives.
    given = EncryptedTextField(_("走访所报"), default="", blank=True)
    # The other of two that are to be one, where it could be found.
    other = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("日期"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=FollowState.choices, default=FollowState.OPEN)
    at = models.DateTimeField()
    ended_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("走访后续")
        indexes = [
            # The few that are left, found among all there ever were.
            models.Index(fields=["area", "kind"], name="follow_left", condition=Q(state="open")),
            models.Index(fields=["subject"], name="follow_subject", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "kind"], name="follow_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ended_at__isnull=False), name="follow_ended_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | (~Q(why="") & Q(ended_by__isnull=False)),
                name="follow_dropped_why",
            ),
        ]
