from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from grid.outside import whole
from grid.registers.models import Extent, Register
from grid.registers.queries.owners import delivering, may_deliver
from grid.scope import Actor, Right
from grid.territory.queries import names_of


class UploadForm(forms.Form):
    register = forms.ChoiceField(label=_("名册"), choices=Register.choices)
    area = forms.ChoiceField(label=_("范围"))
    as_of = DayField(label=_("数据日期"))
    extent = forms.ChoiceField(
        label=_("交来的是"),
        choices=Extent.choices,
        initial=Extent.PARTIAL,
        required=False,
        help_text=_("完整名册须包括所选范围内的每一户：没有列入的，自数据日期起按不在册处理。"),
        widget=forms.RadioSelect,
    )
    look_first = forms.BooleanField(label=_("先看会改变什么，再决定采用"), initial=True, required=False)
    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV 文本或 XLSX 表格；上传后先核对各列的含义，再导入。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        codes = viewer.areas(Right.IMPORT)
        names = names_of(codes)
        own = [choice for choice in Register if delivering(viewer.held, choice, today())]
        register = choice_in(self, "register")
        register.choices = [(choice.value, choice.label) for choice in own]
        area = choice_in(self, "area")
        area.choices = [(code, names.get(code, code)) for code in codes]
        self.fields["as_of"].initial = today

    def clean(self) -> dict[str, object]:
        """A register and an area may each be one's own under another posting."""
        given = super().clean() or {}
        register, area = given.get("register"), given.get("area")
        if register and area and not may_deliver(self.viewer, register, area, today()):
            self.add_error("area", _("您不提供这个范围的这种名册。"))
        return given

    def clean_extent(self) -> str:
        return self.cleaned_data["extent"] or Extent.PARTIAL.value

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError(_("数据日期还没有到。"))
        return day


def columns_chosen(given: Mapping[str, str], tables: int) -> dict[int, tuple[int, Mapping[str, int] | None]]:
    """What the page of columns answers: sheet → the row of its header, and field → column. None for the columns where
    another row was made the header: they are guessed anew. Of a field named for two columns the first counts."""
    said: dict[int, tuple[int, Mapping[str, int] | None]] = {}
    for index in range(tables):
        row = whole(given.get(f"head-{index}", ""))
        if row is None:
            continue
        columns: dict[str, int] = {}
        for name, field in given.items():
            at = whole(name.removeprefix(f"col-{index}-"))
            if field and at is not None and name.startswith(f"col-{index}-"):
                columns.setdefault(field, at)
        said[index] = row, columns if given.get(f"was-{index}") == str(row) else None
    return said


def chosen_twice(given: Mapping[str, str], tables: int) -> list[str]:
    """Fields that were named for two columns of one sheet."""
    twice = []
    for index in range(tables):
        named = [field for name, field in given.items() if name.startswith(f"col-{index}-") and field]
        twice += [field for field in dict.fromkeys(named) if named.count(field) > 1]
    return twice


class DecisionForm(forms.Form):
    take = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("确认采用")), ("no", _("不采用，文件作废"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("理由"), max_length=200)


class LookForm(DecisionForm):
    """Below the brake nobody has to say why."""

    reason = forms.CharField(label=_("理由"), max_length=200, required=False)


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("撤回理由"), max_length=200)
