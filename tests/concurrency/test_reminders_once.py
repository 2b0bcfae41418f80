"""Two watches at the same terms in the same moment: each reminder and each report is written once."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from grid.calendar.now import CITY_TIME, moved_to
from grid.ledger.models import Entry
from tests.concurrency.test_two_approvers import at_once
from tests.conftest import ROOT
from tests.servers import Served
from workflows.duties import actions, terms
from workflows.duties import problems as duties_problems
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Referral
from workflows.duties.queries.directory import Directory, duties_of
from workflows.duties.referring import About, Question, Reply
from workflows.duties.targets.actions import draft_plan
from workflows.duties.targets.models import Plan

pytestmark = pytest.mark.django_db(transaction=True)
MANY, WATCHES = 12, 3


@pytest.fixture
def sent(cast):
    load_shipped_duties()
    directory = Directory()
    tax = directory.by_code["tax"]
    duty = duties_of([tax])[0]
    return [
        actions.refer(tax, duty, About("150302"), Question("核对", "请核对"), by=cast.by.qian)
        for _ in range(MANY)
    ]


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=CITY_TIME)


@pytest.mark.parametrize(("verb", "late"), [("referral.reminded", 0), ("referral.escalated", 1)])
def test_each_term_is_told_of_once(sent, verb, late):
    with moved_to(noon(sent[0].due_on + timedelta(days=late))):
        fired = at_once(*[terms.watch_terms] * WATCHES)
    assert sum(fired) == MANY
    told = Entry.objects.filter(verb=verb).values_list("case", flat=True)
    assert sorted(told) == sorted(referral.code for referral in sent)


def test_an_answer_and_the_report_of_its_lateness_do_not_undo_each_other(sent, cast):
    with moved_to(noon(sent[0].due_on + timedelta(days=1))):
        for referral in sent:
            at_once(
                lambda referral=referral: actions.answer_referral(referral, Reply("已核对"), by=cast.by.feng),
                lambda referral=referral: terms.escalate(referral.pk),
            )
    for row in Referral.objects.all():
        assert row.state == "answered"
        # Reported before the answer came, or not at all; never half of it.
        assert Entry.objects.filter(case=row.code, verb="referral.escalated").count() == bool(
            row.escalated_at
        )


def test_two_who_plan_the_same_year_make_one_plan(cast):
    load_shipped_duties()

    def plan(by):
        return lambda: draft_plan(2026, "1503", {"new_units": 10}, by=by)

    outcomes = at_once(plan(cast.by.wu), plan(cast.by.ma), plan(cast.by.wu))
    assert Plan.objects.count() == 1
    assert sum(isinstance(outcome, duties_problems.PlanInTheWay) for outcome in outcomes) == 2


def ground(served, what):
    command = [sys.executable, "-m", "tests.concurrency.referral_ground", what]
    return subprocess.Popen(command, cwd=served.root, env=served.environ, stdout=subprocess.PIPE, text=True)


def said(process):
    return int(process.communicate(timeout=120)[0])


def test_two_processes_tell_of_each_late_answer_once(tmp_path):
    served = Served(ROOT, tmp_path / "served", os.environ.get("DATABASE_URL", ""), {})
    served.prepare()
    try:
        many = said(ground(served, "fill"))
        watches = [ground(served, "watch") for _ in range(2)]
        assert sum(said(watch) for watch in watches) == many == said(ground(served, "count"))
        assert said(ground(served, "watch")) == 0
    finally:
        served.remove()


def test_one_of_many_answers_counts(sent, cast):
    one = sent[0]
    outcomes = at_once(
        *[lambda: actions.answer_referral(one, Reply("已核对"), by=cast.by.feng, at="sent")] * 3
    )
    assert one.answers.count() == 1
    assert sum(type(outcome).__name__ == "OutOfOrder" for outcome in outcomes) == 2
