"""Forgetting a person's data: asked for by one, decided by another, done by deleting a key."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject


class RevealReason(models.TextChoices):
    """个人信息保护法 第13条第1款第3项, 第45条, 第46条: what personal data may be looked at for."""

    SERVICE = "service", _("核对身份、送达文书（履行法定职责，个人信息保护法第13条第1款第3项）")
    CONTACT = "contact", _("联系当事人办理本案（履行法定职责，个人信息保护法第13条第1款第3项）")
    EVIDENCE = "evidence", _("复议、诉讼或监督检查举证（履行法定职责，个人信息保护法第13条第1款第3项）")
    OWN_REQUEST = "own_request", _("本人查阅、复制（个人信息保护法第45条）")
    CORRECTION = "correction", _("本人请求更正、补充（个人信息保护法第46条）")


class ForgettingReason(models.TextChoices):
    """个人信息保护法 第47条第1款: when what was kept must be deleted."""

    PURPOSE_OVER = "purpose_over", _("处理目的已实现、无法实现或者不再必要（个人信息保护法第47条第1款第1项）")
    RETENTION_OVER = "retention_over", _("保存期限已届满（个人信息保护法第47条第1款第2项）")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("个人撤回同意（个人信息保护法第47条第1款第3项）")
    UNLAWFUL = "unlawful", _("违反法律、行政法规处理个人信息（个人信息保护法第47条第1款第4项）")


class Forgetting(models.Model):
    """`subject` is to be forgotten. The key goes in the transaction that grants it (triggers.py of grid/watch)."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="forgettings")
    area = models.CharField(max_length=15)
    reason = models.CharField(_("法律依据"), max_length=20, choices=ForgettingReason.choices)
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    asked_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请"))
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定"), null=True)
    granted = models.BooleanField(_("准予"), null=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("遗忘个人信息")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="forgetting_open_once", condition=Q(decided_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="forgetting_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, granted__isnull=False),
                name="forgetting_decided_whole",
            ),
        ]
