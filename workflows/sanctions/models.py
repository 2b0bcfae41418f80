"""联合惩戒: the measures of the memorandum as dated data, and each one ordered of a department."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    """How far a row is confirmed by a published text."""

    NAMED = "named", _("文件列明")
    LIKELY = "likely", _("可能，待核实")
    UNSURE = "unsure", _("据同期备忘录整理，待核实")


class Sanction(models.Model):
    """One measure while its basis is in force. Without a basis, or outside the national list, none may choose it.

    Edited by a new version: the former one ends, so that what was ordered on it can still be read.
    """

    code = models.CharField(_("编号"), max_length=10)
    title = models.CharField(_("措施"), max_length=200)
    departments = models.JSONField(_("执行部门"), default=list)
    basis = models.CharField(_("现行依据"), max_length=300, blank=True)
    in_national_list = models.BooleanField(_("在全国失信惩戒措施基础清单内"), default=False)
    mark = models.CharField(_("核实"), max_length=10, choices=Mark.choices)
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    edited_why = models.CharField(_("修改理由"), max_length=300, blank=True)
    edited_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("惩戒措施")
        constraints = [
            models.UniqueConstraint(fields=["code"], name="sanction_one_now", condition=Q(valid_to=None)),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="sanction_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def may_be_chosen(self) -> bool:
        return bool(self.basis.strip()) and self.in_national_list and self.valid_to is None


class Answer(models.TextChoices):
    DONE = "done", _("已实施")
    ALREADY = "already", _("此前已在实施")
    UNFIT = "unfit", _("不适用")


class LiftAnswer(models.TextChoices):
    LIFTED = "lifted", _("已解除")
    NOTHING = "nothing", _("未曾实施，无需解除")


class SanctionOrder(models.Model):
    """One measure asked of one department about one entry: to carry out, and later to lift."""

    listing = models.ForeignKey("workflows.Listing", models.PROTECT, related_name="orders")
    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="orders")
    department = models.CharField(_("执行部门"), max_length=60)
    area = models.CharField(max_length=15)
    basis = models.CharField(_("依据"), max_length=300)
    ordered_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("下达"))
    due_on = models.DateField(_("反馈期限"))
    answer = models.CharField(_("反馈"), max_length=10, choices=Answer.choices, blank=True)
    answer_why = models.CharField(_("反馈说明"), max_length=300, blank=True)
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    lift_at = models.DateTimeField(_("要求解除"), null=True)
    lift_why = models.CharField(max_length=200, blank=True)
    lift_due_on = models.DateField(_("解除期限"), null=True)
    lift_answer = models.CharField(_("解除反馈"), max_length=10, choices=LiftAnswer.choices, blank=True)
    lifted_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    # Each at most once for carrying out and once for lifting: set by an update only one process can win.
    reminded_on = models.DateField(null=True)
    escalated_on = models.DateField(_("督办"), null=True)

    class Meta:
        verbose_name = _("惩戒措施协办")
        indexes = [
            models.Index(fields=["department", "area"], name="sanction_order_department"),
            models.Index(
                fields=["due_on"],
                name="sanction_order_waiting",
                condition=Q(answered_at=None) | Q(lift_at__isnull=False, lifted_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["listing", "sanction", "department"], name="sanction_order_once"),
            models.CheckConstraint(condition=~Q(basis=""), name="sanction_order_has_basis"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="sanction_order_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer="unfit") | ~Q(answer_why=""), name="sanction_order_unfit_says_why"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True)
                | (Q(lift_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_answer="")),
                name="sanction_order_lifted_whole",
            ),
            models.CheckConstraint(
                condition=Q(lift_at__isnull=True) | Q(lift_due_on__isnull=False),
                name="sanction_order_lift_has_term",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether the department still owes an answer. Once it is to be lifted, only that answer is owed; while the
        entry is stayed, none."""
        return self.lifted_at is None if self.lift_at else self.answered_at is None and not self.is_suspended

    @property
    def is_suspended(self) -> bool:
        """Whether nothing may be carried out on it now. Expects `listing` at hand."""
        return self.lift_at is None and self.listing.stayed_at is not None

    @property
    def due(self) -> object:
        return self.lift_due_on or self.due_on
