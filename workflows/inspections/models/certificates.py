"""What somebody may show for their office: 执法证, 稽核证, 法律职业资格. Tables only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CertificateKind(models.TextChoices):
    ENFORCEMENT = "enforcement", _("行政执法证")
    AUDIT = "audit", _("稽核证")
    LAW = "law", _("法律职业资格证书")


class Certificate(models.Model):
    """What somebody may show for their office: an inspector the 执法证, an auditor the 稽核证, who reviews the
    法律职业资格; under which number, from when until when."""

    kind = models.CharField(
        _("种类"), max_length=12, choices=CertificateKind.choices, default=CertificateKind.ENFORCEMENT,
        db_default=CertificateKind.ENFORCEMENT,
    )  # fmt: skip
    person = models.ForeignKey("grid.Person", models.PROTECT, related_name="certificates")
    number = models.CharField(_("证件号"), max_length=40, unique=True)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"))
    body = models.CharField(_("发证机关"), max_length=60, blank=True, default="", db_default="")
    # Why it ended before its time: withdrawn, or given back with the office.
    ended_why = models.CharField(_("终止理由"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("执法证件")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) & ~Q(number=""), name="certificate_period"
            ),
        ]

    def __str__(self) -> str:
        return self.number
