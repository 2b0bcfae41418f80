"""Who reaches what. No posting reaches nothing; outside is not there; inside without the right is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import today
from grid.scope import (
    NOBODY,
    RIGHTS,
    Actor,
    Held,
    Right,
    Role,
    in_areas,
    machine,
    prefix_range,
    require,
    within,
)
from grid.subjects.models import Subject
from grid.territory.models import Absence, Posting
from grid.territory.queries import actor_of
from tests.cast import FAR_GRID, GRID_1, GRID_2

pytestmark = pytest.mark.once

codes = st.from_regex(r"1503([0-9]{2}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?)?", fullmatch=True)


@given(outer=codes, inner=codes)
def test_the_range_of_a_code_is_exactly_its_prefixes(outer, inner):
    low, high = prefix_range(outer)
    assert (low <= inner < high) == inner.startswith(outer)


def test_everybody_sees_their_own_part_and_nothing_else(cast, make_employer):
    near, next_door, far = (
        make_employer(area=GRID_1),
        make_employer(area=GRID_2),
        make_employer(area=FAR_GRID),
    )
    pool = make_employer(area="150302")

    def seen(who: Actor) -> set[Subject]:
        return set(within(Subject.objects.all(), who))

    assert seen(cast.by.wang) == {near}
    assert seen(cast.by.zhao) == {near, next_door}
    assert seen(cast.by.qian) == {near, next_door, pool}
    assert seen(cast.by.chen) == {far}
    assert seen(cast.by.wu) == {near, next_door, far, pool}
    assert seen(NOBODY) == set()


def test_no_areas_is_no_rows_not_all_rows(cast, make_employer):
    make_employer()
    assert not Subject.objects.filter(in_areas([])).exists()


def test_an_act_outside_is_not_there_and_inside_without_right_is_named(cast):
    assert require(cast.by.sun, Right.APPROVE_STREET, GRID_1).role == Role.STREET
    with pytest.raises(problems.NotHere):
        require(cast.by.chen, Right.APPROVE_STREET, GRID_1)
    with pytest.raises(problems.NotYourPost) as refused:
        require(cast.by.sun, Right.APPROVE_DISTRICT, GRID_1)
    assert "区级审批案件" in refused.value.detail


def test_a_posting_that_ended_or_has_not_begun_gives_nothing(cast):
    Posting.objects.filter(pk=cast.post.sun.pk).update(valid_to=today() - timedelta(days=1))
    assert actor_of(cast.sun) == Actor(cast.sun.pk, cast.sun.full_name)
    Posting.objects.filter(pk=cast.post.sun.pk).update(valid_from=today() + timedelta(days=1), valid_to=None)
    assert actor_of(cast.sun).held == ()


def test_somebody_deactivated_is_nobody(cast):
    cast.sun.is_active = False
    assert actor_of(cast.sun) is NOBODY


def test_cover_lasts_as_long_as_the_absence(cast):
    Absence.objects.create(
        posting=cast.post.wang, cover=cast.post.li, first_day=date(2026, 5, 1), last_day=date(2026, 5, 3)
    )
    during = actor_of(cast.li, date(2026, 5, 2))
    after = actor_of(cast.li, date(2026, 5, 4))
    assert {held.area for held in during.held} == {GRID_1, GRID_2}
    assert {held.area for held in after.held} == {GRID_2}


def test_the_narrowest_posting_is_the_one_acted_under():
    wide, narrow = Held(1, Role.STREET, "150302"), Held(2, Role.STREET, "150302001")
    assert Actor(1, "甲", (wide, narrow)).allowing(Right.PLACE, GRID_1) is narrow


def test_a_machine_is_not_asked_and_sees_all(cast, make_employer):
    make_employer(area=FAR_GRID)
    clock = machine("期限时钟")
    assert require(clock, Right.DECIDE_CITY, "1503") is None
    assert within(Subject.objects.all(), clock).count() == 1


def test_the_auditor_may_read_everything_and_change_nothing():
    """But say what became of an alarm about the ledger, together with the city office (decision 28)."""
    reading = {Right.SEE, Right.SEE_CASES, Right.RETELL, Right.HEAR, Right.SEE_STUCK}
    assert RIGHTS[Role.AUDITOR] == {*reading, Right.CLEAR_ALARM}


def test_looking_up_an_actor_is_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        actor_of(cast.qian)
