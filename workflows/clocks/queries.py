"""One term, and what it may stand still for."""

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Right, within
from workflows.clocks.models import Clock


def clock_at(viewer: Actor, pk: int) -> Clock:
    """The term of a case, with its parts. Raises NotHere outside the viewer's territory."""
    rows = within(Clock.objects.filter(case__isnull=False), viewer, Right.SEE_CASES, "case__area")
    rows = rows.select_related("case__subject", "extension__approved_by").prefetch_related("pauses")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def reasons_to_pause(clock: Clock, *, reviewed: bool = True) -> list[tuple[str, str]]:
    """(reason, words) of what the law lets the term stand still for; not `reviewed`: of what waits for the lawyers, and
    lets nothing stand still until they have passed it."""
    law = the_law(today())
    named = [(key.removeprefix("pause."), law[key]) for key in law if key.startswith("pause.")]
    return [
        (key, f"{reason.title}（{reason.basis}）")
        for key, reason in named
        if clock.kind in reason.value and reason.reviewed == reviewed
    ]
