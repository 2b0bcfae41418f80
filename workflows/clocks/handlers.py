"""What follows when a term is over: one function for each kind of clock."""

from collections.abc import Callable, Sequence
from typing import Protocol

from django.utils.module_loading import import_string

from grid.scope import Actor
from workflows.clocks.models import Clock


class Handler(Protocol):
    def __call__(self, clock: Clock, *, by: Actor) -> object: ...


# By name, because every one of these rooms starts clocks itself.
HANDLERS: dict[str, str] = {
    "urging.term": "workflows.cases.actions.escalate_case",
    "order.term": "workflows.inspections.actions.expire_order",
    "inspection.filing": "workflows.inspections.actions.note_overdue",
    "inspection.investigation": "workflows.inspections.actions.note_overdue",
    "inspection.outer": "workflows.inspections.actions.note_overdue",
    "inspection.statement": "workflows.inspections.actions.statement_over",
    "inspection.hearing_request": "workflows.inspections.actions.statement_over",
    "inspection.decision": "workflows.inspections.actions.note_overdue",
    "inspection.service": "workflows.inspections.actions.note_overdue",
    "penalty.payment": "workflows.inspections.actions.note_overdue",
    "inspection.remedy": "workflows.inspections.actions.remedy_over",
    "inspection.demand": "workflows.inspections.actions.note_overdue",
    "inspection.court": "workflows.inspections.actions.note_overdue",
    "audit.answer": "workflows.audits.actions.close_answer",
    "audit.opinion_days": "workflows.audits.actions.note_overdue",
    "audit.correction": "workflows.audits.actions.expire_correction",
    "audit.result_letter": "workflows.audits.actions.tell_letter_late",
    "tax.reminder": "workflows.audits.actions.remind_tax",
    "tax.answer": "workflows.audits.actions.escalate_transfer",
    "listing.defence": "workflows.listing.actions.close_defence",
    "listing.period": "workflows.listing.actions.remove_listing",
    "listing.objection": "workflows.listing.overdue.tell_superior",
    "repair.decide": "workflows.listing.overdue.tell_superior",
    "repair.spread": "workflows.listing.overdue.tell_superior",
    "announcement.objection": "workflows.announcements.actions.tell_superior",
    "signing.opinion": "workflows.engine.signing.actions.lapse_opinions",
    "counter.correction": "workflows.counter.actions.mark_overdue",
    "counter.commitment": "workflows.counter.actions.mark_overdue",
    "counter.statement": "workflows.counter.actions.mark_overdue",
    "counter.hearing": "workflows.counter.actions.mark_overdue",
    "counter.objection": "workflows.counter.actions.mark_overdue",
    "counter.repair": "workflows.counter.actions.mark_overdue",
    "round.due": "workflows.rounds.actions.close_overdue_round",
}


class BatchHandler(Protocol):
    def __call__(self, clocks: Sequence[Clock], *, by: Actor) -> object: ...


# Kinds of which thousands may be over in one night: a batch in one transaction, as the one above does one by one.
# The clocks come with their case, whose process is locked.
TOGETHER: dict[str, str] = {
    "urging.term": "workflows.cases.actions.escalating.escalate_cases",
}


def handler_of(kind: str) -> Handler:
    """Raises KeyError for a kind nobody answers for."""
    found: Callable[..., object] = import_string(HANDLERS[kind])
    return found


def batch_handler_of(kind: str) -> BatchHandler:
    found: Callable[..., object] = import_string(TOGETHER[kind])
    return found
