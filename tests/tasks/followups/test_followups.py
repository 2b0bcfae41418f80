"""What follows from the outcome of a visit: the account, the door, another subject, the register, each once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from grid.scope import machine
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Placement, Subject
from grid.territory.queries import actor_of
from project.inbox import inbox_of
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.models import Span
from tasks.coverage.queries import account_of
from tasks.doors.models import CheckTask, TaskState
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.findings.rules import GROUND
from tasks.followups.actions import drop_follow
from tasks.followups.models import FollowKind, FollowState, FollowUp
from tasks.followups.queries import follow_at, follows_left
from tasks.rounds.choosing.queries import count_choice
from tasks.rounds.choosing.rules import Criteria
from tasks.rounds.queries.drafting import candidates_of
from tests.cast import FAR_GRID, GRID_1
from tests.doors import arrival, make_round, make_task, push
from tests.tasks.comparison.test_run import DAY, say
from workflows.findings.queries import outcome_line

pytestmark = pytest.mark.once

GROUNDED = {GROUND: "witness"}
CLOCK = machine("期限时钟")
__all__ = ["say"]


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    subject = make_employer("示例商贸有限公司", address="海勃湾区和平路1号")
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    return make_task(make_round(cast.qian), subject, cast.post.wang)


def visited(cast: Any, task: CheckTask, outcome: str, **answers: Any) -> tuple[Any, Finding | None]:
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, outcome=outcome, answers=answers))
    task.refresh_from_db()
    return answer, Finding.objects.select_related("visit__subject", "subject").order_by("-pk").first()


def confirmed(cast: Any, task: CheckTask, outcome: str, **answers: Any) -> Finding:
    _answer, finding = visited(cast, task, outcome, **answers)
    assert finding is not None
    confirm_finding(finding, by=cast.by.zhao)
    task.refresh_from_db()
    return finding


def state_of(task: CheckTask) -> str:
    return Span.objects.get(subject=task.subject_id, until=None).state


def kinds(task: CheckTask) -> dict[str, str]:
    return dict(FollowUp.objects.filter(subject=task.subject_id).values_list("kind", "state"))


# --- closed for good ---------------------------------------------------------------------------------------


def test_demolished_is_closed_for_good_once_confirmed_and_never_sent_out_again(
    cast: Any, task: CheckTask, city: Any
) -> None:
    yesterday = today() - timedelta(days=1)
    with moved_to(now() + timedelta(days=30)):
        told = {**GROUNDED, "reason_not_found": "demolished", "reason_photo": "a" * 64}
        _answer, finding = visited(cast, task, "not_found", **told)
        assert finding and state_of(task) == "to_review"
        line = outcome_line(finding)
        assert line and (line.counts, line.follows) == ("已注销（走访）", "告知市场监管")
        before = account_of(CLOCK, city["1503"], yesterday).whole().counts
        confirm_finding(finding, by=cast.by.zhao)
        task.refresh_from_db()
        assert (task.state, state_of(task)) == (TaskState.DONE, "gone")
        whole = account_of(CLOCK, city["1503"]).whole()
        assert (whole.total, whole.due, whole.counts["gone"]) == (1, 0, 1)
        # The day before it is as it was.
        assert account_of(CLOCK, city["1503"], yesterday).whole().counts == before
        assert account_of(CLOCK, city["1503"], today() - timedelta(days=1)).whole().due == 1
        assert candidates_of(make_round(cast.qian), today(), ["150302"]) == []
        counted = count_choice(Criteria(), "150302")
        assert (counted.chosen, counted.ended) == (0, 1), "the dry run says the same"
        entry = Entry.objects.get(verb="outcome.followed")
        assert (entry.subject, entry.data["reason"]) == (task.subject_id, "demolished")
        assert kinds(task) == {"note": "open"}


def test_without_what_the_reason_needs_it_is_taken_and_concludes_nothing(cast: Any, task: CheckTask) -> None:
    for told in (
        {"reason_not_found": "demolished", "reason_photo": "a" * 64},
        {**GROUNDED, "reason_not_found": "demolished"},
    ):
        answer, _finding = visited(cast, task, "not_found", **told)
        assert (answer.status, answer.code) == ("accepted", "ground-missing")
        assert (task.state, state_of(task)) == (TaskState.OPEN, "to_check")
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("closed", "closed"), ("moved", "moved"), ("not_found", "not_found"), ("refused", "refused")],
)
def test_an_older_phone_that_gives_no_reason_means_what_it_meant(
    cast: Any, task: CheckTask, outcome: str, state: str
) -> None:
    confirmed(cast, task, outcome, **GROUNDED)
    assert (state_of(task), kinds(task)) == (state, {})


def test_a_reason_nobody_knows_is_the_bare_outcome(cast: Any, task: CheckTask) -> None:
    confirmed(cast, task, "closed", **GROUNDED, reason_closed="eaten", reason_moved="moved_out")
    assert (state_of(task), kinds(task)) == ("closed", {})


# --- somebody goes again -----------------------------------------------------------------------------------


def test_a_soft_refusal_proves_nothing_and_leaves_the_door_for_its_day(cast: Any, task: CheckTask) -> None:
    day = today() + timedelta(days=5)
    finding = confirmed(cast, task, "refused", reason_refused="refused_soft", reason_back=day.isoformat())
    assert finding.measures == []
    assert (task.state, task.come_again_on, state_of(task)) == (TaskState.OPEN, day, "to_check")
    assert not follows_left(cast.by.zhao).exists(), "its worker has the door"
    CheckTask.objects.filter(pk=task.pk).update(state=TaskState.CANCELLED)
    (left,) = follows_left(cast.by.zhao)
    assert (left.kind, left.due_on) == (FollowKind.AGAIN, day)
    with moved_to(now() + timedelta(days=6)):
        assert any(line.kind == "follow" for line in inbox_of(cast.by.zhao).items)


def test_away_until_a_day_follows_at_once_for_nobody_reviews_it(
    cast: Any, task: CheckTask, django_assert_max_num_queries: Any
) -> None:
    day = today() + timedelta(days=40)
    visited(cast, task, "nobody_in", reason_nobody_in="away", reason_back=day.isoformat())
    assert (task.state, task.come_again_on) == (TaskState.OPEN, day)
    assert kinds(task) == {"again": "open"} and Entry.objects.filter(verb="outcome.followed").count() == 1


def test_visits_in_bulk_read_the_table_once_and_not_at_all_where_nobody_gives_a_reason(
    cast: Any, make_employer: Any, django_assert_num_queries: Any
) -> None:
    round = make_round(cast.qian)
    tasks = [make_task(round, make_employer(), cast.post.wang) for _n in range(6)]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(*arrivals: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            push(cast.post.wang, cast.by.wang, *arrivals)
        return sum("grid_provision" in query["sql"] and "outcome." in query["sql"] for query in caught)

    assert (
        asked(*(arrival(task) for task in tasks[:2]), arrival(tasks[2], outcome="closed", answers=GROUNDED))
        == 0
    )
    told = {**GROUNDED, "reason_closed": "closed_down"}
    assert asked(*(arrival(task, outcome="closed", answers=told) for task in tasks[3:])) == 1


# --- another subject, another place, another office --------------------------------------------------------


def test_a_duplicate_is_proposed_where_mergers_are_decided_and_done_with_the_merger(
    cast: Any, task: CheckTask, make_employer: Any, client: Client
) -> None:
    other = make_employer("示例商贸有限公司分部")
    Subject.objects.filter(pk=other.pk).update(credit_code=None, local_code="P-1")
    confirmed(cast, task, "not_a_subject", **GROUNDED, reason_not_a_subject="duplicate", reason_other="P-1")
    assert state_of(task) == "to_review"
    (follow,) = follows_left(cast.by.zhao, FollowKind.MERGE)
    assert follow.other_id == other.pk
    client.force_login(cast.zhao)
    assert "走访提出的合并建议" in client.get(f"/visits/facts/{task.subject_id}/merge/").content.decode()
    html = client.get("/follow-ups/?kind=merge").content.decode()
    assert f"/visits/facts/{task.subject_id}/merge/?other={other.pk}" in html
    merge_subjects(task.subject, other, "同一家", by=cast.by.zhao)
    follow.refresh_from_db()
    assert (follow.state, follow.ended_by) == (FollowState.DONE, cast.zhao)
    assert state_of(task) == "to_check"


def test_a_proposal_that_is_dropped_sends_somebody_there_and_no_lead_was_lost(
    cast: Any, task: CheckTask, say: Any
) -> None:
    say("market", task.subject, name=task.subject.name)
    say("tax", task.subject, heads=12)
    run_comparison("150302", by=cast.by.qian, as_of=DAY)
    told = {**GROUNDED, "reason_not_a_subject": "duplicate", "reason_other": "没有这一家"}
    confirmed(cast, task, "not_a_subject", **told)
    assert set(Lead.objects.values_list("state", flat=True)) == {LeadState.OPEN}
    (follow,) = follows_left(cast.by.zhao, FollowKind.MERGE)
    assert follow.other is None and follow.given == "没有这一家"
    drop_follow(follow, "两家各有执照", by=cast.by.zhao)
    assert state_of(task) == "to_check"


def test_a_later_visit_that_corrects_it_drops_what_followed(cast: Any, task: CheckTask) -> None:
    first = confirmed(cast, task, "closed", **GROUNDED, reason_closed="closed_down")
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, replaces=first.visit.client_id))
    confirm_finding(Finding.objects.get(visit__code=answer.visit), by=cast.by.zhao)
    assert (state_of(task), kinds(task)) == ("compliant", {"note": "dropped"})


def test_moved_within_the_city_is_placed_anew_by_its_new_address(cast: Any, task: CheckTask) -> None:
    confirmed(
        cast, task, "moved", **GROUNDED, reason_moved="moved_in", reason_address="乌达区振华社区居委会3号"
    )
    subject = Subject.objects.get(pk=task.subject_id)
    assert (subject.area, subject.placement, subject.address) == (
        FAR_GRID,
        Placement.TEXT,
        "乌达区振华社区居委会3号",
    )
    span = Span.objects.get(subject=subject, until=None)
    assert (span.area, span.state) == (FAR_GRID, "not_sent")
    assert Entry.objects.filter(verb="subject.placed", subject=subject.pk, area=FAR_GRID).exists()
    assert kinds(task) == {"place": "done"}


def test_an_address_that_tells_nothing_waits_in_the_district_s_pool(cast: Any, task: CheckTask) -> None:
    confirmed(cast, task, "moved", **GROUNDED, reason_moved="moved_in", reason_address="不太清楚")
    subject = Subject.objects.get(pk=task.subject_id)
    assert (subject.area, subject.placement) == ("150302", Placement.UNPLACED)


def test_a_note_waits_for_whoever_refers_and_goes_with_a_reason(cast: Any, task: CheckTask) -> None:
    confirmed(cast, task, "not_a_subject", **GROUNDED, reason_not_a_subject="home")
    (note,) = follows_left(cast.by.qian, FollowKind.NOTE)
    with pytest.raises(problems.NotHere):
        follow_at(cast.by.han, note.pk)
    with pytest.raises(problems.ReasonMissing):
        drop_follow(note, " ", by=cast.by.qian)
    drop_follow(note, "登记机关已知", by=cast.by.qian)
    assert not follows_left(cast.by.qian).exists()
    assert Entry.objects.get(verb="outcome.follow_ended").data["reason"] == "登记机关已知"
    with pytest.raises(problems.NotHere):
        drop_follow(note, "再来一次", by=cast.by.qian)


def test_the_page_of_what_is_left(cast: Any, task: CheckTask, client: Client) -> None:
    confirmed(cast, task, "closed", **GROUNDED, reason_closed="closed_down")
    client.force_login(cast.qian)
    html = client.get("/follow-ups/").content.decode()
    assert "已关门，不再经营" in html and f"/referrals/new/?subject={task.subject_id}&amp;to=market" in html
    way = f"/referrals/new/?subject={task.subject_id}&to=market&follow={FollowUp.objects.get().pk}"
    assert "网格员上门走访所见：已关门，不再经营" in client.get(way).content.decode()
    assert "告知市场监管" in client.get("/follow-ups/?export=csv").getvalue().decode("utf-8-sig")
    pk = FollowUp.objects.get().pk
    assert client.get(f"/follow-ups/{pk}/drop/").status_code == 200
    assert client.post(f"/follow-ups/{pk}/drop/", {"why": "已另行告知"}).status_code == 302
    client.force_login(cast.han)
    assert client.get(f"/follow-ups/{pk}/drop/").status_code == 404
    client.force_login(cast.wang)
    assert client.get("/follow-ups/").status_code in (403, 404)


def test_two_people_who_give_different_reasons_contradict_each_other(cast: Any, task: CheckTask) -> None:
    cast.post.li.area_id = GRID_1
    cast.post.li.save()
    visited(cast, task, "closed", **GROUNDED, reason_closed="closed_down")
    told = {
        **GROUNDED,
        "reason_closed": "closed_rest",
        "reason_back": (today() + timedelta(days=9)).isoformat(),
    }
    (answer,) = push(cast.post.li, actor_of(cast.li), arrival(task, outcome="closed", answers=told))
    assert answer.route == "clash"
    assert "reason_closed" in Entry.objects.filter(verb="visit.recorded").latest("id").data["fields"]
