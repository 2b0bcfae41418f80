"""The list of seriously dishonest subjects: grounds in law, and each entry with its whole due process."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from workflows.cases.models import Case


class Ground(models.Model):
    """A ground for listing while its legal basis is in force."""

    code = models.CharField(max_length=20)
    title = models.CharField(_("情形"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300)
    needs_penalty = models.BooleanField(_("须先处罚且仍未改正"))
    months = models.PositiveSmallIntegerField(_("公示月数"))
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="ground_once")]


class Listing(models.Model):
    """Every gate of due process leaves its trace here; the database refuses a publication without them."""

    code = models.CharField(max_length=20, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="listing")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="listings")
    area = models.CharField(max_length=15)
    ground = models.ForeignKey(Ground, models.PROTECT)
    facts = models.CharField(_("主要事实"), max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    noticed_on = models.DateField(null=True)
    defence = models.TextField(_("陈述申辩"), blank=True)
    defence_on = models.DateField(null=True)
    defence_answer = models.TextField(_("申辩答复"), blank=True)
    defence_closed_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    district_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    district_at = models.DateTimeField(null=True)
    city_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    city_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)
    served_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("列入")
        indexes = [
            models.Index(fields=["ends_on"], name="listing_live", condition=Q(published_at__isnull=False, removed_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(
                    noticed_on__isnull=False,
                    defence_closed_on__isnull=False,
                    reviewed_at__isnull=False,
                    district_at__isnull=False,
                    city_at__isnull=False,
                    decided_on__isnull=False,
                    served_on__isnull=False,
                    ends_on__isnull=False,
                ),
                name="listing_published_after_every_gate",
            ),
            models.CheckConstraint(
                condition=Q(defence_on__isnull=True) | Q(reviewed_at__isnull=True) | ~Q(defence_answer=""),
                name="listing_defence_answered",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("proposed_by")),
                name="listing_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("decided_on")), name="listing_ends_later"
            ),
        ]
