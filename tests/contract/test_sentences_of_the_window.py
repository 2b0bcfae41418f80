"""What an employer is told will follow, read where it hands in and on its receipt, and what then followed.

The sentences stand in desk_sentences.py.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid.calendar.now import moved_to, today
from grid.calendar.rules import add_months
from grid.law.queries import the_law
from grid.law.rules import in_words
from grid.ledger.models import Entry
from tests.contract.desk_sentences import kept, read, said, send
from tests.workflows.conftest import Walk, found, noon
from tests.workflows.counter.conftest import Employer, at_window, with_phone
from tests.workflows.counter.test_desk import noticed
from tests.workflows.listing.conftest import go_to, listed, look, measures
from workflows.cases.actions import rectify_cases
from workflows.cases.models import CaseState
from workflows.clocks.models import Clock
from workflows.counter.acts import may_handle, route_of
from workflows.counter.models import Submission
from workflows.inspections import actions as inspecting
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import InspectionState
from workflows.listing import problems as listing_problems
from workflows.listing.actions.objecting import answer_objection
from workflows.listing.actions.repairing import decide_repair
from workflows.listing.models import Listing
from workflows.notices.models import NoticeKind
from workflows.sanctions.actions import order_sanctions

__all__ = ["at_window", "go_to", "listed", "look", "measures", "noticed", "with_phone"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORM, RECEIPT = "counter/hand_in.html", "counter/receipt.html"
AtWindow = Callable[..., Employer]


def hand_in(employer: Employer, kind: str, text: str, **more: str) -> tuple[str, list[str], Submission]:
    """What the form said, what the receipt says under 接下来, and what was handed in."""
    page = employer.browser.get(address := employer.at(f"matter/{kind}/")).content.decode()
    slip = send(employer.browser, page, address, text=text, signer="张三，法定代表人", **more)
    lines = re.search(r"<h2>接下来</h2><ul>(.*?)</ul>", slip)
    assert lines
    said_after = [unescape(line) for line in re.findall(r"<li>(.*?)</li>", lines[1])]
    sentence = said(page, address)
    assert said_after[0] == sentence, "the receipt says what the form said"
    return sentence, said_after, Submission.objects.latest("pk")


def desk_does(client: Client, who: Any, submission: Submission, act: str, **given: Any) -> None:
    page = read(client, who, reverse("counter-submission", args=[submission.receipt]))
    send(client, page, reverse(f"counter-{act}", args=[submission.receipt]), **given)
    submission.refresh_from_db()


def is_on_file(submission: Submission, client: Client, who: Any) -> bool:
    """The case's history has it, and whoever reads the case can read it."""
    entry = Entry.objects.filter(
        case=submission.case.code, verb="submission.arrived", data__receipt=submission.receipt
    )
    return entry.exists() and submission.text in read(
        client, who, reverse("counter-submission", args=[submission.receipt])
    )


def verifies(submission: Submission, who: Any) -> bool:
    """Whether it lies with somebody who has to answer it by a day."""
    return may_handle(who, submission) and Clock.objects.filter(kind=f"counter.{submission.kind}").exists()


# --- 整改 -----------------------------------------------------------------------------------------


def test_a_proof_that_ends_the_case(cast: Any, at_window: AtWindow, client: Client) -> None:
    employer = at_window(CaseState.TERM)
    sentence, lines, one = hand_in(employer, "correction", "已为12人办理")
    with_them = verifies(one, cast.by.zhao)
    desk_does(client, cast.zhao, one, "take")
    desk_does(client, cast.zhao, one, "answer", answer="已对照名册核实")
    employer.case.refresh_from_db()
    open_yet = employer.case.is_open
    slip = employer.browser.get(receipt := employer.at(f"receipts/{one.receipt}/")).content.decode()
    again = Employer(employer.case)
    outside = again.browser.get(receipt)
    rectify_cases([employer.case.subject_id], by=cast.by.wu)
    employer.case.refresh_from_db()
    checked = client.get(reverse("verify", args=[employer.notice.code])).content.decode()
    inside = again.enters().browser.get(receipt).status_code
    kept(FORM, sentence, {
        "经办人员对照社保名册核实": with_them,
        "核实无误后结案": employer.case.state == CaseState.HEALED,
        "以社保名册为准": open_yet,
    })  # fmt: skip
    kept(RECEIPT, lines[-1], {
        "答复会出现在这个页面": "已对照名册核实" in slip,
        "再次进入时": outside.status_code == 302 and inside == 200,
        "使用文书上的核验码": reverse("employer-enter", args=[employer.notice.code]) in checked,
    })  # fmt: skip


def test_a_proof_that_does_not_end_it(
    cast: Any, walk: Walk, make_case: Any, with_phone: Any, client: Client
) -> None:
    case = make_case()
    inspection = walk.inspection_at(case, InspectionState.ORDER_EXPIRED)
    sentence, lines, one = hand_in(Employer(with_phone(case)).enters(), "correction", "已为12人办理")
    with_them, filed = verifies(one, cast.by.zhao), is_on_file(one, client, cast.qian)
    before = inspection.state
    rectify_cases([case.subject_id], by=cast.by.wu)
    case.refresh_from_db()
    inspection.refresh_from_db()
    standing = (inspection.state, inspection.is_open, case.is_open)
    walk.serve(
        inspecting.issue_penalty_notice(
            inspection, found(times=Decimal("1.5"), corrected="after_term"), by=cast.by.zhou
        ),
        cast.by.zhou,
    )
    walk.inspection_at(case, InspectionState.DECIDING)
    decided = inspecting.decide(case.inspections.get(), times=Decimal(1), by=cast.by.qian)
    milder = decided.fine < decided.noticed_fine
    kept(FORM, sentence, {
        "经办人员对照社保名册核实": with_them,
        "记入案卷": filed,
        "案件已经进入处理程序": standing[1],
        "不因此结案": standing[2] and case.healed_on,
        "主动改正的依法从轻或者减轻考虑": milder,
    })  # fmt: skip
    kept(RECEIPT, lines[1], {
        "整改期限已过": one.is_late,
        "仍然收下并核实": filed and with_them,
        "不影响已经作出的处理": standing[0] == before,
        "主动改正的": case.healed_on,
        "依法从轻或者减轻考虑": milder,
    })  # fmt: skip


def test_a_commitment(cast: Any, at_window: AtWindow, client: Client) -> None:
    employer = at_window(CaseState.TERM)
    sentence, _lines, one = hand_in(employer, "commitment", "承诺如实申报", agreed="on")
    desk_does(client, cast.zhao, one, "take")
    employer.case.refresh_from_db()
    kept(FORM, sentence, {
        "经办人员核对后存入案卷": one.taken_by == cast.zhao and is_on_file(one, client, cast.qian),
        "承诺不免除补缴义务": employer.case.clocks.filter(kind="urging.term", stopped_at=None).exists(),
        "不如实申报的": employer.case.is_open,
        "依法处理": employer.case.state == CaseState.TERM,
    })  # fmt: skip


# --- 陈述申辩、听证 ---------------------------------------------------------------------------------


def is_never_heavier(employer: Employer, walk: Walk, cast: Any) -> bool:
    """Whether more than what was told is refused when it is decided, also by those who discussed it together."""
    inspection = walk.inspection_at(employer.case, InspectionState.DECIDING)
    with pytest.raises((inspections_problems.HeavierAfterStatement, inspections_problems.DecidedTogether)):
        inspecting.decide(inspection, times=inspection.times + Decimal("0.1"), by=cast.by.qian)
    return True


def test_a_statement(cast: Any, noticed: Employer, walk: Walk, client: Client) -> None:
    sentence, _lines, one = hand_in(noticed, "statement", "人数有误")
    with_them = verifies(one, cast.by.zhou)
    desk_does(client, cast.zhou, one, "take")
    inspection = noticed.case.inspections.get()
    inspecting.answer_statement(inspection, "人数已核对", by=cast.by.zhou)
    kept(FORM, sentence, {
        "办案机关应当复核并答复": with_them and "人数有误" in inspection.statement,
        "不会因为您申辩而加重处理（行政处罚法第45条）": is_never_heavier(noticed, walk, cast),
    })  # fmt: skip


def test_a_statement_too_late(cast: Any, noticed: Employer, walk: Walk, client: Client) -> None:
    walk.wait(noticed.case, "inspection.statement")
    sentence, lines, one = hand_in(noticed.enters(), "statement", "人数有误")
    with_them, filed = verifies(one, cast.by.zhou), is_on_file(one, client, cast.qian)
    desk_does(client, cast.zhou, one, "take", answer="已过期限，一并考虑")
    inspection = noticed.case.inspections.get()
    undecided = inspection.state not in (InspectionState.DECIDED, InspectionState.PERFORMING)
    inspecting.answer_statement(inspection, "人数已核对", by=cast.by.zhou)
    kept(FORM, sentence, {
        "存入案卷": filed,
        "由办案机关酌情考虑并答复": with_them and one.answer,
        "不会因为您申辩而加重处理（行政处罚法第45条）": is_never_heavier(noticed, walk, cast),
    })  # fmt: skip
    kept(RECEIPT, lines[1], {
        "陈述申辩期限已过": one.is_late,
        "仍然收下并存卷": filed,
        "在作出决定前由办案机关一并考虑": undecided and one.entered and "人数有误" in inspection.statement,
    })  # fmt: skip


def words_of_term() -> str:
    term = the_law(today())["inspection.hearing_notice"]
    return in_words(term.value, term.unit)


def test_a_hearing_asked_for(cast: Any, noticed: Employer, client: Client) -> None:
    sentence, _lines, one = hand_in(noticed, "hearing", "数额较大")
    owed = noticed.case.inspections.get().hearing_owed
    desk_does(client, cast.zhou, one, "take")
    inspection = noticed.case.inspections.get()
    soon = inspecting.Session(today() + timedelta(days=1), "监察大队会议室", cast.shi.pk, "书记员")
    with pytest.raises(inspections_problems.HearingTooSoon):
        inspecting.call_hearing(inspection, soon, by=cast.by.zhou)
    held_on = today() + timedelta(days=20)
    session = inspecting.Session(held_on, "监察大队会议室", cast.shi.pk, "书记员")
    told = inspecting.call_hearing(inspection, session, by=cast.by.zhou).values
    term = words_of_term()
    kept(FORM, sentence, {
        "符合条件的": owed and inspection.state == InspectionState.HEARING,
        f"在举行听证的 {term}前通知您时间和地点（行政处罚法第64条）": 
            told["held_at"].startswith(f"{held_on.year}年{held_on.month}月{held_on.day}日") and told["place"] == "监察大队会议室",
    }, term=term)  # fmt: skip


def test_a_hearing_asked_for_too_late(cast: Any, noticed: Employer, client: Client) -> None:
    last = noticed.case.clocks.get(kind="inspection.hearing_request").due_on
    with moved_to(noon(last + timedelta(days=1))):
        sentence, lines, one = hand_in(noticed.enters(), "hearing", "刚刚知道")
        filed, nowhere = is_on_file(one, client, cast.qian), route_of(one) is None
        desk_does(client, cast.zhou, one, "take", answer="已过期限，意见一并考虑")
        inspection = noticed.case.inspections.get()
        with pytest.raises(inspections_problems.HearingTermOver):
            inspecting.request_hearing(inspection, one.text, today(), by=cast.by.zhou)
    slip = noticed.browser.get(noticed.at(f"receipts/{one.receipt}/")).content.decode()
    clauses = {
        "存入案卷并答复您": filed and "已过期限，意见一并考虑" in slip,
        "不再举行听证": nowhere and not one.entered and inspection.state == InspectionState.NOTICED,
    }
    kept(FORM, sentence, clauses)
    clauses = {
        "要求听证的期限已过（行政处罚法第64条）": one.is_late,
        "仍然收下": filed,
        "您写明的意见在作出决定前由办案机关酌情考虑": one.text == "刚刚知道"
        and inspection.decided_on is None,
    }
    kept(RECEIPT, lines[1], clauses)


# --- 公示以后 -------------------------------------------------------------------------------------


def shown(client: Client, listing: Listing) -> int:
    client.logout()
    return client.get(reverse("public-listing", args=[listing.code])).status_code


def test_an_objection(
    cast: Any, listed: Callable[..., Listing], walk: Walk, with_phone: Any, client: Client
) -> None:
    listing = listed()
    sentence, _lines, one = hand_in(Employer(with_phone(listing.case)).enters(), "objection", "人数应为21人")
    desk_does(client, cast.zhou, one, "take")
    meanwhile = shown(client, listing)
    objection = listing.objections.get()
    answer_objection(objection, "corrected", "已核", "确有误", correction="应为21人", by=cast.by.ma)
    walk.serve(listing.case.notices.get(kind=NoticeKind.OBJECTION_ANSWER), cast.by.zhou)
    corrected = client.get(reverse("public-listing", args=[listing.code])).content.decode()
    desk_does(client, cast.zhou, one, "answer", answer="已更正")
    again = hand_in(Employer(listing.case).enters(), "objection", "全部不实")[2]
    desk_does(client, cast.zhou, again, "take")
    answer_objection(listing.objections.latest("pk"), "revoked", "已核", "依据不成立", by=cast.by.ma)
    kept(FORM, sentence, {
        "核查后书面答复": listing.case.notices.filter(kind=NoticeKind.OBJECTION_ANSWER).count() == 2,
        "信息有误的予以更正或者撤销": "应为21人" in corrected and shown(client, listing) == 404,
        "核查期间继续公示": meanwhile == 200,
    })  # fmt: skip


def test_a_repair(
    cast: Any, listed: Any, with_phone: Any, go_to: Any, look: Any, measures: Any, client: Client
) -> None:
    listing = listed()
    orders = order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    go_to(add_months(listing.decided_on, 12) + timedelta(days=1))
    sentence, _lines, one = hand_in(
        Employer(with_phone(listing.case)).enters(), "repair", "已全部补缴", agreed="on"
    )
    desk_does(client, cast.zhou, one, "take")
    repair = listing.repairs.get()
    with pytest.raises(listing_problems.RepairUninspected):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    look(repair)
    before = shown(client, listing)
    decide_repair(repair, True, "已改正", by=cast.by.ma)
    orders[0].refresh_from_db()
    kept(FORM, sentence, {
        "实地核查后作出是否准予修复的决定": repair.notice and repair.granted,
        "准予的": before == 200,
        "停止公示并解除惩戒措施": shown(client, listing) == 404 and orders[0].lift_at,
    })  # fmt: skip
