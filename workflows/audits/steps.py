"""Taking one step of an audit, the same way every time: lock, ask, move, save; the body writes the entry.

Locks are always taken in this order: the case with its process, the audit's process, the audit, clocks.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask
from workflows.audits import states
from workflows.audits.models import Audit, AuditProcess
from workflows.cases.steps import locked as locked_case
from workflows.clocks.actions import stop_clock
from workflows.clocks.models import Clock
from workflows.engine import procedures
from workflows.engine.steps import follow, misplaced, tell, written

# Every term an audit runs, on the clock of its case; a transfer to the tax office runs its own.
TERMS = ("audit.answer", "audit.opinion_days", "audit.correction")
# What is left to do when an audit has ended clean: the term ends with neither the audit nor its case.
LETTER_TERM = "audit.result_letter"
TRANSFER_TERMS = ("tax.reminder", "tax.answer")


def locked(audit_id: int) -> Audit:
    """The audit as it stands, locked after its case until the transaction ends; `case` is the locked row."""
    case_id, process_id = Audit.objects.values_list("case_id", "process_id").get(pk=audit_id)
    case = locked_case(case_id)
    AuditProcess.objects.select_for_update().get(pk=process_id)
    fresh = _row(audit_id)
    fresh.case = case
    return fresh


def _row(audit_id: int) -> Audit:
    rows = Audit.objects.select_for_update(of=("self",)).select_related("auditor_1", "auditor_2")
    return rows.get(pk=audit_id)


@contextmanager
def step_of(audit: Audit, act: str, *, by: Actor, at: str = "") -> Iterator[tuple[Audit, Held | None]]:
    """One act of an auditor that moves the audit: yields it in its new state, and the posting acted under.

    `at` is the state the person was looking at; a page that was overtaken is refused.
    Raises AlreadyDone, OutOfOrder, NotAnAuditor, NotHere, NotYourPost.
    """
    if not at and not states.may(audit, act):
        raise misplaced(audit, act, states, Right.SEE_CASES, by)
    node = at or audit.state
    with transaction.atomic():
        case = locked_case(audit.case_id)
        with procedures.step(audit.process, node, by=by) as held:
            fresh = _row(audit.pk)
            fresh.case = case
            states.move(fresh, act)
            yield fresh, held
            fresh.save()
            tell(fresh)
    follow(audit, fresh)


def note_on(
    audit: Audit, right: Right, in_states: tuple[str, ...], act: object, *, by: Actor
) -> AbstractContextManager[tuple[Audit, Held | None]]:
    """Something written on an audit that stays where it is. Raises OutOfOrder in any other state."""
    return written(audit, locked, states, right, in_states, act, by)


@contextmanager
def end_of(
    audit: Audit, act: str, why: str, right: Right, *, by: Actor, at: str = ""
) -> Iterator[tuple[Audit, Held | None]]:
    """An act that ends the audit wherever it stands, and its procedure and terms with it. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of(act))
    ask(by, right, audit.area)
    with transaction.atomic():
        fresh = locked(audit.pk)
        held = ask(by, right, fresh.area)
        if at and fresh.state != at:
            raise states.out_of_order(fresh, states.label_of(act))
        before = fresh.state
        states.move(fresh, act)
        fresh.closed_at, fresh.closed_why, fresh.closed_by_id = now(), why.strip()[:300], by.person_id
        stop_terms(fresh, *TERMS, why=states.label_of(act), by=by)
        yield fresh, held
        fresh.save()
        _leave(fresh, before, by, held)
        note(
            Verb.AUDIT_ENDED, fresh, by, held, outcome=str(fresh.get_state_display()), reason=fresh.closed_why
        )
        tell(fresh)
    follow(audit, fresh)


# Where the flow itself goes to an end; from anywhere else it is broken off.
_NATURAL = {
    ("examining", "clean"),
    ("informed", "clean"),
    ("opinion", "corrected"),
    ("opinion", "proposed"),
    ("opinion", "tax"),
}


def _leave(audit: Audit, before: str, by: Actor, held: Held | None) -> None:
    if (before, str(audit.state)) in _NATURAL:
        with procedures.followed(audit.process, before, by=by, held=held):
            pass
    else:
        procedures.close_procedure(audit.process, by=by)


def only_auditors(audit: Audit, by: Actor) -> None:
    """Raises NotAnAuditor for anybody but the two who were named."""
    if by.person_id not in audit.auditors:
        names = f"{audit.auditor_1.full_name}、{audit.auditor_2.full_name}"
        raise problems.NotAnAuditor(names=names)


def stop_terms(audit: Audit, *kinds: str, why: str, by: Actor) -> None:
    running = Clock.objects.filter(case=audit.case_id, fired_at=None, stopped_at=None, kind__in=kinds)
    for clock in running.order_by("pk"):
        clock.case = audit.case
        stop_clock(clock, why[:100], by=by)


def note(verb: Verb, audit: Audit, by: Actor, held: Held | None, **facts: Any) -> None:
    """The ledger entry of one act on an audit, with the state the act left behind."""
    case = audit.case
    data = facts | {"audit": audit.code, "stage": str(audit.state)}
    record(verb, by=by, area=audit.area, subject=case.subject_id, case=case.code, data=data, held=held)
