"""What somebody who sets targets fills in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField
from workflows.duties.targets.models import Goal
from workflows.duties.targets.queries import Row

MOST = 100_000_000


def amount_field(label: str, **kwargs: Any) -> CountField:
    return CountField(label=label, max_value=MOST, **kwargs)


class NewPlanForm(forms.Form):
    """The city's wholes by goal; for a district there is nothing to fill in but the year."""

    year = CountField(label=_("年度"), min_value=2020, max_value=2100)

    def __init__(self, *args: Any, goals: Iterable[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for goal in goals:
            self.fields[f"goal-{goal.code}"] = amount_field(
                f"{goal.title}（{goal.unit}）", required=False, help_text=goal.definition
            )

    def wholes(self) -> dict[str, int]:
        """Goals that were given an amount; an empty one is not planned this year."""
        given = self.cleaned_data.items()
        return {name[5:]: n for name, n in given if name.startswith("goal-") and n is not None}


class AmountsForm(forms.Form):
    """Every amount of a plan and the reason for a difference, by goal. The whole is fixed where it was handed down."""

    def __init__(
        self, *args: Any, rows: Iterable[Row], whole_area: str, is_whole_fixed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        self.whole_area = whole_area
        for row in self.rows:
            code = row.goal.code
            if not is_whole_fixed:
                self.fields[self.key(code, whole_area)] = amount_field(str(_("总数")), initial=row.whole)
            for part in row.parts:
                self.fields[self.key(code, part.area)] = amount_field(part.name, initial=part.amount)
            self.fields[f"gap-{code}"] = forms.CharField(
                label=_("差额理由"), max_length=200, required=False, initial=row.gap_why
            )

    @staticmethod
    def key(goal: str, area: str) -> str:
        return f"amount-{goal}-{area}"

    def amounts(self) -> dict[tuple[str, str], int]:
        split = {name: name.split("-") for name in self.cleaned_data if name.startswith("amount-")}
        return {(goal, area): self.cleaned_data[name] for name, (_kind, goal, area) in split.items()}

    def gaps(self) -> dict[str, str]:
        return {row.goal.code: self.cleaned_data[f"gap-{row.goal.code}"] for row in self.rows}

    def lines(self) -> list[dict[str, Any]]:
        """For the page: each goal with its bound fields."""
        bound = {name: self[name] for name in self.fields}
        return [
            {
                "row": row,
                "whole": bound.get(self.key(row.goal.code, self.whole_area)),
                "parts": [bound[self.key(row.goal.code, part.area)] for part in row.parts],
                "gap": bound[f"gap-{row.goal.code}"],
            }
            for row in self.rows
        ]
