from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("事由"))
    first_day = DayField(label=_("自何日起不计入"), initial=today)
    remark = forms.CharField(label=_("说明"), max_length=100, help_text=_("委托鉴定的机构、文书编号等"))

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = choice_in(self, "reason")
        reason.choices = reasons


class ResumeForm(forms.Form):
    last_day = DayField(label=_("不计入的最后一日"), initial=today)
