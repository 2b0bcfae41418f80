"""A district with one planner gets its round approved: by the level above, and the page says by whom."""

from datetime import timedelta

import pytest

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.territory.models import Person, Posting
from project.inbox import inbox_of
from tasks.rounds import actions as rounds
from tasks.rounds.approving.queries import approvers_of
from tasks.rounds.models import RoundState
from tasks.rounds.rules import after_yes
from tasks.rounds.verbs import RoundVerb
from workflows.rounds.actions import approve_round, return_round, submit_round

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STREET, DISTRICT = "150302001", "150302"


@pytest.fixture
def plan(cast):
    def make(by, area):
        actor = getattr(cast.by, by)
        round = rounds.plan_round(
            title="摸排", area=area, lead_rules=[], due_on=today() + timedelta(9), per_worker=50, by=actor
        )
        submit_round(round, by=actor)
        return round

    return make


def page(client, who, round):
    client.force_login(who)
    return client.get(f"/rounds/{round.code}/").content.decode()


def waits(by, round):
    return round.title in [item.title for item in inbox_of(by).items if item.kind == "round"]


def test_the_only_planner_of_a_district_asks_the_city(cast, plan, client):
    round = plan("qian", DISTRICT)
    assert round.state == RoundState.DISTRICT_APPROVAL
    text = page(client, cast.qian, round)
    assert "本级没有别的人能审批，由上级审批" in text
    assert "吴霞（市扩面办 · 乌海市，上级）" in text and "马骏（市扩面办" in text
    assert "acts/approve" not in text
    with pytest.raises(problems.SamePersonTwice):
        approve_round(round, by=cast.by.qian)
    assert waits(cast.by.wu, round) and not waits(cast.by.sun, round)
    assert "acts/approve" in page(client, cast.wu, round)
    approve_round(round, by=cast.by.wu)
    assert (round.state, round.path) == (RoundState.APPROVED, [])


def test_the_level_whose_turn_it_is_is_asked_first_and_the_one_above_may(cast, plan, client):
    round = plan("wu", STREET)
    text = page(client, cast.wu, round)
    assert "孙强（街道主管 · 凤凰岭街道）" in text and "钱卫东（区主管 · 海勃湾区，上级）" in text
    assert "本级没有别的人" not in text
    assert waits(cast.by.sun, round) and not waits(cast.by.qian, round) and not waits(cast.by.ma, round)
    # The district says yes for the street as well; nobody is asked twice.
    answer = page(client, cast.qian, round)
    assert "可以派发" in answer.split('id="act-approve"')[1].split("</summary>")[0]
    approve_round(round, by=cast.by.qian)
    assert (round.state, round.path) == (RoundState.APPROVED, [])
    entry = Entry.objects.get(verb=RoundVerb.ROUND_APPROVED)
    assert entry.data["step"] == "待街道审批、待区级审批"


def test_where_the_street_is_vacant_the_district_is_asked(cast, plan, client):
    Posting.objects.filter(pk=cast.post.sun.pk).update(valid_to=today() - timedelta(1))
    round = plan("wu", STREET)
    assert waits(cast.by.qian, round) and not waits(cast.by.ma, round)
    return_round(round, "街道缺人，请改期", by=cast.by.qian)
    assert round.state == RoundState.RETURNED


def test_a_dead_end_says_that_it_is_one(cast, plan, client):
    Person.objects.filter(pk=cast.ma.pk).update(is_active=False)
    round = plan("wu", "1503")
    assert approvers_of(round, round.state, cast.wu.pk) == []
    assert "现在没有人能审批" in page(client, cast.wu, round)


def test_who_can_is_told_before_it_is_submitted(cast, client):
    round = rounds.plan_round(
        title="摸排",
        area=DISTRICT,
        lead_rules=[],
        due_on=today() + timedelta(9),
        per_worker=50,
        by=cast.by.qian,
    )
    assert "吴霞（市扩面办" in page(client, cast.qian, round)


@pytest.mark.parametrize(
    ("role", "left"),
    [("street", ["district_approval"]), ("district", []), ("city", []), ("", ["district_approval"])],
)
def test_a_yes_answers_for_the_levels_below(role, left):
    assert after_yes(["street_approval", "district_approval"], role) == left
