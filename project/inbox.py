"""The inbox: what only this person can do now, soonest deadline first, the reason in one line.

Each room says what of its work waits for whom (`waiting.py`, see grid.waiting); here it is collected, named and
sorted. The rooms read their own state columns by indexed ranges of the viewer's areas; the engine is not asked. Each
kind of work is one query with a limit, so that the page costs the same at a thousand and at a million check tasks.
"""

from dataclasses import dataclass, replace
from datetime import date

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import late_words
from grid.scope import Actor
from grid.territory.queries import names_of
from grid.waiting import Waiting, waiting_for

# Lines of one kind of work; an inbox with more says that it is cut.
LIMIT = 50
NEVER = date(9999, 12, 31)
# Of what is due on one day and waits since one day, these come first in this order; then all other kinds. Visits that
# wait for a named person are one kind of work.
ORDER = (
    "finding", "round", "case", "clash unknown_task", "held", "follow", "service", "move", "signature", "seal", "sent_back",
    "escalation", "submission", "referral", "plan", "assessment", "delivery", "register", "inspection", "person",
    "audit", "transfer", "objection", "defence", "repair", "paper", "disclosure announcement", "sanction", "alarm",
    "office", "law", "answer", "certificate", "forgetting", "area-change", "asked claims",
)  # fmt: skip
RANKS = {kind: rank for rank, kinds in enumerate(ORDER) for kind in kinds.split()}


@dataclass(frozen=True)
class Item(Waiting):
    """One piece of work. `late` says in words by how much its deadline has passed, and is empty before; `place` is the
    name of its area."""

    late: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    items: list[Item]
    is_cut: bool

    @property
    def late(self) -> list[Item]:
        return [item for item in self.items if item.late]

    @property
    def others(self) -> list[Item]:
        return [item for item in self.items if not item.late]


def inbox_of(viewer: Actor) -> Inbox:
    """Everything that waits for `viewer`, the overdue first. Some twenty queries at most, whatever waits."""
    sorts = waiting_for(viewer, LIMIT)
    items = _dated([Item(**vars(line)) for lines in sorts for line in lines])
    return Inbox(sorted(placed(items), key=_place), any(len(lines) >= LIMIT for lines in sorts))


def placed(items: list[Item]) -> list[Item]:
    """Each with the name of its area. One query, none where there is nothing."""
    places = names_of(item.area for item in items)
    return [replace(item, place=places.get(item.area, item.area)) for item in items]


def _dated(items: list[Item]) -> list[Item]:
    """The calendar is read only when something is overdue."""
    day = today()
    if not any(item.due_on and item.due_on < day for item in items):
        return items
    days = workdays()
    return [
        replace(item, late=late_words(item.due_on, day, days)) if item.due_on and item.due_on < day else item
        for item in items
    ]


def _place(item: Item) -> tuple[bool, date, date, int]:
    """Pools, which are never done, stand below everything else."""
    rank = RANKS.get(item.kind, len(ORDER))
    return item.kind == "pool", item.due_on or NEVER, item.since, rank
