"""What a reviewer fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import choice_in


class ConfirmForm(forms.Form):
    # What the page said would follow.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    remark = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnForm(forms.Form):
    question = forms.CharField(
        label=_("要问网格员什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("请重新核实的问题"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, questions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = choice_in(self, "fields_asked")
        asked.choices = [(answer.name, answer.label) for answer in questions]


class RejectForm(forms.Form):
    remark = forms.CharField(
        label=_("不成立的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
