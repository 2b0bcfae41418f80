"""Which of two subjects is kept, and why they are one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import choice_in
from grid.subjects.models import Subject


class MergeForm(forms.Form):
    kept = forms.TypedChoiceField(label=_("保留哪一个"), coerce=int, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("合并的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：同一家店，执照换过名称，法定代表人与地址一致。"),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("已逐项核对，知道合并后不能撤销"))

    def __init__(self, *args: Any, pair: tuple[Subject, Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair
        kept = choice_in(self, "kept")
        kept.choices = [
            (subject.pk, " · ".join(part for part in (subject.name, subject.code, subject.address) if part))
            for subject in pair
        ]

    def chosen(self) -> tuple[Subject, Subject]:
        """Kept first."""
        first, second = self.pair
        return (first, second) if self.cleaned_data["kept"] == first.pk else (second, first)
