"""What a person fills in about telephone numbers, contacts and reminders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from workflows.reminders.models import Outcome, Phone, ReminderWay, Way


class PhoneForm(forms.Form):
    number = forms.CharField(
        label=_("电话号码"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    holder = forms.CharField(label=_("机主或职务"), max_length=40, required=False)
    source = forms.CharField(
        label=_("来源"), max_length=100, help_text=_("例如：市场监管登记、负责人当面提供。")
    )


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=100)


class _WithPhone(forms.Form):
    phone = forms.TypedChoiceField(label=_("电话"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, phones: list[Phone] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phones = {phone.pk: phone for phone in phones or []}
        field = choice_in(self, "phone")
        none = [] if field.required else [("", _("不是电话联系"))]
        field.choices = none + [(phone.pk, phone.masked) for phone in self.phones.values()]

    @property
    def chosen(self) -> Phone | None:
        return self.phones.get(self.cleaned_data["phone"])


class ContactForm(_WithPhone):
    """One attempt by telephone, mail or visit; a short message is sent and kept by its own act."""

    way = forms.ChoiceField(label=_("方式"), choices=[pair for pair in Way.choices if pair[0] != Way.SMS])
    outcome = forms.ChoiceField(
        label=_("结果"), choices=[pair for pair in Outcome.choices if pair[0] != Outcome.UNDER_WAY]
    )
    phone = forms.TypedChoiceField(label=_("电话"), coerce=int, empty_value=None, required=False)
    on = DayField(label=_("日期"), initial=today)
    whom = forms.CharField(label=_("联系到谁"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("说了什么"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("way", "phone", "outcome", "on", "whom", "remark")


class SmsForm(_WithPhone):
    """To which number; the words of the message are fixed."""

    def __init__(self, *args: Any, phones: list[Phone] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, phones=[phone for phone in phones or [] if phone.is_mobile], **kwargs)


class RemindForm(forms.Form):
    way = forms.ChoiceField(label=_("方式"), choices=ReminderWay.choices)


class DeliveryForm(forms.Form):
    on = DayField(label=_("送达日期"), initial=today)
    how = forms.CharField(
        label=_("送达情况"), max_length=200, help_text=_("例如：当面交负责人、挂号信签收。")
    )
