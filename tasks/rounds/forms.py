"""What a planner fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField, DayField, choice_in
from grid.scope import Actor
from grid.territory.choosing.forms import AreaField
from tasks.rounds.choosing.forms import CriteriaForm, offer_areas
from tasks.rounds.choosing.rules import Chosen, Terms


class TermsForm(CriteriaForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    due_on = DayField(label=_("截止"))
    per_worker = CountField(
        label=_("每人上限"), min_value=1, max_value=5_000, initial=200, help_text=_("含手上未查的任务。")
    )
    joins = forms.BooleanField(
        label=_("后来归格的、新登记的自动加入"), required=False,
        help_text=_("选上：轮次进行中归入范围、符合条件的自动派发，到截止才结束。不选：只派批准时的这些。"),
    )  # fmt: skip
    save_as = forms.CharField(
        label=_("把走访对象存为选法"), max_length=40, required=False, help_text=_("起个名称，下次可以再用。")
    )

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["title"], given["due_on"], given["per_worker"])

    def chosen(self) -> Chosen:
        return Chosen(self.criteria(), self.cleaned_data["joins"], self.cleaned_data["save_as"])

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """What is asked of the round itself."""
        return [field for field in self if field.name not in CriteriaForm.base_fields]


class PlanForm(TermsForm):
    area = AreaField(label=_("范围"))
    field_order = ["title", "area", "due_on", "per_worker", "joins", "save_as"]

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_areas(self, viewer)


class HandOverForm(forms.Form):
    to = forms.TypedChoiceField(label=_("转给"), coerce=int)
    why = forms.CharField(label=_("理由"), max_length=100)

    def __init__(self, *args: Any, receivers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = choice_in(self, "to")
        to.choices = [("", "—"), *((p.pk, f"{p.person} · {p.area}") for p in receivers)]
