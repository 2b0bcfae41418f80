from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from grid.offices.models import Part
from grid.offices.reading import COLUMNS, MOST_BYTES
from grid.offices.rules import FIELDS, LONGEST


class OfficeForm(forms.Form):
    area = forms.ChoiceField(label=_("区划"))
    part = forms.ChoiceField(label=_("种类"), choices=Part.choices)
    name = forms.CharField(label=FIELDS["name"], max_length=LONGEST["name"], required=False)
    word = forms.CharField(
        label=FIELDS["word"], max_length=LONGEST["word"], required=False,
        help_text=_("文号中的机关代字；案号字头填 2 至 5 个大写字母。其他机关不填"),
    )  # fmt: skip
    address = forms.CharField(label=FIELDS["address"], max_length=LONGEST["address"], required=False)
    phone = forms.CharField(label=FIELDS["phone"], max_length=LONGEST["phone"], required=False)
    seal = forms.CharField(label=FIELDS["seal"], max_length=LONGEST["seal"], required=False)
    valid_from = DayField(
        label=_("自何日起"), help_text=_("已有在用的，只能自今天或以后更替，旧的在前一日终止"), initial=today
    )
    why = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_in(self, "area").choices = areas


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV 文件"),
        help_text=_("UTF-8 或 GB18030，列名：{columns}").format(columns="、".join(COLUMNS)),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 1 MB"))
        return file


class ConfirmForm(forms.Form):
    chosen = forms.TypedMultipleChoiceField(
        label=_("确认哪些"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=_("确认意见"), max_length=200, help_text=_("例如：与机构编制文件一致"))

    def __init__(self, *args: Any, waiting: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = choice_in(self, "chosen")
        chosen.choices, chosen.initial = waiting, [pk for pk, _name in waiting]


class EndForm(forms.Form):
    last_day = DayField(label=_("最后一天"), initial=today)
    why = forms.CharField(label=_("理由"), max_length=200)


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=200)
