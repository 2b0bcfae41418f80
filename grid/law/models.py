"""Law as data: terms, thresholds, measures and weights with their basis, dated and reviewable."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Provision(models.Model):
    """One parameter while it is in force. `reviewed` False shows 待法制审核 wherever it is used.

    What was shipped was entered by nobody here; what the desk entered is reviewed by another person.
    """

    key = models.CharField(_("参数"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    value = models.JSONField(_("值"))
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    entered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("法规参数")
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="provision_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="provision_period"
            ),
            models.CheckConstraint(
                condition=Q(reviewed=False)
                | Q(entered_by__isnull=True)
                | (Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("entered_by"))),
                name="provision_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title
