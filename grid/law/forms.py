from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from grid.law.models import Provision
from grid.law.rules import kind_of, typed_of, units_for

HELP = {
    "list": _("每行一项"),
    "table": _("照原来的写法（JSON）改数值和文字，英文项目名和括号、引号不动"),
    "share": _("0 至 1 之间，例如 0.05"),
    "term": _("整数"),
}


class VersionForm(forms.Form):
    value = forms.CharField(label=_("值"), max_length=20_000)
    unit = forms.ChoiceField(label=_("单位"))
    basis = forms.CharField(label=_("依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    valid_from = DayField(label=_("自何日起"), help_text=_("今天或以后；旧版本在前一日终止"), initial=today)
    why = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, like: Provision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = kind_of(like.value, like.unit)
        value, unit = self.fields["value"], choice_in(self, "unit")
        value.initial, value.help_text = typed_of(like.value), HELP.get(kind, "")
        if kind in ("list", "table"):
            value.widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "mono"})
        if kind == "yes":
            value.widget = forms.Select(choices=[(word, word) for word in (_("是"), _("否"))])
        units = units_for(like.unit)
        unit.choices, unit.initial = [(name, name) for name in units], like.unit
        if len(units) == 1:
            del self.fields["unit"]
        self.fields["basis"].initial = like.basis


class ReviewForm(forms.Form):
    why = forms.CharField(label=_("审核意见"), max_length=200)


class EndForm(forms.Form):
    last_day = DayField(label=_("最后一天"), initial=today)
    why = forms.CharField(label=_("理由"), max_length=200)


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=200)
