"""What a planner fills in to say whom a round visits, to keep a choice, and to give a list of codes."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField, choice_in
from grid.law.rules.mandate import shipped_provisions
from grid.registers.models import Register
from grid.scope import Actor, Right
from grid.subjects.models import Standing, SubjectKind
from grid.territory.choosing.forms import AreaField, area_in
from grid.territory.choosing.queries import Wanted
from grid.territory.models import Level
from grid.texts import Text
from tasks.comparison.rules import TITLES
from tasks.rounds.choosing import rules
from tasks.rounds.choosing.models import CodeList
from tasks.rounds.choosing.rules import Criteria

DAYS, HEADS = 3_650, 1_000_000
PLANNED = Wanted((Right.PLAN,), frozenset({level.value for level in Level if level <= Level.COMMUNITY}))


def _several(
    label: Text, choices: Iterable[tuple[str, Text]], help_text: Text = ""
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices), help_text=help_text, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip


def _number(label: Text, most: int, help_text: Text = "") -> CountField:
    return CountField(label=label, required=False, max_value=most, help_text=help_text)


def _laws() -> list[tuple[str, str]]:
    """Provisions that hold codes of industries."""
    found = {row["key"]: row["title"] for row in shipped_provisions() if row.get("unit") == "代码"}
    return [("", "—"), *found.items()]


class CriteriaForm(forms.Form):
    """Nothing filled in: everybody in business."""

    lead_rules = _several(
        _("只查有这些线索的对象"), [(rule, f"{rule} {title}") for rule, title in TITLES.items()],
        _("一个也不选：范围内全部存续对象。"),
    )  # fmt: skip
    lead_days = _number(_("线索至少已有几日"), DAYS)
    kinds = _several(_("类型"), SubjectKind.choices)
    sections = _several(
        _("行业门类"), [(s.letter, f"{s.letter} {s.title}") for s in rules.sections().values()]
    )
    codes = forms.CharField(
        label=_("行业代码"), max_length=300, required=False,
        help_text=_("国民经济行业分类代码的开头，2 至 4 位，用顿号或空格隔开，例如 06、08、2521。"),
    )  # fmt: skip
    industry_law = forms.ChoiceField(label=_("行业按法规参数"), required=False, choices=_laws)
    lists = _several(_("名单"), [], _("在“名单”页上传。"))
    registers = _several(_("须在册"), Register.choices)
    missing = _several(_("须不在册"), Register.choices)
    unseen_days = _number(_("几日内没有走访到人"), DAYS)
    insured_from = _number(_("参保人数至少"), HEADS, _("不在社会保险名册的，参保人数为 0。"))
    insured_to = _number(_("参保人数至多"), HEADS)
    employees_from = _number(_("用工人数至少"), HEADS, _("按税务申报，没有的按登记；都没有的不选。"))
    employees_to = _number(_("用工人数至多"), HEADS)
    standings = _several(
        _("登记状态"),
        [(s.value, s.label) for s in (Standing.ACTIVE, Standing.REVOKED)],
        _("不选：只查存续的。已注销的一律不派。"),
    )

    def offer(self, lists: Iterable[CodeList]) -> None:
        choice_in(self, "lists").choices = [(row.pk, f"{row.name}（{row.area}）") for row in lists]

    def clean_codes(self) -> list[str]:
        try:
            return rules.codes_in(self.cleaned_data["codes"])
        except ValueError as wrong:
            raise forms.ValidationError(_("“%(word)s”不是行业代码。"), params={"word": str(wrong)}) from wrong

    def clean(self) -> dict[str, object]:
        super().clean()
        given = self.cleaned_data
        for of in ("insured", "employees"):
            least, most = given.get(f"{of}_from"), given.get(f"{of}_to")
            if least is not None and most is not None and least > most:
                self.add_error(f"{of}_to", _("至多不能小于至少。"))
        return given

    def criteria(self) -> Criteria:
        given = self.cleaned_data
        return Criteria(
            kinds=tuple(given["kinds"]),
            industries=(*given["sections"], *given["codes"]),
            industry_law=given["industry_law"],
            lists=tuple(int(pk) for pk in given["lists"]),
            registers=tuple(given["registers"]),
            missing=tuple(given["missing"]),
            rules=tuple(sorted(given["lead_rules"])),
            lead_days=given["lead_days"] or 0,
            unseen_days=given["unseen_days"] or 0,
            insured_from=given["insured_from"],
            insured_to=given["insured_to"],
            employees_from=given["employees_from"],
            employees_to=given["employees_to"],
            standings=tuple(given["standings"]),
        )

    @property
    def criteria_fields(self) -> list[forms.BoundField]:
        """What is asked only of whom a round visits, as the page groups it."""
        return [self[name] for name in CriteriaForm.base_fields]


def initial_of(criteria: Criteria) -> dict[str, object]:
    """The fields of the form as they stand for criteria."""
    sections = rules.sections()
    codes = [code for code in criteria.industries if code not in sections]
    return {
        **criteria.as_json(),
        "lead_rules": list(criteria.rules),
        "sections": [code for code in criteria.industries if code in sections],
        "codes": "、".join(codes),
    }


def offer_areas(form: forms.Form, viewer: Actor) -> None:
    """Lets the form's area be chosen among those the viewer plans rounds for, down to communities."""
    area_in(form, "area").offer(viewer, PLANNED)
    own = viewer.areas(Right.PLAN)
    if len(own) == 1:
        form.initial.setdefault("area", own[0])


class WhereForm(forms.Form):
    area = AreaField(label=_("范围"))


class ChoiceForm(CriteriaForm):
    name = forms.CharField(label=_("名称"), max_length=40)
    area = AreaField(label=_("范围"), help_text=_("这一范围和它下面的制定人都可以用。"))


class ListForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    area = AreaField(label=_("范围"), help_text=_("只认这一范围里的对象。"))
    file = forms.FileField(
        label=_("CSV 或 XLSX 文件"), max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.txt"}),
    )  # fmt: skip
