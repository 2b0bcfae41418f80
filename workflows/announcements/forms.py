"""What a person fills in about an announcement."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import choice_in, long_text
from workflows.announcements.queries import grounds

PRIVATE = _(
    "向社会公布：不写职工等个人的姓名、证件号码、住址和电话，不写国家秘密和商业秘密（人社部令第29号）"
)


class ProposeForm(forms.Form):
    ground: Any = forms.ModelChoiceField(label=_("违法情形"), queryset=None, empty_label=_("请选择"))
    head = forms.CharField(label=_("法定代表人或负责人"), max_length=60)
    facts = long_text(_("主要违法事实"), max_length=500, help_text=PRIVATE)
    handling = long_text(_("处理情况"), max_length=500, help_text=PRIVATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ground"]
        field.queryset = grounds()
        field.label_from_instance = lambda ground: ground.title


class PlainForm(forms.Form):
    """Nothing to fill in."""


class WhyForm(forms.Form):
    why = long_text(_("理由"), rows=2, max_length=300)


class ObjectForm(forms.Form):
    text = long_text(_("异议内容"), rows=4, max_length=4000)


class AnswerForm(forms.Form):
    answer = long_text(_("答复"), max_length=500)
    correction = long_text(_("更正内容"), rows=2, max_length=500, required=False)
    remove = forms.BooleanField(label=_("异议成立，撤下该条目"), required=False)


class BatchForm(forms.Form):
    office = forms.ChoiceField(label=_("公布机关"))
    # Newspapers and stations; Django takes fields out of the class, its own `media` stays what it is.
    media = forms.CharField(label=_("公布媒体"), max_length=200, required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = choice_in(self, "office")
        field.choices = offices
