"""What this room does on the page of a case: the filing, and showing the newest inspection."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.cases.offers import Offer
from workflows.cases.performing import Acts
from workflows.inspections.actions import file_inspection
from workflows.inspections.forms import FileForm
from workflows.inspections.queries import newest_of

OFFERS = (
    Offer("inspect", _("申请监察立案"), _("报区主管批准后由两名执法人员调查"), Right.INSPECT, (S.ESCALATED,)),
)  # fmt: skip


def _inspect(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    officers = (given["officer_1"], given["officer_2"])
    return file_inspection(case, officers, given["why"], by=by, at=form.at_state)


ACTS = Acts(
    OFFERS,
    {"inspect": FileForm},
    {"inspect": _inspect},
    shows={"inspection": lambda case: newest_of(case.pk)},
)
