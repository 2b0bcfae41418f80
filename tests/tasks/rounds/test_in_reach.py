"""The round a street planned, as the community's reviewer reaches it: from the list, a door, a finding, an absence."""

import re
from datetime import timedelta

import pytest

from grid.calendar.now import today
from grid.territory.actions import end_posting
from tasks.comparison.actions import run_comparison
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.rounds.models import RoundState
from tasks.rounds.queries import round_at, round_seen, rounds_for
from tests.cast import FAR_GRID
from tests.doors import arrival, make_round, make_task, push
from tests.tasks.comparison.test_run import DAY, say

__all__ = ["say"]

pytestmark = pytest.mark.django_db
STREET = "150302001"


@pytest.fixture
def web(cast, client):
    client.force_login(cast.zhao)
    return lambda path: client.get(path).content.decode()


@pytest.fixture
def round(cast):
    return make_round(cast.qian, area=STREET, state=RoundState.WORKED)


@pytest.fixture
def tasks(round, cast, make_employer):
    return [make_task(round, make_employer(), cast.post.wang) for _ in range(3)]


def test_the_list_holds_just_the_rounds_one_may_look_into(cast, round):
    areas = ("1503", "150302", "150302001002", "150302001002001", "150304", "150302001003", "150302002")
    rounds = [round, *(make_round(cast.qian, area=area) for area in areas)]
    for who in ("zhao", "sun", "qian", "wu", "chen", "wang", "zhou"):
        viewer = getattr(cast.by, who)
        seen = set()
        for planned in rounds:
            try:
                seen.add(round_seen(viewer, planned.code))
            except Exception as refused:
                assert type(refused).__name__ == "NotHere"
        assert set(rounds_for(viewer)) == seen, who
    assert {planned.area for planned in rounds_for(cast.by.zhao)} == {
        "1503", "150302", STREET, "150302001002", "150302001002001"
    }  # fmt: skip
    with pytest.raises(Exception, match="not-here"):
        round_at(cast.by.zhao, round.code)


def test_the_list_says_how_many_of_her_doors_wait_and_leads_there(web, round, tasks, cast, make_employer):
    make_task(round, make_employer(area=FAR_GRID), cast.post.liu)
    page = web("/rounds/")
    assert re.search(rf'<a\s+href="/rounds/{round.code}/doors/">3 户</a>', page)
    assert "转派选中的任务" in web(f"/rounds/{round.code}/doors/")
    assert f"/rounds/{round.code}/plan/" not in web(f"/rounds/{round.code}/")


def test_the_absence_form_says_what_waits_and_where_it_is_handed_over(web, round, tasks, cast, say):
    say("market", tasks[0].subject, name=tasks[0].subject.name)
    say("tax", tasks[0].subject, heads=12)
    run_comparison("150302", by=cast.by.qian, as_of=DAY)
    page = web(f"/areas/postings/{cast.post.wang.pk}/absence/")
    assert "3 户待走访，其中 1 户有线索" in page
    (link,) = re.findall(r'href="(/rounds/[^"]+doors[^"]*)"', page)
    assert link == f"/rounds/{round.code}/doors/?posting={cast.post.wang.pk}"
    assert web(link).count('name="chosen"') == 3


def test_a_door_a_lead_and_a_finding_lead_to_the_round(web, round, tasks, cast):
    push(cast.post.wang, cast.by.wang, arrival(tasks[0]))
    address = f"/rounds/{round.code}/doors/?door={tasks[0].pk}"
    finding = Finding.objects.get()
    for path in (f"/findings/{finding.pk}/", f"/visits/{finding.visit.code}/"):
        assert address in web(path), path
    assert f"?door={tasks[1].pk}" in web(f"/visits/facts/{tasks[1].subject_id}/")
    one = web(address)
    assert one.count('name="chosen"') == 1 and "checked" in one


def test_all_that_the_filter_shows_is_handed_over_at_once(client, round, cast, make_employer):
    for _ in range(60):
        make_task(round, make_employer(), cast.post.wang)
    kept = make_task(round, make_employer(area="150302001002002"), cast.post.li)
    client.force_login(cast.zhao)
    path = f"/rounds/{round.code}/doors/hand-over/?posting={cast.post.wang.pk}"
    answer = client.post(path, {"every": "on", "to": cast.post.li.pk, "why": "病假"}, follow=True)
    assert "已转派 60 户给李秀英" in answer.content.decode()
    assert set(CheckTask.objects.values_list("posting", flat=True)) == {cast.post.li.pk}
    assert kept.pk


def test_who_left_leaves_doors_that_say_why_nobody_has_them(client, cast, make_employer):
    round = make_round(cast.wu, area="150304011", state=RoundState.WORKED)
    make_task(round, make_employer(area=FAR_GRID), cast.post.liu)
    end_posting(cast.post.liu, last_day=today() - timedelta(1), reason="离职", by=cast.by.han)
    client.force_login(cast.chen)
    assert "1 户的网格员岗位已结束" in client.get(f"/rounds/{round.code}/").content.decode()
    page = client.get(f"/rounds/{round.code}/doors/?state=nobodys").content.decode()
    assert "本网格和同社区都没有在岗网格员" in page
