"""What a sender and a liaison fill in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField, DayField, FilesField, choice_in
from grid.scope import Actor, Right
from grid.territory.choosing.forms import AreaField, area_in
from grid.territory.choosing.queries import Wanted
from grid.territory.models import Level
from workflows.duties import rules
from workflows.duties.models import Department, Duty
from workflows.duties.reading import Given
from workflows.duties.referring import Chosen, Question
from workflows.duties.rules import USUAL

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.doc,.docx,.xls,.xlsx,.csv"
FILES_HELP = _("PDF、图片、Word、Excel 或 CSV，每份 10 MB 以内，最多 5 份。")

Groups = Iterable[tuple[Department, list[Duty]]]


def _papers() -> FilesField:
    return FilesField(label=_("附件"), required=False, help_text=FILES_HELP, accept=ACCEPTED)


def given_files(cleaned: dict[str, Any]) -> list[Given]:
    """No more of a file is read than tells that it is too large, and one file more than may come."""
    given = (cleaned.get("papers") or [])[: rules.MOST_FILES + 1]
    return [Given(file.name, file.read(rules.MOST_BYTES + 1)) for file in given]


class DutyField(forms.TypedChoiceField):
    """A department and, in one choice, the clause by which it is asked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("转给哪个部门，依据哪一条"), coerce=int, **kwargs)

    def offer(self, groups: Groups) -> None:
        self.choices = [
            ("", _("请选择")),
            *(
                (
                    department.name,
                    [(duty.pk, f"{department.name} {duty.clause}：{duty.text}") for duty in duties],
                )
                for department, duties in groups
                if duties
            ),
        ]


def _duty_of(form: forms.Form) -> DutyField:
    field = form.fields["duty"]
    assert isinstance(field, DutyField)
    return field


def _offer_areas(form: forms.Form, viewer: Actor) -> None:
    """The viewer's own areas and the districts and streets in them."""
    levels = frozenset({Level.CITY.value, Level.DISTRICT.value, Level.STREET.value})
    area_in(form, "area").offer(viewer, Wanted((Right.REFER,), levels))
    if own := viewer.areas(Right.REFER):
        form.initial.setdefault("area", own[0])


class ReferForm(forms.Form):
    duty = DutyField()
    title = forms.CharField(label=_("事项"), max_length=80)
    question = forms.CharField(
        label=_("请部门办理或答复什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    area = AreaField(label=_("范围"))
    release = forms.MultipleChoiceField(
        label=_("告知部门的情况"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("部门只看得到勾选的内容，看不到案件。只勾选办理所需要的。"),
    )  # fmt: skip
    papers = _papers()

    def __init__(
        self,
        *args: Any,
        groups: Groups,
        viewer: Actor,
        facts: list[tuple[str, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _duty_of(self).offer(groups)
        if facts:
            del self.fields["area"]
            choice_in(self, "release").choices = [(key, f"{label}：{value}") for key, label, value in facts]
            self.fields["release"].initial = [key for key, _label, _value in facts if key in USUAL]
        else:
            del self.fields["release"]
            _offer_areas(self, viewer)

    def asked(self) -> Question:
        given = self.cleaned_data
        return Question(given["title"], given["question"], given.get("release", ()))


class BulkForm(forms.Form):
    duty = DutyField()
    area = AreaField(label=_("范围"))
    industry = forms.RegexField(
        label=_("行业代码开头"), regex=r"^\d{2,4}$", required=False,
        help_text=_("GB/T 4754；不填则取该部门主管的全部行业，没有固定行业的部门取全部。"),
    )  # fmt: skip
    since = DayField(
        label=_("复核日期不早于"),
        required=False,
    )
    title = forms.CharField(label=_("事项"), max_length=80)
    question = forms.CharField(
        label=_("请部门办理或答复什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, groups: Groups, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _duty_of(self).offer(groups)
        _offer_areas(self, viewer)

    def chosen(self) -> Chosen:
        given = self.cleaned_data
        return Chosen(given["area"], given["industry"], given["since"])

    def asked(self) -> Question:
        return Question(self.cleaned_data["title"], self.cleaned_data["question"])


class ActForm(forms.Form):
    """An act says which state its page showed, so that an overtaken page decides nothing unread."""

    at = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def at_state(self) -> str:
        return str(self.cleaned_data["at"])


class PlainForm(ActForm):
    """Nothing to fill in."""


class AnswerForm(ActForm):
    text = forms.CharField(label=_("答复"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    checked = CountField(label=_("核查户（人）数"), max_value=10_000_000, required=False)
    insured = CountField(label=_("其中已参保"), max_value=10_000_000, required=False)
    papers = _papers()


class ReturnForm(ActForm):
    to = forms.TypedChoiceField(label=_("应由哪个部门办理"), coerce=int)
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, departments: Iterable[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = choice_in(self, "to")
        to.choices = [("", _("请选择")), *((department.pk, department.name) for department in departments)]


class RedirectForm(ActForm):
    duty = DutyField()

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _duty_of(self).offer(groups)


class RemarkForm(ActForm):
    why = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class WhyForm(ReasonForm, ActForm):
    """Nothing but the reason of an act."""


class ResultForm(ActForm):
    why = forms.CharField(label=_("办理结果"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
