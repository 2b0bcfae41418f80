"""Where a case stands, in as few words as its page needs: what is open, who takes it, until when."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.audits.models import Audit
from workflows.cases.models import Case, CaseState
from workflows.charts.queries import posts_with
from workflows.clocks.models import Clock
from workflows.engine.signing.matters import Matter, Proceeding, place_of
from workflows.inspections.models import Inspection
from workflows.inspections.steps import TERMS

# A case in one of these waits for its proceeding, which says by itself where it stands.
ELSEWHERE = (CaseState.INSPECTED, CaseState.AUDITED)


@dataclass(frozen=True)
class Standing:
    """One open matter: `room` is the page of its acts; `who` is empty while only a term or somebody outside is
    waited for; `clocks` run now, the soonest first."""

    matter: Matter
    room: str
    step: str
    who: str
    clocks: list[Clock]


def standings_of(case: Case, proceedings: Iterable[Proceeding], clocks: Iterable[Clock]) -> list[Standing]:
    """What is open on the case, its proceedings first. No query."""
    open_ones: list[Matter] = [one for one in proceedings if one.is_open]
    if case.is_open and not (open_ones and case.state in ELSEWHERE):
        open_ones.append(case)
    return [standing_of(one, clocks) for one in open_ones]


def standing_of(matter: Matter, clocks: Iterable[Clock]) -> Standing:
    """`clocks` may be those of the whole case: each matter has its own kinds."""
    room = _room_of(matter)
    place = place_of(matter)
    own = [clock for clock in clocks if _runs(clock) and _room_of_clock(clock.kind) == room]
    who = posts_with(place.node.rights[0]) if place else ""
    return Standing(
        matter, room, place.title if place else "", who, sorted(own, key=lambda clock: clock.due_on)
    )


def _runs(clock: Clock) -> bool:
    # What is owed at the employer's window is no step of the path.
    return not clock.fired_at and not clock.stopped_at and not clock.kind.startswith("counter.")


def _room_of(matter: Matter) -> str:
    return (
        "inspection" if isinstance(matter, Inspection) else "audit" if isinstance(matter, Audit) else "case"
    )


def _room_of_clock(kind: str) -> str:
    return "audit" if kind.startswith("audit.") else "inspection" if kind in TERMS else "case"
