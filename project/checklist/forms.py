from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField


class CheckpointForm(forms.Form):
    size = CountField(widget=forms.HiddenInput)
    where = forms.CharField(
        label=_("由谁保管"), max_length=100, help_text=_("例如：市档案馆，光盘第 3 号；或审计局内网。")
    )
