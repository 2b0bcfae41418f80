"""What a district or the city office fills in on the way of a year to its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import long_text
from grid.texts import Text
from workflows.assessment.models import Scheme


def _words(label: Text) -> forms.CharField:
    return long_text(label, max_length=1000)


class ReasonForm(forms.Form):
    why = _words(_("理由"))


class ObjectionForm(forms.Form):
    indicator: Any = forms.ModelChoiceField(None, label=_("所指指标"), required=False, empty_label=_("整体"))
    why = _words(_("异议理由"))

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.queryset = scheme.indicators.order_by("pk")
        field.label_from_instance = lambda indicator: indicator.title


class AnswerForm(forms.Form):
    answer = _words(_("答复"))
