"""When a register is due again, who is late, and asking for what is late: once for each day it was due.

The rhythm of each register is a row of the law (registers.rhythm_…): so long after the day its newest data stood, the
next data stands; and so long after that (registers.late_after) it has to be here. Any delivery that was taken counts,
complete or partial. A register that never came is counted from the first day any register came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min

from grid.calendar.now import day_of, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Unit, Workdays, due_on
from grid.hints import hint
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.registers.models import AskedFor, Delivery, DeliveryState, Register
from grid.registers.queries.owners import delivering, is_kept_by, owners_on
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor, Right, Role, machine
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import valid_on

ASKER: Final = machine("名册催交")
_UNITS: Final[dict[str, Unit]] = {"个工作日": "wd", "日": "d", "个月": "m"}


@dataclass(frozen=True, slots=True)
class Expected:
    """One register of one area: the day its newest data stood (None: it never came), and the last day for the next."""

    register: str
    area: str
    newest: date | None
    due_on: date
    reviewed: bool
    asked_on: date | None = None

    @property
    def label(self) -> str:
        return str(Register(self.register).label)

    @property
    def keepers(self) -> str:
        return "、".join(str(owner["department"]) for owner in owners_on(self.register, self.due_on))

    def is_late(self, on: date) -> bool:
        return on > self.due_on


def expected_on(day: date) -> list[Expected]:
    """Every register of the city, and of each area that has a liaison of its own; the first due first."""
    taken, first = _taken()
    if first is None:
        return []
    law, days, districts = the_law(day), workdays(), _districts()
    asked = {(row.register, row.area, row.due_on): day_of(row.asked_at) for row in AskedFor.objects.all()}
    found = []
    for register, area in _watched(day):
        newest = newest_of(taken.get(register, {}), area, districts)
        rhythm = law[f"registers.rhythm_{register}"]
        due = _due(newest or day_of(first), rhythm, law["registers.late_after"], days)
        reviewed = rhythm.reviewed and law["registers.late_after"].reviewed
        found.append(Expected(register, area, newest, due, reviewed, asked.get((register, area, due))))
    return sorted(found, key=lambda expected: (expected.due_on, expected.register, expected.area))


def _due(since: date, rhythm: Provision, grace: Provision, days: Workdays) -> date:
    for term in (rhythm, grace):
        end = due_on(since, int(str(term.value)), _UNITS[term.unit], days)
        assert end is not None  # without a pause every term ends
        since = end
    return since


def _taken() -> tuple[dict[str, dict[str, date]], datetime | None]:
    """Register → area → the newest day of what was taken about it; and when the first of any register came."""
    rows = Delivery.objects.filter(state=DeliveryState.DONE).order_by().values_list("register", "area")
    taken: dict[str, dict[str, date]] = {}
    began: list[datetime] = []
    for register, area, newest, first in rows.annotate(newest=Max("as_of"), first=Min("delivered_at")):
        taken.setdefault(register, {})[area] = newest
        began.append(first)
    return taken, min(began, default=None)


def newest_of(taken: dict[str, date], area: str, districts: Iterable[str]) -> date | None:
    """The newest day an area is covered for: by one delivery about it or a wider area, or by one of each district.

    >>> newest_of({"1503": date(2026, 1, 31), "150302": date(2026, 2, 28)}, "1503", ["150302", "150304"])
    datetime.date(2026, 1, 31)
    """
    covering = [day for code, day in taken.items() if area.startswith(code)]
    below = [code for code in districts if code.startswith(area) and code != area]
    parts = [newest_of(taken, code, ()) for code in below]
    if parts and all(parts):
        covering.append(min(day for day in parts if day))
    return max(covering, default=None)


def _districts() -> list[str]:
    return list(Area.objects.filter(level=Level.DISTRICT, valid_to=None).values_list("code", flat=True))


def _watched(day: date) -> list[tuple[str, str]]:
    posts = Posting.objects.filter(valid_on(day), role=Role.LIAISON, person__is_active=True)
    own = list(posts.values_list("department", "area_id"))
    return [
        (register.value, area)
        for register in Register
        for area in sorted({settings.CITY, *(at for who, at in own if is_kept_by(who, register, day))})
    ]


def expected_by(viewer: Actor, day: date) -> list[Expected]:
    """Of the registers the viewer delivers, by the law of who delivers them; the city office sees all."""
    if not viewer.has(Right.IMPORT):
        return []
    mine = {register.value: delivering(viewer.held, register, day) for register in Register}
    return [
        expected
        for expected in expected_on(day)
        if any(held.covers(expected.area) for held in mine[expected.register])
    ]


def late_for(viewer: Actor) -> list[Expected]:
    day = today()
    return [expected for expected in expected_by(viewer, day) if expected.is_late(day)]


def ask_for_late() -> int:
    """Periodic: asks for what is late, each once for the day it was due. How many."""
    day = today()
    return sum(
        _ask(expected) for expected in expected_on(day) if expected.is_late(day) and not expected.asked_on
    )


@transaction.atomic
def _ask(late: Expected) -> bool:
    _row, is_new = AskedFor.objects.get_or_create(
        register=late.register, area=late.area, due_on=late.due_on, defaults={"asked_at": now()}
    )
    if is_new:
        facts: dict[str, object] = {
            "register": late.register, "register_name": late.label, "due_on": late.due_on,
            "newest": late.newest, "keepers": late.keepers,
        }  # fmt: skip
        record(RegisterVerb.REGISTER_ASKED_FOR, Line(late.area, data=facts), by=ASKER)
        hint("inbox", late.area)
        hint("delivery", late.area)
    return is_new
