"""Steps handed over, delegated, signed, countersigned and taken back, at a case and at its inspection."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, Role
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import actor_of
from project.inbox import inbox_of
from tests.cast import SINCE
from tests.workflows.conftest import Walk
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.engine import problems as engine_problems
from workflows.engine.kind import kind_of, kinds
from workflows.engine.procedures import open_steps
from workflows.engine.signing.actions import binding
from workflows.engine.signing.actions.taking_back import take_back
from workflows.engine.signing.models import Answer, Move, MoveState
from workflows.engine.signing.queries import desk_of
from workflows.engine.signing.queries.matters import Place, place_at, place_of
from workflows.engine.signing.rules import Way, ways_at, why_not
from workflows.engine.verbs import EngineVerb
from workflows.inspections import actions as inspecting
from workflows.inspections.models import InspectionState
from workflows.inspections.models.certificates import Certificate, CertificateKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def xu(cast: Any, city: dict[str, Area]) -> Actor:
    """A second supervisor of sun's street."""
    person = Person.objects.create_user("xu", password="x", full_name="许明")
    Posting.objects.create(person=person, role=Role.STREET, area=city["150302001"], valid_from=SINCE)
    return actor_of(person)


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()


def at(case: Case) -> Place:
    case.refresh_from_db()
    return place_at(case, "case")


def leaves(person: Person) -> None:
    Posting.objects.filter(person=person).update(valid_to=today() - timedelta(days=1))


def approve(case: Case, by: Actor) -> Case:
    case.refresh_from_db()
    return cases.approve_case(case, by=by)


def told(case: Case, verb: Verb) -> list[dict[str, Any]]:
    return [entry.data for entry in Entry.objects.filter(case=case.code, verb=verb).order_by("pk")]


# --- 转办 -----------------------------------------------------------------------------------------


def test_a_step_handed_over_is_taken_by_that_colleague_alone(cast: Any, case: Case, xu: Actor) -> None:
    binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    with pytest.raises(engine_problems.StepHandedOver) as refused:
        approve(case, cast.by.sun)
    assert refused.value.facts["who"] == "许明"
    approve(case, xu)
    assert case.state == CaseState.DISTRICT_APPROVAL
    assert Move.objects.get().state == MoveState.DONE
    assert told(case, EngineVerb.STEP_HANDED_OVER)[0]["to"] == "许明"


def test_what_is_handed_over_moves_from_one_inbox_to_the_other(cast: Any, case: Case, xu: Actor) -> None:
    def waiting(viewer: Actor) -> list[str]:
        return [item.kind for item in inbox_of(viewer).items if case.code in item.title]

    assert (waiting(cast.by.sun), waiting(xu)) == (["case"], ["case"])
    binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    assert waiting(cast.by.sun) == []
    assert sorted(waiting(xu)) == ["case", "move"]


@pytest.mark.parametrize("name", ["sun", "qian"])
def test_the_giver_or_a_superior_takes_it_back(cast: Any, case: Case, xu: Actor, name: str) -> None:
    move = binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    binding.recall_move(move, "提前返回", by=getattr(cast.by, name))
    approve(case, cast.by.sun)
    assert Move.objects.get().state == MoveState.RECALLED


def test_a_colleague_without_say_takes_nothing_back(cast: Any, case: Case, xu: Actor) -> None:
    move = binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    with pytest.raises(problems.NotYourPost):
        binding.recall_move(move, "我来办", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        binding.recall_move(move, "我来办", by=cast.by.chen)
    with pytest.raises(problems.ReasonMissing):
        binding.recall_move(move, " ", by=cast.by.sun)


def test_handed_to_somebody_without_the_post_is_refused(cast: Any, case: Case) -> None:
    for name in ("zhao", "zheng", "chen"):
        with pytest.raises(engine_problems.UnfitColleague):
            binding.hand_over_step(at(case), getattr(cast, name).pk, "出差", by=cast.by.sun)
    with pytest.raises(engine_problems.NotForOneself):
        binding.hand_over_step(at(case), cast.sun.pk, "出差", by=cast.by.sun)
    with pytest.raises(problems.NotYourPost):
        binding.hand_over_step(at(case), cast.sun.pk, "出差", by=cast.by.zhao)


def test_who_was_handed_a_step_hands_it_on(cast: Any, case: Case, city: Any, xu: Actor) -> None:
    third = Person.objects.create_user("third", password="x", full_name="第三人")
    Posting.objects.create(person=third, role=Role.STREET, area=city["150302001"], valid_from=SINCE)
    binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    with pytest.raises(engine_problems.StepHandedOver):
        binding.hand_over_step(at(case), third.pk, "再转", by=cast.by.sun)
    binding.hand_over_step(at(case), third.pk, "不熟悉", by=xu)
    with pytest.raises(engine_problems.StepHandedOver):
        approve(case, xu)
    approve(case, actor_of(third))


def test_a_step_of_who_left_falls_back_to_those_who_hold_the_right(cast: Any, case: Case, xu: Actor) -> None:
    move = binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    leaves(Person.objects.get(pk=xu.person_id))
    assert binding.release_vacated() == 1
    assert binding.release_vacated() == 0
    move.refresh_from_db()
    assert move.state == MoveState.VACATED
    assert told(case, EngineVerb.MOVE_VACATED)
    approve(case, cast.by.sun)


def test_even_before_the_sweep_nobody_waits_for_who_left(cast: Any, case: Case, xu: Actor) -> None:
    binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    leaves(Person.objects.get(pk=xu.person_id))
    approve(case, cast.by.sun)


def test_who_still_holds_the_post_is_not_released(cast: Any, case: Case, xu: Actor) -> None:
    move = binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    assert binding.release_vacated() == 0
    move.refresh_from_db()
    assert move.state == MoveState.WAITING


def test_who_is_brought_in_is_asked_something_is_at_work_and_may_read_the_case(cast: Any, case: Case) -> None:
    with pytest.raises(problems.ReasonMissing):
        binding.ask_signer(at(case), cast.zhou.pk, " ", by=cast.by.sun)
    with pytest.raises(problems.ReasonMissing):
        binding.ask_countersigners(at(case), [], "请会签", by=cast.by.sun)
    with pytest.raises(engine_problems.UnfitColleague) as refused:
        binding.ask_signer(at(case), cast.chen.pk, "请提意见", by=cast.by.sun)
    assert refused.value.facts["right"] == Right.SEE_CASES.value
    Person.objects.filter(pk=cast.zhou.pk).update(is_active=False)
    with pytest.raises(problems.NotHere):
        binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    assert not Move.objects.exists()


def test_an_answer_is_of_the_kind_that_was_asked_for(cast: Any, case: Case, xu: Actor) -> None:
    handed = binding.hand_over_step(at(case), xu.person_id, "出差", by=cast.by.sun)
    with pytest.raises(engine_problems.MoveNotAllowed):
        binding.give_opinion(handed, Answer.AGREE, "", by=xu)
    asked = binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=xu)
    with pytest.raises(engine_problems.MoveNotAllowed):
        binding.give_opinion(asked, Answer.PREPARED, "", by=cast.by.zhou)
    with pytest.raises(engine_problems.MoveNotAllowed):
        binding.prepare_step(asked, "材料", by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        binding.prepare_step(asked, " ", by=cast.by.zhou)
    asked.refresh_from_db()
    assert asked.state == MoveState.WAITING


# --- 委派 -----------------------------------------------------------------------------------------


@pytest.fixture
def escalated(case: Case, walk: Walk) -> Case:
    return walk.to(case, CaseState.ESCALATED)


def file(case: Case, cast: Any, by: Actor) -> Any:
    case.refresh_from_db()
    return inspecting.file_inspection(case, (cast.zhou.pk, cast.he.pk), "督促期满仍未改正", by=by)


def test_a_delegate_prepares_and_the_delegator_finishes(cast: Any, escalated: Case, walk: Walk) -> None:
    from tests.workflows.conftest import certify

    certify(cast)
    move = binding.delegate_step(at(escalated), cast.zhao.pk, "整理走访材料", by=cast.by.zhou)
    with pytest.raises(engine_problems.StepNotPrepared):
        file(escalated, cast, cast.by.zhou)
    with pytest.raises(engine_problems.StepHandedOver):
        file(escalated, cast, cast.by.he)
    with pytest.raises(engine_problems.NotAsked):
        binding.prepare_step(move, "材料", by=cast.by.he)
    binding.prepare_step(move, "三次走访记录已汇总", by=cast.by.zhao)
    assert [item.kind for item in inbox_of(cast.by.zhou).items if "三次走访" in item.why] == ["move"]
    file(escalated, cast, cast.by.zhou)
    move.refresh_from_db()
    assert (move.state, move.words) == (MoveState.DONE, "三次走访记录已汇总")


def test_a_step_lies_in_one_pair_of_hands(cast: Any, escalated: Case) -> None:
    binding.delegate_step(at(escalated), cast.zhao.pk, "整理材料", by=cast.by.zhou)
    with pytest.raises(engine_problems.AskedAlready):
        binding.hand_over_step(at(escalated), cast.he.pk, "转办", by=cast.by.zhou)


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "way"),
    [
        (CaseState.STREET_APPROVAL, "delegate_step"),
        (CaseState.LISTING_CITY, "hand_over_step"),
        (CaseState.LISTING_CITY, "delegate_step"),
    ],
)
def test_what_a_named_post_decides_is_not_delegated(
    cast: Any, case: Case, walk: Walk, state: str, way: str
) -> None:
    walk.to(case, state)
    by = cast.by.sun if state == CaseState.STREET_APPROVAL else cast.by.ma
    with pytest.raises(engine_problems.MoveNotAllowed) as refused:
        getattr(binding, way)(at(case), cast.wu.pk, "代办", by=by)
    assert refused.value.facts["why"]


# --- 加签 -----------------------------------------------------------------------------------------


def test_a_step_waits_for_the_opinion_asked(cast: Any, case: Case) -> None:
    move = binding.ask_signer(at(case), cast.zhou.pk, "是否够立案标准", by=cast.by.sun)
    with pytest.raises(engine_problems.OpinionsOutstanding):
        approve(case, cast.by.sun)
    with pytest.raises(problems.ReasonMissing):
        binding.give_opinion(move, Answer.REFUSE, "", by=cast.by.zhou)
    with pytest.raises(engine_problems.NotAsked):
        binding.give_opinion(move, Answer.AGREE, "", by=cast.by.he)
    # An opinion binds nobody: who decides may see it otherwise, and both are kept.
    binding.give_opinion(move, Answer.REFUSE, "证据不足", by=cast.by.zhou)
    approve(case, cast.by.sun)
    assert told(case, EngineVerb.SIGNER_ANSWERED)[0]["reason"] == "证据不足"
    with pytest.raises(problems.OutOfOrder):
        binding.give_opinion(move, Answer.AGREE, "", by=cast.by.zhou)


def test_nobody_is_asked_twice_for_one_step(cast: Any, case: Case) -> None:
    move = binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    binding.give_opinion(move, Answer.AGREE, "", by=cast.by.zhou)
    with pytest.raises(engine_problems.AskedAlready):
        binding.ask_signer(at(case), cast.zhou.pk, "再提", by=cast.by.sun)
    same = {
        "case": case, "process_id": case.process_id, "flow": "CaseFlow", "step": move.step, "title": "x", "way": "signer",
        "asked_by": cast.sun, "asked": cast.zhou, "question": "x", "asked_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.create(**same)
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.create(**same | {"asked": cast.sun})


def test_silence_of_a_signer_lapses_with_the_term(cast: Any, case: Case, walk: Walk) -> None:
    binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    clock = case.clocks.get(kind="signing.opinion")
    assert clock.due_on == Move.objects.get().due_on
    walk.wait(case, "signing.opinion")
    assert Move.objects.get().state == MoveState.LAPSED
    assert told(case, EngineVerb.SIGNER_LAPSED)
    approve(case, cast.by.sun)


def test_even_before_the_sweep_nobody_waits_for_the_opinion_of_who_left(cast: Any, case: Case) -> None:
    binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    leaves(cast.zhou)
    approve(case, cast.by.sun)


def test_the_term_ends_with_the_last_answer(cast: Any, case: Case) -> None:
    first = binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    second = binding.ask_signer(at(case), cast.zhao.pk, "请提意见", by=cast.by.sun)
    clock = case.clocks.get(kind="signing.opinion")
    binding.give_opinion(first, Answer.AGREE, "", by=cast.by.zhou)
    clock.refresh_from_db()
    assert clock.stopped_at is None
    binding.recall_move(second, "不需要了", by=cast.by.sun)
    clock.refresh_from_db()
    assert clock.stopped_at is not None
    assert fire_due_clocks() == 0


# --- 会签 -----------------------------------------------------------------------------------------


@pytest.fixture
def countersigned(cast: Any, case: Case) -> list[Move]:
    people = [cast.zhou.pk, cast.zhao.pk]
    return binding.ask_countersigners(at(case), people, "请会签", by=cast.by.sun)


def test_all_must_agree(cast: Any, case: Case, countersigned: list[Move]) -> None:
    for move, by in zip(countersigned, (cast.by.zhao, cast.by.zhou), strict=True):
        with pytest.raises(engine_problems.OpinionsOutstanding):
            approve(case, cast.by.sun)
        binding.give_opinion(move, Answer.AGREE, "", by=by)
    approve(case, cast.by.sun)
    assert case.state == CaseState.DISTRICT_APPROVAL


def test_one_refusal_leaves_only_the_way_back(cast: Any, case: Case, countersigned: list[Move]) -> None:
    binding.give_opinion(countersigned[0], Answer.REFUSE, "人数不实", by=cast.by.zhao)
    with pytest.raises(engine_problems.CountersignRefused):
        approve(case, cast.by.sun)
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL
    with pytest.raises(problems.OutOfOrder):
        binding.recall_move(countersigned[0], "撤掉", by=cast.by.sun)
    cases.return_case(case, "人数不实，请核对", [], by=cast.by.sun)
    assert case.state == CaseState.CORRECTION
    assert set(Move.objects.values_list("state", flat=True)) == {MoveState.DONE}


def test_a_countersigner_who_left_is_replaced_by_a_person(
    cast: Any, case: Case, countersigned: list[Move]
) -> None:
    leaves(cast.zhou)
    assert binding.release_vacated() == 0
    binding.give_opinion(countersigned[0], Answer.AGREE, "", by=cast.by.zhao)
    with pytest.raises(engine_problems.OpinionsOutstanding):
        approve(case, cast.by.sun)
    binding.recall_move(countersigned[1], "已离岗", by=cast.by.sun)
    approve(case, cast.by.sun)


@pytest.mark.once
def test_a_statutory_term_waits_for_nobody(cast: Any, case: Case, walk: Walk) -> None:
    walk.to(case, CaseState.DEFENCE)
    binding.ask_signer(at(case), cast.he.pk, "如何答复", by=cast.by.fang)
    walk.wait(case, "listing.defence")
    case.refresh_from_db()
    assert case.state == CaseState.LISTING_REVIEW
    assert Move.objects.get().state in (MoveState.DONE, MoveState.LAPSED)
    assert not case.clocks.filter(kind="signing.opinion", fired_at=None, stopped_at=None).exists()


def test_a_case_broken_off_leaves_nobody_asked(cast: Any, case: Case, countersigned: list[Move]) -> None:
    cases.withdraw_case(case, "重复立案", by=cast.by.sun)
    assert set(Move.objects.values_list("state", flat=True)) == {MoveState.DONE}
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()


def another_lawyer() -> Person:
    """A second legal officer of the district, qualified."""
    person = Person.objects.create_user("shao", password="x", full_name="邵琳")
    Posting.objects.create(person=person, role=Role.LEGAL, area_id="150302", valid_from=today())
    span = {"valid_from": today(), "valid_to": today() + timedelta(days=900)}
    Certificate.objects.create(person=person, number="法-0199", kind=CertificateKind.LAW, **span)
    return person


# --- at an inspection -------------------------------------------------------------------------------


@pytest.mark.once
def test_the_same_at_an_inspection(cast: Any, case: Case, walk: Walk) -> None:
    inspection = walk.inspection_at(case, InspectionState.LEGAL_REVIEW)
    place = place_of(inspection)
    assert place is not None
    other = another_lawyer()
    with pytest.raises(engine_problems.MoveNotAllowed):
        binding.delegate_step(place, other.pk, "代为审核", by=cast.by.shi)
    binding.hand_over_step(place, other.pk, "回避", by=cast.by.shi)
    with pytest.raises(engine_problems.StepHandedOver):
        inspecting.review_inspection(inspection, "同意", by=cast.by.shi)
    inspecting.review_inspection(inspection, "同意", by=actor_of(other))
    inspection.refresh_from_db()
    assert inspection.reviewed_by_id == other.pk


# --- 撤回 -----------------------------------------------------------------------------------------


def test_an_approval_is_taken_back_while_nobody_acted_on_it(cast: Any, case: Case) -> None:
    approve(case, cast.by.sun)
    with pytest.raises(problems.NotYourPost):
        take_back(case, "看错了", by=cast.by.qian)
    with pytest.raises(problems.ReasonMissing):
        take_back(case, " ", by=cast.by.sun)
    take_back(case, "看错了", by=cast.by.sun)
    case.refresh_from_db()
    assert (case.state, case.street_by, case.street_at) == (CaseState.STREET_APPROVAL, None, None)
    assert [step.name for step in open_steps(case.process)] == ["street_approval"]
    assert told(case, EngineVerb.ACT_TAKEN_BACK)[0]["reason"] == "看错了"
    with pytest.raises(engine_problems.ActedUpon):
        take_back(case, "再来", by=cast.by.sun)
    approve(case, cast.by.sun)
    approve(case, cast.by.qian)
    assert case.state == CaseState.URGING


def test_what_left_the_house_is_not_taken_back(cast: Any, case: Case, walk: Walk) -> None:
    walk.to(case, CaseState.URGING)
    cases.issue_notice(case, by=cast.by.zhao)
    with pytest.raises(engine_problems.ActedUpon):
        take_back(case, "看错了", by=cast.by.qian)


def test_a_step_somebody_was_brought_into_is_not_taken_back(cast: Any, case: Case) -> None:
    approve(case, cast.by.sun)
    binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.qian)
    with pytest.raises(engine_problems.ActedUpon):
        take_back(case, "看错了", by=cast.by.sun)


@pytest.mark.parametrize(
    ("state", "by", "back"),
    [
        (CaseState.URGING, "qian", CaseState.DISTRICT_APPROVAL),
        (CaseState.LISTING_DISTRICT, "fang", CaseState.LISTING_REVIEW),
        (CaseState.LISTING_CITY, "qian", CaseState.LISTING_DISTRICT),
    ],
)
def test_each_act_that_may_be_taken_back_can_be_done_again(
    cast: Any, case: Case, walk: Walk, state: str, by: str, back: str
) -> None:
    walk.to(case, state)
    take_back(case, "更正意见", by=getattr(cast.by, by))
    case.refresh_from_db()
    assert case.state == back
    assert walk.to(case, state).state == state


def test_a_review_of_an_inspection_is_taken_back(cast: Any, case: Case, walk: Walk) -> None:
    inspection = walk.inspection_at(case, InspectionState.LEGAL_REVIEW)
    walk.inspection_legal_review(case, inspection)
    inspection.refresh_from_db()
    take_back(inspection, "意见有误", by=cast.by.shi)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.reviewed_by) == (InspectionState.LEGAL_REVIEW, None)
    walk.inspection_at(case, InspectionState.DECIDED)


# --- the desk --------------------------------------------------------------------------------------


def test_the_page_offers_what_is_lawful_and_who_may_be_asked(cast: Any, case: Case, xu: Actor) -> None:
    offers = {offer.way: offer for offer in desk_of(cast.by.sun, case).offers}
    assert set(offers) == {Way.HAND_OVER, Way.SIGNER, Way.COUNTERSIGN}
    assert [pk for pk, _name in offers[Way.HAND_OVER].colleagues] == [xu.person_id]
    asked = {pk for pk, _name in offers[Way.SIGNER].colleagues}
    assert {cast.zhao.pk, cast.zhou.pk, cast.qian.pk} <= asked
    assert not asked & {cast.sun.pk, cast.wang.pk, cast.chen.pk, cast.feng.pk}
    assert desk_of(cast.by.zheng, case).offers == []


def test_asked_and_answered_on_the_case_page(cast: Any, case: Case, client: Any) -> None:
    client.force_login(cast.sun)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "办理方式" in page
    sent = {"at": case.state, "people": [cast.zhou.pk, cast.zhao.pk], "question": "请会签"}
    assert client.post(f"/signing/{case.code}/case/countersign/", sent).status_code == 302
    assert Move.objects.count() == 2
    assert "还在等待" in client.get(f"/cases/{case.code}/").content.decode()
    client.force_login(cast.zhou)
    move = Move.objects.get(asked=cast.zhou)
    assert f'action="/signing/{move.pk}/opinion/"' in client.get(f"/cases/{case.code}/").content.decode()
    client.post(f"/signing/{move.pk}/opinion/", {"answer": "refuse", "words": "材料不全"})
    move.refresh_from_db()
    assert (move.state, move.answer) == (MoveState.ANSWERED, Answer.REFUSE)
    client.force_login(cast.chen)
    assert client.post(f"/signing/{move.pk}/recall/", {"words": "x"}).status_code == 404
    assert client.post(f"/signing/{case.code}/case/signer/", sent).status_code == 404


def test_a_form_not_filled_in_changes_nothing(cast: Any, case: Case, client: Any) -> None:
    client.force_login(cast.sun)
    for sent in (
        {},
        {"at": case.state, "people": "", "question": "x"},
        {"at": case.state, "people": cast.zhou.pk},
    ):
        assert client.post(f"/signing/{case.code}/case/signer/", sent).status_code == 302
    assert client.post(f"/signing/{case.code}/case/unknown/", {}).status_code == 404
    assert client.post(f"/signing/{case.code}/audit/signer/", {}).status_code == 404
    assert not Move.objects.exists()


def test_an_answer_not_filled_in_or_of_no_kind_changes_nothing(cast: Any, case: Case, client: Any) -> None:
    move = binding.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.sun)
    client.force_login(cast.zhou)
    page = client.post(f"/signing/{move.pk}/opinion/", {}, follow=True).content.decode()
    assert "没有办理：内容没有填写完整。" in page
    assert client.post(f"/signing/{move.pk}/unknown/", {"words": "x"}).status_code == 404
    move.refresh_from_db()
    assert move.state == MoveState.WAITING


def test_a_page_that_was_overtaken_asks_nobody(cast: Any, case: Case) -> None:
    place = at(case)
    approve(case, cast.by.sun)
    with pytest.raises(problems.OutOfOrder):
        binding.ask_signer(place, cast.zhou.pk, "请提意见", by=cast.by.sun, at="street_approval")


def test_at_a_step_that_only_waits_nobody_is_brought_in() -> None:
    assert why_not(None, Way.SIGNER) == "这一步没有人在办理"
    assert ways_at(None) == frozenset()


# --- the table -------------------------------------------------------------------------------------


def test_every_step_somebody_takes_has_its_ways_and_its_reason() -> None:
    for kind in (kind for kind in kinds() if kind.owner == "case"):
        human = {node.name for node in kind.flow.instance.nodes() if node.task_type == "HUMAN"}
        assert set(kind.ways) == human
        for step, allowed in kind.ways.items():
            assert str(allowed.why)
            assert not (Way.COUNTERSIGN in allowed.ways and Way.DELEGATE in allowed.ways), step


def test_what_is_no_matter_has_no_kind(cast: Any) -> None:
    with pytest.raises(LookupError, match="no such kind"):
        kind_of(cast.sun)
