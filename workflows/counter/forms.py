"""What is filled in at the window: a code, a submission; and at the desk: taking it over, answering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.fields import long_text
from workflows.counter import problems as counter_problems
from workflows.counter.models import Kind
from workflows.counter.rules import CODE_DIGITS, is_code, wording
from workflows.notices.reading import Given, read_uploads


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("短信验证码"),
        max_length=CODE_DIGITS,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9]{6}"}
        ),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not is_code(code):
            raise forms.ValidationError(counter_problems.EntryCodeWrong().detail)
        return code


class SubmissionForm(forms.Form):
    """The words of one kind. Files come beside it in the same request and are looked at with it."""

    text = long_text(_("内容"), rows=7, max_length=4000, required=False)
    signer = forms.CharField(
        label=_("提交人姓名和身份"), max_length=60, help_text=_("例如：张三，法定代表人；李四，人事经办人")
    )
    agreed = forms.BooleanField(label=_("以上承诺由本单位作出，内容属实"))

    def __init__(self, kind: str, *args: Any, files: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.sent, self.given = kind, files, list[Given]()
        self.fields["text"].label = wording.LABELS[kind]
        self.fields["text"].required = kind != Kind.CORRECTION
        if kind == Kind.COMMITMENT:
            self.fields["text"].initial = wording.COMMITMENT
        if kind == Kind.REPAIR:
            self.fields["agreed"].label = wording.REPAIR_COMMITMENT
        elif kind != Kind.COMMITMENT:
            del self.fields["agreed"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        try:
            self.given = read_uploads(self.sent)
            if "text" not in self.errors and not cleaned.get("text") and not self.given:
                raise counter_problems.SubmissionEmpty(kind=Kind(self.kind).label)
        except problems.Problem as refused:
            words = f"{refused.detail}{refused.advice}"
            raise forms.ValidationError(words) from refused
        return cleaned


class TakeForm(forms.Form):
    answer = long_text(
        _("同时答复"), rows=4, max_length=2000, required=False, help_text=_("不填的，可以接办以后再答复。")
    )


class FileForm(forms.Form):
    why = long_text(_("为什么只存卷"), rows=2, max_length=200)
    answer = long_text(_("同时答复"), rows=4, max_length=2000, required=False)


class AnswerForm(forms.Form):
    answer = long_text(_("答复"), rows=5, max_length=2000, help_text=_("单位在文书的页面上看到这段话。"))
