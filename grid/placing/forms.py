from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid.placing.queries import placing_wanted
from grid.scope import Actor
from grid.territory.choosing.forms import AreaField, area_in


class PlaceForm(forms.Form):
    grid = AreaField(label=_("归入"), help_text=_("网格；只知道社区或街道的，就归到社区或街道。"))
    why = forms.CharField(
        label=_("依据"), max_length=100, required=False, help_text=_("例如：现场核实、户主电话确认。")
    )

    def __init__(self, data: QueryDict | None, *, viewer: Actor, area: str, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        area_in(self, "grid").offer(viewer, placing_wanted(area), near=area)
