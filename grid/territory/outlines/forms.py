from django import forms
from django.utils.translation import gettext_lazy as _

from grid.territory.grids.forms import GridForm


class OutlineForm(GridForm):
    """The outline alone: pasted, drawn, or uploaded."""

    why = forms.CharField(label=_("依据"), max_length=100, required=False)
    name = None  # type: ignore[assignment]
    kind = None  # type: ignore[assignment]
    households = None  # type: ignore[assignment]

    def __init__(self, *args: object, **kwargs: object) -> None:
        forms.Form.__init__(self, *args, **kwargs)  # type: ignore[arg-type]
