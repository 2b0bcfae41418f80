"""Who says that nobody need come again says on what ground: else the door stays, and nothing is lost."""

import json

import pytest

from tasks.arrivals.actions.claiming import claim_visit
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask, TaskState
from tasks.findings.actions import confirm_finding, return_finding
from tasks.findings.models import Finding, FindingState
from tasks.findings.rules import ENDINGS, GROUND, ends_duty
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.visits.models import Outcome, Visit
from tests.doors import IN_ORDER, arrival, at, make_round, make_task, push
from tests.tasks.comparison.test_run import DAY, say

pytestmark = pytest.mark.once

__all__ = ["say"]
GROUNDED = {GROUND: "witness"}
FORMS = {
    form.code: form for form in tables.all_current() if form.code != "notice_service" and form.outcomes
}  # fmt: skip


@pytest.fixture
def task(cast, make_employer):
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def visited(cast, task, **fields):
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, **fields))
    task.refresh_from_db()
    return answer, Finding.objects.select_related("visit").order_by("-pk").first()


def state_of(task):
    return Span.objects.get(subject=task.subject_id, until=None).state


# --- which outcomes they are ---------------------------------------------------------------------------


def test_every_outcome_says_whether_it_ends_the_check():
    """A new outcome has to be put on one side or the other."""
    others = {"done", "refused", "nobody_in", "unclear"}
    assert set(Outcome.values) == ENDINGS | others and not ENDINGS & others
    assert all(ends_duty(outcome, {}) for outcome in ENDINGS)
    assert not any(ends_duty(outcome, {}) for outcome in others)
    assert ends_duty("done", {"operating": "moved"}) and ends_duty("done", {"progress": "finished"})
    assert not ends_duty("refused", {"operating": "closed"})


@pytest.mark.parametrize("code", sorted(FORMS))
def test_every_form_asks_for_the_ground_of_each_of_its_endings(code):
    form = FORMS[code]
    offered = [name for name, _label in form.question(GROUND).choices]
    for outcome in {name for name, _label in form.outcomes} & ENDINGS:
        assert (GROUND, "missing") in {(fault.name, fault.kind) for fault in judge(form, {}, outcome).faults}
        assert not judge(form, {GROUND: offered[0]}, outcome).faults
        assert ("remark", "missing") in {
            (fault.name, fault.kind) for fault in judge(form, {GROUND: "other"}, outcome).faults
        }
    for name in ("operating", "progress"):
        question = form.question(name)
        for value in (value for value, _label in question.choices) if question else ():
            faults = {fault.name for fault in judge(form, {name: value}, "done").faults}
            assert (GROUND in faults) == ends_duty("done", {name: value})


# --- what becomes of the visit -------------------------------------------------------------------------

UNGROUNDED = [
    ("not_found", {}), ("closed", {}), ("moved", {"moved_to": "乌达"}), ("not_a_subject", {GROUND: "luck"}),
    ("not_a_subject", {GROUND: "other"}), ("done", {"operating": "closed"}),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "answers"), UNGROUNDED)
def test_without_its_ground_it_is_kept_and_the_door_stays(cast, task, outcome, answers):
    cast.post.wang.refresh_from_db()
    before = cast.post.wang.feed
    answer, finding = visited(cast, task, outcome=outcome, answers=answers)
    assert answer.status == "accepted" and "没有写明依据，这一户仍待查" in answer.message
    assert (task.state, finding.state, state_of(task)) == (TaskState.OPEN, FindingState.OPEN, "to_check")
    assert task.feed > before
    assert [mark["kind"] for mark in json.loads(finding.visit.marks)] == ["ground-missing"]
    assert "没有写明依据" in finding.without_measures


@pytest.mark.parametrize(("outcome", "state"), [("not_found", "not_found"), ("closed", "closed")])
def test_with_its_ground_it_goes_on_as_ever(cast, task, outcome, state):
    _answer, finding = visited(cast, task, outcome=outcome, answers=GROUNDED)
    assert (task.state, finding.visit.marks) == (TaskState.VISITED, "")
    confirm_finding(finding, by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, state_of(task)) == (TaskState.DONE, state)


def test_confirmed_it_concludes_nothing(cast, task, say):
    say("market", task.subject, name=task.subject.name)
    say("tax", task.subject, heads=12)
    run_comparison("150302", by=cast.by.qian, as_of=DAY)
    _answer, finding = visited(cast, task, outcome="not_a_subject", answers={})
    confirm_finding(finding, by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, state_of(task)) == (TaskState.OPEN, "to_check")
    assert set(Lead.objects.values_list("state", flat=True)) == {LeadState.OPEN}


def test_the_desk_asks_for_the_ground_and_the_answer_ends_it(cast, task):
    _answer, first = visited(cast, task, outcome="not_found", answers={})
    return_finding(first, "凭什么说查无此户？", [GROUND], by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, task.question_fields) == (TaskState.RETURNED, [GROUND])
    replaces = first.visit.client_id
    _answer, second = visited(cast, task, outcome="not_found", answers=GROUNDED, replaces=replaces)
    assert (task.state, second.is_ungrounded) == (TaskState.VISITED, False)
    confirm_finding(second, by=cast.by.zhao)
    assert state_of(task) == "not_found"


def test_a_later_word_without_ground_opens_the_door_again_and_a_later_one_with_it_closes(cast, task):
    visited(cast, task, recorded_at=at(1))
    assert task.state == TaskState.VISITED
    visited(cast, task, outcome="closed", answers={}, recorded_at=at(2))
    assert (task.state, state_of(task)) == (TaskState.OPEN, "to_check")
    visited(cast, task, outcome="closed", answers=GROUNDED, recorded_at=at(3))
    assert (task.state, state_of(task)) == (TaskState.VISITED, "to_review")


@pytest.mark.parametrize(("answers", "is_ungrounded"), [({}, True), ({"remark": "房东说已搬走"}, False)])
def test_a_form_that_did_not_ask_takes_a_remark_for_a_ground(cast, task, answers, is_ungrounded):
    old = next(
        version for code, version in tables._versions() if (code, version[:8]) == ("employer", "20261101")
    )
    for version in (old, "19990101-strange"):
        _answer, finding = visited(cast, task, outcome="moved", answers=answers, form_version=version)
        assert finding.is_ungrounded == is_ungrounded


def test_claimed_for_a_subject_it_leaves_its_open_task(cast, task):
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(None, outcome="not_found", answers={}))
    stray = Visit.objects.get(code=answer.visit)
    claim_visit(stray, task.subject, "门牌一致", by=cast.by.zhao)
    task.refresh_from_db()
    assert task.state == TaskState.OPEN and Finding.objects.get().is_ungrounded


def test_two_people_s_grounds_are_no_clash(cast, task):
    visited(cast, task, outcome="closed", answers={GROUND: "sealed"})
    (answer,) = push(cast.post.li, cast.by.li, arrival(task, outcome="closed", answers={GROUND: "self"}))
    assert answer.route != "clash"


# --- answers that nobody is asked any more --------------------------------------------------------------


def test_what_the_new_answer_raises_is_missing_and_what_it_drops_is_laid_aside(cast, task):
    """The desk asks for the heads again: more than are insured raises the lapse, none at all drops it."""
    form = tables.current("employer")
    raised = judge(form, {**IN_ORDER, "insured_seen": 3, "wage_base": None, "lapsed": None}, "done")
    assert {(fault.name, fault.kind) for fault in raised.faults} == {
        ("wage_base", "missing"),
        ("lapsed", "missing"),
    }
    dropped = judge(form, {**IN_ORDER, "operating": "closed", GROUND: "sealed"}, "done")
    assert set(dropped.sound) == {"operating", GROUND} and not dropped.faults
    _answer, finding = visited(cast, task, answers={**IN_ORDER, "insured_seen": 3})
    return_finding(finding, "还在经营吗？", ["operating"], by=cast.by.zhao)
    stale = {**IN_ORDER, "insured_seen": 3, "operating": "closed", GROUND: "sealed"}
    _answer, second = visited(cast, task, answers=stale, replaces=finding.visit.client_id)
    assert second.measures == []
    confirm_finding(second, by=cast.by.zhao)
    assert state_of(task) == "closed"


def test_a_stale_answer_of_another_outcome_settles_nothing(cast, task):
    """A client that sends what its form no longer asks: the outcome alone counts."""
    stale = {**GROUNDED, "operating": "closed"}
    _answer, finding = visited(cast, task, outcome="refused", answers=stale)
    confirm_finding(finding, by=cast.by.zhao)
    assert state_of(task) == "refused"
    assert CheckTask.objects.get().state == TaskState.DONE
