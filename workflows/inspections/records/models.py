"""What the two officers wrote down, took and saw: the evidence of an inspection, never changed (行政处罚法 42、46、54、55条)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from workflows.inspections.models import Inspection


class RecordKind(models.TextChoices):
    """The kinds of evidence an officer gathers (行政处罚法 46、56条), and the report that ends the investigation (57条)."""

    SCENE = "scene", _("现场检查笔录")
    INTERVIEW = "interview", _("询问笔录")
    OBTAINED = "obtained", _("调取证据清单")
    REGISTERED = "registered", _("先行登记保存证据清单")
    AUDIOVISUAL = "audiovisual", _("视听资料")
    ELECTRONIC = "electronic", _("电子数据")
    REPORT = "report", _("案件调查终结报告")


class InspectionRecord(models.Model):
    """One record of the investigation. One of the two officers of that day writes it, the other signs it: until then it
    proves nothing. A later one corrects an earlier one; triggers.py keeps each as it is."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="records")
    kind = models.CharField(_("种类"), max_length=12, choices=RecordKind.choices)
    on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120)
    text = models.TextField(_("内容"))
    said_by = EncryptedTextField(_("被询问人"), blank=True, default="")
    officer_1 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    certificate_1 = models.CharField(_("执法证号"), max_length=40)
    certificate_2 = models.CharField(_("执法证号"), max_length=40)
    cards_shown = models.BooleanField(_("已出示执法证件"), default=False)
    # By the party, or whoever was there.
    is_signed = models.BooleanField(_("当事人已签名"), default=True)
    refused_why = models.CharField(_("未签名的原因"), max_length=200, blank=True)
    author = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # When the other of the two officers had read and signed it.
    seconded_at = models.DateTimeField(_("另一名执法人员签认"), null=True)

    class Meta:
        verbose_name = _("调查取证记录")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(officer_1=F("officer_2"))
                & ~Q(certificate_1="")
                & ~Q(certificate_2="")
                & (Q(author=F("officer_1")) | Q(author=F("officer_2"))),
                name="inspection_record_by_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(kind="report") | (Q(cards_shown=True) & ~Q(place="")),
                name="inspection_record_cards_shown",
            ),
            models.CheckConstraint(
                condition=Q(is_signed=True) | ~Q(refused_why=""), name="inspection_record_signed_or_why"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="inspection_record_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def second_id(self) -> int:
        """The officer who did not write it, and whose signature it needs."""
        return self.officer_2_id if self.author_id == self.officer_1_id else self.officer_1_id

    @property
    def is_evidence(self) -> bool:
        """Signed by both, and about the matter itself."""
        return self.seconded_at is not None and self.kind != RecordKind.REPORT


class KeptFile(models.Model):
    """A scan, a photo or a recording, kept under its hash: of whatever proves something (`actions.keep_files`)."""

    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)

    class Meta:
        abstract = True
        ordering = ["pk"]


class RecordFile(KeptFile):
    """A file of a record."""

    record = models.ForeignKey(InspectionRecord, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("调查取证附件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="inspection_record_file_once"),
        ]


class HearingRecord(models.Model):
    """听证笔录 (行政处罚法 64条第8项、65条): made at the hearing by its recorder, filed by its chair with the signed file. The
    party checks and signs it; where it would not, the chair says why."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="hearing_records")
    on = models.DateField(_("听证日期"))
    place = models.CharField(_("听证地点"), max_length=100)
    chair = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorder = models.CharField(_("记录人"), max_length=60)
    is_signed = models.BooleanField(_("当事人已签名"), default=True)
    refused_why = models.CharField(_("未签名的原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("听证笔录")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") & ~Q(recorder=""), name="hearing_record_says_where_and_who"
            ),
            models.CheckConstraint(
                condition=Q(is_signed=True) | ~Q(refused_why=""), name="hearing_record_signed_or_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.on}"


class HearingFile(KeptFile):
    """A file of the record of a hearing."""

    record = models.ForeignKey(HearingRecord, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("听证笔录附件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="hearing_file_once"),
        ]
