from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.registers.models import Register
from grid.scope import Actor, Right
from grid.territory.queries import names_of


class UploadForm(forms.Form):
    register = forms.ChoiceField(label=_("名册"), choices=Register.choices)
    area = forms.ChoiceField(label=_("范围"))
    as_of = forms.DateField(
        label=_("数据日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV（UTF-8 或 GB18030）或 XLSX；列名可用中文字段名或交换表字段名。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = viewer.areas(Right.IMPORT)
        names = names_of(codes)
        area: Any = self.fields["area"]
        area.choices = [(code, names.get(code, code)) for code in codes]
        self.fields["as_of"].initial = today

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError(_("数据日期还没有到。"))
        return day
