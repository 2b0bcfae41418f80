"""The list of seriously dishonest subjects: grounds in law, and each entry with its whole due process."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from workflows.cases.models import Case


def _gate(name: str, condition: Q, says: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=says)


class Route(models.TextChoices):
    """Where a violation is made public: the two ways rest on different law and are never mixed."""

    LIST = "list", _("列入严重失信人名单")
    ANNOUNCE = "announce", _("重大劳动保障违法行为社会公布")


class Ground(models.Model):
    """A ground while its legal basis is in force, with the conditions that facts on file have to meet.

    `conditions` is a list that must be met whole; each is a list of tests of which one is enough:
    {fact, is | over | given, says}. See rules.py.
    """

    code = models.CharField(max_length=20)
    title = models.CharField(_("情形"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300)
    route = models.CharField(max_length=10, choices=Route.choices, default=Route.LIST)
    subject_kinds = models.JSONField(_("适用主体"), default=list)
    conditions = models.JSONField(_("条件"), default=list)
    needs_penalty = models.BooleanField(_("须先处罚且仍未改正"))
    months = models.PositiveSmallIntegerField(_("公示月数"))
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    reviewed = models.BooleanField(_("法制已审核"), default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("列入情形")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="ground_once"),
            models.CheckConstraint(condition=~Q(basis=""), name="ground_has_basis"),
        ]

    def __str__(self) -> str:
        return self.title


class Listing(models.Model):
    """Every gate of due process leaves its trace here; the database refuses a publication without them."""

    code = models.CharField(max_length=20, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="listing")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="listings")
    area = models.CharField(max_length=15)
    ground = models.ForeignKey(Ground, models.PROTECT)
    facts = models.CharField(_("主要事实"), max_length=500)
    needs_penalty = models.BooleanField(_("须先处罚且仍未改正"))
    penalty_number = models.CharField(_("处罚决定文号"), max_length=60, blank=True)
    # What the inspector found that the file itself cannot know: {fact: value}, with the paper it stands in.
    circumstances = models.JSONField(_("查明的情节"), default=dict)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    noticed_on = models.DateField(null=True)
    defence = models.TextField(_("陈述申辩"), blank=True)
    defence_on = models.DateField(null=True)
    defence_answer = models.TextField(_("申辩答复"), blank=True)
    defence_closed_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_opinion = models.CharField(_("法制审核意见"), max_length=300, blank=True)
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
    # Not shown while a stay of execution lasts; the period goes on.
    stayed_at = models.DateTimeField(_("暂停公示"), null=True)
    stayed_why = models.CharField(max_length=200, blank=True)
    # What an objection put right. The decision itself stays as it was made.
    correction = models.CharField(_("更正"), max_length=500, blank=True)
    corrected_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(_("撤销"), null=True)
    revoked_why = models.CharField(max_length=300, blank=True)
    # Place in the feed of the credit platform (see feeding.py); 0 was never public.
    feed = models.PositiveBigIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("列入")
        indexes = [
            models.Index(
                fields=["ends_on"],
                name="listing_live",
                condition=Q(published_at__isnull=False, removed_at=None),
            ),
            models.Index(fields=["feed"], name="listing_feed", condition=Q(feed__gt=0)),
        ]
        # Each gate asks for the one before it, so that no statement in SQL can jump one either.
        constraints = [
            _gate(
                "listing_penalty_first",
                Q(needs_penalty=False) | ~Q(penalty_number=""),
                "the penalty comes first",
            ),
            _gate(
                "listing_defence_after_notice",
                Q(defence_closed_on__isnull=True)
                | Q(noticed_on__isnull=False, defence_closed_on__gt=F("noticed_on")),
                "the term of defence runs from the notice",
            ),
            _gate(
                "listing_reviewed_after_defence",
                Q(reviewed_at__isnull=True) | Q(defence_closed_on__isnull=False, reviewed_by__isnull=False),
                "nobody reviews before the defence is closed",
            ),
            _gate(
                "listing_defence_answered",
                Q(defence_on__isnull=True) | Q(reviewed_at__isnull=True) | ~Q(defence_answer=""),
                "a defence is answered",
            ),
            _gate(
                "listing_district_after_review",
                Q(district_at__isnull=True) | Q(reviewed_at__isnull=False, district_by__isnull=False),
                "the district decides on a reviewed file",
            ),
            _gate(
                "listing_city_after_district",
                Q(city_at__isnull=True)
                | Q(district_at__isnull=False, city_by__isnull=False, decided_on__isnull=False),
                "the city decides after the district",
            ),
            _gate(
                "listing_decided_by_city",
                Q(decided_on__isnull=True) | Q(city_at__isnull=False),
                "only the city's decision lists",
            ),
            _gate(
                "listing_served_after_decision",
                Q(served_on__isnull=True) | Q(decided_on__isnull=False, served_on__gte=F("decided_on")),
                "a decision is served after it was made",
            ),
            _gate(
                "listing_published_after_every_gate",
                Q(published_at__isnull=True)
                | Q(
                    noticed_on__isnull=False,
                    defence_closed_on__isnull=False,
                    reviewed_at__isnull=False,
                    district_at__isnull=False,
                    city_at__isnull=False,
                    decided_on__isnull=False,
                    served_on__isnull=False,
                    ends_on__isnull=False,
                    dropped_at__isnull=True,
                ),
                "published only after every gate",
            ),
            _gate(
                "listing_removed_after_publication",
                Q(removed_at__isnull=True) | Q(published_at__isnull=False),
                "only what was published is removed",
            ),
            _gate(
                "listing_stayed_while_public",
                Q(stayed_at__isnull=True) | Q(published_at__isnull=False),
                "only what was published is stayed",
            ),
            _gate(
                "listing_revoked_is_not_public",
                Q(revoked_at__isnull=True)
                | Q(removed_at__isnull=False)
                | Q(published_at__isnull=True, dropped_at__isnull=False),
                "what was revoked is not public",
            ),
            _gate(
                "listing_removed_with_reason",
                Q(removed_at__isnull=True) | ~Q(removed_why=""),
                "a removal says why",
            ),
            _gate(
                "listing_ends_later",
                Q(ends_on__isnull=True) | Q(ends_on__gt=F("decided_on")),
                "publication ends after the decision",
            ),
            _gate(
                "listing_reviewed_by_another",
                Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("proposed_by")),
                "who proposes does not review",
            ),
            _gate(
                "listing_district_by_another",
                Q(district_by__isnull=True) | ~Q(district_by=F("proposed_by")),
                "who proposes does not decide",
            ),
            _gate(
                "listing_city_by_another",
                Q(city_by__isnull=True) | (~Q(city_by=F("reviewed_by")) & ~Q(city_by=F("district_by"))),
                "who reviewed or decided before does not decide again",
            ),
        ]

    def __str__(self) -> str:
        return self.code
