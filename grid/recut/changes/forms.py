from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in, long_text
from grid.outside import is_digits
from grid.recut.changes import queries, rules
from grid.recut.changes.models import ChangeKind
from grid.recut.changes.rules import Asked
from grid.territory.models import Area

# Which fields a kind of change asks for, besides its day, its document and its reason.
FIELDS: Mapping[str, tuple[str, ...]] = {
    ChangeKind.RENAME: ("name", "short_name"),
    ChangeKind.MERGE: ("into",),
    ChangeKind.FOUND: ("name", "short_name", "division", "code", "areas", "codes"),
    ChangeKind.TRANSFER: ("areas", "codes"),
    ChangeKind.CLOSE: (),
}
OWN = ("on", "document", "reason")


class ChangeForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    division = forms.ChoiceField(label=_("类型"))
    code = forms.CharField(label=_("官方代码"), max_length=12, required=False)
    into = forms.ChoiceField(label=_("并入"))
    areas = forms.MultipleChoiceField(label=_("划入哪些"), widget=forms.CheckboxSelectMultiple)
    codes = long_text(
        _("官方新代码"), required=False,
        help_text=_("已经公布的，一行一个：旧代码、空格、新代码。没有写的，系统沿用原序号或取下一个。"),
    )  # fmt: skip
    on = DayField(label=_("生效日"), initial=today, help_text=_("将来的日子，到那天自动生效。"))
    document = forms.CharField(label=_("批准文号"), max_length=60, required=False)
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, data: Mapping[str, object] | None, *, area: Area, kind: str) -> None:
        super().__init__(data)
        self.area, self.kind = area, kind
        asked = (*FIELDS[kind], *OWN)
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        if "division" in asked:
            kinds = rules.KINDS.get(area.level + 1, {})
            choice_in(self, "division").choices = [(division, division) for division in kinds]
        if "into" in asked:
            choice_in(self, "into").choices = queries.others_of(area)
        if "areas" in asked:
            choice_in(self, "areas").choices = queries.parts_for(area, kind)

    def clean_codes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.cleaned_data["codes"].splitlines():
            pair = line.replace("，", " ").replace(",", " ").split()
            if pair and (len(pair) != 2 or not all(map(is_digits, pair))):
                raise forms.ValidationError(_("“%s”不是两个代码。") % line[:40])
            if pair:
                found[pair[0]] = pair[1]
        return found

    def asked(self) -> Asked:
        given = {name: self.cleaned_data[name] for name in FIELDS[self.kind]}
        if "areas" in given:
            given["areas"] = tuple(given["areas"])
        return Asked(self.kind, self.area.code, **given)
