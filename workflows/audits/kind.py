"""What an audit is to the engine."""

from collections.abc import Iterable

from workflows.audits import states
from workflows.audits.flow import AuditFlow
from workflows.audits.models import ENDED, Audit, AuditState, TaxTransfer
from workflows.audits.waiting import AUDITS, TRANSFERS
from workflows.cases.models import CaseState
from workflows.engine.kind import Kind
from workflows.engine.signing.rules import HANDLING


def _waiting_for_tax() -> Iterable[int]:
    """An audit that sent its arrears to the tax office has ended, and the case waits for the answer."""
    return TaxTransfer.objects.filter(closed_at=None).values_list("case", flat=True)


AUDIT = Kind(
    name="audit",
    flow=AuditFlow,
    first=AuditState.NOTICED,
    model=Audit,
    states=AuditState,
    ended=ENDED,
    path=states,
    beside="case",
    related=("auditor_1", "auditor_2"),
    facts=lambda audit: {"audit": audit.code, "stage": str(audit.state)},
    ways={
        "noticed": HANDLING,
        "examining": HANDLING,
        "informed": HANDLING,
        "opinion": HANDLING,
    },
    awaited_in=CaseState.AUDITED,
    left_behind=_waiting_for_tax,
    waiting=(AUDITS, TRANSFERS),
)
