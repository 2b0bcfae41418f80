"""A round from its draft to its end: who says yes, what is written, what is told."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.scope import machine
from grid.territory.models import Absence
from project.periodic import PERIODIC
from tasks.coverage.models import CoverState, Span
from tasks.doors.actions.moves import carry_to_door
from tasks.doors.models import CheckTask, TaskState
from tasks.forms import problems as forms_problems
from tasks.rounds import actions as rounds
from tasks.rounds import problems as rounds_problems
from tasks.rounds.dispatch import send_out
from tasks.rounds.models import RoundState
from tasks.rounds.verbs import RoundVerb
from workflows.clocks.actions import fire_due_clocks
from workflows.clocks.models import Clock
from workflows.engine.procedures import open_steps
from workflows.rounds.actions import (
    approve_round,
    close_finished_rounds,
    close_round,
    dispatch_round,
    resume_dispatch,
    return_round,
    submit_round,
    withdraw_round,
)

pytestmark = pytest.mark.django_db
STREET = "150302001"


@pytest.fixture
def plan(cast):
    def make(by="wu", area=STREET, **terms):
        terms = {
            "title": "凤凰岭全面摸排",
            "lead_rules": [],
            "due_on": today() + timedelta(10),
            "per_worker": 200,
        } | terms
        return rounds.plan_round(area=area, by=getattr(cast.by, by), **terms)

    return make


@pytest.fixture
def approved(cast, plan):
    def make(**terms):
        round = plan(**terms)
        submit_round(round, by=cast.by.wu)
        approve_round(round, by=cast.by.sun)
        approve_round(round, by=cast.by.qian)
        return round

    return make


def sent(round, cast):
    dispatch_round(round, by=cast.by.qian)
    send_out(round.pk, by=cast.by.qian)
    round.refresh_from_db()
    return round


def names(round):
    return [step.name for step in open_steps(round.agenda.process)]


def verbs(round):
    told = Entry.objects.filter(data__round=round.code).exclude(verb__startswith="t")
    return list(told.order_by("pk").values_list("verb", flat=True))


def test_a_round_of_which_nothing_is_placed_is_not_dispatched(cast, approved, make_employer, client):
    for _n in range(2):
        make_employer(area=STREET, placement="unplaced")
    round = approved()
    with pytest.raises(rounds_problems.NothingPlaced, match="nothing-placed"):
        dispatch_round(round, by=cast.by.qian)
    client.force_login(cast.qian)
    page = client.get(f"/rounds/{round.code}/plan/").content.decode()
    assert "选中的都还没有归入网格" in page and 'href="/pool/"' in page
    answer = client.post(f"/rounds/{round.code}/acts/dispatch/", {"at": "approved"})
    assert answer.status_code == 409 and 'href="/pool/"' in answer.content.decode()
    round.refresh_from_db()
    assert round.state == RoundState.APPROVED and not DBTaskResult.objects.exists()
    with pytest.raises(problems.NotYourPost):
        dispatch_round(round, by=cast.by.sun)


def test_a_round_nobody_approved_is_neither_dispatched_nor_closed(cast, plan, make_employer):
    make_employer()
    round = plan()
    for act in (
        lambda: approve_round(round, by=cast.by.sun),
        lambda: dispatch_round(round, by=cast.by.qian),
        lambda: close_round(round, "提前结束", by=cast.by.qian),
    ):
        with pytest.raises(problems.OutOfOrder):
            act()
    round.refresh_from_db()
    assert round.state == RoundState.PLANNED and not DBTaskResult.objects.exists()


def test_a_round_that_chooses_nobody_is_not_dispatched(cast, approved, make_employer):
    round = approved()
    with pytest.raises(rounds_problems.NothingToDispatch) as refused:
        dispatch_round(round, by=cast.by.qian)
    assert "没有符合条件的对象" in refused.value.detail
    make_employer()
    sent(round, cast)
    assert round.state == RoundState.WORKED


def test_a_round_goes_through_every_level_and_is_dispatched(cast, approved, make_employer):
    subjects = [make_employer() for _ in range(3)]
    round = approved()
    assert (round.state, names(round)) == (RoundState.APPROVED, ["dispatch"])
    sent(round, cast)
    assert (round.state, round.dispatch_done, round.dispatch_total) == (RoundState.WORKED, 3, 3)
    assert names(round) == ["work"]
    tasks = CheckTask.objects.filter(round=round)
    assert {(t.subject_id, t.posting, t.state) for t in tasks} == {
        (s.pk, cast.post.wang, "open") for s in subjects
    }
    cast.post.wang.refresh_from_db()
    assert {t.feed for t in tasks} == {cast.post.wang.feed}
    assert verbs(round) == [
        RoundVerb.ROUND_PLANNED, RoundVerb.ROUND_SUBMITTED, RoundVerb.ROUND_APPROVED, RoundVerb.ROUND_APPROVED,
        RoundVerb.ROUND_DISPATCH_STARTED, RoundVerb.ROUND_DISPATCHED,
    ]  # fmt: skip


def test_each_task_is_explained_in_the_ledger_and_counted(cast, approved, make_employer):
    subject = make_employer()
    sent(approved(), cast)
    entry = Entry.objects.get(verb=RoundVerb.TASK_DISPATCHED)
    assert (entry.subject, entry.actor, entry.posting) == (subject.pk, cast.qian.pk, cast.post.qian.pk)
    assert entry.data["how"] == "本网格网格员王建国"
    assert "全面摸排" in str(entry)
    assert Span.objects.get(subject=subject, until=None).state == CoverState.TO_CHECK


def test_what_cannot_be_placed_is_named(cast, approved, make_employer):
    make_employer()
    make_employer(area="150302001", placement="unplaced")
    round = sent(approved(), cast)
    assert [(group["why"], group["count"]) for group in round.left_over] == [("unplaced", 1)]


def test_the_absent_worker_s_doors_go_to_the_cover(cast, approved, make_employer):
    make_employer()
    Absence.objects.create(
        posting=cast.post.wang, cover=cast.post.li, first_day=today(), last_day=today(), reason="年休"
    )
    round = sent(approved(), cast)
    assert round.tasks.get().posting == cast.post.li


def test_dispatching_again_writes_nothing_twice(cast, approved, make_employer):
    make_employer()
    round = sent(approved(), cast)
    assert send_out(round.pk, by=cast.by.qian) == 0
    assert round.tasks.count() == 1


def test_a_round_that_was_replaced_writes_nothing_more(cast, approved, make_employer, monkeypatch):
    """The slow run finds that another one took over, and stops."""
    make_employer()
    round = approved()
    dispatch_round(round, by=cast.by.qian)
    from tasks.rounds import dispatch

    def slow(of, day):
        plan = real(of, day)
        monkeypatch.setattr(dispatch, "draft", real)
        assert send_out(round.pk, by=cast.by.qian) == 1
        return plan

    real = dispatch.draft
    monkeypatch.setattr(dispatch, "draft", slow)
    assert send_out(round.pk, by=cast.by.qian) == 0
    assert round.tasks.count() == 1


def test_the_planner_decides_nothing_on_the_own_round(cast, plan):
    round = plan(area="1503")
    submit_round(round, by=cast.by.wu)
    with pytest.raises(problems.SamePersonTwice):
        approve_round(round, by=cast.by.wu)
    with pytest.raises(problems.SamePersonTwice):
        return_round(round, "自己退回自己", by=cast.by.wu)
    approve_round(round, by=cast.by.ma)
    assert round.state == RoundState.APPROVED


def test_a_round_comes_back_for_correction(cast, plan):
    round = plan()
    submit_round(round, by=cast.by.wu)
    with pytest.raises(problems.ReasonMissing):
        return_round(round, " ", by=cast.by.sun)
    return_round(round, "截止日期太近", by=cast.by.sun)
    assert (round.state, round.returned_why, names(round)) == ("returned", "截止日期太近", ["correction"])
    rounds.change_round(
        round,
        title=round.title,
        lead_rules=["R1"],
        due_on=today() + timedelta(30),
        per_worker=50,
        by=cast.by.wu,
    )
    submit_round(round, by=cast.by.wu)
    assert (round.state, round.returned_why, names(round)) == ("street_approval", "", ["street_approval"])


def test_a_second_yes_hears_who_was_faster(cast, plan):
    round = plan()
    submit_round(round, by=cast.by.wu)
    approve_round(round, by=cast.by.sun, at="street_approval")
    with pytest.raises(problems.AlreadyDone) as told:
        approve_round(round, by=cast.by.sun, at="street_approval")
    assert "孙强" in told.value.detail


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("chen", problems.NotHere), ("zhao", problems.NotHere), ("zheng", problems.NotYourPost)],
)
def test_only_the_fitting_post_approves(cast, plan, who, refusal):
    round = plan()
    submit_round(round, by=cast.by.wu)
    with pytest.raises(refusal):
        approve_round(round, by=getattr(cast.by, who))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("chen", problems.NotHere), ("wang", problems.NotHere), ("zhou", problems.NotYourPost)],
)
def test_only_a_planner_of_the_area_plans(cast, plan, who, refusal):
    with pytest.raises(refusal):
        plan(by=who)


def test_no_machine_plans(cast, plan):
    cast.by.robot = machine("机器")
    with pytest.raises(problems.NotYourPost):
        plan(by="robot")


def test_a_deadline_in_the_past_is_refused(plan):
    with pytest.raises(forms_problems.DeadlinePast):
        plan(due_on=today() - timedelta(1))


def test_the_job_waits_in_the_queue(cast, approved, make_employer):
    make_employer()
    round = approved()
    dispatch_round(round, by=cast.by.qian)
    (job,) = DBTaskResult.objects.all()
    assert job.args_kwargs["args"] == [round.pk, cast.qian.pk]
    resume_dispatch(round, by=cast.by.qian)
    assert DBTaskResult.objects.count() == 2


def test_only_a_dispatch_under_way_is_resumed(cast, approved):
    with pytest.raises(problems.OutOfOrder):
        resume_dispatch(approved(), by=cast.by.qian)


def test_withdrawing_ends_the_procedure(cast, plan):
    round = plan()
    submit_round(round, by=cast.by.wu)
    withdraw_round(round, "重复制定", by=cast.by.wu)
    assert (round.state, names(round)) == (RoundState.WITHDRAWN, [])


def test_a_withdrawn_round_cannot_be_approved(cast, plan):
    round = plan()
    submit_round(round, by=cast.by.wu)
    withdraw_round(round, "重复制定", by=cast.by.wu)
    with pytest.raises(problems.OutOfOrder):
        approve_round(round, by=cast.by.sun, at="street_approval")


def test_a_door_with_a_document_stays_until_it_is_handed_over(cast, approved, make_employer, at_day):
    subject = make_employer()
    round = sent(approved(), cast)
    carry_to_door(subject.pk, 1)
    with at_day(round.due_on + timedelta(1)):
        fire_due_clocks()
        assert rounds.clear_closed_rounds() == 0
        assert CheckTask.objects.get().state == TaskState.OPEN
        carry_to_door(subject.pk, 0)
        assert rounds.clear_closed_rounds() == 1
    assert CheckTask.objects.get().state == TaskState.CANCELLED


def test_the_deadline_closes_a_round_and_takes_its_doors_back(cast, approved, make_employer, at_day):
    subject = make_employer()
    round = sent(approved(), cast)
    before = CheckTask.objects.get().feed
    with at_day(round.due_on + timedelta(1)):
        assert fire_due_clocks() == 1
        round.refresh_from_db()
        assert (round.state, names(round)) == (RoundState.CLOSED, [])
        assert rounds.clear_doors(round.pk, by=rounds.CLEANER) == 1
        assert rounds.clear_doors(round.pk, by=rounds.CLEANER) == 0
    task = CheckTask.objects.get()
    assert task.state == TaskState.CANCELLED
    assert task.feed > before
    assert Span.objects.get(subject=subject, until=None).state == CoverState.NOT_SENT


def test_a_round_with_every_door_settled_closes_itself(cast, approved, make_employer):
    make_employer()
    round = sent(approved(), cast)
    assert close_finished_rounds() == 0
    CheckTask.objects.update(state=TaskState.DONE)
    assert close_finished_rounds() == 1
    assert close_finished_rounds() == 0
    assert not Clock.objects.filter(round=round, fired_at=None, stopped_at=None).exists()


def test_a_dispatch_that_runs_past_the_deadline_is_closed_by_the_sweep(cast, approved, make_employer, at_day):
    make_employer()
    round = approved()
    dispatch_round(round, by=cast.by.qian)
    with at_day(round.due_on + timedelta(2)):
        assert fire_due_clocks() == 1
        round.refresh_from_db()
        assert round.state == RoundState.DISPATCHING
        send_out(round.pk, by=cast.by.qian)
        assert close_finished_rounds() == 1
    round.refresh_from_db()
    assert round.state == RoundState.CLOSED
    assert Entry.objects.get(verb=RoundVerb.ROUND_CLOSED).data["reason"] == "截止日期已到"


def test_a_round_is_closed_by_hand_once(cast, approved, make_employer):
    make_employer()
    round = sent(approved(), cast)
    close_round(round, "提前结束", by=cast.by.qian)
    with pytest.raises(problems.AlreadyDone):
        close_round(round, "提前结束", by=cast.by.qian)


def test_the_sweep_is_on_the_clock_s_list():
    assert "workflows.rounds.actions.close_finished_rounds" in {job.path for job in PERIODIC}


def test_approving_costs_few_statements(cast, plan, django_assert_max_num_queries):
    round = plan()
    submit_round(round, by=cast.by.wu)
    with django_assert_max_num_queries(26):
        approve_round(round, by=cast.by.sun)


@pytest.fixture
def at_day():
    from grid.calendar.now import moved_to

    return lambda day: moved_to(now() + (day - today()))
