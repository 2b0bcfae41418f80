"""What follows when a term is over: one function for each kind of clock."""

from collections.abc import Callable
from typing import Protocol

from django.utils.module_loading import import_string

from grid.scope import Actor
from workflows.clocks.models import Clock


class Handler(Protocol):
    def __call__(self, clock: Clock, *, by: Actor) -> object: ...


# By name, because every one of these rooms starts clocks itself.
HANDLERS: dict[str, str] = {
    "urging.term": "workflows.cases.actions.escalate_case",
    "order.term": "workflows.cases.actions.expire_order",
    "listing.defence": "workflows.listing.actions.close_defence",
    "listing.period": "workflows.listing.actions.remove_listing",
    "round.due": "workflows.rounds.actions.close_overdue_round",
}


def handler_of(kind: str) -> Handler:
    """Raises KeyError for a kind nobody answers for."""
    found: Callable[..., object] = import_string(HANDLERS[kind])
    return found
