"""What a reviewer says of a visit that waits for a named person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import CITY_TIME
from tasks.facts.actions import Choice
from tasks.facts.queries import Cell, Row


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ClashForm(forms.Form):
    """For each contested field the visit to be believed, and why; see `choices`."""

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for place, row in enumerate(self.rows):
            sides = [(cell.visit.code, _side(cell)) for cell in row.sides]
            label = _("“{field}”采用哪一份").format(field=row.label)
            self.fields[f"take-{place}"] = forms.ChoiceField(
                label=label, choices=sides, widget=forms.RadioSelect
            )
            self.fields[f"why-{place}"] = _why(
                _("“{field}”的理由").format(field=row.label), _("例如：当面核对了用工名册。")
            )

    def choices(self) -> list[Choice]:
        taken = self.cleaned_data
        return [
            Choice(row.field, taken[f"take-{place}"], taken[f"why-{place}"])
            for place, row in enumerate(self.rows)
        ]


def _side(cell: Cell) -> str:
    """`12 · 王建国 2026-11-22 10:30`"""
    at = cell.visit.recorded_at.astimezone(CITY_TIME)
    return f"{cell.value} · {cell.visit.person.full_name} {at:%Y-%m-%d %H:%M}"


class ClaimForm(forms.Form):
    subject = forms.TypedChoiceField(label=_("对应的单位"), coerce=int, widget=forms.RadioSelect)
    why = _why(_("依据"), _("例如：门牌与店主姓名一致。"))

    def __init__(self, *args: Any, subjects: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject: Any = self.fields["subject"]
        subject.choices = subjects


class AsideForm(forms.Form):
    why = _why(_("搁置的理由"), _("例如：不在本市经营，不属于扩面对象。"))
