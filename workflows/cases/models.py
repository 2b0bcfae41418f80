"""A case: one subject, one confirmed finding, one number from the door to the removal from the list."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from grid.subjects.models import Subject
from tasks.findings.models import Finding


class CaseProcess(Process):
    """The engine's agenda of a case: who must act next. No legal fact lives there."""

    class Meta:
        proxy = True


class CaseState(models.TextChoices):
    STREET_APPROVAL = "street_approval", _("待街道审批")
    DISTRICT_APPROVAL = "district_approval", _("待区级审批")
    CORRECTION = "correction", _("退回补正")
    URGING = "urging", _("待送达告知书")
    TERM = "term", _("限期内")
    ESCALATED = "escalated", _("逾期，待处置")
    AUDITED = "audited", _("稽核中")
    INSPECTED = "inspected", _("监察办理中")
    PENALISED = "penalised", _("处罚决定已送达")
    LISTING_PROPOSED = "listing_proposed", _("待列入告知")
    DEFENCE = "defence", _("陈述申辩期")
    LISTING_REVIEW = "listing_review", _("待法制审核")
    LISTING_DISTRICT = "listing_district", _("待区级列入决定")
    LISTING_CITY = "listing_city", _("待市级列入决定")
    LISTING_SERVICE = "listing_service", _("待送达列入决定")
    PUBLICATION = "publication", _("待公示")
    PUBLISHED = "published", _("公示中")
    REMOVED = "removed", _("已移出名单")
    HEALED = "healed", _("已整改")
    WITHDRAWN = "withdrawn", _("已撤案")
    NOT_LISTED = "not_listed", _("不予列入，已结案")
    NOT_PENALISED = "not_penalised", _("不予处罚，已结案")
    PERFORMED = "performed", _("已履行，已结案")
    TRANSFERRED = "transferred", _("已移送，已结案")


ENDED = (
    CaseState.REMOVED,
    CaseState.HEALED,
    CaseState.WITHDRAWN,
    CaseState.NOT_LISTED,
    CaseState.NOT_PENALISED,
    CaseState.PERFORMED,
    CaseState.TRANSFERRED,
)
# Nothing may be asked of the employer in these before a street and a district have approved.
UNAPPROVED = (
    CaseState.STREET_APPROVAL,
    CaseState.DISTRICT_APPROVAL,
    CaseState.CORRECTION,
    CaseState.HEALED,
    CaseState.WITHDRAWN,
)


class Case(models.Model):
    code = models.CharField(_("案号"), max_length=20, unique=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="cases")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="case")
    area = models.CharField(max_length=15)
    measures = models.JSONField(_("措施"))
    state = models.CharField(_("状态"), max_length=20, choices=CaseState.choices)
    returned_to = models.CharField(max_length=20, blank=True, choices=CaseState.choices)
    returned_why = models.CharField(_("退回理由"), max_length=300, blank=True)
    process = models.OneToOneField(CaseProcess, models.PROTECT, related_name="case")
    opened_at = models.DateTimeField(_("立项"))
    street_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    street_at = models.DateTimeField(null=True)
    district_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    district_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    penalty = models.JSONField(_("处罚"), null=True, help_text=_("{number, decided_on, amount, facts}"))
    closed_at = models.DateTimeField(_("办结"), null=True)
    closed_why = models.CharField(_("办结理由"), max_length=300, blank=True)
    healed_on = models.DateField(_("整改日期"), null=True)

    class Meta:
        verbose_name = _("案件")
        indexes = [models.Index(fields=["area", "state"], name="case_area_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                name="case_one_open",
                condition=~Q(state__in=ENDED),
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNAPPROVED) | Q(street_by__isnull=False, district_by__isnull=False),
                name="case_approved_twice",
            ),
            models.CheckConstraint(
                condition=Q(district_by__isnull=True) | ~Q(district_by=F("street_by")),
                name="case_approved_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="correction") | ~Q(returned_to=""), name="case_returned_to_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED


class Contractor(models.Model):
    """施工总承包单位 of a building site, found out at the desk where the visit could not name it: on what, and by whom."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="contractor")
    name = models.CharField(_("施工总承包单位"), max_length=100)
    code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    permit = models.CharField(_("施工许可证号"), max_length=60, blank=True)
    source = models.CharField(_("查明的依据"), max_length=300)
    entered_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("施工总承包单位")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(source=""), name="contractor_named_on_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name
