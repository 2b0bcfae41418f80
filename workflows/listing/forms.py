"""What a person fills in on the file of an entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField
from workflows.listing.appeals import RemedyKind, RemedyOutcome, RemedyTarget, Verdict
from workflows.listing.rules import FOUND
from workflows.sanctions.queries import selectable


class ReviewForm(forms.Form):
    why = forms.CharField(label=_("审核意见"), max_length=100)


NUMBERS = ("persons", "gain", "amount", "loss", "months")
DECIDED = _("复议决定填送达当事人之日")
EFFECTIVE = _(
    "只在诉讼时填写。一审判决送达之日起15日（裁定10日）内可以上诉，期满无人上诉才生效；"
    "上诉期内或者已经上诉的，先不要登记；二审判决、裁定填送达之日（《行政诉讼法》第85条）。"
)


def _text(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


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
    text = _text(_("异议内容"), rows=4, max_length=4000)


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(label=_("处理结果"), choices=Verdict.choices)
    checked = _text(_("核查情况"), max_length=500)
    answer = _text(_("答复和理由"), max_length=500)
    correction = _text(_("更正内容（选“更正信息”时必填）"), rows=2, max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == Verdict.CORRECTED and not given.get("correction"):
            self.add_error("correction", _("请写明更正后的内容"))
        return given


class RemedyForm(forms.Form):
    target = forms.ChoiceField(label=_("对象"), choices=RemedyTarget.choices)
    kind = forms.ChoiceField(label=_("途径"), choices=RemedyKind.choices)
    body = forms.CharField(label=_("受理机关"), max_length=100)
    filed_on = DayField(label=_("受理日期"), initial=today)
    stay_number = forms.CharField(label=_("停止执行文书文号"), max_length=60, required=False)


class StayForm(forms.Form):
    number = forms.CharField(label=_("停止执行文书文号"), max_length=60)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("结果"), choices=RemedyOutcome.choices)
    number = forms.CharField(label=_("决定或判决文号"), max_length=60, required=False)
    decided_on = DayField(label=_("作出日期"), help_text=DECIDED, initial=today)
    effective_on = DayField(label=_("判决、裁定的生效日期"), required=False, help_text=EFFECTIVE)
    fine = forms.DecimalField(
        label=_("变更后的罚款（元）"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("结果是变更处罚决定的填写"),
    )  # fmt: skip


class RepairForm(forms.Form):
    evidence = _text(_("改正和履行义务的证明"), max_length=2000)
    commitment = _text(_("信用承诺"), max_length=2000)


class DecideRepairForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("1", _("准予修复")), ("0", _("不予修复"))),
        coerce=lambda value: value == "1",
    )
    reason = _text(_("理由"), max_length=300)


class SanctionsForm(forms.Form):
    """Only measures that may be chosen today are offered."""

    measures: Any = forms.ModelMultipleChoiceField(
        label=_("惩戒措施"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measures"]
        field.queryset = selectable()
        field.label_from_instance = lambda one: f"{one.code} {one.title}（{'、'.join(one.departments)}）"
