"""No gate can be skipped: not by code, not by somebody else's post, not by the same person twice, not by SQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.scope import Right, Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.cast import SINCE
from tests.forward import go_to
from tests.workflows.conftest import (
    HEARD,
    MINUTES,
    WEIGHTY,
    Walk,
    certify,
    found,
    heads_of_the_district,
)
from workflows.cases.models import Case, CaseState
from workflows.clocks import problems as clocks_problems
from workflows.engine.acts import offers_for
from workflows.inspections import actions, queries
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.notices.models import NoticeKind


def by_sql(inspection: Inspection, **values: Any) -> None:
    """What a statement at the database's own prompt would try."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(**values)


# --- who -----------------------------------------------------------------------------------------


def test_two_officers_both_inspectors_of_the_place(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = walk.to(make_case(), CaseState.ESCALATED)
    certify(cast)
    for officers, refusal in (
        ((cast.zhou.pk, cast.zhou.pk), inspections_problems.OfficersMissing),
        ((cast.zhou.pk, cast.sun.pk), inspections_problems.OfficerUnfit),
        ((cast.zhou.pk, 10**9), inspections_problems.OfficersMissing),
    ):
        with pytest.raises(refusal):
            actions.file_inspection(case, officers, "逾期", by=cast.by.zhou)
    with pytest.raises(problems.NotYourPost):
        actions.file_inspection(case, (cast.zhou.pk, cast.he.pk), "逾期", by=cast.by.qian)
    with pytest.raises(problems.NotHere):
        actions.file_inspection(case, (cast.zhou.pk, cast.he.pk), "逾期", by=cast.by.han)


def test_an_open_inspection_is_the_only_one(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one = inspection_at(S.FILING)
    with pytest.raises(problems.OutOfOrder):
        actions.file_inspection(one.case, (cast.zhou.pk, cast.he.pk), "再来一次", by=cast.by.zhou)


def test_a_recused_officer_is_replaced_and_never_comes_back(
    inspection_at: Callable[..., Inspection], cast: Any, city: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    xu = Person.objects.create_user("xu", password="x", full_name="徐刚")
    Posting.objects.create(person=xu, role=Role.INSPECTOR, area=city["150302"], valid_from=SINCE)
    with pytest.raises(inspections_problems.CertificateInvalid):
        actions.recuse_officer(one, cast.he.pk, xu.pk, "是当事人亲属", by=cast.by.qian)
    Certificate.objects.create(
        person=xu, number="蒙C-9", valid_from=today(), valid_to=today() + timedelta(days=900)
    )
    with pytest.raises(problems.ReasonMissing):
        actions.recuse_officer(one, cast.he.pk, xu.pk, "", by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        actions.recuse_officer(one, cast.he.pk, xu.pk, "是当事人亲属", by=cast.by.zhou)
    actions.recuse_officer(one, cast.he.pk, xu.pk, "是当事人亲属", by=cast.by.qian)
    assert one.officers == (cast.zhou.pk, xu.pk) and one.certificate_2 == "蒙C-9"
    with pytest.raises(inspections_problems.OfficerExcluded):
        actions.recuse_officer(one, xu.pk, cast.he.pk, "换回", by=cast.by.qian)
    order = actions.issue_order(one, by=cast.by.zhou)
    assert [o["name"] for o in order.values["officers"]] == ["周正", "徐刚"]


def test_whoever_investigates_neither_reviews_nor_decides(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.LEGAL_REVIEW)
    for who in ("zhou", "he", "qian", "sun", "wu"):
        with pytest.raises(problems.NotYourPost):
            actions.review_inspection(one, "同意", by=getattr(cast.by, who))
    one = walk.inspection_at(one.case, S.DECIDING)
    for who in ("zhou", "wu", "sun"):
        with pytest.raises(problems.NotYourPost):
            actions.decide(one, by=getattr(cast.by, who))
    with pytest.raises(problems.NotHere):
        actions.decide(one, by=cast.by.han)


def test_a_page_that_was_overtaken_decides_nothing(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.DECIDING)
    actions.decide(Inspection.objects.get(pk=one.pk), by=cast.by.qian, at=S.DECIDING)
    with pytest.raises(problems.AlreadyDone):
        actions.decide(Inspection.objects.get(pk=one.pk), by=cast.by.qian, at=S.DECIDING)


# --- in what order -------------------------------------------------------------------------------


def test_no_penalty_is_told_before_the_order_ran_out(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    with pytest.raises(inspections_problems.OrderFirst):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)


def test_a_statement_is_answered_before_the_review(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    actions.record_statement(one, "资金周转困难", by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.LEGAL_REVIEW)
    with pytest.raises(inspections_problems.StatementUnanswered):
        actions.review_inspection(one, "同意", by=cast.by.shi)
    actions.answer_statement(one, "不予采纳，理由如下", by=cast.by.zhou)
    actions.review_inspection(one, "同意", by=cast.by.shi)
    assert one.state == S.DECIDING


@pytest.mark.parametrize("at", [S.NOTICED, S.LEGAL_REVIEW, S.DECIDING])
def test_law_18_further_statements_enter_the_file_until_the_decision(
    inspection_at: Callable[..., Inspection], cast: Any, at: S
) -> None:
    one = inspection_at(at)
    actions.record_statement(one, "资金周转困难", by=cast.by.zhou)
    actions.record_statement(one, "另有两人已退休", by=cast.by.zhou)
    assert one.statement == "资金周转困难\n另有两人已退休" and one.statement_answer == ""
    # Whoever had reviewed it without these words reviews it again, and they are answered first.
    assert one.state == (S.NOTICED if at == S.NOTICED else S.LEGAL_REVIEW) and one.reviewed_at is None
    if at == S.NOTICED:
        return
    with pytest.raises(inspections_problems.StatementUnanswered):
        actions.review_inspection(one, "同意", by=cast.by.shi)
    actions.answer_statement(one, "已核减两人", by=cast.by.zhou)
    actions.review_inspection(one, "同意", by=cast.by.shi)
    assert one.state == S.DECIDING


def test_nobody_is_punished_more_heavily_for_defending_themselves(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    actions.record_statement(one, "不服", by=cast.by.zhou)
    actions.answer_statement(one, "已复核", by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDING)
    with pytest.raises(inspections_problems.HeavierAfterStatement):
        actions.decide(one, times=Decimal(2), by=cast.by.qian)
    actions.return_inspection(one, "重新拟定", by=cast.by.qian)
    with pytest.raises(inspections_problems.HeavierAfterStatement):
        actions.issue_penalty_notice(one, found(times=Decimal(2)), by=cast.by.zhou)
    with pytest.raises(inspections_problems.OutsideTier):
        actions.issue_penalty_notice(one, found(times=Decimal(3)), by=cast.by.zhou)


def test_a_hearing_is_owed_asked_in_time_and_announced_in_time(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    small = walk.inspection_at(make_case(), S.NOTICED)
    with pytest.raises(inspections_problems.HearingNotOwed):
        actions.request_hearing(small, "要求听证", today(), by=cast.by.zhou)
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.NOTICED)
    with pytest.raises(inspections_problems.HearingTermOver):
        actions.request_hearing(one, "要求听证", today() + timedelta(days=30), by=cast.by.zhou)
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    with pytest.raises(inspections_problems.HearingUnready):
        actions.hold_hearing(one, HEARD, by=cast.by.shi)
    late = today() + timedelta(days=40)
    with pytest.raises(inspections_problems.HearingTooSoon):
        actions.call_hearing(
            one, actions.Session(today() + timedelta(days=3), "会议室", cast.shi.pk, "记录"), by=cast.by.zhou
        )
    with pytest.raises(problems.SamePersonTwice):
        actions.call_hearing(one, actions.Session(late, "会议室", cast.he.pk, "记录"), by=cast.by.zhou)
    with pytest.raises(inspections_problems.OfficersMissing):
        actions.call_hearing(one, actions.Session(late, "会议室", 10**9, "记录"), by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        actions.call_hearing(one, actions.Session(late, " ", cast.shi.pk, "记录"), by=cast.by.zhou)


def test_what_was_said_is_answered_before_the_hearing_is_closed(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.NOTICED)
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    held_on = today() + timedelta(days=20)
    session = actions.Session(held_on, "会议室", cast.shi.pk, "记录")
    walk.serve(actions.call_hearing(one, session, by=cast.by.zhou), cast.by.zhou)
    go_to(held_on)
    one.refresh_from_db()
    actions.record_statement(one, "资金周转困难", by=cast.by.zhou)
    actions.record_hearing(one, MINUTES, by=cast.by.shi)
    with pytest.raises(inspections_problems.StatementUnanswered):
        actions.hold_hearing(one, HEARD, by=cast.by.shi)
    actions.answer_statement(one, "已复核，不予采纳", by=cast.by.zhou)
    assert actions.hold_hearing(one, HEARD, by=cast.by.shi).state == S.LEGAL_REVIEW


def test_law_19_the_hearing_is_chaired_and_reported_by_a_legal_officer_of_the_body(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    """劳动行政处罚听证程序规定5条; neither who decides, nor another body's, nor the investigators report."""
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.NOTICED)
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    held_on = today() + timedelta(days=20)
    assert [pk for pk, _name in queries.chairs_at(one)] == [cast.shi.pk]
    for who in ("qian", "wu", "sun", "fang"):
        with pytest.raises(inspections_problems.ChairUnfit):
            session = actions.Session(held_on, "会议室", getattr(cast, who).pk, "记录")
            actions.call_hearing(one, session, by=cast.by.zhou)
    session = actions.Session(held_on, "会议室", cast.shi.pk, "记录")
    notice = actions.call_hearing(one, session, by=cast.by.zhou)
    assert "劳动行政处罚听证程序规定" in [clause["law"] for clause in notice.values["basis"]]
    walk.serve(notice, cast.by.zhou)
    go_to(held_on)
    one.refresh_from_db()
    actions.record_hearing(one, MINUTES, by=cast.by.shi)
    with pytest.raises(problems.NotYourPost):
        actions.hold_hearing(one, HEARD, by=cast.by.zhou)
    with pytest.raises(inspections_problems.NotTheChair):
        actions.hold_hearing(one, HEARD, by=cast.by.fang)
    actions.hold_hearing(one, HEARD, by=cast.by.shi)
    walk.inspection_at(one.case, S.DECIDED)
    heard = "\n".join(one.case.notices.get(kind=NoticeKind.PENALTY_DECISION).values["heard"])
    assert (
        f"听证意见：{HEARD.opinion}" in heard
        and f"采纳情况：{HEARD.accepted}" in heard
        and "石磊主持" in heard
    )


def test_law_21_who_reviews_is_of_the_body_and_qualified(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    """行政处罚法58条2款; neither the city's lawyers, nor one whose 法律职业资格 is not on file."""
    one = inspection_at(S.LEGAL_REVIEW)
    with pytest.raises(inspections_problems.ReviewerUnfit):
        actions.review_inspection(one, "同意", by=cast.by.fang)
    cards = Certificate.objects.filter(person=cast.shi)
    cards.update(kind=CertificateKind.ENFORCEMENT)
    with pytest.raises(inspections_problems.ReviewerUnfit):
        actions.review_inspection(one, "同意", by=cast.by.shi)
    cards.update(kind=CertificateKind.LAW)
    assert actions.review_inspection(one, "同意", by=cast.by.shi).state == S.DECIDING


def test_law_21_the_city_office_reviews_no_matter(cast: Any) -> None:
    assert not cast.by.wu.has(Right.LEGAL_REVIEW) and cast.by.fang.has(Right.LEGAL_REVIEW)


def test_a_discussion_has_three_members_who_all_speak(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    walk.arrears = WEIGHTY
    case = make_case()
    one = walk.inspection_at(case, S.NOTICED)
    walk.wait(case, "inspection.hearing_request")
    one = walk.inspection_at(case, S.COLLECTIVE)
    qian, gu, shen = heads_of_the_district()
    agreed = actions.Concluded("同意")
    with pytest.raises(inspections_problems.DiscussionTooSmall):
        actions.conclude_discussion(one, agreed, by=cast.by.qian)
    with pytest.raises(inspections_problems.DiscussionTooSmall):
        actions.call_members(one, [qian.pk, gu.pk], by=cast.by.qian)
    with pytest.raises(problems.SamePersonTwice):
        actions.call_members(one, [qian.pk, gu.pk, cast.he.pk], by=cast.by.qian)
    actions.call_members(one, [qian.pk, gu.pk, shen.pk], by=cast.by.qian)
    with pytest.raises(inspections_problems.NotCalled):
        actions.give_opinion(one, "我也说", by=cast.by.wu)
    actions.give_opinion(one, "同意", by=actor_of(gu))
    with pytest.raises(inspections_problems.NotCalled):
        actions.give_opinion(one, "再说", by=actor_of(gu))
    with pytest.raises(inspections_problems.DiscussionOpen):
        actions.conclude_discussion(one, agreed, by=cast.by.qian)


@pytest.fixture
def discussing(make_case: Callable[..., Case], walk: Walk) -> Inspection:
    """A weighty fine, told at the highest multiple of its tier; three heads have all spoken."""
    walk.arrears = WEIGHTY
    case = make_case()
    one = walk.inspection_at(case, S.ORDER_EXPIRED)
    notice = actions.issue_penalty_notice(one, found(WEIGHTY, times=Decimal(2)), by=walk.by.zhou)
    walk.serve(notice, walk.by.zhou)
    walk.report(one)
    walk.wait(case, "inspection.hearing_request")
    one = walk.inspection_at(case, S.COLLECTIVE)
    heads = heads_of_the_district()
    actions.call_members(one, [head.pk for head in heads], by=walk.by.qian)
    for head in heads:
        actions.give_opinion(one, "讨论过", by=actor_of(head))
    return one


def test_law_20_only_those_who_lead_the_body_discuss(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    """行政处罚法57条2款: 行政机关负责人; not whoever sees the case, nor a post that is not marked."""
    walk.arrears = WEIGHTY
    case = make_case()
    walk.inspection_at(case, S.NOTICED)
    walk.wait(case, "inspection.hearing_request")
    one = walk.inspection_at(case, S.COLLECTIVE)
    qian, gu, shen = heads_of_the_district()
    assert [pk for pk, _name in queries.heads_at(one)] == [qian.pk, gu.pk, shen.pk]
    for other in (cast.sun, cast.ma, cast.han, cast.shi):
        with pytest.raises(inspections_problems.NotAHead):
            actions.call_members(one, [qian.pk, gu.pk, other.pk], by=cast.by.qian)
    Posting.objects.filter(person=shen).update(is_head=False)
    with pytest.raises(inspections_problems.NotAHead):
        actions.call_members(one, [qian.pk, gu.pk, shen.pk], by=cast.by.qian)


def test_law_20_what_they_decided_binds_the_head(discussing: Inspection, cast: Any) -> None:
    one, by = discussing, cast.by.qian
    told = one.fine
    for times in (None, one.times):
        with pytest.raises(inspections_problems.NotMilder):
            actions.conclude_discussion(one, actions.Concluded("从轻", "milder", times), by=by)
    actions.conclude_discussion(one, actions.Concluded("从轻", "milder", Decimal("1.6")), by=by)
    one.refresh_from_db()
    assert one.fine < told
    with pytest.raises(inspections_problems.DecidedTogether):
        actions.decide(one, times=Decimal("1.5"), by=by)
    with pytest.raises(inspections_problems.DecidedTogether):
        actions.impose_no_penalty(one, "改主意", by=by)
    assert actions.decide(one, by=by).fine == one.fine


def test_law_20_no_penalty_decided_together_is_no_penalty(discussing: Inspection, cast: Any) -> None:
    one, by = discussing, cast.by.qian
    actions.conclude_discussion(one, actions.Concluded("轻微并已改正", "spare"), by=by)
    with pytest.raises(inspections_problems.DecidedTogether):
        actions.decide(one, by=by)
    proof = f"record-{one.records.exclude(kind='report').first().pk}"
    assert actions.impose_no_penalty(one, "集体讨论决定不予处罚", proof=proof, by=by).state == S.SPARED


def test_the_discussion_is_the_heads_also_where_an_inspector_has_no_part_in_the_matter(
    make_case: Callable[..., Case], walk: Walk, cast: Any, city: Any, client: Any
) -> None:
    walk.arrears = WEIGHTY
    case = make_case()
    one = walk.inspection_at(case, S.NOTICED)
    walk.wait(case, "inspection.hearing_request")
    one = walk.inspection_at(case, S.COLLECTIVE)
    other = Person.objects.create_user("other", password="x", full_name="高原")
    Posting.objects.create(person=other, role=Role.INSPECTOR, area=city["150302"], valid_from=SINCE)
    by = actor_of(other)
    # What the party adds is taken by whoever inspects (行政处罚法 45), and nothing else.
    assert [act.name for act in offers_for("inspection", by, one, queries.file_of(one))] == ["statement"]
    with pytest.raises(problems.NotYourPost):
        actions.return_inspection(one, "请重新调查", by=by)
    heads = heads_of_the_district()
    actions.call_members(one, [head.pk for head in heads], by=cast.by.qian)
    for head in heads:
        actions.give_opinion(one, "同意", by=actor_of(head))
    with pytest.raises(problems.NotYourPost):
        actions.conclude_discussion(one, actions.Concluded("同意"), by=by)
    client.force_login(other)
    agreed = {"opinion": "同意", "outcome": "as_told"}
    for act, given in (("return", {"why": "请重新调查", "to": S.NOTICED}), ("conclude", agreed)):
        answer = client.post(reverse("inspection-act", args=[case.code, act]), {"at": S.COLLECTIVE, **given})
        assert answer.status_code == 403 and "not-your-post" in answer.content.decode()
    one.refresh_from_db()
    assert one.state == S.COLLECTIVE
    actions.conclude_discussion(one, actions.Concluded("同意"), by=cast.by.qian)


def test_the_investigation_is_extended_once(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one = inspection_at(S.INVESTIGATING)
    clock = one.case.clocks.get(kind="inspection.investigation")
    with pytest.raises(problems.NotYourPost):
        actions.extend_investigation(one, "案情复杂", by=cast.by.zhou)
    actions.extend_investigation(one, "案情复杂", by=cast.by.qian)
    longer = one.case.clocks.get(kind="inspection.investigation")
    assert longer.due_on > clock.due_on
    with pytest.raises(clocks_problems.ClockExtended):
        actions.extend_investigation(one, "还要", by=cast.by.qian)


# --- by SQL --------------------------------------------------------------------------------------


def test_sql_takes_no_gate_from_a_penalty(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    for gate in ("filed_on", "order_expired_on", "noticed_on", "statement_closed_on", "reviewed_at", "decided_on",
                 "served_on"):  # fmt: skip
        by_sql(one, **{gate: None})
    by_sql(one, decision_number="")
    by_sql(one, certificate_2="")
    by_sql(one, fine=F("noticed_fine") + 1)
    by_sql(one, collective_needed=True)
    by_sql(one, court_on=today())
    by_sql(one, statement_on=today())
    by_sql(one, hearing_asked_on=today())


def test_sql_gives_no_gate_to_whoever_investigated(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    for gate in ("filed_by", "reviewed_by", "decided_by"):
        for officer in one.officers:
            by_sql(one, **{gate: officer})
    by_sql(one, decided_by=one.reviewed_by_id)
    by_sql(one, officer_2=one.officer_1_id)


@pytest.mark.parametrize("state", ["decided", "performing", "performed", "court", "enforced"])
def test_sql_jumps_to_no_penalty(inspection_at: Callable[..., Inspection], state: str) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    by_sql(one, state=state)


def test_every_document_of_the_way_is_on_file(inspection_at: Callable[..., Inspection]) -> None:
    one = inspection_at(S.PERFORMING)
    kinds = set(one.case.notices.values_list("kind", flat=True))
    assert {
        NoticeKind.FILING, NoticeKind.ORDER, NoticeKind.PENALTY_NOTICE, NoticeKind.PENALTY_DECISION,
    } <= kinds  # fmt: skip
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert "30,000.00" in str(decision.values["calculation"])


def test_who_was_taken_out_decides_nothing_in_the_matter(
    inspection_at: Callable[..., Inspection], cast: Any, city: Any
) -> None:
    one = inspection_at(S.LEGAL_REVIEW)
    posted(cast.sun, Role.INSPECTOR, city)
    Certificate.objects.create(person=cast.sun, number="蒙C-9", valid_from=today(), valid_to=today())
    actions.recuse_officer(one, cast.he.pk, cast.sun.pk, "是当事人亲属", by=cast.by.qian)
    posted(cast.he, Role.LEGAL, city)
    with pytest.raises(inspections_problems.OfficerExcluded):
        actions.review_inspection(one, "同意", by=actor_of(cast.he))
    file = queries.file_of(queries.inspection_at(cast.by.zhou, one.case.code))
    offered = offers_for("inspection", actor_of(cast.he), file.inspection, file)
    assert "review" not in {act.name for act in offered}


def test_who_approved_the_filing_does_not_become_an_officer(
    inspection_at: Callable[..., Inspection], cast: Any, city: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    for person, role in ((cast.qian, Role.INSPECTOR), (cast.sun, Role.DISTRICT)):
        posted(person, role, city)
    Certificate.objects.create(person=cast.qian, number="蒙C-9", valid_from=today(), valid_to=today())
    with pytest.raises(problems.SamePersonTwice):
        actions.recuse_officer(one, cast.he.pk, cast.qian.pk, "是当事人亲属", by=actor_of(cast.sun))


def posted(person: Person, role: Role, city: Any) -> None:
    Posting.objects.create(person=person, role=role, area=city["150302"], valid_from=SINCE)


def test_a_hearing_is_put_off_when_the_party_could_not_be_told_in_time(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.NOTICED)
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    held_on = today() + timedelta(days=20)
    notice = actions.call_hearing(
        one, actions.Session(held_on, "会议室", cast.shi.pk, "记录"), by=cast.by.zhou
    )
    go_to(held_on - timedelta(days=2))
    with pytest.raises(inspections_problems.HearingTooSoon):
        walk.serve(notice, cast.by.zhou)
    later = held_on + timedelta(days=30)
    file = queries.file_of(queries.inspection_at(cast.by.zhou, one.case.code))
    offered = offers_for("inspection", cast.by.zhou, file.inspection, file)
    assert {"move-hearing", "serve-hearing"} <= {act.name for act in offered}
    session = actions.Session(later, "会议室", cast.shi.pk, "记录")
    with pytest.raises(problems.OutOfOrder):
        actions.call_hearing(one, session, by=cast.by.zhou)
    again = actions.move_hearing(one, actions.Session(later, "会议室", cast.shi.pk, "记录"), by=cast.by.zhou)
    notice.refresh_from_db()
    assert notice.withdrawn_at and again.number != notice.number
    walk.serve(again, cast.by.zhou)
    one.refresh_from_db()
    assert (one.hearing_on, one.hearing_noticed_on) == (later, today())


def test_no_act_goes_without_its_words(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one, by = inspection_at(S.FILING), cast.by
    for act in (
        lambda: actions.file_inspection(one.case, (cast.zhou.pk, cast.he.pk), " ", by=by.zhou),
        lambda: actions.record_statement(one, " ", by=by.zhou),
        lambda: actions.answer_statement(one, "", by=by.zhou),
        lambda: actions.hold_hearing(one, replace(HEARD, opinion=" "), by=by.shi),
        lambda: actions.review_inspection(one, "", by=by.shi),
        lambda: actions.give_opinion(one, " ", by=by.sun),
        lambda: actions.conclude_discussion(one, actions.Concluded(""), by=by.qian),
        lambda: actions.return_inspection(one, " ", by=by.qian),
        lambda: actions.transfer_inspection(one, " ", "不属本机关管辖", by=by.qian),
        lambda: actions.note_enforced(one, "", by=by.zhou),
    ):
        with pytest.raises(problems.ReasonMissing):
            act()
    one.refresh_from_db()
    assert one.state == S.FILING


def test_a_page_that_shows_another_station_changes_nothing(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    with pytest.raises(problems.OutOfOrder):
        actions.recuse_officer(one, cast.he.pk, cast.sun.pk, "是当事人亲属", by=cast.by.qian, at=S.FILING)
    with pytest.raises(inspections_problems.OfficersMissing):
        actions.recuse_officer(one, cast.sun.pk, cast.wu.pk, "是当事人亲属", by=cast.by.qian)
    with pytest.raises(problems.OutOfOrder):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou, at=S.ORDER_EXPIRED)
    with pytest.raises(problems.OutOfOrder):
        actions.return_inspection(one, "请再核", to=S.DECIDED, by=cast.by.qian)
    one.refresh_from_db()
    assert (one.state, one.officers, one.fine) == (S.INVESTIGATING, (cast.zhou.pk, cast.he.pk), None)


def test_an_investigation_whose_term_ran_out_is_extended_no_more(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    walk.wait(one.case, "inspection.investigation")
    with pytest.raises(problems.OutOfOrder):
        actions.extend_investigation(one, "案情复杂", by=cast.by.qian)
    assert one.extended_on is None
