"""行政处罚决定信息公示 (行政处罚法48条, 国办发〔2018〕118号): one row for each publication of a penalty decision."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from workflows.inspections.models import Inspection


class Disclosure(models.Model):
    """What the public reads of a penalty, frozen on the day it is published. A decision that was changed is published
    anew, in a row of its own, once this one is withdrawn."""

    code = models.CharField(max_length=40, unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="disclosures")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="disclosures")
    area = models.CharField(max_length=15, db_index=True)
    number = models.CharField(_("处罚决定文号"), max_length=60)
    authority = models.CharField(_("处罚机关"), max_length=100)
    decided_on = models.DateField(_("处罚日期"))
    name = models.CharField(_("当事人"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    # Of a sole trader the owner, who is masked wherever the name stands.
    head = models.CharField(_("经营者"), max_length=60, blank=True)
    facts = models.CharField(_("主要违法事实"), max_length=500)
    basis = models.CharField(_("处罚依据"), max_length=1000)
    content = models.CharField(_("处罚内容"), max_length=500)
    published_at = models.DateTimeField(_("公示"))
    published_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    # The last day of publication, and the first on which repair may be granted; none where it ends before by itself.
    ends_on = models.DateField(_("公示至"))
    repair_from = models.DateField(_("最早修复日期"), null=True)
    # Changed, quashed or found unlawful: not shown from that moment on, and to be withdrawn with its reason.
    fallen_at = models.DateTimeField(null=True)
    fallen_why = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回"), null=True)
    withdrawn_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(_("撤回理由"), max_length=300, blank=True)
    repaired_at = models.DateTimeField(_("信用修复"), null=True)
    repaired_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    repaired_why = models.CharField(_("修复依据"), max_length=300, blank=True)
    # Its place in the feed: that of its last change.
    feed = models.PositiveIntegerField(db_index=True)

    class Meta:
        verbose_name = _("处罚公示")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(withdrawn_at=None), name="disclosure_one_standing"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(name="") & ~Q(facts="") & ~Q(basis="") & ~Q(content=""),
                name="disclosure_whole",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("decided_on")), name="disclosure_ends_after"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                name="disclosure_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(repaired_at__isnull=True, repaired_by__isnull=True, repaired_why="")
                | (
                    Q(repaired_at__isnull=False, repaired_by__isnull=False, repair_from__isnull=False)
                    & ~Q(repaired_why="")
                ),
                name="disclosure_repaired_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code
