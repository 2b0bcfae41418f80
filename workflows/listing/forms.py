"""What a person fills in on the file of an entry."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, FilesField, long_text
from workflows.cases.forms import ActForm
from workflows.inspections.forms import OfficersForm
from workflows.inspections.records.forms import PICTURES, read_papers
from workflows.listing.actions.proving import Document, Seen
from workflows.listing.models.appeals import Verdict
from workflows.listing.models.proofs import ProofKind
from workflows.listing.queries import grounds_on
from workflows.listing.rules import FOUND, facts_asked
from workflows.sanctions.queries import is_named, selectable


class ReviewForm(forms.Form):
    why = forms.CharField(label=_("审核意见"), max_length=100)


BOUNDS = _("扫描件、照片，PDF；每份 10 MB 以内，最多 6 份")
NUMBERS = ("persons", "gain", "amount", "loss", "months")


def found_fields() -> dict[str, forms.Field]:
    """A field for each fact an inspector may have found; all may stay empty."""
    made: dict[str, forms.Field] = {}
    for name, label in FOUND.items():
        if name in NUMBERS:
            made[name] = forms.DecimalField(
                label=_(label), required=False, min_value=0, max_digits=14, decimal_places=2
            )
        elif name == "citation":
            made[name] = forms.CharField(label=_(label), required=False, max_length=200)
        else:
            made[name] = forms.BooleanField(label=_(label), required=False)
    return made


class ObjectForm(forms.Form):
    text = long_text(_("异议内容"), rows=4, max_length=4000)


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(label=_("处理结果"), choices=Verdict.choices)
    checked = long_text(_("核查情况"), max_length=500)
    answer = long_text(_("答复和理由"), max_length=500)
    correction = long_text(_("更正内容（选“更正信息”时必填）"), rows=2, max_length=500, required=False)

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("verdict") == Verdict.CORRECTED and not given.get("correction"):
            self.add_error("correction", _("请写明更正后的内容"))
        return given


class RepairForm(forms.Form):
    evidence = long_text(_("改正和履行义务的证明"), max_length=2000)
    commitment = long_text(_("信用承诺"), max_length=2000)


class DecideRepairForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("1", _("准予修复")), ("0", _("不予修复"))),
        coerce=lambda value: value == "1",
    )
    reason = long_text(_("理由"), max_length=300)


class SanctionsForm(forms.Form):
    """Only measures that may be chosen today are offered, and of those the ones the party was told of."""

    measures: Any = forms.ModelMultipleChoiceField(
        label=_("惩戒措施"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measures"]
        field.queryset = selectable()
        field.label_from_instance = lambda measure: (
            f"{measure.code} {measure.title}（{'、'.join(measure.departments)}）"
        )

    def limit_to(self, told: Iterable[str]) -> None:
        field, lines = self.fields["measures"], list(told)
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = selectable().filter(
            pk__in=[measure.pk for measure in selectable() if is_named(measure, lines)]
        )


# --- on the page of the case -------------------------------------------------------------------


class CorrectForm(ActForm):
    facts = long_text(_("主要事实"), rows=4, max_length=500)
    remark = long_text(_("补正说明"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listing = getattr(self.case, "listing", None)
        self.fields["facts"].initial = listing.facts if listing else ""


class LookForm(OfficersForm):
    """What two officers found when they looked again; who they are is asked as when a case is filed."""

    on = DayField(label=_("复查日期"))
    place = forms.CharField(label=_("复查地点"), max_length=100)
    why = long_text(_("复查情况"), rows=3, max_length=500)
    is_corrected = forms.BooleanField(label=_("已经改正"), required=False)
    papers = FilesField(label=_("复查记录和照片"), accept=PICTURES, help_text=BOUNDS)

    def clean(self) -> dict[str, object]:
        return read_papers(self, super().clean() or self.cleaned_data)

    def seen(self) -> Seen:
        given = self.cleaned_data
        officers, files = (given["officer_1"], given["officer_2"]), tuple(given["given"])
        return Seen(given["on"], given["place"], officers, given["why"], given["is_corrected"], files)


class ProofForm(ActForm):
    kind = forms.ChoiceField(label=_("文书种类"), choices=ProofKind.choices)
    number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("笔录没有文号，其余必填。")
    )
    issued_on = DayField(label=_("作出日期"))
    issuer = forms.CharField(label=_("作出机关"), max_length=60)
    papers = FilesField(label=_("文书扫描件"), accept=PICTURES, help_text=BOUNDS)

    def clean(self) -> dict[str, object]:
        return read_papers(self, super().clean() or self.cleaned_data)

    def document(self) -> Document:
        given = self.cleaned_data
        names = ("kind", "number", "issued_on", "issuer")
        return Document(**{name: given[name] for name in names}, files=tuple(given["given"]))


class ProposeForm(ActForm):
    """The grounds that fit this kind of subject; what the file itself cannot know is written down beside them."""

    ground: Any = forms.ModelChoiceField(
        label=_("列入情形"), queryset=None, empty_label=_("请选择"),
        help_text=_("下面标“可不填”的，只填所选情形要求的。"),
    )  # fmt: skip
    facts = long_text(_("主要事实"), rows=4, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds: Any = self.fields["ground"]
        kind = self.case.subject.kind if self.case else ""
        grounds.queryset = grounds_on(today(), kind)
        grounds.label_from_instance = lambda ground: f"{ground.title}({ground.basis})"
        asked = facts_asked(tests for ground in grounds.queryset for tests in ground.conditions)
        self.fields.update({name: field for name, field in found_fields().items() if name in asked})

    def circumstances(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name in FOUND and value}
