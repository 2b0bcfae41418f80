"""复议 and 诉讼 against a penalty: what they hold up while they run, and what each end sets going."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.law.calendar.actions import change_day
from grid.law.queries import the_law
from grid.ledger.models import Entry
from tests.forward import go_to
from tests.workflows.conftest import UNKNOWN_MEANS, Walk
from workflows.cases.models import CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.disclosures.actions import publish_penalty
from workflows.engine import procedures
from workflows.engine.actions.stuck import find_stuck
from workflows.engine.acts import offers_for
from workflows.inspections import actions, queries
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import waiting_for, weighing
from workflows.inspections.verbs import InspectionVerb
from workflows.remedies import problems as remedies_problems
from workflows.remedies.actions import close_remedy, note_remedy, stay_remedy
from workflows.remedies.models import Remedy
from workflows.remedies.rules import Challenge, Ending
from workflows.remedies.verbs import RemedyVerb

COURT = "海勃湾区人民法院"
At = Callable[..., Inspection]


def challenge(inspection: Inspection, by: Any, kind: str = "suit", **facts: Any) -> Remedy:
    inspection.case.refresh_from_db()
    return note_remedy(inspection.case, Challenge(kind, COURT, today(), target="penalty", **facts), by=by)


def close(remedy: Remedy, outcome: str, by: Any, **facts: Any) -> Remedy:
    return close_remedy(remedy, Ending(outcome, "判1号", today(), effective_on=today(), **facts), by=by)


def running(inspection: Inspection, kind: str) -> Any:
    return inspection.case.clocks.filter(kind=kind, fired_at=None, stopped_at=None).first()


def offered(who: Any, inspection: Inspection) -> set[str]:
    return {offer.name for offer in offers_for("inspection", who, inspection, queries.file_of(inspection))}


def test_a_suit_uses_up_the_term_for_it_and_the_court_is_not_asked_meanwhile(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.DEMANDED)
    remedy = challenge(one, cast.by.zhou)
    assert running(one, "inspection.remedy") is None
    with pytest.raises(remedies_problems.RemedyOpen):
        challenge(one, cast.by.zhou, "review")
    walk.wait(one.case, "inspection.demand")
    go_to(today() + timedelta(days=300))
    fire_due_clocks()
    with pytest.raises(inspections_problems.PenaltyChallenged):
        actions.apply_court(one, UNKNOWN_MEANS, by=cast.by.zhou)
    close(remedy, "upheld", cast.by.zhou)
    # Three months from the judgment, not from the end of a term that was used.
    assert running(one, "inspection.court").started_on == today()
    actions.apply_court(one, UNKNOWN_MEANS, by=cast.by.zhou)
    assert one.state == S.COURT


def test_after_a_review_the_party_may_sue_within_fifteen_days(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    remedy = challenge(one, cast.by.zhou, "review")
    close(remedy, "upheld", cast.by.zhou)
    term = running(one, "inspection.remedy")
    assert (term.length, term.unit, term.basis) == (15, "d", "《行政诉讼法》第45条")
    walk.wait(one.case, "inspection.remedy")
    assert running(one, "inspection.court").started_on == term.due_on


def test_who_gives_the_remedy_up_has_what_was_left_of_the_term(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    before = running(one, "inspection.remedy").due_on
    remedy = challenge(one, cast.by.zhou)
    close_remedy(remedy, Ending("withdrawn", "", today()), by=cast.by.zhou)
    assert running(one, "inspection.remedy").due_on == before


def test_a_court_term_that_runs_stands_still_and_goes_on(inspection_at: At, walk: Walk, cast: Any) -> None:
    one = inspection_at(S.DEMANDED)
    walk.wait(one.case, "inspection.remedy")
    term = running(one, "inspection.court")
    remedy = challenge(one, cast.by.zhou)
    go_to(today() + timedelta(days=200))
    fire_due_clocks()
    close(remedy, "upheld", cast.by.zhou)
    later = running(one, "inspection.court")
    assert later.pk == term.pk and (later.due_on - term.due_on).days > 190


def test_a_stayed_penalty_is_not_demanded(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    go_to(one.due_on + timedelta(days=1))
    fire_due_clocks()
    demand = actions.issue_demand(one, by=cast.by.zhou)
    challenge(one, cast.by.zhou, stay_number="停1号")
    # The demand on its way is taken back, and no other takes its place.
    demand.refresh_from_db()
    assert demand.withdrawn_at and "停1号" in demand.withdrawn_why
    with pytest.raises(inspections_problems.PenaltyChallenged):
        actions.issue_demand(one, by=cast.by.zhou)
    assert not {"demand", "serve-demand"} & offered(cast.by.zhou, one)
    assert not waiting_for(cast.by.zhou).filter(pk=one.pk).exists()


def test_a_stay_lets_the_term_for_paying_stand_still_until_the_judgment_binds(
    inspection_at: At, cast: Any, client: Client
) -> None:
    one = inspection_at(S.PERFORMING)
    publish_penalty(one, one.facts, by=cast.by.qian)
    term, due = running(one, "penalty.payment"), one.due_on
    go_to(due - timedelta(days=4))
    remedy = challenge(one, cast.by.zhou)
    stay_remedy(remedy, "停1号", by=cast.by.zhou)
    go_to(due + timedelta(days=40))
    assert fire_due_clocks() == 0 and find_stuck() == []
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "停止执行期间中止计算" in page and "逾期 40 日" not in page
    assert one.case.code not in client.get("/cases/?overdue=1").content.decode()
    close(remedy, "upheld", cast.by.zhou)
    one.refresh_from_db()
    term.refresh_from_db()
    # Four days were left, and the day of the judgment is not counted.
    assert one.due_on == term.due_on >= today() + timedelta(days=4)
    with pytest.raises(inspections_problems.PenaltyNotOverdue):
        actions.issue_demand(one, by=cast.by.zhou)
    go_to(one.due_on + timedelta(days=1))
    assert weighing.surcharge_of(one, the_law(today()), today()).amount == one.fine * Decimal("0.03")
    # The terms to pay and to correct, both of fifteen days.
    assert fire_due_clocks() == 2 and "demand" in offered(cast.by.zhou, one)


def test_the_last_day_for_paying_follows_a_changed_calendar(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    before = one.due_on
    assert change_day(before, False, "放假", "国务院通知", "台风", by=cast.by.fang) >= 1
    one.refresh_from_db()
    assert one.due_on == running(one, "penalty.payment").due_on > before


def test_a_demand_already_served_waits_as_well(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.DEMANDED)
    term = running(one, "inspection.demand")
    remedy = challenge(one, cast.by.zhou, stay_number="停1号")
    go_to(today() + timedelta(days=90))
    assert fire_due_clocks() == 0
    close(remedy, "upheld", cast.by.zhou)
    assert running(one, "inspection.demand").due_on > term.due_on + timedelta(days=80)


def test_a_suit_without_a_stay_leaves_the_term_for_paying_running(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    challenge(one, cast.by.zhou)
    assert not running(one, "penalty.payment").is_still
    go_to(one.due_on + timedelta(days=1))
    fire_due_clocks()
    assert running(one, "penalty.payment") is None and "pay" in offered(cast.by.zhou, one)


def test_what_goes_on_goes_on_from_the_day_the_judgment_bound(inspection_at: At, cast: Any) -> None:
    """However late it is entered; and whoever enters it first waits for the term to appeal."""
    one = inspection_at(S.PERFORMING)
    remedy = challenge(one, cast.by.zhou, stay_number="停1号")
    judged = today() + timedelta(days=40)
    bound = judged + timedelta(days=20)
    go_to(judged)
    for day in (None, bound, judged - timedelta(days=1)):
        with pytest.raises(remedies_problems.JudgmentNotBinding):
            close_remedy(remedy, Ending("upheld", "判1号", judged, effective_on=day), by=cast.by.zhou)
    go_to(bound + timedelta(days=3))
    close_remedy(remedy, Ending("upheld", "判1号", judged, effective_on=bound), by=cast.by.zhou)
    assert running(one, "penalty.payment").pauses.get().last_day == bound
    assert running(one, "inspection.court").started_on == bound
    told = Entry.objects.get(case=one.case.code, verb=RemedyVerb.REMEDY_CLOSED).data
    assert (told["decided_on"], told["effective_on"]) == (judged.isoformat(), bound.isoformat())


def test_the_database_keeps_no_judgment_without_its_day(inspection_at: At, cast: Any) -> None:
    remedy = challenge(inspection_at(S.PERFORMING), cast.by.zhou)
    for effective_on in (None, today() - timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remedy.objects.filter(pk=remedy.pk).update(
                outcome="quashed", decided_on=today(), effective_on=effective_on, closed_by=cast.zhou
            )


def test_days_of_a_suit_bear_no_surcharge(inspection_at: At, cast: Any, client: Client) -> None:
    one = inspection_at(S.PERFORMING)
    go_to(one.due_on + timedelta(days=2))
    remedy = challenge(one, cast.by.zhou)
    go_to(today() + timedelta(days=20))
    assert weighing.surcharge_of(one, the_law(today()), today()).amount == one.fine * Decimal("0.03")
    close(remedy, "upheld", cast.by.zhou)
    go_to(today() + timedelta(days=1))
    assert weighing.surcharge_of(one, the_law(today()), today()).amount == one.fine * Decimal("0.06")
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    fire_due_clocks()
    demand = actions.issue_demand(one, by=cast.by.zhou).values
    for said in ("逾期 2 日", "另有复议、诉讼期间 21 日不计算加处罚款"):
        assert said in page and said in str(demand["calculation"])
    assert Decimal(demand["surcharge"]) == one.fine * Decimal("0.06")


@pytest.mark.once
def test_a_quashed_penalty_ends_its_inspection_and_the_case_begins_again(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.DEMANDED)
    remedy = challenge(one, cast.by.zhou)
    close(remedy, "quashed", cast.by.zhou)
    one.refresh_from_db()
    case = one.case
    case.refresh_from_db()
    assert (one.state, case.state, case.penalty) == (S.QUASHED, CaseState.ESCALATED, None)
    assert procedures.open_steps(one.process) == []
    assert [step.name for step in procedures.open_steps(case.process)] == ["escalated"]
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()
    assert case.notices.get(number=one.decision_number).withdrawn_at
    assert Entry.objects.filter(case=case.code, verb=InspectionVerb.PENALTY_QUASHED).count() == 1
    assert find_stuck() == []
    with pytest.raises(problems.OutOfOrder):
        actions.record_payment(one, one.fine, today(), "缴-9", by=cast.by.zhou)
    # A new one may be decided, and listed on: what was quashed was another.
    walk.at_escalated(case)
    walk.to(case, CaseState.PUBLICATION)
    assert case.inspections.count() == 2


def test_who_paid_may_still_sue(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    actions.record_payment(one, one.fine, today(), "缴-1", by=cast.by.zhou)
    remedy = challenge(one, cast.by.zhou)
    close(remedy, "quashed", cast.by.zhou)
    one.refresh_from_db()
    one.case.refresh_from_db()
    assert (one.state, one.case.state) == (S.PERFORMED, CaseState.ESCALATED)


def test_a_changed_penalty_is_what_is_owed_and_never_more(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    remedy = challenge(one, cast.by.zhou, "review")
    with pytest.raises(inspections_problems.ChangedFineMissing):
        close(remedy, "changed", cast.by.zhou)
    with pytest.raises(inspections_problems.HeavierOnRemedy):
        close(remedy, "changed", cast.by.zhou, fine=one.fine + 1)
    close(remedy, "changed", cast.by.zhou, fine=Decimal("10000.00"))
    one.refresh_from_db()
    one.case.refresh_from_db()
    assert (one.fine, one.case.penalty["amount"]) == (Decimal("10000.00"), "10000.00")
    assert running(one, "inspection.remedy").length == 15


def test_who_has_paid_all_that_is_left_of_a_changed_penalty_owes_nothing(
    inspection_at: At, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    actions.record_payment(one, Decimal(12000), today(), "缴-1", by=cast.by.zhou)
    remedy = challenge(one, cast.by.zhou, "review")
    close(remedy, "changed", cast.by.ma, fine=Decimal("10000.00"))
    one.refresh_from_db()
    assert one.state == S.PERFORMED and procedures.open_steps(one.process) == []
    left = one.case.clocks.filter(fired_at=None, stopped_at=None)
    owed = {"penalty.correction", "penalty.publish"}
    assert {clock.kind for clock in left} == owed, "what was ordered is still to be done, and made public"


def test_it_is_done_on_the_page_of_the_inspection(inspection_at: At, cast: Any, client: Client) -> None:
    one = inspection_at(S.PERFORMING)
    client.force_login(cast.zhou)

    def post(name: str, **given: Any) -> Any:
        form = {"at": one.state, **given}
        return client.post(reverse("inspection-act", args=[one.case.code, name]), form)

    assert post("close-remedy", outcome="upheld", number="判1号", decided_on=today()).status_code == 404
    assert post("remedy", kind="suit", body=COURT, filed_on=today()).status_code == 302
    assert post("remedy", kind="suit", body=COURT, filed_on=today()).status_code == 409
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "登记复议或诉讼结果" in page and COURT in page
    assert post("stay", number="停1号").status_code == 302
    assert post("close-remedy", outcome="quashed", number="判1号", decided_on=today()).status_code == 422
    judged = {"outcome": "quashed", "number": "判1号", "decided_on": today(), "effective_on": today()}
    assert post("close-remedy", **judged).status_code == 302
    one.refresh_from_db()
    assert one.state == S.QUASHED
    assert post("close-remedy", **judged).status_code == 409
