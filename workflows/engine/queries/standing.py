"""Where a case stands, in as few words as its page needs: what is open, who takes it, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.clocks.models import Clock
from workflows.clocks.terms import matter_of
from workflows.engine.kind import kind_of, kinds_beside
from workflows.engine.nodes import posts_with
from workflows.engine.signing.queries.matters import Matter, place_of


@dataclass(frozen=True)
class Standing:
    """One open matter: `room` is the page of its acts; `who` is empty while only a term or somebody outside is
    waited for; `clocks` run now, the soonest first."""

    matter: Matter
    room: str
    step: str
    who: str
    clocks: list[Clock]


def standings_of(case: Any, proceedings: Iterable[Matter], clocks: Iterable[Clock]) -> list[Standing]:
    """What is open on the case, its proceedings first. No query."""
    open_ones = [matter for matter in proceedings if matter.is_open]
    # A case that waits for its proceeding stands where that says by itself.
    elsewhere = {kind.awaited_in for kind in kinds_beside(case)}
    if case.is_open and not (open_ones and case.state in elsewhere):
        open_ones.append(case)
    return [standing_of(matter, clocks) for matter in open_ones]


def standing_of(matter: Matter, clocks: Iterable[Clock]) -> Standing:
    """`clocks` may be those of the whole case: each matter has its own kinds."""
    kind, place = kind_of(matter), place_of(matter)
    own = [clock for clock in clocks if _runs(clock) and matter_of(clock.kind) == kind.name]
    who = posts_with(place.node.rights[0]) if place else ""
    return Standing(
        matter, kind.name, place.title if place else "", who, sorted(own, key=lambda clock: clock.due_on)
    )


def _runs(clock: Clock) -> bool:
    # What is owed at the employer's window is no step of the path.
    return not clock.fired_at and not clock.stopped_at and not clock.kind.startswith("counter.")
