"""The forms of the lawyers' page."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, long_text
from grid.law.models import Provision
from grid.law.rules import typed_of
from workflows.legal.actions import Given


class AnswerForm(forms.Form):
    """For each parameter the question touches its value: ticked, it begins as a new version."""

    text = long_text(_("答复"), max_length=1000)
    basis = long_text(
        _("依据"), rows=2, max_length=300, help_text=_("文件名称、文号和条款项，或者复函的日期和文号")
    )
    valid_from = DayField(label=_("自何日起"), help_text=_("今天或以后"), initial=today)

    touched: Mapping[str, Provision]

    def offer(self, touched: Sequence[Provision]) -> None:
        self.touched = {f"row-{version.pk}": version for version in touched}
        for name, version in self.touched.items():
            self.fields[f"{name}-opens"] = forms.BooleanField(
                label=_("据此开立“{title}”的新版本").format(title=version.title), required=False,
                initial=not version.reviewed,
            )  # fmt: skip
            is_long = isinstance(version.value, list | dict)
            self.fields[name] = forms.CharField(
                label=version.title, max_length=20_000, required=False, initial=typed_of(version.value),
                widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}) if is_long else None,
                help_text=f"{version.unit} · {version.basis}".strip(" ·"),
            )  # fmt: skip

    def answer(self) -> Given:
        given = self.cleaned_data
        values = {
            version.key: given[name] for name, version in self.touched.items() if given.get(f"{name}-opens")
        }
        return Given(given["text"], given["basis"], given["valid_from"], values)


class ConfirmForm(forms.Form):
    why = forms.CharField(label=_("确认意见"), max_length=200)
