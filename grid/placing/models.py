"""What a city calls its places, what may be so of a subject until somebody says yes or no, and what a geocoder said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject


class PlaceName(models.Model):
    """A row of the gazetteer (docs/gazetteer.md): a compound, landmark or stretch of a road and the area it lies in, or
    an old name and what it is called today. In force from a day until a day."""

    class Kind(models.TextChoices):
        COMPOUND = "compound", _("小区")
        MARKET = "market", _("市场楼宇")
        BLOCK = "block", _("街坊")
        PARK = "park", _("园区")
        MINE = "mine", _("矿")
        LANDMARK = "landmark", _("标志")
        ROAD = "road", _("道路")
        OLD = "old", _("旧名")

    class Parity(models.TextChoices):
        ODD = "odd", _("单")
        EVEN = "even", _("双")

    district = models.CharField(_("区"), max_length=6)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=60)
    area = models.CharField(_("归属"), max_length=15, blank=True)
    current = models.CharField(_("现名"), max_length=60, blank=True)
    side = models.CharField(_("侧"), max_length=1, blank=True)
    parity = models.CharField(_("单双号"), max_length=4, choices=Parity.choices, blank=True)
    first = models.PositiveIntegerField(_("起号"), default=0)
    last = models.PositiveIntegerField(_("止号"), default=0)
    valid_from = models.DateField(_("启用"))
    valid_to = models.DateField(_("停用"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("地名")
        indexes = [models.Index(fields=["district", "name"], name="place_name_district")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "name", "area", "side", "parity", "first"],
                name="place_name_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="old", area="") & ~Q(current="") | ~Q(kind="old") & ~Q(area=""),
                name="place_name_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="place_name_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """Where a subject may belong, too unsure to place it: a person says yes or no. `area` is a grid, or a community or
    street into whose pool it would go; `how` it was found, how `sure` that is, in percent, and `why`. One whose subject
    was placed meanwhile is shown to nobody."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("已否定")

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="proposals")
    area = models.CharField(_("建议归入"), max_length=15)
    how = models.CharField(_("来源"), max_length=12)
    sure = models.PositiveSmallIntegerField(_("把握"))
    why = models.CharField(_("依据"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(_("提出时间"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("归格建议")
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="waiting"), name="proposal_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="proposal_ended_once",
            ),
        ]


class Geocoded(models.Model):
    """What a geocoder answered, so that nothing is asked twice. Of the address only a fingerprint is kept; without a
    position it knew none."""

    provider = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=64)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "fingerprint"], name="geocoded_once")]
