"""Whom the canvass is about, the doors they are behind, and what was learnt about addresses."""

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField


class SubjectKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    SOLE_TRADER_EMPLOYING = "sole_trader_employing", _("有雇工个体工商户")
    SOLE_TRADER = "sole_trader", _("无雇工个体工商户")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    INSTITUTION = "institution", _("机关事业单位")
    SOCIAL_ORGANISATION = "social_organisation", _("社会组织")
    CONSTRUCTION_SITE = "construction_site", _("工程建设项目")
    RESIDENT = "resident", _("住户")
    FLEXIBLE_WORKER = "flexible_worker", _("灵活就业人员")
    HARDSHIP = "hardship", _("困难人员")
    ANNOUNCEMENT_POINT = "announcement_point", _("宣传点")


# Who owes insurance for others (社会保险法 第57条); what counts employers counts these.
EMPLOYERS = frozenset(
    {
        SubjectKind.ENTERPRISE,
        SubjectKind.SOLE_TRADER_EMPLOYING,
        SubjectKind.SOLE_TRADER,
        SubjectKind.COOPERATIVE,
        SubjectKind.INSTITUTION,
        SubjectKind.SOCIAL_ORGANISATION,
    }
)
# Who is sued and enforced against by the name of whoever runs it (民法典 第54条).
TRADERS = frozenset({SubjectKind.SOLE_TRADER, SubjectKind.SOLE_TRADER_EMPLOYING})
PERSONS = frozenset({SubjectKind.RESIDENT, SubjectKind.FLEXIBLE_WORKER, SubjectKind.HARDSHIP})


class Sort(models.TextChoices):
    """Kinds that are counted together. One figure for each: a rate over firms, households and notice boards says nothing."""

    UNITS = "units", _("单位")
    TRADERS = "traders", _("个体工商户")
    SITES = "sites", _("工程建设项目")
    HOMES = "homes", _("住户")
    PERSONS = "persons", _("灵活就业与困难人员")
    BOARDS = "boards", _("宣传点")


KINDS_OF: Mapping[str, frozenset[str]] = {
    Sort.UNITS: frozenset(
        {
            SubjectKind.ENTERPRISE,
            SubjectKind.COOPERATIVE,
            SubjectKind.INSTITUTION,
            SubjectKind.SOCIAL_ORGANISATION,
        }
    ),
    Sort.TRADERS: frozenset({SubjectKind.SOLE_TRADER, SubjectKind.SOLE_TRADER_EMPLOYING}),
    Sort.SITES: frozenset({SubjectKind.CONSTRUCTION_SITE}),
    Sort.HOMES: frozenset({SubjectKind.RESIDENT}),
    Sort.PERSONS: frozenset({SubjectKind.FLEXIBLE_WORKER, SubjectKind.HARDSHIP}),
    Sort.BOARDS: frozenset({SubjectKind.ANNOUNCEMENT_POINT}),
}
SORT_OF: Mapping[str, str] = {kind: str(sort) for sort, kinds in KINDS_OF.items() for kind in kinds}


class Standing(models.TextChoices):
    """What the business register says of a subject. Withdrawn: only a delivery that was undone ever spoke of it."""

    ACTIVE = "active", _("存续")
    REVOKED = "revoked", _("吊销")
    CANCELLED = "cancelled", _("注销")
    WITHDRAWN = "withdrawn", _("来源已撤回")


class Placement(models.TextChoices):
    """How a subject came to its area; anything but UNPLACED is a grid."""

    UNPLACED = "unplaced", _("待归格")
    TEXT = "text", _("地址识别")
    ALIAS = "alias", _("既往经验")
    HAND = "hand", _("人工归格")
    RECUT = "recut", _("网格调整")
    GAZETTEER = "gazetteer", _("地名库")
    RECORDS = "records", _("其他名册的地址")
    NEIGHBOUR = "neighbour", _("同路同号的对象")
    POSITION = "position", _("走访定位")
    GEOCODER = "geocoder", _("地理编码")


class Premise(models.Model):
    """A door (门/点位) with the code printed on its label."""

    code = models.CharField(_("点位码"), max_length=16, unique=True)
    area = models.CharField(_("网格"), max_length=15, db_index=True)
    label = models.CharField(_("门牌"), max_length=120)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    def __str__(self) -> str:
        return self.label


class Subject(models.Model):
    """An employer, a site, a household, a person or a notice board. `area` is its grid, or while it waits in the
    pool the narrowest area its address names (nearly always the district; the city for the few whose district
    cannot be told). Of a person `name` is masked; the full one is shown to the worker of the door and on the case.
    """

    kind = models.CharField(_("类型"), max_length=24, choices=SubjectKind.choices)
    name = models.CharField(_("名称"), max_length=200)
    match_name = models.CharField(max_length=200, db_index=True, help_text=_("用于比对的规范名称"))
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, unique=True)
    legacy_code = models.CharField(_("15位注册号"), max_length=15, null=True, unique=True)
    local_code = models.CharField(
        _("本地编码"), max_length=64, null=True, unique=True,
        help_text=_("项目编码、点位编号；自然人为身份证号的不可逆摘要"),
    )  # fmt: skip
    full_name = EncryptedTextField(_("姓名全称"), blank=True, default="")
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, default="")
    standing = models.CharField(
        _("登记状态"), max_length=12, choices=Standing.choices, default=Standing.ACTIVE
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)
    industry = models.CharField(_("行业代码"), max_length=5, blank=True)
    established_on = models.DateField(_("成立日期"), null=True)
    area = models.CharField(_("所在区划"), max_length=15)
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="subjects")
    placement = models.CharField(_("归格方式"), max_length=10, choices=Placement.choices)
    placement_why = models.CharField(_("归格依据"), max_length=200)
    is_sample = models.BooleanField(_("示例数据"), default=False)
    added_at = models.DateTimeField()
    # A duplicate points at the subject it was merged into; its history stays where it was made (see actions/merging.py).
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")

    class Meta:
        verbose_name = _("扩面对象")
        indexes = [
            models.Index(fields=["area", "id"], name="subject_area"),
            models.Index(fields=["area", "id"], name="subject_pool", condition=Q(placement="unplaced")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__isnull=False)
                | Q(legacy_code__isnull=False)
                | Q(local_code__isnull=False),
                name="subject_has_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The code people know it by; a person has none that may be shown."""
        shown = "" if self.is_person else self.local_code
        return self.credit_code or self.legacy_code or shown or ""

    @property
    def is_person(self) -> bool:
        return self.kind in PERSONS

    @property
    def is_placed(self) -> bool:
        return self.placement != Placement.UNPLACED


class Alias(models.Model):
    """What placing by hand taught: this much of an address means that community."""

    district = models.CharField(max_length=6)
    pattern = models.CharField(_("地址片段"), max_length=80, help_text=_("道路 + 街坊/小区 + 方位"))
    community = models.CharField(_("社区"), max_length=12)
    grid = models.CharField(_("网格"), max_length=15)
    taught_by = models.ForeignKey("grid.Person", models.PROTECT)
    taught_at = models.DateTimeField()
    taught_from = models.ForeignKey(Subject, models.PROTECT)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "pattern"], name="alias_once")]
