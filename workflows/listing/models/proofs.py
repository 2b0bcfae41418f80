"""What a listing is proven by: the look again after the penalty, the documents a ground stands on. Tables only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflows.cases.models import Case
from workflows.inspections.records.models import KeptFile


class Look(models.Model):
    """复查记录: two certified officers looked again, after the penalty's term was over, whether the violation is
    corrected (人社部规〔2019〕2号 第五条第(一)项: 仍不改正; 行政处罚法 42)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="looks")
    on = models.DateField(_("复查日期"))
    place = models.CharField(_("复查地点"), max_length=100)
    officer_1 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    certificate_1 = models.CharField(_("执法证号"), max_length=40)
    certificate_2 = models.CharField(_("执法证号"), max_length=40)
    seen = models.CharField(_("复查情况"), max_length=500)
    is_corrected = models.BooleanField(_("已经改正"))
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("复查记录")
        constraints = [
            models.CheckConstraint(
                condition=~Q(officer_1=F("officer_2"))
                & ~Q(certificate_1="")
                & ~Q(certificate_2="")
                & ~Q(certificate_1=F("certificate_2")),
                name="look_by_two_officers",
            ),
            models.CheckConstraint(condition=~Q(place="") & ~Q(seen=""), name="look_says_what_and_where"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.on}"


class ProofKind(models.TextChoices):
    PENALTY = "penalty", _("行政处罚决定书")
    RETURN = "return", _("责令退回决定书")
    JUDGMENT = "judgment", _("生效裁判文书")
    RECORD = "record", _("当事人签名的笔录")


class Proof(models.Model):
    """A document on which a ground stands that rests on no penalty of our own (人社部规〔2019〕2号 第五条第(二)至(八)项).
    A record has no number; everything else is found by its own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="proofs")
    kind = models.CharField(_("文书种类"), max_length=10, choices=ProofKind.choices)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("作出日期"))
    issuer = models.CharField(_("作出机关"), max_length=60)
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("列入依据文书")
        constraints = [
            models.CheckConstraint(
                condition=~Q(issuer="") & (Q(kind="record") | ~Q(number="")), name="proof_can_be_found"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.number}"


class LookFile(KeptFile):
    """The signed 复查记录, photos of what was seen."""

    look = models.ForeignKey(Look, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("复查附件")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["look", "sha256"], name="look_file_once")]


class ProofFile(KeptFile):
    """The document itself."""

    proof = models.ForeignKey(Proof, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("列入依据文书附件")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["proof", "sha256"], name="proof_file_once")]
