"""The way of a year to its end: after it is over, seen by the districts, their objections answered, by two people."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid import problems
from grid.calendar.now import moved_to
from grid.ledger.models import Entry
from project.inbox import inbox_of
from tests.workflows.assessment.ground import CITY, at, computed, frozen, shown
from workflows.assessment import actions, queries
from workflows.assessment import problems as assessment_problems
from workflows.assessment.models import Response, Result, Scheme, SchemeState, Stand
from workflows.assessment.queries import gates
from workflows.assessment.queries.digest import digest
from workflows.assessment.verbs import AssessmentVerb

NEAR, FAR = "150302", "150304"


@pytest.fixture
def scheme(cast: Any, played: Any) -> Scheme:
    return shown(cast)


def response(area: str) -> Response:
    return Response.objects.select_related("scheme").filter(area=area).latest("showing")


def waiting(by: Any) -> list[tuple[str, Any]]:
    return [(item.label, item.due_on) for item in inbox_of(by).items if item.kind == "assessment"]


def test_a_year_that_runs_is_not_shown_nor_closed(cast, played):
    """Not on 30 November, not on New Year's Eve, and not while registers of the year's end still come in."""
    for day in (at(11, 30), at(12, 31), at(1, 10, 2027)):
        with moved_to(day):
            scheme = computed(cast)
            with pytest.raises(assessment_problems.YearNotOver):
                actions.show_scheme(scheme, CITY, by=cast.by.wu)
            with pytest.raises(problems.OutOfOrder):
                actions.propose_freeze(scheme, CITY, by=cast.by.wu)
            with pytest.raises(problems.OutOfOrder):
                actions.freeze_scheme(scheme, CITY, by=cast.by.ma)
    with moved_to(at(1, 11, 2027)):
        with pytest.raises(assessment_problems.ComputedTooEarly):
            actions.show_scheme(scheme, CITY, by=cast.by.wu)
        actions.show_scheme(computed(cast), CITY, by=cast.by.wu)


def test_what_was_not_computed_is_not_shown(cast, played):
    with moved_to(at(1, 15, 2027)):
        scheme = actions.open_scheme(2026, CITY, by=cast.by.wu)
        with pytest.raises(assessment_problems.NotComputed):
            actions.show_scheme(scheme, CITY, by=cast.by.wu)


def test_the_lawful_way(cast, played):
    scheme = frozen(cast)
    assert (scheme.state, scheme.proposed_by, scheme.frozen_by) == (SchemeState.FROZEN, cast.wu, cast.ma)
    told = Entry.objects.get(verb=AssessmentVerb.ASSESSMENT_FROZEN)
    assert told.data["hash"] == scheme.hash == digest(scheme)
    rows = [(r.indicator.formula, r.area, r.hash) for r in Result.objects.select_related("indicator")]
    assert sorted((line[0], line[1], line[5]) for line in told.data["results"]) == sorted(rows)
    assert [e.verb for e in queries.history_of(scheme)] == [
        "scheme.opened", "assessment.computed", "assessment.shown", "assessment.agreed", "assessment.agreed",
        "assessment.proposed", "assessment.frozen",
    ]  # fmt: skip
    with moved_to(at(2, 1, 2027)):
        for act in (actions.compute_scheme, actions.show_scheme, actions.propose_freeze):
            with pytest.raises(assessment_problems.YearFrozen):
                act(scheme, CITY, by=cast.by.wu)
        with pytest.raises(assessment_problems.YearFrozen):
            actions.take_back_scheme(scheme, CITY, "改", by=cast.by.wu)


def test_neither_of_the_two_is_enough(cast, scheme):
    with moved_to(at(2, 1, 2027)):
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)
        with pytest.raises(problems.SamePersonTwice):
            actions.freeze_scheme(scheme, CITY, by=cast.by.wu)
        with pytest.raises(problems.SamePersonTwice):
            actions.refuse_freeze(scheme, CITY, "不妥", by=cast.by.wu)
        with pytest.raises(problems.NotHere):
            actions.freeze_scheme(scheme, CITY, by=cast.by.qian)
        with pytest.raises(problems.ReasonMissing):
            actions.refuse_freeze(scheme, CITY, " ", by=cast.by.ma)
        actions.refuse_freeze(scheme, CITY, "请再核一遍", by=cast.by.ma)
        scheme.refresh_from_db()
        assert (scheme.state, scheme.proposed_by) == (SchemeState.SHOWN, None)
        actions.propose_freeze(scheme, CITY, by=cast.by.ma)
        actions.freeze_scheme(scheme, CITY, by=cast.by.wu)


def test_the_database_refuses_one_person_alone(cast, scheme):
    for values in (
        {"state": "frozen"},
        {"state": "frozen", "frozen_at": at(2, 1, 2027), "frozen_by": cast.wu},
        {"frozen_at": at(2, 1, 2027), "frozen_by": cast.wu},
        {"state": "frozen", "frozen_at": at(2, 1, 2027), "frozen_by": cast.wu, "proposed_by": cast.wu},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scheme.objects.filter(pk=scheme.pk).update(**values)


def test_districts_have_their_term(cast, scheme):
    assert scheme.due_on == date(2027, 1, 30)
    with moved_to(at(1, 20, 2027)):
        actions.agree_result(response(NEAR), by=cast.by.qian)
        with pytest.raises(assessment_problems.ResponsesRunning):
            actions.propose_freeze(scheme, CITY, by=cast.by.wu)
    with moved_to(at(1, 31, 2027)):
        with pytest.raises(assessment_problems.ResponseOver):
            actions.object_to_result(response(FAR), "漏算", by=cast.by.han)
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)


def test_an_objection_is_answered_first(cast, scheme):
    indicator = scheme.indicators.get(formula="enrolment")
    with moved_to(at(1, 20, 2027)):
        with pytest.raises(problems.ReasonMissing):
            actions.object_to_result(response(FAR), " ", by=cast.by.han)
        elsewhere = actions.open_scheme(2025, CITY, by=cast.by.wu).indicators.first()
        with pytest.raises(problems.NotHere):
            actions.object_to_result(response(FAR), "漏算", elsewhere, by=cast.by.han)
        actions.agree_result(response(FAR), by=cast.by.han)
        # Whoever agreed too early may still object while the term runs.
        actions.object_to_result(response(FAR), "有一户已停业", indicator, by=cast.by.han)
        with pytest.raises(problems.OutOfOrder):
            actions.object_to_result(response(FAR), "再提", by=cast.by.han)
    with moved_to(at(2, 1, 2027)):
        with pytest.raises(assessment_problems.AssessmentObjectionOpen):
            actions.propose_freeze(scheme, CITY, by=cast.by.wu)
        with pytest.raises(problems.ReasonMissing):
            actions.answer_objection(response(FAR), CITY, "", uphold=False, by=cast.by.wu)
        actions.answer_objection(response(FAR), CITY, "名册显示存续，不予采纳", uphold=False, by=cast.by.wu)
        assert response(FAR).state == Stand.REJECTED
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)
    told = Entry.objects.get(verb=AssessmentVerb.ASSESSMENT_OBJECTED)
    assert (told.area, told.data["reason"], told.data["indicator"]) == (
        FAR,
        "有一户已停业",
        "参保率（按人数）",
    )


def test_an_upheld_objection_leads_to_a_new_showing(cast, scheme):
    with moved_to(at(1, 20, 2027)):
        actions.object_to_result(response(FAR), "漏算", by=cast.by.han)
        actions.object_to_result(response(NEAR), "也漏算", by=cast.by.qian)
        actions.answer_objection(response(FAR), CITY, "属实", uphold=True, by=cast.by.wu)
        scheme.refresh_from_db()
        assert (scheme.state, scheme.hash, scheme.due_on) == (SchemeState.OPEN, "", None)
        again = actions.show_scheme(computed(cast), CITY, by=cast.by.wu)
        assert again.showing == 2
        assert {r.state for r in again.responses.filter(showing=2)} == {Stand.WAITING}
        for area, by in ((NEAR, cast.by.qian), (FAR, cast.by.han)):
            actions.agree_result(response(area), by=by)
        # The other objection to the first showing is still owed an answer.
        with pytest.raises(assessment_problems.AssessmentObjectionOpen):
            actions.propose_freeze(again, CITY, by=cast.by.wu)
        first = Response.objects.get(area=NEAR, showing=1)
        actions.answer_objection(first, CITY, "已重新计算，仍无出入", uphold=False, by=cast.by.ma)
        actions.propose_freeze(again, CITY, by=cast.by.wu)
        actions.freeze_scheme(again, CITY, by=cast.by.ma)


def test_what_is_shown_is_not_computed_over(cast, scheme):
    with moved_to(at(1, 20, 2027)):
        with pytest.raises(problems.OutOfOrder):
            actions.compute_scheme(scheme, CITY, by=cast.by.wu)
        with pytest.raises(problems.ReasonMissing):
            actions.take_back_scheme(scheme, CITY, "", by=cast.by.wu)
        actions.take_back_scheme(scheme, CITY, "社保名册有误", by=cast.by.wu)
        actions.compute_scheme(scheme, CITY, by=cast.by.wu)


def test_numbers_touched_behind_the_showing_are_not_closed(cast, scheme):
    Result.objects.filter(denominator__gt=1).update(numerator=2)
    with moved_to(at(2, 1, 2027)), pytest.raises(assessment_problems.NumbersTouched):
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)


def test_a_district_answers_for_itself_alone(cast, scheme):
    with moved_to(at(1, 20, 2027)):
        for by in (cast.by.han, cast.by.wu, cast.by.sun, cast.by.zhou, cast.by.zheng, cast.by.wang):
            with pytest.raises((problems.NotHere, problems.NotYourPost)):
                actions.agree_result(response(NEAR), by=by)
        for by in (cast.by.qian, cast.by.zheng, cast.by.fang):
            with pytest.raises((problems.NotHere, problems.NotYourPost)):
                actions.answer_objection(response(NEAR), CITY, "x", uphold=False, by=by)


@pytest.mark.once
def test_the_inbox_tells_whose_turn_it_is(cast, scheme):
    with moved_to(at(1, 20, 2027)):
        assert waiting(cast.by.qian) == waiting(cast.by.han) == [("考核公示", date(2027, 1, 30))]
        assert waiting(cast.by.wu) == waiting(cast.by.sun) == []
        actions.agree_result(response(NEAR), by=cast.by.qian)
        actions.object_to_result(response(FAR), "漏算", by=cast.by.han)
        assert waiting(cast.by.qian) == waiting(cast.by.han) == []
        assert waiting(cast.by.wu) == [("考核异议", None)]
        actions.answer_objection(response(FAR), CITY, "不属实", uphold=False, by=cast.by.wu)
        assert waiting(cast.by.ma) == [("提请封定考核", None)]
        actions.propose_freeze(scheme, CITY, by=cast.by.wu)
        assert (waiting(cast.by.wu), waiting(cast.by.ma)) == ([], [("封定考核", None)])
        actions.freeze_scheme(scheme, CITY, by=cast.by.ma)
        assert waiting(cast.by.wu) == waiting(cast.by.ma) == []


def test_a_year_that_is_over_waits_to_be_shown(cast, played):
    with moved_to(at(12, 31)):
        computed(cast)
        assert waiting(cast.by.wu) == []
    with moved_to(at(1, 11, 2027)):
        assert waiting(cast.by.wu) == [("公示考核", None)]


def test_the_whole_way_over_the_pages(cast, played, client):
    def post(who: Any, address: str, **data: Any) -> Any:
        client.force_login(who)
        return client.post(f"/assessment/{address}/", data)

    with moved_to(at(1, 15, 2027)):
        for name in ("compute", "show"):
            assert post(cast.wu, f"2026/{name}").status_code == 302
        near, far = (response(area).pk for area in (NEAR, FAR))
        assert post(cast.qian, f"responses/{near}/agree").status_code == 302
        assert post(cast.qian, f"responses/{far}/agree").status_code == 404
        empty = post(cast.han, f"responses/{far}/object", why="")
        assert empty.status_code == 422 and "field--wrong" in empty.content.decode()
        assert post(cast.han, f"responses/{far}/object", why="有一户已停业").status_code == 302
        client.force_login(cast.qian)
        assert "有一户已停业" not in client.get("/assessment/2026/").content.decode(), "a neighbour's reasons"
        client.force_login(cast.wu)
        assert "有一户已停业" in client.get("/assessment/2026/").content.decode()
        assert post(cast.wu, "2026/propose").status_code == 409
        assert post(cast.wu, f"responses/{far}/reject", answer="").status_code == 422
        assert post(cast.wu, f"responses/{far}/reject", answer="名册显示存续").status_code == 302
        assert post(cast.wu, "2026/propose").status_code == 302
        assert post(cast.wu, "2026/freeze").status_code == 409
        assert post(cast.ma, "2026/refuse", why="").status_code == 422
        assert post(cast.ma, "2026/refuse", why="再核").status_code == 302
        assert post(cast.ma, "2026/propose").status_code == 302
        assert post(cast.qian, "2026/freeze").status_code == 404
        assert post(cast.wu, "2026/freeze").status_code == 302
        page = client.get("/assessment/2026/").content.decode()
        assert "已封定" in page and "由马骏提请" in page and "确认封定" not in page
        assert "每一个对象都与所存一致" in post(cast.han, "2026/check").content.decode()
        assert post(cast.wu, "2026/nothing").status_code == 404


def test_the_page_reads_a_fixed_number_of_times(cast, scheme, client, django_assert_max_num_queries):
    with moved_to(at(1, 20, 2027)):
        client.force_login(cast.wu)
        client.get("/assessment/2026/")
        with django_assert_max_num_queries(22):
            client.get("/assessment/2026/")
        result = Result.objects.get(indicator__formula="enrolment", area=NEAR)
        with django_assert_max_num_queries(14):
            client.get(f"/assessment/results/{result.pk}/")


def test_a_year_closed_before_members_were_stored_stays_readable(cast, client):
    old = Scheme.objects.create(
        year=2024, title="考核", basis="旧", state="frozen", computed_at=at(1, 5, 2025), frozen_at=at(1, 5, 2025),
        frozen_by=cast.wu, hash="a" * 64,
    )  # fmt: skip
    indicator = old.indicators.create(
        formula="coverage", title="覆盖率", weight=20, target=1, explanation="旧"
    )
    result = indicator.results.create(area=NEAR, numerator=1, denominator=2, score=10)
    client.force_login(cast.wu)
    assert client.get("/assessment/2024/").status_code == 200
    assert "没有名单" in client.get(f"/assessment/results/{result.pk}/").content.decode()
    assert "没有留存名单" in client.post("/assessment/2024/check/").content.decode()
    assert not gates.may_show(old)
