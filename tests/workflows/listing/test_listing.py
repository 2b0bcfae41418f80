"""Due process: no gate can be skipped, in code or in SQL."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import add_months
from grid.scope import Role
from grid.territory.models import Posting
from grid.territory.queries import actor_of
from tests.cast import SINCE
from tests.workflows.conftest import Walk, day_after, noon, paper
from workflows.cases import actions, rules
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.listing import actions as listing_acts
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.listing.actions.proving import Document, file_proof
from workflows.listing.models import Ground, Listing
from workflows.listing.rules import masked
from workflows.notices.models import NoticeKind
from workflows.notices.rules import public_from


def sets(listing: Listing, **columns: Any) -> None:
    """UPDATE by hand, past every model and action."""
    names = ", ".join(f'"{name}" = %s' for name in columns)
    values = [
        connection.ops.adapt_datetimefield_value(v) if hasattr(v, "hour") else v for v in columns.values()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE workflows_listing SET {names} WHERE id = %s", [*values, listing.pk])


def test_sql_can_take_no_gate_away_from_a_published_entry(case_at: Callable[..., Case]) -> None:
    listing = Listing.objects.get(case=case_at(CaseState.PUBLISHED))
    emptied = dict.fromkeys(
        [
            "noticed_on", "defence_closed_on", "reviewed_at", "reviewed_by_id", "district_at", "district_by_id",
            "city_at", "city_by_id", "decided_on", "served_on", "ends_on",
        ]
    )  # fmt: skip
    at = now()
    for name, value in (emptied | {"penalty_number": "", "defence_on": today(), "dropped_at": at}).items():
        with pytest.raises(IntegrityError):
            sets(listing, **{name: value})


def test_sql_can_give_no_gate_to_whoever_passed_one_before(case_at: Callable[..., Case], cast: Any) -> None:
    listing = Listing.objects.get(case=case_at(CaseState.PUBLISHED))
    for gate, person in (
        ("reviewed_by_id", cast.zhou),
        ("district_by_id", cast.zhou),
        ("city_by_id", cast.wu),
        ("city_by_id", cast.qian),
    ):
        with pytest.raises(IntegrityError):
            sets(listing, **{gate: person.pk})


def test_sql_can_put_no_unapproved_case_on_the_path(make_case: Callable[..., Case]) -> None:
    case = make_case()
    for state in rules.PATH[2:]:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE workflows_case SET state = %s WHERE id = %s", [state, case.pk])


def test_code_skips_no_gate_either(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.LISTING_PROPOSED)
    for skip in (
        lambda: listing_acts.record_defence(case, "申辩", by=cast.by.fang),
        lambda: listing_acts.review_listing(case, "同意", by=cast.by.fang),
        lambda: listing_acts.decide_district(case, by=cast.by.qian),
        lambda: listing_acts.decide_city(case, by=cast.by.ma),
        lambda: listing_acts.publish_listing(case, by=cast.by.ma),
    ):
        with pytest.raises(problems.OutOfOrder):
            skip()
    case.refresh_from_db()
    assert case.state == CaseState.LISTING_PROPOSED


def test_four_eyes_at_every_decision(case_at: Callable[..., Case], cast: Any, walk: Walk) -> None:
    case = case_at(CaseState.LISTING_REVIEW)
    listing_acts.review_listing(case, "合法", by=cast.by.fang)
    listing_acts.decide_district(case, by=cast.by.qian)
    # As nobody may be posted, but somebody could have moved on meanwhile.
    Posting.objects.create(person=cast.fang, role=Role.CITY, area_id="1503", valid_from=SINCE)
    with pytest.raises(problems.SamePersonTwice):
        listing_acts.decide_city(case, by=actor_of(cast.fang))
    listing_acts.decide_city(case, by=cast.by.ma)
    assert case.state == CaseState.LISTING_SERVICE


def test_only_the_own_district_decides(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.LISTING_DISTRICT)
    with pytest.raises(problems.NotHere):
        listing_acts.decide_district(case, by=cast.by.han)


def test_a_defence_is_answered_before_the_review(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.DEFENCE)
    with pytest.raises(listing_problems.DefenceMissing):
        listing_acts.answer_defence(case, "无", by=cast.by.fang)
    listing_acts.record_defence(case, "我单位已于上月停业", by=cast.by.fang)
    with day_after(case):
        told = "the term of the defence, the one to correct of the penalty, and the one to publish it"
        assert fire_due_clocks() == 3, told
        case.refresh_from_db()
        with pytest.raises(listing_problems.DefenceUnanswered):
            listing_acts.review_listing(case, "合法", by=cast.by.fang)
        listing_acts.answer_defence(case, "经核实仍在经营", by=cast.by.fang)
        listing = listing_acts.review_listing(case, "合法", by=cast.by.fang)
    assert listing.reviewed_by_id == cast.fang.pk


def test_law_18_a_late_defence_enters_the_file_and_is_reviewed(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    listing_acts.record_defence(case, "已于今日补办登记", by=cast.by.fang)
    listing = listing_acts.record_defence(case, "附回执", by=cast.by.fang)
    assert case.state == CaseState.LISTING_REVIEW
    assert listing.defence == "已于今日补办登记\n附回执"
    assert listing.reviewed_at is None and listing.district_at is None
    with pytest.raises(listing_problems.DefenceUnanswered):
        listing_acts.review_listing(case, "合法", by=cast.by.fang)
    listing_acts.answer_defence(case, "回执属实，不影响认定", by=cast.by.fang)
    assert listing_acts.review_listing(case, "合法", by=cast.by.fang).reviewed_by_id == cast.fang.pk


def test_the_term_of_defence_is_ten_working_days_until_the_lawyers_say_otherwise(
    case_at: Callable[..., Case],
) -> None:
    clock = case_at(CaseState.DEFENCE).clocks.get(kind="listing.defence")
    assert (clock.length, clock.unit, clock.reviewed) == (10, "wd", False)


def test_a_ground_out_of_force_lists_nobody(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    case = case_at(CaseState.PENALISED)
    old = Ground.objects.create(
        code="old", title="旧情形", basis="已废止", needs_penalty=False, months=12,
        valid_from=today() - timedelta(days=900), valid_to=today() - timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(listing_problems.GroundNotInForce):
        listing_acts.propose_listing(case, old, "事实", by=cast.by.zhou)
    assert old not in queries.grounds_on(today())
    Case.objects.filter(pk=case.pk).update(penalty=None)
    with pytest.raises(listing_problems.PenaltyFirst):
        listing_acts.propose_listing(case, grounds["5-1"], "事实", by=cast.by.zhou)


def test_a_ground_lists_only_whom_it_concerns_and_on_facts(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    case = case_at(CaseState.PENALISED)
    for code, refusal in (
        ("17-2", listing_problems.GroundNotForListing),
        ("5-4", listing_problems.GroundUnfit),
        ("5-2", listing_problems.ConditionsUnmet),
        ("5-8", listing_problems.ConditionsUnmet),
    ):
        with pytest.raises(refusal):
            listing_acts.propose_listing(case, grounds[code], "事实", by=cast.by.zhou)
    found = {"persons": 20, "gain": "20000", "unknown": 1}
    with pytest.raises(listing_problems.ConditionsUnmet):
        listing_acts.propose_listing(case, grounds["5-2"], "事实", circumstances=found, by=cast.by.zhou)
    found["gain"] = "20000.01"
    file_proof(case, Document("record", "", today(), "经办机构", (paper(),)), by=cast.by.zhou)
    listing = listing_acts.propose_listing(case, grounds["5-2"], "事实", circumstances=found, by=cast.by.zhou)
    assert listing.circumstances == {"persons": 20, "gain": "20000.01"}


def test_a_ground_repealed_before_the_decision_decides_nothing(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    Ground.objects.filter(code="5-1").update(valid_to=today() - timedelta(days=1))
    with pytest.raises(listing_problems.GroundNotInForce):
        listing_acts.decide_city(case, by=cast.by.ma)


def test_dropping_ends_the_case_with_its_reason(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.LISTING_CITY)
    with pytest.raises(problems.NotYourPost):
        listing_acts.drop_listing(case, "情节轻微", by=cast.by.qian)
    listing_acts.drop_listing(case, "情节轻微", by=cast.by.ma)
    listing = Listing.objects.get(case=case)
    assert (case.state, listing.dropped_why) == (CaseState.NOT_LISTED, "情节轻微")
    assert case.notices.get(kind=NoticeKind.LISTING_NOTICE).withdrawn_at
    assert not case.notices.get(kind=NoticeKind.URGING).withdrawn_at


def test_publication_waits_until_a_public_notice_counts(
    case_at: Callable[..., Case], cast: Any, walk: Walk
) -> None:
    case = case_at(CaseState.LISTING_SERVICE)
    service = walk.serve(
        case.notices.get(kind=NoticeKind.LISTING_DECISION), cast.by.zhou, way="public", receiver="",
        media="乌海日报", reasons="登记地址无人，邮寄退回",
    )  # fmt: skip
    assert service.effective_on == public_from(today(), 30, workdays())
    case.refresh_from_db()
    with pytest.raises(listing_problems.NotServedYet):
        listing_acts.publish_listing(case, by=cast.by.ma)
    assert not queries.published().exists()


def test_a_subject_that_rectified_before_publication_is_not_published(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.PUBLICATION)
    actions.rectify_cases([case.subject_id], by=cast.by.wu)
    with pytest.raises(listing_problems.AlreadyRectified):
        listing_acts.publish_listing(case, by=cast.by.ma)
    listing_acts.drop_listing(case, "已整改", by=cast.by.ma)
    assert case.state == CaseState.NOT_LISTED


def test_the_list_shows_an_entry_from_publication_to_its_last_day(
    case_at: Callable[..., Case], client: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    listing = Listing.objects.get(case=case)
    assert listing.decided_on and listing.ends_on == add_months(listing.decided_on, 12)
    page = client.get("/public/listings/")
    assert case.subject.name in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    entry = client.get(f"/public/listings/{case.code}/")
    text = entry.content.decode()
    assert listing.ground.basis in text and "待法制审核" in text
    with moved_to(noon(listing.ends_on)):
        assert queries.published().exists()
        assert fire_due_clocks() == 0
    with moved_to(noon(listing.ends_on + timedelta(days=1))):
        assert not queries.published().exists()  # even before any clock came by
        assert fire_due_clocks() == 1
        assert client.get(f"/public/listings/{case.code}/").status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.REMOVED


def test_the_list_is_searched_by_name_and_code(case_at: Callable[..., Case], client: Any) -> None:
    case = case_at(CaseState.PUBLISHED)
    for text in (case.subject.name[2:6], (case.subject.credit_code or "").lower()):
        assert case.code in client.get("/public/listings/", {"q": text}).content.decode()
    assert case.code not in client.get("/public/listings/", {"q": "别的单位"}).content.decode()


def test_nothing_is_public_before_its_publication(case_at: Callable[..., Case], client: Any) -> None:
    case = case_at(CaseState.PUBLICATION)
    assert case.subject.name not in client.get("/public/listings/").content.decode()
    assert client.get(f"/public/listings/{case.code}/").status_code == 404


@pytest.mark.parametrize(
    "text,shown",
    [
        ("法定代表人张三,11010519491231002X", "法定代表人张三,110105********002X"),
        ("电话13812345678。", "电话138****5678。"),
        ("代码91150302000000001X", "代码91150302000000001X"),
        ("欠缴123456元", "欠缴123456元"),
    ],
)
def test_persons_are_masked_and_units_are_not(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_loading_grounds_again_changes_nothing(grounds: dict[str, Ground]) -> None:
    assert load_shipped_grounds() == 0
    assert not any(ground.reviewed for ground in grounds.values())


def test_no_act_on_a_listing_goes_without_its_words(
    make_case: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    case, by, ground = make_case(), cast.by, grounds["5-1"]
    for act in (
        lambda: listing_acts.propose_listing(case, ground, " ", by=by.zhou),
        lambda: listing_acts.record_defence(case, " ", by=by.fang),
        lambda: listing_acts.answer_defence(case, "", by=by.fang),
        lambda: listing_acts.review_listing(case, " ", by=by.fang),
        lambda: listing_acts.drop_listing(case, "", by=by.qian),
        lambda: listing_acts.correct_listing(case, " ", "已附", by=by.zhou),
        lambda: listing_acts.correct_listing(case, "事实", "", by=by.zhou),
        lambda: listing_acts.review_ground(ground, " ", by=by.wu),
    ):
        with pytest.raises(problems.ReasonMissing):
            act()
    assert not Listing.objects.exists()


def test_a_subject_that_rectified_is_not_proposed(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    case = case_at(CaseState.PENALISED)
    actions.rectify_cases([case.subject_id], by=cast.by.wu)
    with pytest.raises(listing_problems.AlreadyRectified):
        listing_acts.propose_listing(case, grounds["5-1"], "逾期未登记", by=cast.by.zhou)
