"""What the city's lawyers answered to the questions that the law as shipped leaves open."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LawAnswer(models.Model):
    """An answer of a qualified lawyer, with its basis and the day it holds from. It counts once another has confirmed it,
    who reviews with it the versions of the law that it opened. Never changed: a question is answered anew."""

    question = models.PositiveSmallIntegerField(_("问题"), db_index=True)
    text = models.CharField(_("答复"), max_length=1000)
    basis = models.CharField(_("依据"), max_length=300)
    valid_from = models.DateField(_("自何日起"))
    certificate = models.CharField(_("法律职业资格证号"), max_length=40)
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    versions = models.ManyToManyField("grid.Provision", related_name="answers")

    class Meta:
        verbose_name = _("法制答复")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("answered_by"))
                ),
                name="law_answer_confirmed_by_another",
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(basis=""), name="law_answer_says_why"),
        ]

    def __str__(self) -> str:
        return self.text
