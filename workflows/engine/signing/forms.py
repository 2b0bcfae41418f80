"""What a person fills in to bring a colleague into a step, and to answer."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid.fields import choice_in, long_text
from grid.texts import Text
from workflows.engine.signing.models import Answer
from workflows.engine.signing.rules import Way


def _text(label: Text) -> forms.CharField:
    return long_text(label, rows=2, max_length=300)


class AskForm(forms.Form):
    """Whom to ask. Several only for a countersigning; `at` is the step the page showed."""

    at = forms.CharField(widget=forms.HiddenInput)
    people = forms.TypedChoiceField(label=_("同事"), coerce=int)
    question = _text(_("事由"))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        way: Way,
        step: str,
        colleagues: Sequence[tuple[int, str]],
        prefix: str,
    ) -> None:
        super().__init__(data, auto_id=f"{prefix}-%s", initial={"at": step})
        if way == Way.COUNTERSIGN:
            self.fields["people"] = forms.TypedMultipleChoiceField(
                label=_("同事（可多选）"), coerce=int, widget=forms.CheckboxSelectMultiple
            )
        people = choice_in(self, "people")
        people.choices = [*([] if way == Way.COUNTERSIGN else [("", _("请选择"))]), *colleagues]

    @property
    def asked(self) -> list[int]:
        given = self.cleaned_data["people"]
        return list(given) if isinstance(given, list) else [given]


class OpinionForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("意见"),
        choices=[(Answer.AGREE.value, Answer.AGREE.label), (Answer.REFUSE.value, Answer.REFUSE.label)],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("说明（不同意的必填）"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PrepareForm(forms.Form):
    words = forms.CharField(label=_("准备的文字"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


class RecallForm(forms.Form):
    words = _text(_("收回的理由"))


class TakeBackForm(forms.Form):
    at = forms.CharField(widget=forms.HiddenInput)
    words = _text(_("撤回的理由"))
