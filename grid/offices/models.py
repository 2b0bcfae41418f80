"""The offices of the city and its districts: who signs, collects, hears and judges there, from when to when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What an office is to the papers of its area."""

    AUTHORITY = "authority", _("人力资源社会保障行政部门")
    AGENCY = "agency", _("社会保险经办机构")
    TAX = "tax", _("税务机关")
    DESK = "office", _("扩面工作机构")
    REVIEW_BODY = "review_body", _("行政复议机关")
    COURT = "court", _("行政诉讼管辖法院")
    # Where a party turns to about a paper of the authority, the agency, or the city (行政处罚法 44, 45).
    INSPECTORATE = "inspectorate", _("劳动保障监察机构")
    AUDIT_DESK = "audit_desk", _("社会保险稽核机构")
    LEGAL_DESK = "legal_desk", _("法制机构")
    CASES = "cases", _("案号字头")


class Body(models.Model):
    """One office of one area while it is in force. It counts from the day another person confirmed it.

    Who entered it is empty for a row that came by the command line; who confirmed it only for 示例数据. A row that
    was confirmed is never changed: another takes its place from a day on, so a paper stays explained by its day.
    """

    area = models.CharField(_("区划"), max_length=6)
    part = models.CharField(_("种类"), max_length=12, choices=Part.choices)
    name = models.CharField(_("全称"), max_length=60)
    # 文号的机关代字 of an authority or agency, the letters of a district's case codes; nothing for the others.
    word = models.CharField(_("代字"), max_length=12, blank=True)
    address = models.CharField(_("地址"), max_length=100, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    seal = models.CharField(_("印章名称"), max_length=60, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    confirmed = models.BooleanField(_("已确认"), default=False)
    entered_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, blank=True, related_name="+")
    is_sample = models.BooleanField(_("示例数据"), default=False)

    class Meta:
        verbose_name = _("机关")
        indexes = [models.Index(fields=["area", "part", "valid_from"], name="body_area_part")]
        constraints = [
            models.UniqueConstraint(fields=["area", "part", "valid_from"], name="body_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="body_period"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False)
                | Q(is_sample=True)
                | (
                    Q(confirmed_by__isnull=False)
                    & (Q(entered_by__isnull=True) | ~Q(confirmed_by=F("entered_by")))
                ),
                name="body_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name
