"""What a person fills in for one act of an audit, and a liaison for an answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import CountField, DayField, SumField, choice_in, long_text
from grid.texts import Text
from workflows.audits.actions.auditing import Plan, Record
from workflows.audits.actions.transferring import Answer
from workflows.audits.models import AnswerKind, Audit, RecordKind
from workflows.audits.queries import possible_auditors, tax_departments
from workflows.cases.forms import PageSeen
from workflows.inspections.models.insurances import Insurance
from workflows.inspections.rules.dues import Found
from workflows.notices.forms import ServiceFields, days_field

MONTH = r"\d{4}-(0[1-9]|1[0-2])"


def _month(label: Text, *, required: bool = True, help_text: Text = "") -> forms.RegexField:
    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})
    return forms.RegexField(
        MONTH, label=label, widget=widget, max_length=7, required=required, help_text=help_text
    )


def _sum(label: Text, help_text: Text = "") -> SumField:
    return SumField(label=label, min_value=0, required=False, help_text=help_text)


class ActForm(PageSeen):
    """One act on `audit`, or the opening of one in `area`. `term`: whose days it asks for, if any."""

    term = ""

    def __init__(self, *args: Any, audit: Audit | None = None, area: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.area = audit, area
        if audit is not None:
            self.fields["at"].initial = audit.state
            if self.term:
                self.fields["days"] = days_field(audit.case, self.term)
        self.fields["at"].required = False


class _NamesAuditors(ActForm):
    def _offer(self, name: str, people: Sequence[tuple[int, str]]) -> None:
        field = choice_in(self, name)
        field.choices = list(people)


class OpenForm(_NamesAuditors):
    auditor_1 = forms.TypedChoiceField(label=_("稽核人员"), coerce=int)
    auditor_2 = forms.TypedChoiceField(label=_("稽核人员"), coerce=int)
    why = long_text(
        _("稽核原因"), rows=2, max_length=300, required=False, help_text=_("不填则采用案件发现的问题")
    )
    month_from = _month(_("所属期间自"), required=False, help_text=_("不填则为过去十二个月"))
    month_to = _month(_("所属期间至"), required=False)
    held_on = DayField(label=_("稽核开始日期"), required=False, help_text=_("不填则为最早可以开始的日期"))
    place = forms.CharField(label=_("稽核地点"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = possible_auditors(self.area)
        self._offer("auditor_1", people)
        self._offer("auditor_2", people[1:] + people[:1])

    def auditors(self) -> tuple[int, int]:
        return self.cleaned_data["auditor_1"], self.cleaned_data["auditor_2"]

    def plan(self) -> Plan:
        names = ("why", "month_from", "month_to", "place", "held_on")
        return Plan(**{name: self.cleaned_data[name] for name in names})


class ReplaceForm(_NamesAuditors):
    old = forms.TypedChoiceField(label=_("原稽核人员"), coerce=int)
    new = forms.TypedChoiceField(label=_("更换为"), coerce=int)
    why = long_text(_("理由"), rows=2, max_length=300, help_text=_("回避、调离等"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.audit is not None:
            both = (self.audit.auditor_1, self.audit.auditor_2)
            self._offer("old", [(person.pk, person.full_name) for person in both])
            self._offer(
                "new",
                [
                    auditor
                    for auditor in possible_auditors(self.area)
                    if auditor[0] not in self.audit.auditors
                ],
            )


class ServiceForm(ServiceFields, ActForm):
    """How the document reached its addressee, and the state the page showed."""


class RecordForm(ActForm):
    kind = forms.ChoiceField(label=_("种类"), choices=RecordKind.choices)
    on = DayField(label=_("日期"), initial=today)
    said_by = forms.CharField(label=_("被询问人或在场人"), max_length=60, required=False)
    text = long_text(_("内容"), rows=6, max_length=8000)
    refused_why = forms.CharField(
        label=_("拒签原因"), max_length=200, required=False, help_text=_("对方已签名的不填")
    )

    def record(self) -> Record:
        given = self.cleaned_data
        why = given["refused_why"].strip()
        return Record(given["kind"], given["on"], given["text"], given["said_by"], not why, why)


class FindingForm(ActForm):
    insurance = forms.ChoiceField(label=_("险种"), choices=Insurance.choices)
    month_from = _month(_("自"))
    month_to = _month(_("至"))
    heads_due = CountField(label=_("应参保人数"))
    heads_insured = CountField(label=_("实际参保人数"))
    base_due = _sum(_("职工月平均工资（元）"), _("工资无法查明的不填，按当年缴费基数下限测算"))
    base_declared = _sum(_("实际申报月缴费基数（元）"), _("已参保职工的月平均基数；没有人参保的不填"))
    rate = forms.DecimalField(
        label=_("缴费比例"), required=False, min_value=0, max_value=1, max_digits=6, decimal_places=4,
        help_text=_("工伤保险按行业费率填写，例如 0.004；不填按法规参数。欠缴金额由系统按基数、比例、月数、人数计算"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.audit is not None:
            self.fields["month_from"].initial = self.audit.month_from
            self.fields["month_to"].initial = self.audit.month_to

    def found(self) -> Found:
        given = self.cleaned_data
        names = ("month_from", "month_to", "heads_due", "heads_insured", "base_due", "base_declared", "rate")
        return Found(str(Insurance(given["insurance"]).label), *(given[name] for name in names))


class RosterForm(ActForm):
    names = long_text(
        _("未参保职工名册"), rows=8, max_length=20_000,
        help_text=_("一行一个姓名，与少参保人数一致；加密保存，只在送达单位的文书附件中隐去名字列出"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.audit is not None:
            self.fields["names"].initial = self.audit.roster


class PlainForm(ActForm):
    """Nothing to fill in."""


class AnswerForm(ActForm):
    on = DayField(label=_("收到日期"), initial=today)
    text = long_text(_("单位的答复"), rows=5, max_length=4000)


class DraftForm(ActForm):
    orders = long_text(
        _("责令改正的事项"),
        rows=5,
        max_length=2000,
        required=False,
        help_text=_("一行一项；不填则按稽核发现逐项责令改正"),
    )
    heard = long_text(
        _("对答复的意见"), rows=3, max_length=500, required=False, help_text=_("单位有答复的必填")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.audit is not None:
            self.fields["orders"].initial, self.fields["heard"].initial = self.audit.draft, self.audit.heard


class RemarkForm(ActForm):
    remark = long_text(_("意见"), rows=2, max_length=300, required=False)


class ApproveForm(RemarkForm):
    term = "audit.correction"
    days = days_field()


class WhyForm(ActForm):
    why = long_text(_("理由"), max_length=300)


class TransferForm(ActForm):
    department = forms.ChoiceField(label=_("送往"))
    why = long_text(_("说明"), rows=2, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = choice_in(self, "department")
        field.choices = [(name, name) for name in tax_departments(self.area)]


class TaxAnswerForm(forms.Form):
    """A liaison's answer; which of the fields counts depends on its kind."""

    kind = forms.ChoiceField(label=_("结果"), choices=AnswerKind.choices)
    on = DayField(label=_("日期"), initial=today, help_text=_("接收、入库、签订协议或者认定无法征收的日期"))
    amount = _sum(_("征收金额（元）"), help_text=_("已征收的必填；可以分次登记"))
    until = DayField(label=_("协议到期"), required=False, help_text=_("签订缓缴协议的必填，不超过一年"))
    why = long_text(_("说明"), rows=2, max_length=300, required=False, help_text=_("无法征收的必填"))

    def answer(self) -> Answer:
        given = self.cleaned_data
        return Answer(given["kind"], given["on"], given["amount"], given["until"], given["why"])
