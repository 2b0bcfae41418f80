"""What a liaison answers, and what the legal office writes about a measure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.sanctions.models import Answer, LiftAnswer


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("反馈"), choices=Answer.choices)
    why = forms.CharField(
        label=_("说明（不适用的必填）"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("answer") == Answer.UNFIT and not given.get("why"):
            self.add_error("why", _("请说明为什么不适用"))
        return given


class LiftForm(forms.Form):
    answer = forms.ChoiceField(label=_("解除反馈"), choices=LiftAnswer.choices)


class MeasureForm(forms.Form):
    basis = forms.CharField(
        label=_("现行依据（法律、法规、党中央国务院文件的名称和条款；留空则不能选用）"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    in_national_list = forms.BooleanField(label=_("在全国失信惩戒措施基础清单内"), required=False)
    why = forms.CharField(label=_("修改理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
