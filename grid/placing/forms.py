from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import choice_in
from grid.placing.queries import Choice


class PlaceForm(forms.Form):
    grid = forms.ChoiceField(label=_("归入网格"))
    why = forms.CharField(
        label=_("依据"), max_length=100, required=False, help_text=_("例如：现场核实、户主电话确认。")
    )

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grid = choice_in(self, "grid")
        grid.choices = [("", "—"), *((choice.code, choice.label) for choice in choices)]
