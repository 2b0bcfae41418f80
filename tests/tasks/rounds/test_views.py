"""Rounds at the desk, as each person meets them."""

from datetime import timedelta

import pytest

from grid.calendar.now import today
from tasks.doors.models import CheckTask, Gone
from tasks.rounds.dispatch import send_out
from tasks.rounds.models import Round
from workflows.rounds.actions import approve_round, dispatch_round, submit_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(cast, client):
    def as_(name):
        client.force_login(getattr(cast, name))
        return client

    return as_


def terms(**changed):
    return {
        "title": "凤凰岭摸排", "area": "150302001", "due_on": (today() + timedelta(9)).isoformat(), "per_worker": "50",
    } | changed  # fmt: skip


@pytest.fixture
def planned(web):
    def make(**changed):
        web("wu").post("/rounds/new/", terms(**changed))
        return Round.objects.latest("pk")

    return make


def act(client, round, name, **data):
    return client.post(f"/rounds/{round.code}/acts/{name}/", {"at": round.state, **data}, follow=True)


def page(client, round):
    return client.get(f"/rounds/{round.code}/").content.decode()


@pytest.fixture
def worked(cast, planned, make_employer):
    for _ in range(3):
        make_employer()
    round = planned()
    submit_round(round, by=cast.by.wu)
    approve_round(round, by=cast.by.sun)
    approve_round(round, by=cast.by.qian)
    dispatch_round(round, by=cast.by.qian)
    send_out(round.pk, by=cast.by.qian)
    round.refresh_from_db()
    return round


def test_a_planner_drafts_a_round_and_sees_the_dry_run(web, planned, make_employer):
    make_employer("示例饭店")
    make_employer("无格商店", area="150302001", placement="unplaced")
    round = planned()
    assert "正在试算" in page(web("wu"), round)
    run = web("wu").get(f"/rounds/{round.code}/plan/").content.decode()
    assert "示例饭店" in run
    assert "本网格网格员王建国" in run
    assert "只知道街道" in run
    part = web("wu").get(f"/rounds/{round.code}/plan/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    left = web("wu").get(f"/rounds/{round.code}/plan/?part=left").content.decode()
    assert "无格商店" in left


def test_a_deadline_in_the_past_is_told_at_its_field(web):
    answer = web("wu").post("/rounds/new/", terms(due_on="2020-01-01"))
    assert "早于今天" in answer.content.decode()
    assert not Round.objects.exists()


def test_only_own_areas_are_offered(web):
    text = web("sun").get("/rounds/new/").content.decode()
    assert "凤凰岭街道（150302001）" in text and "150304" not in text
    asked = {"field": "area", "rights": "PLAN", "levels": "1234"}
    found = web("sun").get("/areas/named/", asked | {"area": "社区"}).content.decode()
    assert "150302001002" in found and "150304" not in found
    answer = web("sun").post("/rounds/new/", terms(area="150304011"))
    assert "这里可选的区划中没有" in answer.content.decode() and not Round.objects.exists()


def test_whoever_plans_nothing_gets_no_form(web):
    assert web("zhao").get("/rounds/new/").status_code == 403


@pytest.mark.parametrize(
    ("who", "status"), [("sun", 200), ("zheng", 200), ("chen", 404), ("wang", 404), ("feng", 404)]
)
def test_a_round_is_seen_within_its_territory(web, planned, who, status):
    round = planned()
    assert web(who).get(f"/rounds/{round.code}/").status_code == status


def test_a_reviewer_of_one_community_may_look_but_not_act(web, planned, cast):
    round = planned()
    submit_round(round, by=cast.by.wu)
    text = page(web("zhao"), round)
    assert "可以办理" not in text
    assert act(web("zhao"), round, "approve").status_code == 404


def test_the_page_offers_what_is_lawful_and_nothing_else(web, planned):
    round = planned()
    assert "提交审批" in page(web("wu"), round)
    act(web("wu"), round, "submit")
    round.refresh_from_db()
    assert f"/rounds/{round.code}/acts/approve/" in page(web("sun"), round)
    # The district above the street may as well; who inspects may not.
    assert f"/rounds/{round.code}/acts/approve/" in page(web("qian"), round)
    assert f"/rounds/{round.code}/acts/approve/" not in page(web("zhou"), round)
    assert "已同意" in act(web("sun"), round, "approve").content.decode()


def test_an_overtaken_page_says_who_was_faster(web, planned, cast):
    round = planned()
    submit_round(round, by=cast.by.wu)
    act(web("sun"), round, "approve")
    answer = act(web("sun"), round, "approve")
    assert answer.status_code == 409
    assert "孙强" in answer.content.decode()


def test_the_planner_of_a_city_round_is_told_to_ask_a_colleague(web, planned, cast):
    round = planned(area="1503")
    submit_round(round, by=cast.by.wu)
    assert "另一位同事" in page(web("wu"), round)
    assert "acts/approve" in page(web("ma"), round)


def test_a_return_needs_its_reason(web, planned, cast):
    round = planned()
    submit_round(round, by=cast.by.wu)
    assert "请写明理由" in act(web("sun"), round, "return").content.decode()
    assert "截止太近" in act(web("sun"), round, "return", why="截止太近").content.decode()
    changed = web("wu").post(f"/rounds/{round.code}/change/", terms(title="改后"), follow=True)
    assert "改后" in changed.content.decode()


def test_a_dispatch_shows_its_progress(web, planned, cast, make_employer):
    make_employer()
    round = planned()
    submit_round(round, by=cast.by.wu)
    approve_round(round, by=cast.by.sun)
    approve_round(round, by=cast.by.qian)
    text = act(web("qian"), round, "dispatch").content.decode()
    assert "<progress" in text
    assert "every 3s" in text


def test_doors_are_handed_over(web, worked, cast):
    tasks = list(CheckTask.objects.order_by("pk"))
    chosen = {"chosen": [tasks[0].pk, tasks[1].pk], "to": cast.post.li.pk, "why": "王建国本周培训"}
    answer = web("zhao").post(f"/rounds/{worked.code}/doors/hand-over/", chosen, follow=True)
    assert "已转派 2 户给李秀英" in answer.content.decode()
    assert CheckTask.objects.filter(posting=cast.post.li).count() == 2
    assert Gone.objects.filter(posting=cast.post.wang).count() == 2
    cast.post.li.refresh_from_db()
    assert {t.feed for t in CheckTask.objects.filter(posting=cast.post.li)} == {cast.post.li.feed}


def test_doors_are_handed_to_workers_of_the_territory_only(web, worked, cast):
    chosen = {"chosen": [CheckTask.objects.first().pk], "to": cast.post.liu.pk, "why": "试"}
    assert web("zhao").post(f"/rounds/{worked.code}/doors/hand-over/", chosen).status_code == 422
    assert CheckTask.objects.filter(posting=cast.post.wang).count() == 3


def test_a_list_of_rounds_asks_a_fixed_number_of_questions(web, planned, django_assert_max_num_queries):
    client = web("wu")
    for _ in range(3):
        planned()
    with django_assert_max_num_queries(12):
        client.get("/rounds/")


def test_the_doors_ask_a_fixed_number_of_questions(web, worked, django_assert_max_num_queries):
    client = web("zhao")
    with django_assert_max_num_queries(14):
        client.get(f"/rounds/{worked.code}/doors/")
