"""The stories of the demo city name stations and acts that exist."""

from datetime import date
from functools import partial
from itertools import chain

import pytest

from grid.calendar.now import today
from project.demo import stories
from project.demo.agenda import Agenda
from project.demo.audits import Audits
from project.demo.cases import Cases
from project.demo.contacts import Contacts
from project.demo.inspections import Inspections
from project.demo.lists import Lists
from project.demo.stories import STORIES
from workflows.audits.models import AuditState
from workflows.cases.models import CaseState
from workflows.inspections.models import InspectionState

ROOMS = (Cases, Inspections, Audits, Lists, Contacts)
# What the rooms tell apart within one state.
WITHIN = {
    "audit.examined", "audit.drafted", "audit.approved", "audit.overdue", "inspection.called",
    "inspection.discussing",
}  # fmt: skip
STATIONS = (
    {str(state) for state in CaseState}
    | {f"audit.{state}" for state in AuditState}
    | {f"inspection.{state}" for state in InspectionState}
    | WITHIN
)


def test_every_act_is_known_to_a_room() -> None:
    for name, story in STORIES.items():
        acts = {act for _days, act in chain.from_iterable(story.beats.values())} | set(story.turns.values())
        unknown = {act for act in acts if not any(hasattr(room, act) for room in ROOMS)}
        assert not unknown, (name, unknown)


def test_every_station_exists() -> None:
    for name, story in STORIES.items():
        assert {*story.rests, *story.turns, *story.beats, *story.holds} <= STATIONS, name


def test_rounds_name_stories_that_are_told() -> None:
    shown = {*stories.PILOT, *stories.FAR, *stories.NEAR, *stories.LIVE}
    drawn = {name for name, _share in (*stories.OLD, *stories.YOUNG)}
    assert shown | drawn <= set(STORIES)
    assert sum(share for _name, share in stories.OLD) == sum(share for _name, share in stories.YOUNG) == 100


def test_inspections_come_to_rest_in_every_state_that_can_wait() -> None:
    rests = {rest for story in STORIES.values() for rest in story.rests}
    waiting = {
        "filing", "investigating", "ordered", "order_expired", "noticed", "hearing", "legal_review", "deciding",
        "decided", "performing", "demanded", "court",
    }  # fmt: skip
    assert {f"inspection.{state}" for state in waiting} <= rests


@pytest.mark.parametrize(
    ("last_day", "done_on"),
    [(date(2026, 12, 1), date(2026, 11, 30)), (date(2026, 11, 30), date(2026, 11, 27))],
    ids=["on the next", "on the one before, where the next is too late"],
)
def test_law_49_what_falls_on_a_day_off_is_done_on_a_working_day(
    db: None, last_day: date, done_on: date
) -> None:
    """Saturday's before Sunday's, both before the day's own work; the clock's stays where it is."""
    agenda, done = Agenda(last_day), list[tuple[str, date]]()

    def act(name: str) -> None:
        done.append((name, today()))

    agenda.put_at_desk(date(2026, 11, 29), partial(act, "Sunday's"), 9)
    agenda.put_at_desk(date(2026, 11, 28), partial(act, "Saturday's"), 17)
    agenda.put_at_desk(date(2026, 11, 30), partial(act, "Monday's"), 9)
    agenda.put(date(2026, 11, 28), partial(act, "the clock's"), 1)
    agenda.play()
    at_desks = [(name, day) for name, day in done if name != "the clock's"]
    own = [("Monday's", date(2026, 11, 30))] if last_day > date(2026, 11, 30) else []
    assert sorted(at_desks) == sorted([("Saturday's", done_on), ("Sunday's", done_on), *own])
    assert not own or [name for name, _day in at_desks] == ["Saturday's", "Sunday's", "Monday's"]
    assert ("the clock's", date(2026, 11, 28)) in done
