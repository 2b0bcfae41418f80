"""Two plans side by side: what each sends, who gets how many, and which subjects fare differently."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.calendar.now import today
from tasks.rounds.comparing.rules import NOT_CHOSEN, Differs, Fate, differences, fates_of, loads
from tasks.rounds.models import RoundState
from tasks.rounds.rules import plan
from tests.cast import GRID_2
from tests.doors import make_round
from tests.tasks.rounds.test_rules import candidates, workers

fates = st.dictionaries(
    st.integers(1, 30),
    st.builds(Fate, st.one_of(st.none(), st.integers(1, 4)), st.sampled_from(["本网格", "人手已满"])),
)


@given(fates, fates)
def test_what_differs_is_told_once_and_from_both_sides(first, second):
    told = differences(first, second)
    assert len({difference.subject for difference in told}) == len(told)
    turned = {difference.subject: difference for difference in differences(second, first)}
    other = {Differs.ONLY_FIRST: Differs.ONLY_SECOND, Differs.ONLY_SECOND: Differs.ONLY_FIRST}
    for subject, how, here, there in told:
        assert turned[subject][1:] == (other.get(how, how), there, here)
        assert (here, there) == (first.get(subject, NOT_CHOSEN), second.get(subject, NOT_CHOSEN))
    given_to = [sum(fate.posting is not None for fate in side.values()) for side in (first, second)]
    only = [sum(difference.how == how for difference in told) for how in other]
    assert given_to[1] - given_to[0] == only[1] - only[0]
    assert sum(load.more for load in loads(first.values(), second.values())) == given_to[1] - given_to[0]


@given(fates)
def test_a_plan_does_not_differ_from_itself(fates):
    assert differences(fates, fates) == []


@given(candidates, workers, st.integers(1, 10))
def test_a_plan_says_of_everybody_how_they_fare(chosen, staff, limit):
    made = plan(chosen, staff, limit)
    found = fates_of(made)
    assert found.keys() == {candidate.subject for candidate in chosen}
    assert sum(fate.posting is not None for fate in found.values()) == len(made.assigned)


@pytest.fixture
def web(cast, client):
    def as_(name):
        client.force_login(getattr(cast, name))
        return client

    return as_


@pytest.mark.django_db
@pytest.mark.once
def test_the_page_holds_two_plans_against_each_other(cast, make_employer, web, django_assert_max_num_queries):
    for number in range(4):
        make_employer(f"一格{number}")
    make_employer("二格", area=GRID_2, kind="sole_trader")
    due = today() + timedelta(9)
    wide, narrow = (
        make_round(cast.qian, area="150302001", due_on=due, state=RoundState.PLANNED, per_worker=50, **more)
        for more in ({"title": "全部"}, {"title": "只查企业", "criteria": {"kinds": ["enterprise"]}})
    )
    client = web("qian")
    at = f"/rounds/compare/?a={wide.code}&b={narrow.code}"
    page = client.get(at).content.decode()
    for words in ("只有甲派 1", "二格", "未选中", "李秀英", "-1"):
        assert words in page
    table = b"".join(client.get(f"{at}&export=csv").streaming_content).decode()
    assert "二格" in table and "一格0" not in table
    # The same round with another limit: who helps, and who is left.
    page = client.get(f"/rounds/compare/?a={wide.code}&b={wide.code}&b_most=2").content.decode()
    for words in ("只有甲派 1", "派给不同的人 1", "均已达到每人上限", "+1"):
        assert words in page, words
    only = client.get(f"/rounds/compare/?a={wide.code}&b={wide.code}&b_most=2&how=worker").content.decode()
    assert only.count('data-label="差别"') == 1
    same = client.get(f"/rounds/compare/?a={wide.code}&b={wide.code}")
    assert same.status_code == 422 and "没有什么可比" in same.content.decode()
    assert web("chen").get(at).status_code == 404
    assert web("wang").get("/rounds/compare/").status_code == 403
    client = web("qian")
    with django_assert_max_num_queries(40):
        client.get(at)
