"""What the acts of an audit have in common beside the engine's steps."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from grid.scope import Actor, Held
from workflows.audits import problems as audits_problems
from workflows.audits.models import Audit
from workflows.audits.verbs import AuditVerb
from workflows.engine.actions.steps import end_of, record_on


@contextmanager
def end_audit(
    audit: Audit, act: str, why: str, *, by: Actor, at: str = ""
) -> Iterator[tuple[Audit, Held | None]]:
    """An act that ends the audit wherever it stands, told with what it came to. Raises ReasonMissing, OutOfOrder."""
    with transaction.atomic():
        with end_of(audit, act, by=by, at=at, why=why) as (fresh, held):
            yield fresh, held
        record_on(
            AuditVerb.AUDIT_ENDED,
            fresh,
            by,
            held,
            outcome=str(fresh.get_state_display()),
            reason=fresh.closed_why,
        )


def only_auditors(audit: Audit, by: Actor) -> None:
    """Asks whether `by` is one of the two who were named. Raises NotAnAuditor."""
    if by.person_id not in audit.auditors:
        names = f"{audit.auditor_1.full_name}、{audit.auditor_2.full_name}"
        raise audits_problems.NotAnAuditor(names=names)
