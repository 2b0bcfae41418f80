from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import DayField

LARGEST = 200_000  # bytes; a year's table has a dozen lines


class _Grounded(forms.Form):
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("国务院办公厅通知的名称和文号"))
    reason = forms.CharField(label=_("理由"), max_length=200)


class DayForm(_Grounded):
    day = DayField(label=_("日期"))
    works = forms.TypedChoiceField(
        label=_("改为"),
        choices=[("off", _("休息日")), ("work", _("工作日"))],
        coerce=lambda value: value == "work",
    )
    note = forms.CharField(label=_("说明"), max_length=40, required=False)

    field_order = ["day", "works", "note", "basis", "reason"]


class TableForm(_Grounded):
    text = forms.CharField(
        label=_("节假日表"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "每行一个日期或一段日期，休或班，说明。例如：2026-02-15 至 2026-02-23，休，春节；2026-02-14，班，春节调休"
        ),
    )
    file = forms.FileField(
        label=_("或者上传文件"),
        required=False,
        help_text=_("CSV 或 XLSX，第一行是：日期、类型、说明"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    field_order = ["text", "file", "basis", "reason"]

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("文件太大：一年的节假日表只有十几行。"))
        return file

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("text", "").strip()) == bool(given.get("file")):
            raise forms.ValidationError(_("请粘贴节假日表，或者上传一个文件。"))
        return given
