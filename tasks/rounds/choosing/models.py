"""Choices of whom to visit that are kept by name, and the lists of codes they may refer to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject


class SavedChoice(models.Model):
    """Criteria under a name, to be used again. `area` is whose it is: who plans there, or within it, may use it."""

    name = models.CharField(_("名称"), max_length=40)
    area = models.CharField(_("范围"), max_length=15, db_index=True)
    criteria = models.JSONField(_("条件"), default=dict)
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(_("停用"), null=True)

    class Meta:
        verbose_name = _("走访选法")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], name="choice_named_once", condition=Q(retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CodeList(models.Model):
    """A list of codes somebody uploaded: which units, sites or boards a round is about."""

    name = models.CharField(_("名称"), max_length=40)
    area = models.CharField(_("范围"), max_length=15, db_index=True)
    file_name = models.CharField(_("文件"), max_length=200)
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(_("停用"), null=True)

    class Meta:
        verbose_name = _("走访名单")

    def __str__(self) -> str:
        return self.name


class Trouble(models.TextChoices):
    """Why a line of a list chooses nobody."""

    NONE = "", ""
    UNKNOWN = "unknown", _("本辖区没有这个代码的对象")
    TWICE = "twice", _("前面已有这一户")
    UNREAD = "unread", _("代码不对")
    PERSON = "person", _("是公民身份号码，名单里不能写")
    FAULTY = "faulty", _("这一行无法读出")


class ListedLine(models.Model):
    """One line of a list and whom it means. What was no code of a unit is not kept: it may be somebody's number."""

    list = models.ForeignKey(CodeList, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField(_("行号"))
    code = models.CharField(_("代码"), max_length=64, blank=True)
    name = models.CharField(_("名称"), max_length=200, blank=True)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+")
    trouble = models.CharField(_("原因"), max_length=8, choices=Trouble.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "line"], name="listed_line_once"),
            models.UniqueConstraint(
                fields=["list", "subject"], name="listed_subject_once", condition=Q(subject__isnull=False)
            ),
        ]
