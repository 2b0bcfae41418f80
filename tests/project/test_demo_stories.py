"""The stories of the demo city name stations and acts that exist."""

from itertools import chain

from project.demo import stories
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
