"""重大劳动保障违法行为社会公布 (人社部令第29号): one entry for each case that was handled, published in batches."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from workflows.cases.models import Case
from workflows.listing.models import Ground


class Batch(models.Model):
    """公布批次: what one office publishes on one day, under a number."""

    number = models.CharField(_("文号"), max_length=60, unique=True)
    office = models.CharField(_("公布机关"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    published_at = models.DateTimeField(_("公布"))
    published_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    media = models.CharField(_("公布媒体"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公布批次")
        constraints = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="batch_quarter"),
        ]

    def __str__(self) -> str:
        return self.number


class Announcement(models.Model):
    """One violation to be published: what the rule prescribes and nothing else, frozen when it is proposed."""

    code = models.CharField(max_length=20, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="announcement")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="announcements")
    area = models.CharField(max_length=15)
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="announcements")
    name = models.CharField(_("单位全称"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    head = models.CharField(_("法定代表人或负责人"), max_length=60)
    facts = models.CharField(_("主要违法事实"), max_length=500)
    handling = models.CharField(_("处理情况"), max_length=500)
    proposed_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="entries")
    objection = models.TextField(_("异议"), blank=True)
    objected_on = models.DateField(null=True)
    objection_due_on = models.DateField(_("答复期限"), null=True)
    objection_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    objection_answer = models.CharField(_("异议答复"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    correction = models.CharField(_("更正"), max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("社会公布")
        indexes = [models.Index(fields=["area"], name="announcement_area")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(head="") & ~Q(facts="") & ~Q(handling=""),
                name="announcement_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="announcement_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | ~Q(refused_why=""),
                name="announcement_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("objection_by")),
                name="announcement_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="announcement_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, refused_at__isnull=True),
                name="announcement_published_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | (Q(batch__isnull=False) & ~Q(removed_why="")),
                name="announcement_removed_after_publication",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | (Q(objected_on__isnull=False, answered_by__isnull=False) & ~Q(objection_answer="")),
                name="announcement_objection_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_published(self) -> bool:
        """Published and not taken down; while the penalty is stayed it is not shown (queries.public_entries)."""
        return self.batch_id is not None and self.removed_at is None
