from django import forms
from django.utils.translation import gettext_lazy as _


class NamesForm(forms.Form):
    file = forms.FileField(
        label=_("地名表格"),
        max_length=100,
        help_text=_("CSV 或 XLSX，列名见下。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods"}),
    )
