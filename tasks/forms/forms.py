"""What the city office types and uploads to change a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("XLSForm 表格"),
        help_text=_(".xlsx、.md 或 .csv，1 MB 以内；settings 工作表里的 version 要比现用版本晚。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.md,.csv"}),
    )


class PublishForm(forms.Form):
    valid_from = DayField(
        label=_("启用日期"), help_text=_("当天起手机下次联网就换用；正在填的走访不受影响。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("valid_from", today())


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=_("撤回理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：第 3 题的选项缺少一种情况。"),
    )  # fmt: skip
