"""两书同达: with the decision the party learns how long it is public and how it is repaired (国办发〔2025〕22号)."""

from django.conf import settings

from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Held
from workflows.inspections.documents import PenaltyAdvice
from workflows.inspections.models import Inspection
from workflows.inspections.queries import publicity
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents.composing import cited_by
from workflows.notices.models import Notice, NoticeKind


def place_of_publication() -> str:
    """Where a penalty is made public (行政处罚法 48条)."""
    return f"{settings.ORIGIN}/public/penalties/"


def advise_repair(inspection: Inspection, law: Law, by: Actor, held: Held | None) -> Notice:
    """Part of deciding: the 信用修复告知书 is issued with the decision."""
    assert inspection.decided_on is not None
    decided_on, period = inspection.decided_on, publicity.period_in(inspection, law)
    return issue_document(
        inspection.case,
        NoticeKind.PENALTY_ADVICE,
        lambda letter: PenaltyAdvice(
            letter=letter, about_number=inspection.decision_number, about_on=decided_on, ends_on=period.ends_on,
            published=place_of_publication(), since=(publicity.repair_words(period),), basis=cited_by(law["cite.repair"]),
        ),
        by=by,
        held=held,
    )  # fmt: skip


def serve_advice(inspection: Inspection, receipt: Receipt, by: Actor, held: Held | None) -> None:
    """Part of serving the decision: by the same service. A decision from before has none."""
    mine = inspection.case.notices.filter(kind=NoticeKind.PENALTY_ADVICE, withdrawn_at=None, service=None)
    for advice in mine:
        file_service(advice, receipt, the_law(today()), by=by, held=held)
