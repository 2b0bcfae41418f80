from django import forms
from django.utils.translation import gettext_lazy as _


class UndoForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=100, help_text=_("例如：选错了网格。"))
