from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField, choice_in
from grid.territory.models import Area

DIRECTIONS = (("we", _("东西两半")), ("ns", _("南北两半")))


class SplitForm(forms.Form):
    """`second` are the subjects of the second grid; the page proposes them by the half their door lies in."""

    direction = forms.ChoiceField(choices=DIRECTIONS, widget=forms.HiddenInput)
    first_name = forms.CharField(max_length=80)
    second_name = forms.CharField(max_length=80)
    households = CountField(min_value=0, max_value=100_000)
    reason = forms.CharField(label=_("理由"), max_length=200)
    second = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(
        self, *args: Any, grid: Area, subjects: Iterable[int], labels: tuple[Any, Any], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        first, second, households = (
            self.fields["first_name"],
            self.fields["second_name"],
            self.fields["households"],
        )
        first.label = _("{half}网格的名称").format(half=labels[0])
        second.label = _("{half}网格的名称").format(half=labels[1])
        households.label = _("{half}网格的居民户数").format(half=labels[1])
        first.initial, second.initial = f"{grid.name}{labels[0]}", f"{grid.name}{labels[1]}"
        households.initial = grid.households // 2
        households.validators.append(MaxValueValidator(grid.households))
        chosen = choice_in(self, "second")
        chosen.choices = [(pk, "") for pk in subjects]


class MergeForm(forms.Form):
    into = forms.ChoiceField(label=_("并入"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, grids: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = choice_in(self, "into")
        into.choices = list(grids)
