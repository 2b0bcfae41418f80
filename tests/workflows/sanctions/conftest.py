"""Departments with a liaison each, and an entry they are asked about."""

from typing import Any

import pytest

from grid.scope import Actor, Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.cast import PASSWORD, SINCE
from tests.workflows.listing.conftest import (
    case_at,
    go_to,
    grounds,
    listed,
    look,
    make_case,
    make_finding,
    measures,
    walk,
)

__all__ = ["case_at", "go_to", "grounds", "listed", "look", "make_case", "make_finding", "measures", "walk"]


@pytest.fixture
def treasurer(cast: Any, city: Any) -> Person:
    """The city's finance office."""
    person = Person.objects.create_user("fu", password=PASSWORD, full_name="付财")
    Posting.objects.create(
        person=person, role=Role.LIAISON, area=city["1503"], department="市财政局", valid_from=SINCE
    )
    return person


@pytest.fixture
def finance(treasurer: Person) -> Actor:
    return actor_of(treasurer)
