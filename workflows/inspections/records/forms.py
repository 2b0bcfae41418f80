"""What an officer fills in about a piece of evidence, and about the end of the investigation."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.fields import DayField, FilesField, choice_in, long_text
from grid.texts import Text
from workflows.cases.forms import ActForm, WhyForm
from workflows.inspections.actions.recording import Minutes
from workflows.inspections.records.actions import Record
from workflows.inspections.records.models import RecordKind
from workflows.inspections.records.queries import REGISTER, clerk_of, corrections_of, draft_of
from workflows.notices.reading import read_uploads

PICTURES = ".pdf,.jpg,.jpeg,.png"
GATHERED = [(kind.value, kind.label) for kind in RecordKind if kind != RecordKind.REPORT]


def read_papers(form: forms.Form, given: dict[str, object]) -> dict[str, object]:
    """Part of cleaning a form that takes files in `papers`: they are looked at, and stand in `given` as they may be kept."""
    try:
        given["given"] = read_uploads(form.cleaned_data.get("papers") or ())
    except problems.Problem as refused:
        form.add_error("papers", refused.detail)
    return given


class RecordForm(ActForm):
    kind = forms.ChoiceField(label=_("种类"), choices=GATHERED)
    on = DayField(label=_("日期"), initial=today)
    place = forms.CharField(label=_("地点"), max_length=120)
    said_by = forms.CharField(label=_("被询问人或者在场人及其身份"), max_length=60, required=False)
    text = long_text(_("内容"), rows=6, max_length=8000)
    cards_shown = forms.BooleanField(label=_("已主动出示执法证件，并告知配合义务和申请回避的权利"))
    refused_why = forms.CharField(
        label=_("当事人未签名的原因"), max_length=200, required=False, help_text=_("已签名或者盖章的不填")
    )
    papers = FilesField(
        label=_("附件"),
        accept=PICTURES,
        help_text=_("笔录、清单的扫描件，照片，PDF；每份 10 MB 以内，最多 6 份"),
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        return read_papers(self, given)

    def record(self) -> Record:
        given = self.cleaned_data
        why = given["refused_why"].strip()
        return Record(
            kind=given["kind"], on=given["on"], place=given["place"], text=given["text"], said_by=given["said_by"],
            cards_shown=given["cards_shown"], is_signed=not why, refused_why=why, files=tuple(given["given"]),
        )  # fmt: skip


class MinutesForm(ActForm):
    """The record of a hearing: who kept it, whether the party signed, and the file itself."""

    recorder = forms.CharField(label=_("记录人"), max_length=60)
    refused_why = forms.CharField(
        label=_("当事人未签名的原因"), max_length=200, required=False, help_text=_("已核对无误并签名的不填")
    )
    papers = FilesField(
        label=_("听证笔录"), accept=PICTURES, help_text=_("签名的笔录扫描件；每份 10 MB 以内，最多 6 份")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.case is not None and not self.is_bound:
            self.fields["recorder"].initial = clerk_of(self.case)

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        return read_papers(self, given)

    def minutes(self) -> Minutes:
        given = self.cleaned_data
        return Minutes(given["recorder"], tuple(given["given"]), given["refused_why"])


class WithdrawForm(WhyForm):
    """Why the matter ends, and what on file shows that it was put right."""

    proof = forms.ChoiceField(label=_("改正的证据"), required=False)
    otherwise: Text = _("不以改正为由（违法事实不能成立等）")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = corrections_of(self.case) if self.case is not None else {}
        choice_in(self, "proof").choices = [("", self.otherwise), *known.items()]
        self.fields["proof"].initial = REGISTER if REGISTER in known else ""


class NoPenaltyForm(WithdrawForm):
    exemption = forms.ChoiceField(
        label=_("不予处罚的情形"),
        choices=[
            ("first", _("初次违法、危害后果轻微并及时改正")),
            ("minor", _("违法行为轻微并及时改正，没有造成危害后果")),
            ("no_fault", _("有证据足以证明没有主观过错")),
        ],
    )
    otherwise = _("请选择")


class ReportForm(ActForm):
    text = long_text(
        _("报告"), rows=14, max_length=8000,
        help_text=_("写明案件来源和调查经过、查明的事实、证据、当事人的意见、处理依据和建议"),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.case is not None and not self.is_bound:
            self.fields["text"].initial = draft_of(self.case)


class SecondForm(ActForm):
    record = forms.TypedChoiceField(label=_("记录"), coerce=int)
    read = forms.BooleanField(label=_("我在场办理，已核对内容和附件，签名确认"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.case is None:
            return
        waiting = self.case.records.filter(seconded_at=None).select_related("author")
        choice_in(self, "record").choices = [
            (record.pk, _now("{record}，{who}制作").format(record=record, who=record.author.full_name))
            for record in waiting
        ]
