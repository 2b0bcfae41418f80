"""What is filled in about a responsible person: who they are and what proves it, the fine, what they say."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.discreet import is_checked
from grid.fields import DayField, SumField, choice_in, long_text
from workflows.cases.forms import ActForm
from workflows.notices.forms import ServiceFields
from workflows.persons.actions import Named
from workflows.persons.models import PersonRole


class NamePersonForm(ActForm):
    role = forms.ChoiceField(label=_("责任身份"), choices=PersonRole.choices)
    name = forms.CharField(label=_("姓名"), max_length=40)
    number = forms.CharField(
        label=_("公民身份号码"),
        max_length=18,
        help_text=_("加密保存，屏幕上隐去中间各位，只印在处罚决定书上"),
    )
    post = forms.CharField(label=_("职务"), max_length=60)
    record = forms.TypedChoiceField(label=_("证明其责任的调查取证记录"), coerce=int)
    duty = long_text(
        _("职责和责任"), rows=3, max_length=500,
        help_text=_("分管或者经办什么、做了或者没做什么，与所选记录一致"),
    )  # fmt: skip

    def fill(self) -> None:
        records = [record for record in self.case.records.all() if record.is_evidence]
        choice_in(self, "record").choices = [(record.pk, str(record)) for record in records]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        if not is_checked(number):
            raise forms.ValidationError(_("不是有效的公民身份号码，请核对"))
        return number

    def named(self) -> Named:
        given = self.cleaned_data
        return Named(
            given["role"], given["name"], given["number"], given["post"], given["record"], given["duty"]
        )


class HandedOverForm(ServiceFields):
    """What punishes somebody is handed over by two officers, as to the unit (行政处罚法42条1款)."""

    by_two = True


class FineForm(forms.Form):
    fine = SumField(
        label=_("罚款数额（元）"), min_value=Decimal("0.01"), required=False,
        help_text=_("不填按所在裁量档次的下限；在档次以内"),
    )  # fmt: skip


class DecideForm(forms.Form):
    fine = SumField(
        label=_("罚款数额（元）"), min_value=Decimal("0.01"), required=False,
        help_text=_("不填按已告知的数额；只能在档次内从轻"),
    )  # fmt: skip


class TextForm(forms.Form):
    text = long_text(_("内容"), rows=5, max_length=4000)


class WhyForm(forms.Form):
    why = long_text(_("理由"), max_length=300)


class PaymentForm(forms.Form):
    amount = SumField(label=_("缴款金额（元）"), min_value=Decimal("0.01"))
    paid_on = DayField(label=_("缴款日期"), initial=today)
    slip = forms.CharField(label=_("票据号"), max_length=60)
