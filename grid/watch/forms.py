"""What an office says about an alarm."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("查明的原因和处理"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明查了什么、是谁做的、怎样恢复。记入台账，不能修改。"),
    )
