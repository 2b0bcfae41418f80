from django import forms
from django.utils.translation import gettext_lazy as _


class DropForm(forms.Form):
    why = forms.CharField(label=_("不办的理由"), max_length=300)
