"""The forms of the certificates' pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from workflows.certificates.rules import LONGEST_NUMBER, Card
from workflows.inspections.models.certificates import CertificateKind


class CertificateForm(forms.Form):
    person = forms.TypedChoiceField(label=_("持证人"), coerce=int)
    kind = forms.ChoiceField(label=_("种类"), choices=CertificateKind.choices)
    number = forms.CharField(label=_("证件号"), max_length=LONGEST_NUMBER)
    valid_from = DayField(label=_("有效期自"))
    valid_to = DayField(
        label=_("有效期至"),
        help_text=_("到期次日起，持证人不能再以此办理；换证的，用原证件号登记新的有效期。"),
    )
    body = forms.CharField(label=_("发证机关"), max_length=60)

    def offer(self, people: list[tuple[int, str]]) -> None:
        choice_in(self, "person").choices = people

    def card(self) -> Card:
        given = self.cleaned_data
        return Card(given["kind"], given["number"], given["valid_from"], given["valid_to"], given["body"])


class EndForm(forms.Form):
    last_day = DayField(label=_("最后一天"), initial=today)
    why = forms.CharField(label=_("理由"), max_length=200, help_text=_("例如：调离执法岗位，证件收回"))


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV 或 XLSX 文件"), max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.txt"}),
    )  # fmt: skip
