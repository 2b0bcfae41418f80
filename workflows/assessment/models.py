"""The yearly assessment: a scheme with dated indicators, and results that open to their evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.Model):
    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=80)
    basis = models.CharField(max_length=300)
    reviewed = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    hash = models.CharField(max_length=64, blank=True)


class Indicator(models.Model):
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="indicators")
    formula = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("指标"), max_length=60)
    weight = models.DecimalField(_("权重"), max_digits=5, decimal_places=2)
    target = models.DecimalField(_("目标"), max_digits=5, decimal_places=4)
    explanation = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "formula"], name="indicator_once")]


class Result(models.Model):
    """One indicator of one district: numerator over denominator, and the score they make."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="results")
    area = models.CharField(max_length=15)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    score = models.DecimalField(
        _("得分"), max_digits=6, decimal_places=2, null=True, help_text=_("空：不适用")
    )
    evidence = models.JSONField(help_text=_("达到与未达到的对象各自的哈希"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "area"], name="result_once")]
