"""Documents that were issued, and how they reached whom."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.cases.models import Case


class NoticeKind(models.TextChoices):
    URGING = "urging", _("督促参保缴费告知书")
    ORDER = "order", _("责令改正指令书")
    PENALTY = "penalty", _("行政处罚决定记录")
    LISTING_NOTICE = "listing_notice", _("列入告知书")
    LISTING_DECISION = "listing_decision", _("列入决定书")
    REMOVAL = "removal", _("移出决定书")


class Number(models.Model):
    """The last number given per office, word and year; locked while the next is taken, so no gaps."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series")]


class Notice(models.Model):
    """An issued document. Its bytes are kept and hashed; it is withdrawn, never changed."""

    number = models.CharField(_("文号"), max_length=60, unique=True)
    code = models.CharField(_("核验码"), max_length=24, unique=True)
    kind = models.CharField(_("文种"), max_length=20, choices=NoticeKind.choices)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    area = models.CharField(max_length=15, db_index=True)
    issued_at = models.DateTimeField(_("制发"))
    issued_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    values = models.JSONField(help_text=_("排版所用的值"))
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("文书")


class Way(models.TextChoices):
    DIRECT = "direct", _("直接送达")
    LEFT = "left", _("留置送达")
    MAIL = "mail", _("邮寄送达")
    ELECTRONIC = "electronic", _("电子送达")
    PUBLIC = "public", _("公告送达")


class Service(models.Model):
    """Serving a notice: way, receiver, witness, and the day from which it counts (处罚法61 → 民诉法87-95)."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="service")
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    served_on = models.DateField(_("送达日期"))
    effective_on = models.DateField(_("生效日期"))
    receiver = models.CharField(_("签收人"), max_length=60, blank=True)
    receiver_role = models.CharField(_("身份"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Left service without anybody's witness proves nothing (民诉法 89).
            models.CheckConstraint(condition=~Q(way="left", witness=""), name="service_left_witnessed"),
        ]
