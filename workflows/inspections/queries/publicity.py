"""How long the penalty of an inspection is public by the law of a day."""

from django.utils.translation import gettext as _

from grid.law.queries import Law
from workflows.inspections.models import Inspection
from workflows.inspections.rules import publicity
from workflows.inspections.rules.publicity import Period


def keys_of(inspection: Inspection, law: Law) -> tuple[str, str]:
    """The rows of the law with its shortest and its longest publication."""
    marks = {"hearing_owed": inspection.hearing_owed, "collective_needed": inspection.collective_needed}
    return publicity.bounds_of(marks, law["penalty.serious"].value)


def period_in(inspection: Inspection, law: Law) -> Period:
    """Of a decided one."""
    assert inspection.decided_on is not None
    shortest, longest = (int(law[key].value) for key in keys_of(inspection, law))
    return publicity.period_of(inspection.decided_on, shortest, longest)


def repair_words(period: Period) -> str:
    """From which day and by what way repair may be asked for (“信用中国” is the one window, whoever decided repairs)."""
    if period.repair_from is None:
        return _("公示期即最短公示期，至{on}期满自动停止公示，无需申请信用修复。").format(on=period.ends_on)
    words = _(
        "自{on}起，改正违法行为、履行处罚决定的全部义务并作出信用承诺的，可以通过“信用中国”网站或者直接向作出决定的机关申请信用修复。"
    )
    return words.format(on=period.repair_from)
