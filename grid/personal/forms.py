"""Why somebody looks, why something is to be forgotten, and what another person thinks of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.personal.models import ForgettingReason, RevealReason

LINES = {"rows": 2}


class RevealForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("查看事由"),
        choices=[("", _("请选择")), *RevealReason.choices],
        help_text=_("谁在何时因何查看，记入台账，审计可见；每人每日次数有限。"),
    )


class AskForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("遗忘的法律依据"), choices=[("", _("请选择")), *ForgettingReason.choices]
    )
    remark = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs=LINES),
        help_text=_("不要写入姓名、号码等个人信息：这里的文字留在台账里，不会被遗忘。"),
    )  # fmt: skip


class DecideForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("决定"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("准予：永久删除，不能恢复")), ("no", _("不准予"))],
    )  # fmt: skip
    opinion = forms.CharField(label=_("意见"), max_length=300, widget=forms.Textarea(attrs=LINES))
