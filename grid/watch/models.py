"""What the ledger's self-check found and when it looked. Alarms, answers and rounds are insert-only, as the ledger is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What a round of the check looks at."""

    QUICK = "quick", _("触发器、最新封存点和计数")
    NEW = "new", _("上次之后的条目")
    FULL = "full", _("全部条目")


class CheckRound(models.Model):
    """One finished round. `size` and `root` are those of the tree it looked at: the next round must continue it."""

    part = models.CharField(_("范围"), max_length=8, choices=Part.choices)
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"))
    checked = models.BigIntegerField(_("条数"))
    size = models.BigIntegerField(_("封存条数"))
    root = models.BinaryField(_("根哈希"))
    # Keys of all it found, new or not.
    found = models.JSONField(default=list)

    class Meta:
        verbose_name = _("自检")
        ordering = ["-id"]
        indexes = [models.Index(fields=["part", "-id"], name="check_round_part")]


class CheckPlace(models.Model):
    """Where a round under way has got to, so that one that was killed goes on. One row for each part."""

    part = models.CharField(max_length=8, primary_key=True)
    started_at = models.DateTimeField(null=True)
    # The walk's place (grid/ledger/queries/walk.py), empty at the beginning.
    place = models.JSONField(default=dict)
    found = models.JSONField(default=list)
    # Nobody else goes on with it before this moment: one that died gives it free by not coming back.
    taken_until = models.DateTimeField(null=True)


class Alarm(models.Model):
    """One finding. It stays as it was found; what was done about it are the answers."""

    key = models.CharField(max_length=160, db_index=True, help_text="the same finding again")
    kind = models.CharField(_("类别"), max_length=20)
    what = models.CharField(_("情况"), max_length=500)
    found_at = models.DateTimeField(_("发现"))

    class Meta:
        verbose_name = _("台账警报")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.what


class Office(models.TextChoices):
    """The two sides that must both have looked before an alarm is closed."""

    CITY = "city", _("市扩面办")
    AUDITOR = "auditor", _("审计")


class AlarmAnswer(models.Model):
    """What one office found out about an alarm. Two of two offices close it."""

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="answers")
    person = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    office = models.CharField(_("部门"), max_length=8, choices=Office.choices)
    department = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("查明的原因和处理"), max_length=500)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("警报处置")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["alarm", "person"], name="alarm_answer_person"),
            models.UniqueConstraint(fields=["alarm", "office"], name="alarm_answer_office"),
        ]
