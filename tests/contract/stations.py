"""Matters of the rooms beside the path, one after the other in every state, reached by the acts of whose it is.

Each yields (state, what the state is called, the matter), and goes on from there when it is asked for the next.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from grid.calendar.now import CITY_TIME, moved_to, today
from grid.calendar.rules import add_months
from tests.forward import go_to
from tests.workflows.audits.conftest import Auditing
from tests.workflows.conftest import Walk
from workflows.announcements import actions as announcing
from workflows.announcements.models import Announcement
from workflows.assessment import actions as year
from workflows.assessment.models import SchemeState, Stand
from workflows.audits import actions as auditing
from workflows.audits.actions.transferring import Answer as TaxAnswer
from workflows.audits.models import TransferState
from workflows.cases.models import Case, CaseState
from workflows.counter import actions as window
from workflows.counter.models import SubmissionState
from workflows.disclosures import actions as disclosing
from workflows.duties import actions as duties
from workflows.duties.models import Department, Referral, ReferralState
from workflows.duties.referring import About, Question, Reply
from workflows.duties.targets import actions as targets
from workflows.duties.targets.models import Plan, PlanState
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.listing.actions import objecting, repairing
from workflows.listing.models import Listing
from workflows.remedies import actions as remedies
from workflows.remedies.rules import Challenge, Ending
from workflows.sanctions import actions as sanctions

Where = Iterator[tuple[str, str, Any]]
# When 2026 is over and its late registers have come in.
JANUARY = datetime(2027, 1, 15, 12, tzinfo=CITY_TIME)


def named(choices: Any, matter: Any) -> tuple[str, str, Any]:
    matter.refresh_from_db()
    return str(matter.state), str(choices(matter.state).label), matter


def referrals(by: Any) -> Where:
    tax, housing = (Department.objects.get(code=code) for code in ("tax", "housing"))

    def sent() -> Referral:
        about, asked = About("150302"), Question("核对欠费", "请核对")
        return duties.refer(tax, tax.duties.order_by("pk")[0], about, asked, by=by["qian"])

    one = sent()
    yield named(ReferralState, one)
    duties.receive_referral(one, by=by["feng"])
    yield named(ReferralState, one)
    duties.answer_referral(one, Reply("已核对"), by=by["feng"])
    yield named(ReferralState, one)
    duties.ask_again(one, "请补充", by=by["qian"])
    yield named(ReferralState, one)
    duties.answer_referral(one, Reply("已补充"), by=by["feng"])
    duties.accept_answer(one, by=by["qian"])
    yield named(ReferralState, one)
    duties.close_referral(one, "已办结", by=by["qian"])
    yield named(ReferralState, one)
    returned = duties.return_referral(sent(), housing, "不属本部门", by=by["feng"])
    yield named(ReferralState, returned)
    yield named(ReferralState, duties.withdraw_referral(sent(), "不再需要", by=by["qian"]))


def plans(draft: Callable[[], Plan], who: Any) -> Where:
    plan = draft()
    yield named(PlanState, plan)
    targets.check_plan(plan, by=who)
    yield named(PlanState, plan)
    targets.issue_plan(plan, by=who)
    yield named(PlanState, plan)
    following = targets.revise_plan(plan, "形势变化", by=who)
    targets.issue_plan(targets.check_plan(following, by=who), by=who)
    yield named(PlanState, plan)
    again = targets.revise_plan(following, "再次调整", by=who)
    yield named(PlanState, targets.withdraw_plan(again, "不再调整", by=who))


def city_plans(by: Any) -> Where:
    def draft() -> Plan:
        return targets.draft_plan(2026, "1503", {"new_units": 10}, by=by["wu"])

    yield from plans(draft, by["wu"])


def district_plans(by: Any) -> Where:
    above = targets.draft_plan(2026, "1503", {"new_units": 10}, by=by["wu"])
    targets.issue_plan(targets.check_plan(above, by=by["wu"]), by=by["wu"])
    yield from plans(lambda: targets.draft_plan(2026, "150302", {}, by=by["qian"]), by["qian"])


def years(by: Any) -> Where:
    """2026 after its end, from the first computing to its closing."""
    with moved_to(JANUARY):
        one = year.compute_scheme(year.open_scheme(2026, "1503", by=by["wu"]), "1503", by=by["wu"])
        yield named(SchemeState, one)
        one = year.show_scheme(one, "1503", by=by["wu"])
        yield named(SchemeState, one)
        for response in one.responses.select_related("scheme"):
            year.agree_result(response, by=by["han" if response.area == "150304" else "qian"])
        yield named(SchemeState, one)
        one = year.propose_freeze(one, "1503", by=by["wu"])
        yield named(SchemeState, one)
        yield named(SchemeState, year.freeze_scheme(one, "1503", by=by["ma"]))


def responses(by: Any) -> Where:
    """What 海勃湾区 says of its numbers, and what the city answers."""
    with moved_to(JANUARY):
        scheme = year.compute_scheme(year.open_scheme(2026, "1503", by=by["wu"]), "1503", by=by["wu"])
        for uphold in (False, True):
            scheme = year.show_scheme(scheme, "1503", by=by["wu"])
            one = scheme.responses.select_related("scheme").get(showing=scheme.showing, area="150302")
            yield named(Stand, one)
            yield named(Stand, year.agree_result(one, by=by["qian"]))
            yield named(Stand, year.object_to_result(one, "漏算一户", by=by["qian"]))
            yield named(Stand, year.answer_objection(one, "1503", "已核对", uphold=uphold, by=by["wu"]))
            if not uphold:
                scheme = year.take_back_scheme(scheme, "1503", "名册有误", by=by["wu"])
                scheme = year.compute_scheme(scheme, "1503", by=by["wu"])


def submissions(case: Case, kind: str, who: Any) -> Where:
    notice = case.notices.exclude(service=None).order_by("pk").last()
    assert notice is not None
    one, _new = window.hand_in(notice, kind, "材料已备齐", "张三，法定代表人")
    yield named(SubmissionState, one)
    yield named(SubmissionState, window.take_submission(one, by=who))
    yield named(SubmissionState, window.answer_submission(one, "已核实", by=who))


def transfers(walk: Walk, make: Callable[[], Case], by: Any) -> Where:
    office = Auditing(walk)
    one = office.transferred(make())
    yield named(TransferState, one)
    for kind in ("received", "collected"):
        auditing.answer_transfer(one, TaxAnswer(kind, today(), one.amount), by=by["feng"])
        yield named(TransferState, one)
    for kind in ("agreed", "failed"):
        other, day = office.transferred(make()), today()  # the day it was sent: time went on until then
        answer = TaxAnswer(kind, day, until=day + timedelta(days=90), why="已无财产")
        auditing.answer_transfer(other, answer, by=by["feng"])
        yield named(TransferState, other)
    yield named(
        TransferState, auditing.recall_transfer(office.transferred(make()), "改为处罚", by=by["qian"])
    )


def announcements(walk: Walk, make: Callable[[], Case], by: Any) -> Where:
    def proposed() -> Announcement:
        given = {"head": "王五", "facts": "未办理社会保险登记", "handling": "罚款30000元"}
        case = walk.to(make(), CaseState.PENALISED)
        return announcing.propose_announcement(case, walk.grounds["17-1"], **given, by=by["zhou"])

    refused, one = proposed(), proposed()
    yield "refused", "不予公布", announcing.refuse_announcement(refused, "情节轻微", by=by["qian"])
    yield "proposed", "待决定", one
    yield "decided", "待公布", announcing.decide_announcement(one, by=by["qian"])
    announcing.publish_batch("150302", by=by["qian"])
    yield "published", "公布中", one
    yield "objected", "异议待答复", announcing.object_to_announcement(one, "不实", by=by["zhou"])
    yield "answered", "异议已答复", announcing.answer_announcement(one, "不成立", by=by["qian"])
    yield "removed", "已撤下", announcing.remove_announcement(one, "判决撤销", by=by["qian"])


def disclosures(walk: Walk, make: Callable[[], Case], by: Any) -> Where:
    def decided() -> Inspection:
        return walk.inspection_at(make(), InspectionState.PERFORMING)

    one = decided()
    yield "due", "待公示", one
    disclosing.publish_penalty(one, "未办理社会保险登记", by=by["qian"])
    yield "published", "公示中", one
    suit = remedies.note_remedy(one.case, Challenge("suit", "法院", today(), target="penalty"), by=by["zhou"])
    remedies.close_remedy(suit, Ending("quashed", "判1号", today(), effective_on=today()), by=by["ma"])
    yield "fallen", "待撤回", one
    disclosing.withdraw_penalty(one, "判决撤销", by=by["qian"])
    yield "withdrawn", "已撤回", one
    paid = decided()
    inspecting.record_payment(paid, paid.fine, today(), "缴-0009", by=by["zhou"])
    entry = disclosing.publish_penalty(paid, "未办理社会保险登记", by=by["qian"])
    assert entry.repair_from is not None
    go_to(entry.repair_from)
    yield "repairable", "可以修复", paid
    disclosing.repair_penalty(paid, "已改正", by=by["qian"])
    yield "repaired", "已修复", paid


def orders(listing: Listing, measures: Any, by: Any) -> Where:
    # Of all departments only the tax office has somebody in the cast.
    measures["1"].departments = ["市税务局"]
    measures["1"].save(update_fields=["departments"])
    one, *_others = sanctions.order_sanctions(listing, [measures["1"]], by=by["ma"])
    yield "ordered", "待反馈", one
    stay = remedies.note_remedy(
        listing.case, Challenge("review", "市政府", today(), stay_number="停1号"), by=by["zhou"]
    )
    yield "suspended", "停止执行期间", one
    remedies.close_remedy(stay, Ending("upheld", "复1号", today()), by=by["ma"])
    yield "answered", "已反馈", sanctions.answer_order(one, "done", "", by=by["feng"])
    suit = remedies.note_remedy(listing.case, Challenge("suit", "法院", today()), by=by["zhou"])
    remedies.close_remedy(suit, Ending("quashed", "判1号", today(), effective_on=today()), by=by["ma"])
    yield "lifting", "待解除", one
    yield "lifted", "已解除", sanctions.answer_lift(one, "lifted", by=by["feng"])


def listings(make: Callable[..., Listing], looked: Callable[..., Any], by: Any) -> Where:
    yield "undecided", "待决定", make(state=CaseState.LISTING_CITY)
    yield "unpublished", "待公示", make(state=CaseState.PUBLICATION)
    one = make()
    yield "published", "公示中，未满最短期", one
    objection = objecting.file_objection(one, "不实", by=by["zhou"])
    yield "objected", "异议核查中", one
    objecting.answer_objection(objection, "rejected", "已核", "不成立", by=by["ma"])
    review = remedies.note_remedy(one.case, Challenge("review", "市政府", today()), by=by["zhou"])
    yield "challenged", "复议或诉讼中", one
    remedies.stay_remedy(review, "停1号", by=by["zhou"])
    yield "stayed", "停止执行期间", one
    remedies.close_remedy(review, Ending("upheld", "复1号", today()), by=by["ma"])
    assert one.decided_on
    go_to(add_months(one.decided_on, 12) + timedelta(days=1))
    yield "repairable", "公示中，已满最短期", one
    applied = repairing.apply_repair(one, "补缴凭证", "不再违法", by=by["zhou"])
    yield "applied", "修复待核查", one
    looked(applied)
    yield "looked", "修复已核查", one
    repairing.decide_repair(applied, True, "已改正", by=by["ma"])
    yield "removed", "已移出", one
