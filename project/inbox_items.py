"""What a line of the inbox is, and how late its work is in words."""

from dataclasses import dataclass, replace
from datetime import date

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import late_words

# Lines of one kind of work; an inbox with more says that it is cut.
LIMIT = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work. `late` says in words by how much its deadline has passed, and is empty before."""

    kind: str
    label: str
    title: str
    why: str
    area: str
    href: str
    since: date
    due_on: date | None = None
    late: str = ""
    place: str = ""
    state: str = ""


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


def dated(items: list[Item]) -> list[Item]:
    """The calendar is read only when something is overdue."""
    day = today()
    if not any(item.due_on and item.due_on < day for item in items):
        return items
    days = workdays()
    return [
        replace(item, late=late_words(item.due_on, day, days)) if item.due_on and item.due_on < day else item
        for item in items
    ]
