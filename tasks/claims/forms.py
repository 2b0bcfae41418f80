"""What is said of a claim, and answered about what nobody claimed."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from grid.territory.choosing.forms import AreaField, area_in
from grid.territory.choosing.queries import Wanted
from grid.territory.models import Level
from tasks.claims.models import Reply

PLACE = "place"


class RefuseForm(forms.Form):
    why = forms.CharField(
        label=_("退回的理由"), max_length=300, help_text=_("例如：门牌在路对面，属第二网格。")
    )


class ReplyForm(forms.Form):
    """`place` puts it into a grid; the other replies say why not."""

    reply = forms.ChoiceField(
        label=_("答复"), choices=[(PLACE, _("在本辖区，归入网格")), *Reply.choices], widget=forms.RadioSelect
    )
    grid = AreaField(label=_("网格"), required=False)
    why = forms.CharField(
        label=_("理由"), max_length=300, required=False, help_text=_("不在本辖区或查无此户时必填。")
    )

    def __init__(self, data: QueryDict | None, viewer: Actor, within: str) -> None:
        super().__init__(data)
        grids = Wanted((Right.PLACE,), frozenset({Level.GRID.value}), within)
        area_in(self, "grid").offer(viewer, grids, near=within)

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("reply") == PLACE and not given.get("grid"):
            self.add_error("grid", _("请选择网格。"))
        if given.get("reply") in Reply.values and not str(given.get("why", "")).strip():
            self.add_error("why", _("请写明理由。"))
        return given
