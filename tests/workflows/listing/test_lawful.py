"""What a notice, a decision and a removal have to be before a court: who, on what proof, by which clause, when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from grid import problems
from grid.calendar.now import today
from grid.calendar.rules import add_months
from grid.law import problems as law_problems
from grid.law.models import Provision
from tests.forward import go_to
from tests.reading import words_of
from tests.workflows.conftest import Walk, certify
from tests.workflows.conftest import paper as scan
from workflows.announcements import actions as announcements
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models.certificates import Certificate
from workflows.listing import actions as listings
from workflows.listing import problems as listing_problems
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.actions.proving import Document, Seen, file_proof, record_look
from workflows.listing.actions.repairing import apply_repair
from workflows.listing.models import Ground, Listing
from workflows.listing.models.proofs import Look, Proof
from workflows.notices.letters import letter_of
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.queries import file_of
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending
from workflows.sanctions.actions import order_sanctions
from workflows.sanctions.models import Sanction

Listed = Callable[..., Listing]
JUDGMENT = Document("judgment", "（2026）内0302刑初1号", today(), "海勃湾区人民法院", (scan(),))


def text_of(notice: Notice) -> str:
    return words_of(file_of(notice).read_bytes())


def paper(case: Case, kind: str) -> Notice:
    return case.notices.filter(kind=kind, withdrawn_at=None).latest("pk")


@pytest.fixture
def seen(cast: Any) -> Callable[..., Seen]:
    """zhou and he looked again today; nothing is corrected."""

    def make(**changed: Any) -> Seen:
        given = {
            "on": today(), "place": "登记住所", "officers": (cast.zhou.pk, cast.he.pk), "seen": "在岗12人，参保0人",
            "is_corrected": False, "files": (scan(),),
        }  # fmt: skip
        return Seen(**(given | changed))

    return make


@pytest.fixture
def penalised(case_at: Callable[..., Case], walk: Walk) -> Case:
    """The penalty is served, its term is over, nobody looked again."""
    case = case_at(CaseState.PENALISED)
    go_to(case.inspections.get().due_on + timedelta(days=1))
    return case


# --- who ---------------------------------------------------------------------------------------------


def test_law_6_the_body_that_decides_gives_the_notice(
    case_at: Callable[..., Case], cast: Any, measures: dict[str, Sanction]
) -> None:
    case = case_at(CaseState.LISTING_PROPOSED)
    with pytest.raises(problems.NotYourPost):
        listings.give_listing_notice(case, by=cast.by.zhou)
    notice = listings.give_listing_notice(case, by=cast.by.ma)
    letter = notice.values["letter"]
    assert letter["authority"] == "乌海市人力资源和社会保障局" and notice.number.startswith("乌人社失信告〔")
    assert letter["contact"]["office"] != "" and "海勃湾" not in letter["contact"]["office"]
    told = " ".join(notice.values["measures"])
    chosen = [measure for measure in measures.values() if measure.may_be_chosen]
    assert chosen and all(measure.title in told and measure.basis in told for measure in chosen)
    assert "依法实施信用惩戒" not in told


def test_law_6_the_defence_is_answered_by_the_city_and_not_by_whoever_proposed(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.DEFENCE)
    with pytest.raises(problems.NotYourPost):
        listings.record_defence(case, "经营困难", by=cast.by.zhou)
    listings.record_defence(case, "经营困难", by=cast.by.fang)
    with pytest.raises(problems.NotYourPost):
        listings.answer_defence(case, "不予采纳", by=cast.by.zhou)
    assert listings.answer_defence(case, "不予采纳", by=cast.by.fang).defence_answer == "不予采纳"


# --- proof -------------------------------------------------------------------------------------------


def test_law_7_not_corrected_is_proven_by_a_look_after_the_term(
    penalised: Case, cast: Any, grounds: dict[str, Ground], seen: Callable[..., Seen]
) -> None:
    def propose() -> Listing:
        return listings.propose_listing(penalised, grounds["5-1"], "仍不改正", by=cast.by.zhou)

    over_on = penalised.inspections.get().due_on
    with pytest.raises(listing_problems.LookMissing):
        propose()
    for on, refusal in (
        (over_on, listing_problems.LookTooEarly),
        (today() + timedelta(days=1), listing_problems.LookInFuture),
    ):
        with pytest.raises(refusal):
            record_look(penalised, seen(on=on), by=cast.by.zhou)
    record_look(penalised, seen(is_corrected=True), by=cast.by.zhou)
    with pytest.raises(listing_problems.SeenCorrected):
        propose()
    # What was seen last counts.
    record_look(penalised, seen(), by=cast.by.zhou)
    assert propose().ground.code == "5-1"


def test_law_7_nobody_is_proposed_while_the_penalty_may_still_be_performed(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground], seen: Callable[..., Seen]
) -> None:
    case = case_at(CaseState.PENALISED)
    with pytest.raises(listing_problems.LookTooEarly):
        record_look(case, seen(), by=cast.by.zhou)
    with pytest.raises(listing_problems.TermRunning):
        listings.propose_listing(case, grounds["5-1"], "仍不改正", by=cast.by.zhou)


def test_law_7_two_certified_officers_of_the_place_look(
    penalised: Case, cast: Any, seen: Callable[..., Seen]
) -> None:
    certify(cast)
    for officers, refusal in (
        ((cast.zhou.pk, cast.zhou.pk), inspections_problems.OfficersMissing),
        ((cast.zhou.pk, cast.qian.pk), inspections_problems.OfficerUnfit),
    ):
        with pytest.raises(refusal):
            record_look(penalised, seen(officers=officers), by=cast.by.zhou)
    Certificate.objects.filter(person=cast.he).update(valid_to=today() - timedelta(days=1))
    with pytest.raises(inspections_problems.CertificateInvalid):
        record_look(penalised, seen(), by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        record_look(penalised, seen(seen=" "), by=cast.by.zhou)
    assert not Look.objects.exists()


def test_law_7_a_register_that_shows_correction_stops_the_notice(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.LISTING_PROPOSED)
    Case.objects.filter(pk=case.pk).update(healed_on=today())
    case.refresh_from_db()
    with pytest.raises(listing_problems.AlreadyRectified):
        listings.give_listing_notice(case, by=cast.by.ma)


def test_law_7_what_is_typed_is_no_proof(penalised: Case, cast: Any, grounds: dict[str, Ground]) -> None:
    def propose() -> Listing:
        found = {"amount": "20000"}
        by = cast.by.zhou
        return listings.propose_listing(penalised, grounds["5-3"], "骗取待遇", circumstances=found, by=by)

    with pytest.raises(listing_problems.ProofMissing):
        propose()
    for broken in (
        Document("judgment", " ", today(), "法院", (scan(),)),
        Document("record", "", today(), " ", (scan(),)),
    ):
        with pytest.raises(listing_problems.ProofIncomplete):
            file_proof(penalised, broken, by=cast.by.zhou)
    with pytest.raises(listing_problems.LookInFuture):
        tomorrow = Document("record", "", today() + timedelta(days=1), "经办机构", (scan(),))
        file_proof(penalised, tomorrow, by=cast.by.zhou)
    file_proof(
        penalised, Document("record", "", today(), "海勃湾区社会保险事业服务中心", (scan(),)), by=cast.by.zhou
    )
    assert propose().ground.code == "5-3"


def test_law_7_notice_and_decision_name_what_they_rest_on(
    case_at: Callable[..., Case], listed: Listed
) -> None:
    case = case_at(CaseState.PUBLISHED)
    penalty = case.inspections.get()
    for kind in (NoticeKind.LISTING_NOTICE, NoticeKind.LISTING_DECISION):
        found = "".join(paper(case, kind).values["found"])
        for said in (penalty.decision_number, penalty.served_on, penalty.due_on, "周正", "何敏", "仍未改正"):
            assert str(said) in found, (kind, said)
    entry = listed()
    found = "".join(paper(entry.case, NoticeKind.LISTING_DECISION).values["found"])
    assert Proof.objects.get(case=entry.case).number in found


def test_law_7_the_database_lets_nobody_be_told_without_proof(
    case_at: Callable[..., Case], cast: Any, walk: Walk
) -> None:
    case = case_at(CaseState.LISTING_PROPOSED)
    notice = listings.give_listing_notice(case, by=cast.by.ma)
    Look.objects.filter(case=case).update(is_corrected=True)
    with pytest.raises(IntegrityError, match="proven on file"), transaction.atomic():
        walk.serve(notice, cast.by.zhou)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE workflows_look SET is_corrected = %s", [False])
    walk.serve(notice, cast.by.zhou)


def test_law_7_whoever_decides_sees_that_the_penalty_may_still_fall(
    case_at: Callable[..., Case], cast: Any, client: Any
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    until = case.clocks.get(kind="inspection.remedy").due_on
    client.force_login(cast.ma)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert f"{until} 尚未届满" in page and "复查记录" in page


# --- repair ------------------------------------------------------------------------------------------


def test_law_26_what_is_public_for_the_shortest_period_needs_no_repair(
    case_at: Callable[..., Case], cast: Any, client: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    with pytest.raises(listing_problems.RepairNeedless):
        apply_repair(case.listing, "已补缴", "承诺", by=cast.by.zhou)
    assert "期满自动移出" in client.get(f"/public/listings/{case.code}/").content.decode()
    assert "期满自动移出" in paper(case, NoticeKind.LISTING_DECISION).values["repair"][0]


def test_law_27_the_decision_says_from_when_and_how_and_the_advice_goes_with_it(listed: Listed) -> None:
    entry = listed()
    assert entry.decided_on
    first = str(add_months(entry.decided_on, 12) + timedelta(days=1))
    decision = paper(entry.case, NoticeKind.LISTING_DECISION)
    advice = paper(entry.case, NoticeKind.REPAIR_ADVICE)
    for words in (decision.values["repair"][0], advice.values["since"][0]):
        assert first in words and "“信用中国”网站" in words
    assert advice.service.effective_on == decision.service.effective_on
    assert advice.service.receiver == decision.service.receiver
    assert decision.number in text_of(advice)


# --- what ends it ------------------------------------------------------------------------------------


def test_law_28_a_removal_rests_on_what_it_ends_by(case_at: Callable[..., Case], walk: Walk) -> None:
    case = walk.to(case_at(CaseState.PUBLISHED), CaseState.REMOVED)
    removal = paper(case, NoticeKind.REMOVAL)
    assert [cited["law"] for cited in removal.values["basis"]] == ["信用修复管理办法"]
    assert "届满" in removal.values["reasons"][0] and not removal.values["is_revoked"]
    assert letter_of(NoticeKind.REMOVAL).title in text_of(removal)


def test_law_28_and_29_an_upheld_objection_revokes_from_the_beginning(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    objection = file_objection(case.listing, "告知前已经改正", by=cast.by.zhou)
    answer_objection(objection, "revoked", "调取名册", "列入前已经改正", by=cast.by.ma)
    number = paper(case, NoticeKind.LISTING_DECISION).number
    removal, answer = paper(case, NoticeKind.REMOVAL), paper(case, NoticeKind.OBJECTION_ANSWER)
    for issued in (removal, answer):
        (cited,) = issued.values["basis"]
        assert cited["law"].startswith("国务院办公厅关于进一步完善失信约束制度")
        assert cited["article"] == "（国办发〔2020〕49号）第四部分第（八）项"
        words = text_of(issued)
        assert "自始无效" in words and number in words and "《国办发" not in words
    assert removal.values["reasons"] == ["列入前已经改正"]
    assert "撤销列入社会保险领域严重失信人名单决定书" in text_of(removal)
    assert "不停止执行" not in text_of(answer)


def test_law_28_a_judgment_revokes_by_its_own_article(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.PUBLISHED)
    suit = Challenge("suit", "海勃湾区人民法院", today(), target="listing")
    remedy = note_remedy(case, suit, by=cast.by.zhou)
    close_remedy(remedy, Ending("quashed", "（2026）行初7号", today(), effective_on=today()), by=cast.by.ma)
    removal = paper(case, NoticeKind.REMOVAL)
    assert [(cited["law"], cited["article"]) for cited in removal.values["basis"]] == [
        ("中华人民共和国行政诉讼法", "第九十四条")
    ]
    assert "（2026）行初7号" in removal.values["reasons"][0] and removal.values["is_revoked"]


def test_law_29_an_answer_says_what_becomes_what(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.PUBLISHED)
    objection = file_objection(case.listing, "应为11人", by=cast.by.zhou)
    said = {"correction": "涉及职工11人", "by": cast.by.ma}
    answer_objection(objection, "corrected", "核对名册", "人数有误", **said)
    (effect,) = paper(case, NoticeKind.OBJECTION_ANSWER).values["effects"]
    assert case.listing.facts.rstrip("。") in effect and "更正如下：涉及职工11人" in effect


# --- law that no lawyer has passed -------------------------------------------------------------------


def pass_all() -> None:
    Ground.objects.update(reviewed=True)
    Provision.objects.update(reviewed=True)
    Sanction.objects.update(reviewed=True)


def test_law_36a_outside_a_demo_nothing_unreviewed_is_issued(
    case_at: Callable[..., Case], cast: Any, settings: Any
) -> None:
    case, settings.DEMO = case_at(CaseState.LISTING_PROPOSED), False
    with pytest.raises(law_problems.LawUnreviewed) as refused:
        listings.give_listing_notice(case, by=cast.by.ma)
    assert "第五条第（一）项" in refused.value.detail and "10个工作日的期限" in refused.value.detail
    assert not case.notices.filter(kind=NoticeKind.LISTING_NOTICE).exists()
    pass_all()
    assert listings.give_listing_notice(case, by=cast.by.ma).number.endswith("1号")


def test_law_36a_it_may_be_looked_at_before(case_at: Callable[..., Case], cast: Any, client: Any) -> None:
    case = case_at(CaseState.LISTING_PROPOSED)
    client.force_login(cast.ma)
    answer = client.post(f"/cases/{case.code}/preview/listing_notice/")
    shown = words_of(answer.content)
    assert "待法制审核" in shown and "不能正式制发" in shown
    served = text_of(listings.give_listing_notice(case, by=cast.by.ma))
    assert "法制审核" not in served


def test_law_36a_outside_a_demo_nothing_unreviewed_is_published(
    case_at: Callable[..., Case], cast: Any, settings: Any, grounds: dict[str, Ground]
) -> None:
    case, settings.DEMO = case_at(CaseState.PUBLICATION), False
    Provision.objects.update(reviewed=True)
    with pytest.raises(law_problems.LawUnreviewed) as refused:
        listings.publish_listing(case, by=cast.by.ma)
    assert grounds["5-1"].title in refused.value.detail
    Ground.objects.update(reviewed=True)
    Provision.objects.filter(key="listing.longest").update(reviewed=False)
    with pytest.raises(law_problems.LawUnreviewed):
        listings.publish_listing(case, by=cast.by.ma)
    pass_all()
    assert listings.publish_listing(case, by=cast.by.ma).published_at


def test_law_36a_no_announcement_on_a_ground_no_lawyer_has_passed(
    case_at: Callable[..., Case], cast: Any, settings: Any, grounds: dict[str, Ground]
) -> None:
    case, settings.DEMO = case_at(CaseState.PENALISED), False
    entry = announcements.propose_announcement(
        case, grounds["17-1"], "张三", "未参保", "罚款", by=cast.by.zhou
    )
    announcements.decide_announcement(entry, by=cast.by.qian)
    with pytest.raises(law_problems.LawUnreviewed):
        announcements.publish_batch("150302", "网站", by=cast.by.qian)
    pass_all()
    assert announcements.publish_batch("150302", "网站", by=cast.by.qian).number


def test_law_36a_no_department_is_asked_for_a_measure_no_lawyer_has_passed(
    listed: Listed, cast: Any, settings: Any, measures: dict[str, Sanction]
) -> None:
    entry, settings.DEMO = listed(), False
    with pytest.raises(law_problems.LawUnreviewed) as refused:
        order_sanctions(entry, [measures["3"]], by=cast.by.ma)
    assert measures["3"].title in refused.value.detail and not entry.orders.exists()
    pass_all()
    measures["3"].refresh_from_db()
    assert order_sanctions(entry, [measures["3"]], by=cast.by.ma)


def test_law_36a_an_entry_leaves_whoever_has_passed_its_clause(
    case_at: Callable[..., Case], walk: Walk, settings: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    go_to(case.listing.ends_on + timedelta(days=1))
    settings.DEMO = False
    assert fire_due_clocks() == 1
    assert case.notices.filter(kind=NoticeKind.REMOVAL).exists()


@pytest.mark.parametrize("violation", ["unpaid", "concealed", "obstruction", "defiance"])
def test_law_7_only_the_penalty_for_not_registering_leads_to_the_list_by_that_ground(
    case_at: Callable[..., Case], walk: Walk, cast: Any, grounds: dict[str, Ground], violation: str
) -> None:
    case = case_at(CaseState.PENALISED)
    walk.look_again(case)
    case.inspections.update(violation=violation, ordered_for="")
    with pytest.raises(listing_problems.PunishedOtherwise):
        listings.propose_listing(case, grounds["5-1"], "经处罚后仍未缴纳", by=cast.by.zhou)
    case.inspections.update(violation="missed")
    assert listings.propose_listing(case, grounds["5-1"], "经处罚后仍未登记", by=cast.by.zhou).pk
