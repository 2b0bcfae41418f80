"""What a reviewer says of a visit that waits for a named person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIER, LATER = "earlier", "later"


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ClashForm(forms.Form):
    take = forms.ChoiceField(label=_("采用哪一份"), widget=forms.RadioSelect)
    why = _why(_("理由"), _("例如：当面核对了用工名册。"))

    def __init__(self, *args: Any, words: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        take: Any = self.fields["take"]
        take.choices = [(EARLIER, words[0]), (LATER, words[1])]


class ClaimForm(forms.Form):
    subject = forms.TypedChoiceField(label=_("对应的单位"), coerce=int, widget=forms.RadioSelect)
    why = _why(_("依据"), _("例如：门牌与店主姓名一致。"))

    def __init__(self, *args: Any, subjects: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject: Any = self.fields["subject"]
        subject.choices = subjects


class AsideForm(forms.Form):
    why = _why(_("搁置的理由"), _("例如：不在本市经营，不属于扩面对象。"))
