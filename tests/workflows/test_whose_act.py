"""A step may name several posts. Each of its transitions is theirs alone whose act it is, by whatever way they come."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from grid.scope import RIGHTS, Actor, Role
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import actor_of
from tests.cast import SINCE
from tests.contract.test_acts_table import Filled, attempt, rooms
from tests.workflows.conftest import WEIGHTY, Walk, certify
from workflows.cases.actions import return_case
from workflows.cases.models import Case, CaseState
from workflows.engine.actions.steps import step_of
from workflows.engine.acts import rights_taking
from workflows.engine.kind import kind_named, kinds
from workflows.engine.nodes import StepNode
from workflows.inspections.models import InspectionState

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STEPS = [
    (kind.name, node.name)
    for kind in kinds()
    for node in kind.flow.instance.nodes()
    if node.task_type == "HUMAN" and len(node.rights) > 1
]


@pytest.fixture
def standing_at(walk: Walk, make_case: Callable[..., Case], cast: Any) -> Callable[[str, str], Any]:
    """`standing_at("case", "correction")`: a matter at one of the steps that name several posts."""

    def correction() -> Case:
        return return_case(walk.to(make_case(), CaseState.STREET_APPROVAL), "请补正", [], by=cast.by.sun)

    def escalated() -> Case:
        return walk.to(make_case(), CaseState.ESCALATED)

    def listing_proposed() -> Case:
        return walk.to(make_case(), CaseState.LISTING_PROPOSED)

    def collective() -> Any:
        walk.arrears = WEIGHTY
        one = walk.inspection_at(make_case(), InspectionState.NOTICED)
        walk.wait(one.case, "inspection.hearing_request")
        return walk.inspection_at(one.case, InspectionState.COLLECTIVE)

    ways = {
        ("case", "correction"): correction, ("case", "escalated"): escalated,
        ("case", "listing_proposed"): listing_proposed, ("inspection", "collective"): collective,
    }  # fmt: skip
    assert set(ways) == set(STEPS), "nobody is taken to a step that names several posts"
    return lambda kind, step: ways[kind, step]()


def posts_of(node: StepNode) -> dict[str, Actor]:
    """Of every role that has the step somebody who had no part in the matter so far."""
    roles = [role for role in Role.values if RIGHTS[role].intersection(node.rights)]
    return {role: _newcomer(role, Area.objects.get(code="150302")) for role in roles}


def _newcomer(role: str, area: Area) -> Actor:
    person = Person.objects.create_user(f"new-{role}", password="x", full_name=f"新来的{Role(role).label}")
    Posting.objects.create(person=person, role=role, area=area, valid_from=SINCE)
    return actor_of(person)


@pytest.mark.parametrize("kind, step", STEPS)
def test_what_the_page_does_not_offer_a_post_its_action_refuses(
    kind: str, step: str, standing_at: Callable[[str, str], Any], cast: Any, grounds: Any
) -> None:
    matter = standing_at(kind, step)
    certify(cast)
    crew = SimpleNamespace(**{**vars(cast), "gao": cast.he})
    room, people = rooms()[type(matter)], posts_of(kind_named(kind).flow.instance.node(step))
    offered, told = room.offered(people, matter), Entry.objects.count()
    done = {
        (act, role)
        for act in room.perform
        for role, by in people.items()
        if act not in offered[role]
        and not attempt(room, matter, act, by, Filled(crew, matter, grounds), told)
    }
    assert done == set()
    assert len({tuple(sorted(acts)) for acts in offered.values()}) > 1, "all posts may do the same"


@pytest.mark.parametrize("kind, step", STEPS)
def test_the_post_is_asked_before_anything_else(
    kind: str, step: str, standing_at: Callable[[str, str], Any]
) -> None:
    matter, declared = standing_at(kind, step), kind_named(kind)
    path: Any = declared.path
    people, tried = posts_of(declared.flow.instance.node(step)), 0
    for transition in (transition for transition in path.ACTS if path.may(matter, transition)):
        rights = rights_taking(declared, transition, matter)
        for by in (by for role, by in people.items() if rights and not RIGHTS[role].intersection(rights)):
            with pytest.raises(problems.NotYourPost), step_of(matter, transition, by=by):
                raise AssertionError(f"{transition} was taken by {by.name}")
            tried += 1
    assert tried
