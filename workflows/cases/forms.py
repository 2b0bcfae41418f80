"""What a person fills in for one act of a case."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import now
from grid.calendar.rules import KEPT_YEARS
from grid.fields import choice_in, long_text
from grid.subjects.models import SubjectKind
from workflows.engine.kind import owner_of
from workflows.engine.procedures import Seen
from workflows.notices.forms import ServiceFields, days_field

LAST_MOMENT = datetime(KEPT_YEARS[1], 12, 31, tzinfo=UTC).timestamp()


class PageSeen(forms.Form):
    """Every act says which state its page showed and when, so that an overtaken page decides nothing unread."""

    at = forms.CharField(widget=forms.HiddenInput)
    shown = forms.FloatField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=LAST_MOMENT,
        initial=lambda: now().timestamp(),
    )  # fmt: skip

    @property
    def at_state(self) -> Seen:
        shown = self.cleaned_data["shown"]
        return Seen(self.cleaned_data["at"], datetime.fromtimestamp(shown, UTC) if shown else None)


class ActForm(PageSeen):
    """One act on `case`: the case, or the inspection of it, that it is about. `term`: whose days it asks for, if any."""

    term = ""

    def __init__(self, *args: Any, case: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        if case is not None:
            self.fields["at"].initial = case.state
            if self.term:
                self.fields["days"] = days_field(owner_of(case), self.term)
            self.fill()

    def fill(self) -> None:
        """What the form shows and offers of `case`; nothing of its own in most."""


class PlainForm(ActForm):
    """Nothing to fill in."""


class UrgeForm(ActForm):
    term = "urging.term"
    days = days_field()


class RemarkForm(ActForm):
    remark = long_text(_("意见"), rows=2, max_length=300, required=False)


class WhyForm(ActForm):
    why = long_text(_("理由"), max_length=300)


class ReturnForm(ActForm):
    why = long_text(_("要补正什么"), max_length=300)
    fields_asked = forms.MultipleChoiceField(
        label=_("请网格员重新核实的问题（不选则只在本平台补正）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, questions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = choice_in(self, "fields_asked")
        asked.choices = [(answer.name, answer.label) for answer in questions]
        if not asked.choices:
            del self.fields["fields_asked"]


class CorrectForm(ActForm):
    """Of a building site also who builds there, where the visit could not find it out."""

    remark = long_text(_("补正说明"), max_length=300)
    contractor = forms.CharField(
        label=_("施工总承包单位全称"), max_length=100, required=False,
        help_text=_("走访没有查明的，按公示牌、施工许可证或者主管部门答复填写，依据写入补正说明"),
    )  # fmt: skip
    contractor_code = forms.RegexField(
        r"^[0-9A-Z]{18}$", label=_("总承包单位的统一社会信用代码"), required=False,
        help_text=_("名册里没有这家单位的，须填"),
    )  # fmt: skip
    permit = forms.CharField(label=_("施工许可证号"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case is None or self.case.subject.kind != SubjectKind.CONSTRUCTION_SITE:
            for name in ("contractor", "contractor_code", "permit"):
                del self.fields[name]


class ServiceForm(ServiceFields, ActForm):
    """How the document reached its addressee, and the state the page showed."""


class TextForm(ActForm):
    text = long_text(_("内容"), rows=5, max_length=4000)


class OpinionForm(ActForm):
    opinion = long_text(_("审核意见"), max_length=300)
