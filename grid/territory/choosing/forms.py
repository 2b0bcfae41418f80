"""The field in which an area is chosen: by typing its name, or its code."""

import json
from typing import Final

from django import forms
from django.forms.renderers import BaseRenderer
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.outside import is_area
from grid.scope import Actor
from grid.territory.choosing.queries import Wanted, area_meant, label_for
from grid.texts import Text

LONGEST: Final = 120  # what a label may take


class AreaInput(forms.TextInput):
    """An input with its own list of what is meant, asked for while somebody types. Without script a code typed in, or a
    whole name, does the same."""

    def __init__(self, wanted: Wanted | None = None) -> None:
        super().__init__()
        self.wanted, self.near = wanted, ""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        named = f"areas-{name}"
        given = {**(attrs or {}), "list": named, "autocomplete": "off", **self._asking(name, named)}
        return format_html(
            '{}<datalist id="{}"></datalist>', super().render(name, value, given, renderer), named
        )

    def _asking(self, name: str, named: str) -> dict[str, str]:
        if self.wanted is None:
            return {}
        asked = {**self.wanted.asked, "near": self.near, "field": name}
        return {
            "hx-get": reverse("areas-named"), "hx-trigger": "input changed delay:250ms, focus once",
            "hx-vals": json.dumps(asked), "hx-target": f"#{named}", "hx-swap": "innerHTML",
        }  # fmt: skip


class AreaField(forms.CharField):
    """Its value is the code of the area; `offer` says, when the form is made, who chooses and among which."""

    widget = AreaInput

    def __init__(self, *, label: Text, required: bool = True, help_text: Text = "") -> None:
        words = help_text or _("输入名称的一部分，从提示中选；也可直接写代码。")
        super().__init__(label=label, required=required, help_text=words, max_length=LONGEST)
        self.viewer: Actor | None = None
        self.wanted = Wanted((), frozenset())

    def offer(self, viewer: Actor, wanted: Wanted, near: str = "") -> None:
        self.viewer, self.wanted = viewer, wanted
        assert isinstance(self.widget, AreaInput)
        self.widget.wanted, self.widget.near = wanted, near

    def prepare_value(self, value: object) -> object:
        if self.viewer and isinstance(value, str) and is_area(value):
            return label_for(self.viewer, value, self.wanted)
        return value

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        if not text.strip() or self.viewer is None:
            return ""
        try:
            return area_meant(self.viewer, text, self.wanted).code
        except problems.Problem as unclear:
            raise forms.ValidationError(f"{unclear.detail}{unclear.advice}", code="unclear") from unclear


def area_in(form: forms.Form, name: str) -> AreaField:
    """The field of a form that is told among which areas when the form is made."""
    field = form.fields[name]
    assert isinstance(field, AreaField)
    return field
