"""Targets: split, checked, issued, handed down, changed by a new version; and how far they are reached."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.ledger.models import Entry
from grid.registers.models import Delivery, Register, Row
from grid.scope import machine
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from grid.territory.models import Area, Level
from project.inbox import inbox_of
from tasks.comparison.models import LeadState
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tests.cast import FAR_GRID, GRID_1, SINCE
from tests.contract.world import a_lead
from tests.workflows.makers import make_visit
from workflows.cases.models import Case
from workflows.duties import problems as duties_problems
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.targets import actions, queries
from workflows.duties.targets.models import Plan, PlanState, Target
from workflows.duties.targets.queries import measuring
from workflows.duties.targets.queries.measuring import Frame

pytestmark = pytest.mark.django_db
NEAR, FAR = "150302", "150304"


@pytest.fixture
def plan_of(cast: Any) -> Any:
    load_shipped_duties()

    def make(**wholes: int) -> Plan:
        return actions.draft_plan(today().year, "1503", wholes or {"new_units": 100}, by=cast.by.wu)

    return make


def issued(plan: Plan, by: Any) -> Plan:
    actions.check_plan(plan, by=by)
    return actions.issue_plan(plan, by=by)


def amounts(plan: Plan, goal: str = "new_units") -> dict[str, int]:
    return dict(plan.targets.filter(goal__code=goal).values_list("area", "amount"))


def test_shares_are_proposed_by_the_number_of_employers_and_add_up(cast, plan_of, make_employer):
    for _ in range(2):
        make_employer(area=GRID_1)
    make_employer(area=FAR_GRID)
    make_employer(area=FAR_GRID, kind="resident")
    assert amounts(plan_of(new_units=100)) == {"1503": 100, NEAR: 67, FAR: 33}


def test_a_plan_goes_from_draft_to_issued_and_the_ledger_keeps_what_was_handed_down(cast, plan_of):
    plan = plan_of(new_units=100, leads=40)
    assert (plan.state, plan.version) == (PlanState.DRAFT, 1)
    with pytest.raises(problems.OutOfOrder):
        actions.issue_plan(plan, by=cast.by.wu)
    issued(plan, cast.by.ma)
    assert (plan.state, plan.issued_by) == (PlanState.ISSUED, cast.ma)
    told = Entry.objects.get(verb="plan.issued").data
    assert told["targets"] == [
        ["new_units", "1503", 100], ["new_units", NEAR, 50], ["new_units", FAR, 50],
        ["leads", "1503", 40], ["leads", NEAR, 20], ["leads", FAR, 20],
    ]  # fmt: skip


def test_parts_that_do_not_add_up_need_a_reason(cast, plan_of):
    plan = plan_of()
    actions.change_plan(plan, {("new_units", NEAR): 60}, {}, by=cast.by.wu)
    with pytest.raises(duties_problems.PlanUnbalanced) as refused:
        actions.check_plan(plan, by=cast.by.wu)
    assert "+10" in refused.value.detail
    actions.change_plan(plan, {}, {"new_units": "各区多压一成，确保完成"}, by=cast.by.wu)
    actions.check_plan(plan, by=cast.by.wu)
    assert Entry.objects.get(verb="plan.checked").data["gap_reasons"] == {
        "参保扩面单位": "各区多压一成，确保完成"
    }
    # Changing it again takes the check back.
    actions.change_plan(plan, {("new_units", NEAR): 61}, {}, by=cast.by.wu)
    assert plan.state == PlanState.DRAFT
    assert actions.propose_shares(plan, by=cast.by.wu) == 1
    assert amounts(plan)[NEAR] == 50


def test_one_plan_at_a_time(cast, plan_of):
    plan = plan_of()
    with pytest.raises(duties_problems.PlanInTheWay):
        plan_of()
    with pytest.raises(problems.ReasonMissing):
        actions.withdraw_plan(plan, " ", by=cast.by.wu)
    actions.withdraw_plan(plan, "口径有误", by=cast.by.wu)
    again = plan_of()
    assert again.version == 2
    issued(again, cast.by.wu)
    with pytest.raises(duties_problems.PlanInTheWay):
        plan_of()


def test_a_district_splits_what_it_was_handed_to_its_streets(cast, plan_of, city):
    with pytest.raises(duties_problems.PlanNotHandedDown):
        load_shipped_duties()
        actions.draft_plan(today().year, NEAR, {}, by=cast.by.qian)
    above = issued(plan_of(), cast.by.wu)
    Area.objects.create(
        code="150302002", level=Level.STREET, kind="街道", name="海北街道", short_name="海北",
        parent=city[NEAR], valid_from=SINCE,
    )  # fmt: skip
    assert [item.kind for item in inbox_of(cast.by.qian).items] == ["plan"]
    plan = actions.draft_plan(today().year, NEAR, {"new_units": 999}, by=cast.by.qian)
    assert amounts(plan) == {NEAR: 50, "150302001": 25, "150302002": 25}
    assert plan.above == above
    assert inbox_of(cast.by.qian).items == []
    # The whole was handed down: it cannot be written over.
    actions.change_plan(plan, {("new_units", NEAR): 10, ("new_units", "150302001"): 30}, {}, by=cast.by.qian)
    assert amounts(plan) == {NEAR: 50, "150302001": 30, "150302002": 25}
    actions.change_plan(plan, {("new_units", "150302002"): 20}, {}, by=cast.by.qian)
    issued(plan, cast.by.qian)
    assert inbox_of(cast.by.qian).items == [], "its own plan hands nothing down to the district"
    with pytest.raises(duties_problems.NothingBelow):
        actions.draft_plan(today().year, "150302001", {}, by=cast.by.qian)


def test_a_change_is_a_new_version_and_the_old_one_stays_in_force_until_then(cast, plan_of):
    first = issued(plan_of(), cast.by.wu)
    with pytest.raises(problems.ReasonMissing):
        actions.revise_plan(first, " ", by=cast.by.wu)
    second = actions.revise_plan(first, "自治区追加任务", by=cast.by.wu)
    assert (second.version, amounts(second)) == (2, amounts(first))
    with pytest.raises(duties_problems.PlanInTheWay):
        actions.revise_plan(first, "再改", by=cast.by.wu)
    actions.change_plan(second, {("new_units", "1503"): 120, ("new_units", NEAR): 70}, {}, by=cast.by.wu)
    first.refresh_from_db()
    assert first.state == PlanState.ISSUED
    issued(second, cast.by.wu)
    first.refresh_from_db()
    assert (first.state, first.ended_why) == (PlanState.REPLACED, "自治区追加任务")
    assert amounts(first) == {"1503": 100, NEAR: 50, FAR: 50}
    newest, oldest = queries.versions_of(cast.by.sun, today().year, "1503")
    assert {(c.area, c.before, c.after) for c in newest.changes} == {
        ("乌海市", 100, 120),
        ("海勃湾区", 50, 70),
    }
    assert oldest.changes == []
    with pytest.raises(problems.OutOfOrder):
        actions.change_plan(first, {}, {}, by=cast.by.wu)


def test_a_district_follows_when_the_city_changed_its_plan(cast, plan_of):
    first = issued(plan_of(), cast.by.wu)
    split = issued(actions.draft_plan(today().year, NEAR, {}, by=cast.by.qian), cast.by.qian)
    waiting = actions.revise_plan(split, "街道反映", by=cast.by.qian)
    second = actions.revise_plan(first, "追加", by=cast.by.wu)
    actions.change_plan(second, {("new_units", "1503"): 120, ("new_units", NEAR): 70}, {}, by=cast.by.wu)
    issued(second, cast.by.wu)
    found = queries.overview(cast.by.qian, today().year, NEAR)
    assert found.is_outdated
    assert (found.goals[0].whole.target, found.goals[0].parts[0].target) == (70, 50)
    actions.check_plan(waiting, by=cast.by.qian)
    with pytest.raises(duties_problems.PlanOutdated):
        actions.issue_plan(waiting, by=cast.by.qian)
    actions.withdraw_plan(waiting, "上级已调整", by=cast.by.qian)
    renewed = actions.revise_plan(split, "按上级新版", by=cast.by.qian)
    assert amounts(renewed) == {NEAR: 70, "150302001": 50}
    with pytest.raises(duties_problems.PlanUnbalanced):
        actions.check_plan(renewed, by=cast.by.qian)
    actions.propose_shares(renewed, by=cast.by.qian)
    issued(renewed, cast.by.qian)
    assert not queries.overview(cast.by.qian, today().year, NEAR).is_outdated


EVERY = [
    lambda plan, by: actions.change_plan(plan, {}, {}, by=by),
    lambda plan, by: actions.propose_shares(plan, by=by),
    lambda plan, by: actions.check_plan(plan, by=by),
    lambda plan, by: actions.issue_plan(plan, by=by),
    lambda plan, by: actions.revise_plan(plan, "调整", by=by),
    lambda plan, by: actions.withdraw_plan(plan, "撤回", by=by),
    lambda plan, by: actions.draft_plan(2031, plan.area, {"leads": 1}, by=by),
]


@pytest.mark.once
@pytest.mark.parametrize("act", EVERY)
@pytest.mark.parametrize("who", ["sun", "zhou", "qian", "han", "zheng", "feng", "wang", "zhao"])
def test_the_citys_plan_is_the_city_offices(cast, plan_of, act, who):
    plan = plan_of()
    with pytest.raises((problems.NotHere, problems.NotYourPost)):
        act(plan, getattr(cast.by, who))
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert Plan.objects.count() == 1


def test_everybody_reads_their_area_and_drafts_are_for_those_who_set_targets(cast, plan_of):
    plan = plan_of()
    year = today().year
    for who, code in (("sun", "150302001"), ("qian", NEAR), ("wu", "1503"), ("zheng", "1503")):
        assert queries.overview(getattr(cast.by, who), year, code).area.pk == code
    for who, code in (
        ("sun", NEAR),
        ("qian", "1503"),
        ("qian", FAR),
        ("feng", NEAR),
        ("wang", GRID_1),
        ("zhao", GRID_1),
    ):
        with pytest.raises(problems.NotHere):
            queries.overview(getattr(cast.by, who), year, code)
    assert queries.plan_at(cast.by.ma, plan.pk) == queries.plan_at(cast.by.zheng, plan.pk) == plan
    with pytest.raises(problems.NotHere):
        queries.plan_at(cast.by.qian, plan.pk)
    with pytest.raises(problems.NotHere):
        queries.top_of(cast.by.wang)
    with pytest.raises(problems.NotHere):
        queries.top_of(cast.by.zhao)
    assert queries.top_of(cast.by.sun) == "150302001"


# --- counting ---------------------------------------------------------------------------------------------


@pytest.fixture
def in_july() -> Any:
    with moved_to(datetime(2026, 7, 1, 12, tzinfo=CITY_TIME)):
        yield


def social(subject: Any, since: date, insured: int, until: date | None = None, **more: str) -> None:
    delivery, _new = Delivery.objects.get_or_create(
        register=Register.SOCIAL, sha256=f"{since:%Y%m%d}".ljust(64, "0"),
        defaults={"area": "1503", "file_name": "社保.csv", "as_of": since, "delivered_at": now()},
    )  # fmt: skip
    Row.objects.create(
        register=Register.SOCIAL, subject=subject, area=subject.area, delivery=delivery, line=1,
        data={"insured": insured} | more, hash=f"{since}{insured}", since=since, until=until,
    )  # fmt: skip


def settled() -> None:
    """Everybody came into the account when the first register did."""
    with moved_to(datetime(2025, 6, 1, 12, tzinfo=CITY_TIME)):
        subjects_moved(
            [Move(subject.pk, "", subject.area) for subject in Subject.objects.all()], by=machine("测试")
        )


def count(formula: str, area: str = "1503", depth: int = 6, year: int = 2026) -> dict[str, int]:
    return measuring.measured(formula, Frame(area, depth, year, today()))


def test_newly_insured_units_are_those_the_first_register_did_not_hold(in_july, make_employer):
    first, january, march = date(2025, 6, 1), date(2026, 1, 15), date(2026, 3, 15)
    social(make_employer(), first, 5)  # was there before
    changed = make_employer()
    social(changed, first, 5, until=january)
    social(changed, january, 9)  # changed, not new
    social(make_employer(), january, 3)  # new
    social(make_employer(area=FAR_GRID), march, 3)  # new, in the other district
    social(make_employer(), date(2025, 9, 1), 3)  # last year's success
    social(make_employer(kind="resident"), march, 1)  # no employer
    social(make_employer(), january, 3, until=march)  # came and left again
    assert count("new_units") == {NEAR: 1, FAR: 1}
    assert count("new_units", NEAR, 9) == {"150302001": 1}
    settled()
    assert count("new_units", year=2025) == {NEAR: 1}


def test_a_first_register_within_the_year_makes_nobody_new(in_july, make_employer):
    social(make_employer(), date(2026, 2, 1), 5)
    assert count("new_units") == count("new_people") == {}
    social(make_employer(), date(2026, 2, 2), 5)
    assert count("new_units") == {NEAR: 1}
    assert count("new_people") == {NEAR: 5}


def test_people_gained_count_and_people_lost_do_not_take_them_away(in_july, make_employer):
    first, march, may = date(2025, 6, 1), date(2026, 3, 1), date(2026, 5, 1)
    grew, shrank, left = make_employer(), make_employer(), make_employer()
    social(grew, first, 5, until=march)
    social(grew, march, 7, until=may)
    social(grew, may, 12)
    social(shrank, first, 50, until=march)
    social(shrank, march, 10)
    social(left, first, 5, until=march)
    social(make_employer(), may, 4)
    assert count("new_people") == {NEAR: 7 + 4}
    assert count("new_people", year=2025) == {}


def test_a_first_delivery_makes_nobody_new_who_was_insured_before(in_july, make_employer):
    """By the register's own word, not by the day its line came in; and only whose status is in force."""
    first, june = date(2025, 6, 1), date(2026, 6, 1)
    social(make_employer(), first, 5, insured_since="2012-01")
    for _ in range(10):
        social(make_employer(), june, 6, insured_since="2015-03")
    for says in ("注销", "停保"):
        social(make_employer(), june, 6, insured_since="2026-05", status=says)
    social(make_employer(), june, 0, insured_since="2026-05")
    social(make_employer(), june, 7, insured_since="2026-05", status="参保缴费")
    assert count("new_units") == {NEAR: 1}
    assert count("new_people") == {NEAR: 7}


def test_the_first_register_itself_counts_who_began_this_year(in_july, make_employer):
    social(make_employer(), date(2026, 6, 1), 50, insured_since="2015-03")
    social(make_employer(), date(2026, 6, 1), 3, insured_since="2026-02")
    assert (count("new_units"), count("new_people")) == ({NEAR: 1}, {NEAR: 3})


def test_heads_count_for_the_month_a_line_is_of(in_july, make_employer):
    """December's line came in January: it is how the old year ended."""
    unit, november, december, may = make_employer(), date(2025, 12, 10), date(2026, 1, 12), date(2026, 6, 10)
    social(unit, november, 5, until=december, period="2025-11")
    social(unit, december, 9, until=may, period="2025-12")
    social(unit, may, 12, period="2026-05")
    settled()
    assert count("new_people") == {NEAR: 3}
    # It came into sight in that year: what it began with is its first line.
    assert count("new_people", year=2025) == {NEAR: 4}
    Row.objects.filter(subject=unit, since=november).update(since=date(2024, 12, 10), data={"insured": 2})
    assert count("new_people", year=2025) == {NEAR: 7}


def test_who_is_struck_off_or_is_one_with_another_counts_no_more(in_july, cast, make_employer):
    gone = make_employer(standing="cancelled")
    kept, twin = make_employer(), make_employer(credit_code=None, legacy_code="150302600012345")
    social(make_employer(), date(2025, 6, 1), 1)
    for unit in (gone, twin):
        social(unit, date(2026, 6, 1), 6, insured_since="2026-05")
    assert count("new_units") == {NEAR: 1}
    merge_subjects(kept, twin, "同一家", by=cast.by.zhao)
    assert (count("new_units"), count("new_people")) == ({NEAR: 1}, {NEAR: 6})


def test_a_year_gone_by_stays_when_its_units_move(in_july, make_employer):
    unit = make_employer()
    social(make_employer(), date(2025, 6, 1), 1)
    social(unit, date(2025, 9, 1), 6, insured_since="2025-09")
    settled()
    Subject.objects.filter(pk=unit.pk).update(area=FAR_GRID)
    subjects_moved([Move(unit.pk, GRID_1, FAR_GRID)], by=machine("测试"))
    assert count("new_units", year=2025) == {NEAR: 1}


def test_leads_somebody_verified(in_july, make_employer):
    found = [a_lead_of(make_employer(), n) for n in range(4)]
    for lead, state, at in (
        (found[0], LeadState.CONFIRMED, now()),
        (found[1], LeadState.DISMISSED, now() - timedelta(days=30)),
        (found[2], LeadState.HEALED, None),
        (found[3], LeadState.CONFIRMED, now() - timedelta(days=365)),
    ):
        lead.state, lead.verified_at = state, at
        lead.save()
    assert count("leads") == {NEAR: 2}
    assert count("leads", year=2025) == {NEAR: 1}


def a_lead_of(subject: Any, number: int) -> Any:
    lead = a_lead(subject)
    Delivery.objects.filter(sha256="1" * 64).update(sha256=f"{number}".ljust(64, "2"))
    return lead


def test_cases_the_register_healed(in_july, make_case):
    cases = [make_case() for _ in range(3)]
    Case.objects.filter(pk=cases[0].pk).update(healed_on=date(2026, 6, 1))
    Case.objects.filter(pk=cases[1].pk).update(healed_on=date(2025, 12, 31))
    assert count("healed") == {NEAR: 1}


def test_each_door_counts_once_a_year(in_july, cast, make_employer):
    twice, nobody_in, long_ago = make_employer(), make_employer(), make_employer(area=FAR_GRID)
    make_visit(cast, twice), make_visit(cast, twice)
    visit = make_visit(cast, nobody_in)
    type(visit).objects.filter(pk=visit.pk).update(outcome="nobody_in")
    visit, then = make_visit(cast, long_ago), now() - timedelta(days=300)
    type(visit).objects.filter(pk=visit.pk).update(recorded_at=then, counts_at=then)
    assert count("doors") == {NEAR: 1}
    settled()
    assert count("doors", year=2025) == {FAR: 1}


def test_sites_begun_this_year_and_found_in_order(in_july, cast, make_employer):
    sites = [
        make_employer(kind="construction_site", credit_code=None, local_code=f"P{n}", established_on=begun)
        for n, begun in enumerate([date(2026, 4, 1), date(2026, 4, 1), date(2025, 4, 1), None])
    ]
    subjects_moved([Move(site.pk, "", site.area) for site in sites], by=cast.by.wu)
    mark_state([site.pk for site in (sites[0], sites[2], sites[3])], CoverState.COMPLIANT, by=cast.by.wu)
    assert count("sites") == {NEAR: 2}


def test_the_page_reads_a_fixed_number_of_times(
    in_july, cast, plan_of, make_employer, django_assert_max_num_queries
):
    wholes = dict.fromkeys(["new_units", "new_people", "leads", "healed", "doors", "sites"], 60)
    issued(plan_of(**wholes), cast.by.wu)
    issued(actions.draft_plan(2026, NEAR, {}, by=cast.by.qian), cast.by.qian)
    for n in range(5):
        social(make_employer(), date(2026, 3, 1 + n), 4)
    for code in ("1503", NEAR, "150302001"):
        with django_assert_max_num_queries(16):
            found = queries.overview(cast.by.wu, 2026, code)
        assert len(found.goals) == 6
    city = queries.overview(cast.by.wu, 2026, "1503").goals[0]
    assert (city.whole.target, city.whole.done, city.whole.percent) == (60, 4, 6)
    assert [(part.area, part.target, part.done) for part in city.parts] == [(NEAR, 30, 4), (FAR, 30, 0)]


def test_what_waits_in_a_pool_is_a_line_of_its_own(in_july, cast, plan_of, make_employer):
    issued(plan_of(), cast.by.wu)
    issued(actions.draft_plan(2026, NEAR, {}, by=cast.by.qian), cast.by.qian)
    social(make_employer(), date(2026, 3, 1), 4)
    social(make_employer(), date(2026, 3, 2), 4)
    social(make_employer(area=NEAR), date(2026, 3, 2), 4)
    goal = queries.overview(cast.by.qian, 2026, NEAR).goals[0]
    assert goal.whole.done == sum(part.done for part in goal.parts) == 2
    assert goal.parts[-1].name == "海勃湾区·待归格"


def test_the_database_refuses_two_plans_in_force(cast, plan_of):
    plan = issued(plan_of(), cast.by.wu)
    assert Target.objects.filter(plan=plan).count() == 3
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            year=plan.year, area="1503", version=9, reason="x", state=PlanState.ISSUED, made_by=cast.wu, made_at=now(),
            issued_by=cast.wu, issued_at=now(),
        )  # fmt: skip
