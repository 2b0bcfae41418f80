"""What another room keeps of a term's last day follows it when that moves."""

from collections.abc import Callable, Iterable

from django.utils.module_loading import import_string

from workflows.clocks.models import Clock

# By name, because that room starts clocks itself.
KEEPERS: dict[str, str] = {"penalty.payment": "workflows.inspections.terms.keep_payment_day"}


def follow(clocks: Iterable[Clock]) -> None:
    """Part of resuming a term and of moving it with the calendar."""
    for clock in clocks:
        if clock.kind in KEEPERS:
            keep: Callable[[Clock], object] = import_string(KEEPERS[clock.kind])
            keep(clock)
