"""What a reviewer says of a visit that waits for a named person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import CITY_TIME
from grid.fields import choice_in, long_text
from grid.subjects.models import SubjectKind
from grid.texts import Text
from tasks.facts.actions import Choice
from tasks.facts.queries import Cell, Row
from tasks.visits.rules import Unlisted


def _why(label: Text, help_text: Text = "") -> forms.CharField:
    return long_text(label, rows=2, help_text=help_text, max_length=300)


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
    at = cell.visit.counts_at.astimezone(CITY_TIME)
    return f"{cell.value} · {cell.visit.person.full_name} {at:%Y-%m-%d %H:%M}"


class ClaimForm(forms.Form):
    subject = forms.TypedChoiceField(label=_("对应的单位"), coerce=int, widget=forms.RadioSelect)
    why = _why(_("依据"), _("例如：门牌与店主姓名一致。"))

    def __init__(self, *args: Any, subjects: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = choice_in(self, "subject")
        subject.choices = subjects


class AcceptForm(forms.Form):
    """What the worker wrote down of a unit nobody knew, to be put right before it becomes a subject."""

    name = forms.CharField(label=_("名称"), max_length=200)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=30, required=False, help_text=_("没有办照的可以不填。")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=SubjectKind.choices)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    why = _why(_("纳入的理由"), _("例如：照片上的执照与名称一致，名册中没有。"))

    def said(self, before: Unlisted) -> Unlisted:
        names = ("name", "credit_code", "kind", "address")
        return replace(before, **{name: self.cleaned_data[name] for name in names})


class DismissForm(forms.Form):
    why = _why(_("搁置的理由"), _("例如：不在本市经营，不属于扩面对象。"))


class AcceptWordForm(forms.Form):
    why = forms.CharField(
        label=_("说明"), help_text=_("例如：已向本人核实。"), max_length=300, required=False
    )


class DismissWordsForm(forms.Form):
    why = _why(_("不采用的理由"), _("例如：手机已被盗，本人当天不在岗。"))
