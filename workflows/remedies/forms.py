"""What a person fills in about a review or a suit, and the words beside its days."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField
from workflows.remedies.models import RemedyKind, RemedyOutcome, RemedyTarget
from workflows.remedies.rules import Ending

DECIDED = _("复议决定填送达当事人之日")
EFFECTIVE = _(
    "只在诉讼时填写。一审判决送达之日起15日（裁定10日）内可以上诉，期满无人上诉才生效；"
    "上诉期内或者已经上诉的，先不要登记；二审判决、裁定填送达之日（《行政诉讼法》第85条）。"
)


class RemedyForm(forms.Form):
    target = forms.ChoiceField(label=_("对象"), choices=RemedyTarget.choices)
    kind = forms.ChoiceField(label=_("途径"), choices=RemedyKind.choices)
    body = forms.CharField(label=_("受理机关"), max_length=100)
    filed_on = DayField(label=_("受理日期"), initial=today)
    stay_number = forms.CharField(label=_("停止执行文书文号"), max_length=60, required=False)


class StayForm(forms.Form):
    number = forms.CharField(label=_("停止执行文书文号"), max_length=60)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("结果"), choices=RemedyOutcome.choices)
    number = forms.CharField(label=_("决定或判决文号"), max_length=60, required=False)
    decided_on = DayField(label=_("作出日期"), help_text=DECIDED, initial=today)
    effective_on = DayField(label=_("判决、裁定的生效日期"), required=False, help_text=EFFECTIVE)
    fine = forms.DecimalField(
        label=_("变更后的罚款（元）"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("结果是变更处罚决定的填写"),
    )  # fmt: skip


def ending_of(given: Mapping[str, Any]) -> Ending:
    """From the fields of an outcome, on whichever page they were filled in."""
    return Ending(
        given["outcome"], given["number"], given["decided_on"], given["effective_on"], given["fine"]
    )
