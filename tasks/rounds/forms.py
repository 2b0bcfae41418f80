"""What a planner fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField, DayField, choice_in
from grid.scope import Actor, Right
from grid.territory.choosing.forms import AreaField, area_in
from grid.territory.choosing.queries import Wanted
from grid.territory.models import Level
from tasks.comparison.rules import TITLES


class TermsForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=80)
    lead_rules = forms.MultipleChoiceField(
        label=_("只查有这些线索的对象"),
        required=False,
        choices=[(rule, f"{rule} {title}") for rule, title in TITLES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个也不选：范围内全部存续对象。"),
    )
    due_on = DayField(label=_("截止"))
    per_worker = CountField(
        label=_("每人上限"), min_value=1, max_value=5_000, initial=200, help_text=_("含手上未查的任务。")
    )


class PlanForm(TermsForm):
    area = AreaField(label=_("范围"))
    field_order = ["title", "area", "lead_rules", "due_on", "per_worker"]

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = frozenset(
            {Level.CITY.value, Level.DISTRICT.value, Level.STREET.value, Level.COMMUNITY.value}
        )
        area_in(self, "area").offer(viewer, Wanted((Right.PLAN,), levels))
        own = viewer.areas(Right.PLAN)
        if len(own) == 1:
            self.initial.setdefault("area", own[0])


class HandOverForm(forms.Form):
    to = forms.TypedChoiceField(label=_("转给"), coerce=int)
    why = forms.CharField(label=_("理由"), max_length=100)

    def __init__(self, *args: Any, receivers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = choice_in(self, "to")
        to.choices = [("", "—"), *((p.pk, f"{p.person} · {p.area}") for p in receivers)]
