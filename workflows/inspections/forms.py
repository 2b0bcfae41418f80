"""What a person fills in for one act of an inspection."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.fields import CountField, DayField, SumField, choice_in, long_text
from grid.law.queries import the_law
from grid.texts import Text
from workflows.cases.forms import ActForm, ServiceForm
from workflows.inspections import queries
from workflows.inspections.actions.applying import Asked
from workflows.inspections.actions.discussing import Concluded
from workflows.inspections.actions.hearing import HearingReport
from workflows.inspections.actions.punishing import CORRECTION
from workflows.inspections.models import DiscussionOutcome, InspectionState, Violation
from workflows.inspections.queries import dues, offences, weighing
from workflows.notices.forms import days_field
from workflows.notices.rules import SERVERS
from workflows.remedies.forms import DECIDED, EFFECTIVE
from workflows.remedies.models import RemedyKind, RemedyOutcome

MONTH = r"\d{4}-(0[1-9]|1[0-2])"
TAX_FIELDS = ("tax_number", "tax_served_on", "tax_due_on")
TAX_ORDER = _("未按时足额缴纳的须填写：税务机关责令限期缴纳，逾期仍不缴纳的才能处罚")


class ViolationForm(ActForm):
    """An act on one of the violations that the findings allow."""

    after_order = False
    violation = forms.ChoiceField(label=_("违法行为"))

    def fill(self) -> None:
        law = the_law(today())
        choices = offences.choices_in(self.case.case, law, after_order=self.after_order)
        choice_in(self, "violation").choices = choices
        self.fields["violation"].initial = self.case.violation or None


class OrderForm(ViolationForm):
    violation = forms.ChoiceField(
        label=_("责令改正的违法行为"), required=False, help_text=_("不填按立案的违法行为")
    )
    term = "order.term"
    days = days_field()


class OfficersForm(ActForm):
    """Which two officers, of those posted here with a certificate."""

    officer_1 = forms.TypedChoiceField(label=_("执法人员"), coerce=int)
    officer_2 = forms.TypedChoiceField(label=_("执法人员（第二名）"), coerce=int)

    def fill(self) -> None:
        known = queries.inspectors_at(self.case.area)
        for place, name in enumerate(("officer_1", "officer_2")):
            choice_in(self, name).choices = known
            if len(known) > place:
                self.fields[name].initial = known[place][0]


class FileForm(ViolationForm, OfficersForm):
    """For what, and which two officers."""

    violation = forms.ChoiceField(label=_("涉嫌违法行为"))
    goes_on = forms.BooleanField(label=_("违法行为仍在继续"), required=False, initial=True)
    ended_on = DayField(label=_("违法行为终了之日"), required=False, help_text=_("仍在继续的不填"))
    late_why = long_text(_("终了已逾二年仍立案的理由"), rows=2, max_length=300, required=False)
    why = long_text(_("立案理由"), max_length=500)
    field_order = ["violation", "goes_on", "ended_on", "late_why", "officer_1", "officer_2", "why"]

    def fill(self) -> None:
        OfficersForm.fill(self)
        choice_in(self, "violation").choices = offences.choices_in(self.case, the_law(today()))

    def clean(self) -> None:
        """Either it goes on, or there is a day on which it ended (行政处罚法36条)."""
        super().clean()
        if bool(self.cleaned_data.get("goes_on")) == bool(self.cleaned_data.get("ended_on")):
            self.add_error("ended_on", _("违法行为仍在继续的勾选，已经终了的填写终了之日"))

    def suspected(self) -> offences.Suspected:
        given = self.cleaned_data
        return offences.Suspected(given["violation"], given["ended_on"], given["late_why"])


def _month(label: Text) -> forms.RegexField:
    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})
    return forms.RegexField(MONTH, label=label, widget=widget, max_length=7, required=False)


class WeighForm(ViolationForm):
    """What was found; the fine follows from it by the tiers of the law."""

    after_order = True
    facts = long_text(_("查明的事实"), rows=4, max_length=2000)
    violation = forms.ChoiceField(label=_("违法行为"))
    arrears = SumField(
        label=_("应缴未缴或瞒报的数额（元）"), min_value=Decimal("0.01"), required=False,
        help_text=_("填写了所属期间的由系统计算，不填；与稽核测算一致的，附计算表"),
    )  # fmt: skip
    month_from = _month(_("未缴所属期间自"))
    month_to = _month(_("未缴所属期间至"))
    wage = SumField(
        label=_("职工月平均工资（元）"), min_value=0, required=False,
        help_text=_("工资无法查明的不填，按当年缴费基数下限计算"),
    )  # fmt: skip
    roster = long_text(
        _("未参保职工名册"), rows=4, max_length=20_000, required=False,
        help_text=_("一行一个姓名；加密保存，只在送达当事人的文书附件中隐去名字列出"),
    )  # fmt: skip
    source = forms.CharField(
        label=_("数额的来源"), max_length=100, help_text=_("经办机构或者税务机关核定文书的名称、文号")
    )
    since = DayField(label=_("欠缴之日"))
    heads = CountField(label=_("涉及人数"), initial=0)
    corrected = forms.ChoiceField(label=_("改正情况"), choices=weighing.CORRECTED)
    first = forms.BooleanField(label=_("初次违法"), required=False, initial=True)
    obstructed = forms.BooleanField(label=_("有阻挠、拒不配合情形"), required=False)
    times = forms.DecimalField(
        label=_("处罚倍数"), required=False, max_digits=9, decimal_places=2,
        help_text=_("不填按所在裁量档次的下限；责任人员、阻挠情形填罚款数额"),
    )  # fmt: skip
    tax_number = forms.CharField(
        label=_("税务机关限期缴纳文号"), max_length=60, required=False, help_text=TAX_ORDER
    )
    tax_served_on = DayField(label=_("税务机关限期缴纳送达日期"), required=False)
    tax_due_on = DayField(label=_("税务机关限期缴纳届满日期"), required=False)

    def fill(self) -> None:
        super().fill()
        inspection = self.case
        self.fields["facts"].initial = "；".join(offences.facts_in(inspection, the_law(today())))
        for name in ("arrears", "times", *TAX_FIELDS):
            self.fields[name].initial = getattr(inspection, name) or None
        self.fields["since"].initial = inspection.arrears_since
        self.fields["source"].initial = inspection.circumstances.get("source")
        shorts, roster = dues.audited(inspection.case)
        if inspection.arrears is None and shorts:
            self.fields["arrears"].initial = sum(short.amount for short in shorts)
        self.fields["roster"].initial = inspection.roster or roster

    def clean(self) -> None:
        """The base is reckoned from months and heads, or named with what determined it. 欠缴 is punished when the
        collector's own order has run out (社会保险法86条)."""
        super().clean()
        self._clean_sums()
        if self.cleaned_data.get("violation") == Violation.UNPAID:
            for name in TAX_FIELDS:
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("未按时足额缴纳的须填写"))

    def _clean_sums(self) -> None:
        """Wages concealed are no premiums: of them nothing is reckoned here."""
        given = self.cleaned_data
        given["dues"] = ()
        if given.get("month_from") and given.get("month_to"):
            if given.get("violation") == Violation.CONCEALED:
                self.add_error("month_from", _("瞒报的按瞒报的工资数额填写，不按期间计算"))
                return
            unpaid = dues.Unpaid(
                given.get("heads") or 0, given["month_from"], given["month_to"], given.get("wage")
            )
            try:
                given["dues"] = dues.reckoned(unpaid)
            except problems.Problem as refused:
                self.add_error("month_from", refused.detail)
            given["arrears"] = sum((short.amount for short in given["dues"]), Decimal(0))
        elif not given.get("arrears") and "arrears" not in self.errors:
            self.add_error("arrears", _("请填写数额，或者填写未缴的所属期间由系统计算"))
        elif self.case is not None:
            shorts, _roster = dues.audited(self.case.case)
            if sum(short.amount for short in shorts) == given.get("arrears"):
                given["dues"] = shorts

    def found(self) -> weighing.Found:
        names = (
            "facts",
            "violation",
            "arrears",
            "since",
            "heads",
            "corrected",
            "first",
            "obstructed",
            "times",
            "source",
            "dues",
            "roster",
        )
        given = self.cleaned_data
        number, served_on, due_on = (given[name] for name in TAX_FIELDS)
        is_unpaid = given["violation"] == Violation.UNPAID
        tax = weighing.TaxOrder(number, served_on, due_on) if is_unpaid else None
        return weighing.Found(tax=tax, **{name: given[name] for name in names})


class HearingAskedForm(ActForm):
    on = DayField(label=_("提出日期"), initial=today)
    text = long_text(_("申请内容"), max_length=2000, required=False)


class CallHearingForm(ActForm):
    on = DayField(label=_("听证日期"))
    hour = forms.CharField(label=_("时间"), max_length=20, initial=_("上午9时"))
    place = forms.CharField(label=_("地点"), max_length=100)
    chair = forms.TypedChoiceField(
        label=_("主持人"), coerce=int, help_text=_("本机关从事法制工作、没有参加本案调查的人员")
    )
    clerk = forms.CharField(label=_("记录人"), max_length=40)

    def fill(self) -> None:
        choice_in(self, "chair").choices = queries.chairs_at(self.case)


class OfficersServiceForm(ServiceForm):
    """What orders or punishes is handed over by two officers of the place, each named with the card (行政处罚法42条1款)."""

    by_two = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case is None:
            return
        known, mine = queries.cards_at(self.case.area), (self.case.officer_1_id, self.case.officer_2_id)
        for person, name in zip(mine, SERVERS, strict=True):
            label, choices = self.fields[name].label, [("", "—"), *((card, card) for card in known.values())]
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=known.get(person, "")
            )


class HoldForm(ActForm):
    report = long_text(
        _("听证情况"), rows=5, max_length=4000, help_text=_("双方陈述、质证和辩论的要点，与听证笔录一致")
    )
    opinion = long_text(
        _("听证意见"), rows=3, max_length=1000, help_text=_("主持人对案件处理的书面建议，写入决定书")
    )
    accepted = long_text(
        _("采纳情况"), rows=3, max_length=1000, help_text=_("当事人的意见采纳哪些、不采纳哪些和理由")
    )

    def hearing_report(self) -> HearingReport:
        given = self.cleaned_data
        return HearingReport(given["report"], given["opinion"], given["accepted"])


class MembersForm(ActForm):
    members = forms.TypedMultipleChoiceField(
        label=_("参加讨论的人员"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def fill(self) -> None:
        choice_in(self, "members").choices = queries.heads_at(self.case)


class DiscussionForm(ActForm):
    opinion = long_text(_("讨论意见"), max_length=300)


class ConcludeForm(DiscussionForm):
    outcome = forms.ChoiceField(label=_("讨论结论"), choices=DiscussionOutcome.choices)
    times = forms.DecimalField(
        label=_("从轻后的倍数"), required=False, max_digits=9, decimal_places=2,
        help_text=_("结论为从轻、减轻的必填，在裁量档次内；决定时不能再改"),
    )  # fmt: skip

    def concluded(self) -> Concluded:
        given = self.cleaned_data
        return Concluded(given["opinion"], given["outcome"], given["times"])


class DecideForm(ActForm):
    times = forms.DecimalField(
        label=_("处罚倍数"), required=False, max_digits=9, decimal_places=2,
        help_text=_("不填按已告知的数额；只能在档次内从轻；阻挠情形填罚款数额"),
    )  # fmt: skip
    term = CORRECTION
    days = days_field()
    remark = long_text(_("意见"), rows=2, max_length=300, required=False)


class ReturnForm(ActForm):
    to = forms.ChoiceField(
        label=_("退回到"),
        choices=[
            (InspectionState.INVESTIGATING, _("重新调查、重新告知")),
            (InspectionState.NOTICED, _("重新听取和复核陈述申辩")),
        ],
    )
    why = long_text(_("理由"), max_length=300)


class RecuseForm(ActForm):
    officer = forms.TypedChoiceField(label=_("回避的执法人员"), coerce=int)
    instead = forms.TypedChoiceField(label=_("改由"), coerce=int)
    why = long_text(_("理由"), max_length=300)

    def fill(self) -> None:
        inspection = self.case
        known = queries.inspectors_at(inspection.area)
        officer = choice_in(self, "officer")
        instead = choice_in(self, "instead")
        officer.choices = [pair for pair in known if pair[0] in inspection.officers]
        instead.choices = [pair for pair in known if pair[0] not in inspection.officers]


class TransferForm(ActForm):
    to = forms.CharField(label=_("移送机关"), max_length=100)
    because = forms.ChoiceField(
        label=_("移送的情形"),
        choices=[
            ("matter", _("依法由其他机关处理")),
            ("place", _("用工所在地不在本辖区，由当地机关管辖")),
            ("crime", _("涉嫌犯罪，移送司法机关")),
        ],
    )
    why = long_text(_("理由"), max_length=500)


class RemedyForm(ActForm):
    kind = forms.ChoiceField(label=_("途径"), choices=RemedyKind.choices)
    body = forms.CharField(label=_("受理机关"), max_length=100)
    filed_on = DayField(label=_("受理日期"), initial=today)
    number = forms.CharField(
        label=_("停止执行文书文号"), max_length=60, required=False, help_text=_("没有的不填")
    )


class StayForm(ActForm):
    number = forms.CharField(label=_("停止执行文书文号"), max_length=60)


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(label=_("结果"), choices=RemedyOutcome.choices)
    number = forms.CharField(label=_("决定或判决文号"), max_length=60, required=False)
    decided_on = DayField(label=_("作出日期"), initial=today, help_text=DECIDED)
    effective_on = DayField(label=_("判决、裁定的生效日期"), required=False, help_text=EFFECTIVE)
    fine = SumField(label=_("变更后的罚款（元）"), min_value=Decimal(0), required=False)


class CourtForm(ActForm):
    property = long_text(
        _("申请执行标的情况"), rows=3, max_length=500,
        help_text=_("已知的银行账户、不动产、车辆、到期债权等财产线索；没有查到的，如实写“未查明”"),
    )  # fmt: skip
    head_number = forms.CharField(
        label=_("经营者公民身份号码"), max_length=18, required=False,
        help_text=_("个体工商户必填，登记信息中已有的不填；只印在申请书上，加密保存"),
    )  # fmt: skip

    def asked(self) -> Asked:
        return Asked(self.cleaned_data["property"], self.cleaned_data["head_number"])


class PaymentForm(ActForm):
    amount = SumField(label=_("缴款金额（元）"), min_value=Decimal("0.01"))
    paid_on = DayField(label=_("缴款日期"), initial=today)
    slip = forms.CharField(label=_("票据号"), max_length=60)
