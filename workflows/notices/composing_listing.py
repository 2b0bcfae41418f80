"""What the documents say that end or correct an entry in the list."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from grid.law.queries import Law
from grid.offices.queries import Office
from workflows.notices.composing import LIST_NAME, cited, cited_by, lines, remedies_of
from workflows.notices.documents import Citation, Letter
from workflows.notices.documents_listing import ObjectionAnswer, RepairDecision

Clauses = Sequence[str | Citation]


def repair_decision(
    letter: Letter,
    law: Law,
    office: Office,
    *,
    listed_number: str,
    listed_on: date,
    applied_on: date,
    granted: bool,
    evidence: Sequence[str],
    checked: Sequence[str],
    reasons: Sequence[str],
    effects: Sequence[str] = (),
    again_from: date | None = None,
    list_name: str = LIST_NAME,
) -> RepairDecision:
    """信用修复决定书, granting or refusing. `again_from`: the day from which a refused one may be asked for anew."""
    lifted = (_("停止公示、共享和使用该条失信信息。"), _("同时解除依据该条信息采取的惩戒措施。"))
    kept = (_("该条失信信息继续公示，惩戒措施继续执行。"),)
    return RepairDecision(
        letter=letter,
        list_name=list_name,
        listed_number=listed_number,
        listed_on=listed_on,
        applied_on=applied_on,
        granted=granted,
        evidence=lines(evidence),
        checked=lines(checked),
        reasons=lines(reasons),
        basis=cited_by(law["cite.repair"]),
        effects=lines(effects) or (lifted if granted else kept),
        remedies=remedies_of(law, office),
        again_from=None if granted else again_from,
    )


def objection_answer(
    letter: Letter,
    law: Law,
    office: Office,
    *,
    about_number: str,
    about_on: date,
    filed_on: date,
    objection: Sequence[str],
    checked: Sequence[str],
    upheld: bool,
    outcome: str,
    reasons: Sequence[str],
    basis: Clauses,
    effects: Sequence[str] = (),
    list_name: str = LIST_NAME,
) -> ObjectionAnswer:
    """异议处理答复书. `about_number`: the decision objected to. `outcome`: one sentence that answers."""
    return ObjectionAnswer(
        letter=letter,
        list_name=list_name,
        about_number=about_number,
        about_on=about_on,
        filed_on=filed_on,
        objection=lines(objection),
        checked=lines(checked),
        upheld=upheld,
        outcome=outcome,
        reasons=lines(reasons),
        basis=cited(basis),
        effects=lines(effects),
        remedies=remedies_of(law, office),
    )
