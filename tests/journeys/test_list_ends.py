"""Every lawful end of a listing, each come to through the pages: the desks, the employer's window, the public list,
the feed of the credit platform, the departments' liaisons, the phone of whoever goes to look.
"""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from grid.calendar.now import today
from grid.calendar.rules import add_months
from tests.journeys import stages
from tests.journeys.entries import (
    LIAISONS,
    UNREGISTERED,
    WORDS,
    answers,
    at_window,
    decides,
    handles,
    hands_over,
    hears,
    lists,
    looks,
    over,
    papers_went_out,
    punishes,
    reaches_repair,
    standing,
    tells,
    told,
    waits,
)
from tests.journeys.outside import Employer, PasserBy, Platform, WorkersPhone, fills, proof, refused
from tests.journeys.stages import withdraws
from tests.journeys.way import Way, at, reaches
from workflows.cases.models import Case, CaseState
from workflows.listing.models import Ground
from workflows.notices.models import NoticeKind
from workflows.sanctions.actions import chase_orders
from workflows.sanctions.models import SanctionOrder

pytestmark = pytest.mark.once


@reaches(CaseState.REMOVED)
def test_the_period_is_over_and_the_entry_leaves_by_itself(way: Way, opened: Case, liaisons: None) -> None:
    """公示期满: off the list, a tombstone in the feed, every sanction lifted together. The whole way, from the
    reviewer who confirmed what was found at a door."""
    case, public, platform = opened, PasserBy(), Platform()
    stages.escalated(way, case)
    stages.penalised(way, case)
    stages.pays(way, case, Decimal(30000))
    assert not public.finds(case) and platform.pulls().known == {}
    listing = lists(way, case, UNREGISTERED)
    assert public.finds(case) and str(listing.ends_on) in public.reads(case)
    assert platform.pulls().known[case.code]["name"] == case.subject.name

    orders = punishes(way, case, "1", "3", "26")
    assert {order.department for order in orders} == {office for _name, office in LIAISONS.values()}
    by_office = {order.department: order for order in orders}
    answers(way, by_office["市发展和改革委员会"], "done")
    answers(way, by_office["市财政局"], "unfit", why="该单位不参加政府采购")
    way.goes_to(orders[0].due_on)
    chase_orders()
    way.goes_to(orders[0].due_on + timedelta(days=1))
    chase_orders()
    assert (told(case, "sanction.reminded"), told(case, "sanction.escalated")) == (2, 2)
    answers(way, by_office["市市场监管局"], "already")

    way.waits(case, "listing.period")
    assert not public.finds(case)
    assert platform.pulls().known == {} and platform.gone[case.code]["name"] == ""
    spared = SanctionOrder.objects.get(listing=listing, lift_at=None)
    assert spared.department == "市财政局", "nothing is lifted where nothing was carried out"
    for office, word in (
        ("市发展和改革委员会", "lifted"),
        ("市市场监管局", "lifted"),
        ("市人力资源和社会保障局", "nothing"),
    ):
        answers(way, by_office[office], word)
    hands_over(way, case, "serve-removal")
    ended = over(way, case, CaseState.REMOVED)
    assert ended.closed_why == "公示期满"


@reaches(CaseState.REMOVED)
def test_repaired_after_a_look_at_the_door(way: Way, with_phone: Case, liaisons: None) -> None:
    """信用修复: applied for at the window with proof and promise, looked at on the spot, granted, gone everywhere."""
    case, public, platform = with_phone, PasserBy(), Platform()
    listing = lists(way, case)
    (order,) = punishes(way, case, "3")
    answers(way, order, "done")
    early = at_window(case)
    assert f"最早 {add_months(listing.decided_on, 12) + timedelta(days=1)} 起可以申请" in early.matter()
    early.is_refused("repair")

    reaches_repair(way, listing)
    handed = at_window(case).hands_in(
        "repair", "已补办登记、补缴全部社会保险费", proof("缴费凭证.pdf"), agreed="on"
    )
    material = handed.materials.get()
    kept = way.zhou.client.get(reverse("counter-material", args=[handed.receipt, material.pk]))
    assert b"".join(kept.streaming_content) == proof("缴费凭证.pdf").read()
    handles(way, handed, "已受理，派员现场核查")
    refused(way.ma, at.listing(case), "decide-repair", "repair-not-inspected", granted="1", reason="已改正")
    looks(way, WorkersPhone(way), case)
    assert public.finds(case)
    way.ma.does(at.listing(case), "decide-repair", granted="1", reason="已改正并履行义务")

    assert not public.finds(case) and platform.pulls().gone[case.code]["removed_on"] == str(today())
    spread = case.clocks.get(kind="repair.spread", fired_at=None, stopped_at=None)
    order.refresh_from_db()
    assert order.lift_due_on == spread.due_on
    answers(way, order, "lifted")
    hands_over(way, case, "serve-repair")
    decision = standing(case, NoticeKind.REPAIR_DECISION)
    home = at_window(case)
    assert decision.number in home.matter() and "已受理，派员现场核查" in home.matter()
    assert hashlib.sha256(home.takes_home(decision)).hexdigest() == decision.sha256
    assert over(way, case, CaseState.REMOVED).closed_why == "信用修复"


@reaches(CaseState.REMOVED)
def test_repair_refused_and_applied_for_again(way: Way, with_phone: Case) -> None:
    """不予修复: the door shows it is not corrected; the entry stays, and a new application, in the same words, is heard
    like the first."""
    case, public = with_phone, PasserBy()
    listing = lists(way, case)
    reaches_repair(way, listing)
    phone, page = WorkersPhone(way), at.listing(case)
    handles(way, at_window(case).hands_in("repair", WORDS, agreed="on"), "派员现场核查")
    looks(way, phone, case, insured_seen=3)
    refused(way.ma, page, "decide-repair", "repair-not-corrected", granted="1", reason="已改正")
    way.ma.does(page, "decide-repair", granted="0", reason="现场仍有9人未参保")
    hands_over(way, case, "serve-repair")
    assert public.finds(case) and case.clocks.filter(kind="repair.decide", stopped_at=None).count() == 0
    assert Case.objects.filter(subject=case.subject).count() == 1, (
        "a look for the repair opens no second case"
    )

    way.goes_to(today() + timedelta(days=40))
    again = at_window(case)
    assert "信用修复决定书" in again.matter()
    handles(way, again.hands_in("repair", WORDS, agreed="on"), "再次派员现场核查")
    looks(way, phone, case)
    way.ma.does(page, "decide-repair", granted="1", reason="已全部改正")
    hands_over(way, case, "serve-repair")
    assert not public.finds(case)
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.REMOVED)
def test_the_period_ends_while_its_repair_is_looked_at(way: Way, with_phone: Case) -> None:
    """公示期满在先: nobody goes there any more, nobody decides it, and the unit is told."""
    case, phone = with_phone, WorkersPhone(way)
    listing = lists(way, case)
    assert listing.ends_on
    way.goes_to(listing.ends_on - timedelta(days=1))
    asked = at_window(case).hands_in("repair", WORDS, agreed="on")
    way.zhou.does(reverse("counter-submission", args=[asked.receipt]), "take")
    assert phone.door(case)["state"] == "open"
    way.waits(case, "listing.period")
    assert not phone.doors(case), "the door has left the phone"
    way.ma.may_not(at.listing(case), "decide-repair")
    told_so = "公示已经期满，不再需要修复"
    way.zhou.does(reverse("counter-submission", args=[asked.receipt]), "answer", answer=told_so)
    hands_over(way, case, "serve-removal")
    assert told_so in at_window(case).matter()
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.REMOVED)
def test_an_objection_corrects_the_entry_and_another_revokes_it(
    way: Way, with_phone: Case, liaisons: None
) -> None:
    """异议成立: first what is shown is put right everywhere, then the listing itself falls."""
    case, public, platform = with_phone, PasserBy(), Platform()
    lists(way, case)
    (order,) = punishes(way, case, "3")
    answers(way, order, "done")
    handles(way, at_window(case).hands_in("objection", "涉及人数为15人，不是25人"), "转市级核查")
    assert "正在核查" in public.reads(case) and platform.pulls().known[case.code]["objected"]
    given = {"checked": "调取名册核对，确为15人", "answer": "予以更正", "correction": "涉及15人"}
    way.ma.does(at.listing(case), "answer-objection", verdict="corrected", **given)
    hands_over(way, case, "serve-objection")
    assert "涉及15人" in public.reads(case) and "正在核查" not in public.reads(case)
    entry = platform.pulls().known[case.code]
    assert (entry["correction"], entry["objected"]) == ("涉及15人", False)

    handles(
        way, at_window(case).hands_in("objection", "15人均为真实用工，有劳动合同和工资流水"), "转市级核查"
    )
    given = {"checked": "经查劳动关系属实", "answer": "原认定事实不成立，撤销列入"}
    way.ma.does(at.listing(case), "answer-objection", verdict="revoked", **given)
    assert not public.finds(case) and case.code in platform.pulls().gone
    answers(way, order, "lifted")
    hands_over(way, case, "serve-objection", "serve-removal")
    assert "撤销" in way.qian.opens(at.listing(case)).words
    assert over(way, case, CaseState.REMOVED).closed_why == "撤销列入"
    assert case.notices.filter(kind=NoticeKind.OBJECTION_ANSWER).count() == 2


@reaches(CaseState.REMOVED)
def test_an_objection_is_rejected_with_an_answer(way: Way, with_phone: Case) -> None:
    """异议不成立: answered, late and told to the superior once; the entry stays to its last day."""
    case, public = with_phone, PasserBy()
    lists(way, case)
    handed = at_window(case).hands_in("objection", "我单位从未违规")
    handles(way, handed, "已登记，由市级核查答复")
    assert waits(way.ma, case)
    way.waits(case, "listing.objection")
    assert told(case, "listing.late") == 1
    given = {"checked": "复核在卷证据", "answer": "事实清楚，不予采纳"}
    way.ma.does(at.listing(case), "answer-objection", verdict="rejected", **given)
    hands_over(way, case, "serve-objection")
    running = case.clocks.filter(fired_at=None, stopped_at=None)
    assert public.finds(case) and list(running.values_list("kind", flat=True)) == ["listing.period"]
    way.nobody_is_asked(case)
    papers_went_out(case)
    assert "异议处理答复书" in at_window(case).matter()
    way.waits(case, "listing.period")
    hands_over(way, case, "serve-removal")
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.REMOVED)
def test_a_court_stays_the_publication_and_quashes_the_listing(
    way: Way, penalised: Case, liaisons: None
) -> None:
    """诉讼: by itself it suspends nothing, the court's order does; the quashed listing is off for good."""
    case, public, platform = penalised, PasserBy(), Platform()
    lists(way, case)
    (order,) = punishes(way, case, "3")
    answers(way, order, "done")
    suit = {"target": "listing", "kind": "suit", "body": "乌海市海勃湾区人民法院"}
    way.zhou.does(at.listing(case), "remedy", **suit)
    assert public.finds(case)
    way.zhou.does(at.listing(case), "stay", number="(2026)内0302行初7号裁定")
    assert not public.finds(case) and platform.pulls().gone[case.code]["name"] == ""
    assert "已停止执行" in way.cai.opens(reverse("sanction-order", args=[order.pk])).words
    way.goes_to(today() + timedelta(days=90))
    ruled = {"outcome": "quashed", "number": "(2026)内0302行初7号", "effective_on": today()}
    assert way.zhou.sends(at.listing(case), "close-remedy", **ruled).status_code == 403, "the city revokes"
    way.ma.does(at.listing(case), "close-remedy", **ruled)
    answers(way, order, "lifted")
    hands_over(way, case, "serve-removal")
    assert not public.finds(case) and case.code in platform.pulls().gone
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.REMOVED)
def test_a_review_upholds_the_listing_and_it_is_shown_again(way: Way, penalised: Case) -> None:
    """复议: stayed by the authority, upheld, shown again to its last day, which has not moved."""
    case, public, platform = penalised, PasserBy(), Platform()
    listing = lists(way, case)
    review = {
        "target": "listing",
        "kind": "review",
        "body": "乌海市人民政府",
        "stay_number": "乌政复停〔2026〕2号",
    }
    way.zhou.does(at.listing(case), "remedy", **review)
    assert not public.finds(case) and platform.pulls().known == {}
    way.goes_to(today() + timedelta(days=60))
    way.ma.does(at.listing(case), "close-remedy", outcome="upheld", number="乌政复决〔2026〕2号")
    assert public.finds(case) and platform.pulls().known[case.code]["ends_on"] == str(listing.ends_on)
    way.waits(case, "listing.period")
    assert today() == listing.ends_on + timedelta(days=1)
    hands_over(way, case, "serve-removal")
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.NOT_LISTED)
def test_not_listed_after_its_defence(way: Way, with_phone: Case) -> None:
    """不予列入: what was said in defence holds; nothing was ever public, and the notice is taken back."""
    case, public, platform = with_phone, PasserBy(), Platform()
    notice = tells(way, case)
    hears(way, case, "25人均有劳动合同和工资流水", "证据有异议，提请法制审核")
    way.waits(case, "listing.defence")
    way.fang.does(at.case(case), "drop", why="申辩成立，事实不足")
    assert not public.finds(case) and platform.pulls().known == platform.gone == {}
    assert "已撤回" in public.scans(notice)
    home = Employer(notice).enters()
    assert "本案已经办结" in home.matter() and "证据有异议" in home.matter()
    assert over(way, case, CaseState.NOT_LISTED).closed_why == "申辩成立，事实不足"


@reaches(CaseState.REMOVED)
def test_heard_answered_and_listed_all_the_same(way: Way, with_phone: Case) -> None:
    """陈述申辩不成立: nobody reviews before it is answered; what comes after the term is kept and answered too."""
    case, public = with_phone, PasserBy()
    tells(way, case)
    page = at.case(case)
    handed = at_window(case, NoticeKind.LISTING_NOTICE).hands_in("statement", "经营困难，请求从宽")
    handles(way, handed, "已记入案卷")
    way.waits(case, "listing.defence")
    way.fang.may_not(page, "review")
    way.fang.does(page, "answer", text="经营困难不是免责事由")
    late = at_window(case, NoticeKind.LISTING_NOTICE).hands_in("statement", "补充说明")
    assert late.is_late
    handles(way, late, "逾期提出，已记入案卷")
    # What came late stands in the file, and is answered like the rest.
    way.fang.may_not(page, "review")
    way.fang.does(page, "answer", text="补充说明已核，经营困难不是免责事由")
    decides(way, case)
    assert public.finds(case) and "经营困难" not in public.reads(case)
    assert "经营困难不是免责事由" in way.qian.opens(page).words
    way.waits(case, "listing.period")
    hands_over(way, case, "serve-removal")
    over(way, case, CaseState.REMOVED)


@reaches(CaseState.REMOVED)
def test_corrected_while_listed_it_leaves_with_its_period(way: Way, penalised: Case) -> None:
    """已整改: the register shows it while the entry is public; noted at once, and the case ends with the period."""
    case, public = penalised, PasserBy()
    lists(way, case, UNREGISTERED)
    way.register_shows(case, 12)
    assert "已于" in way.qian.opens(at.case(case)).words and public.finds(case)
    way.waits(case, "listing.period")
    assert not public.finds(case)
    hands_over(way, case, "serve-removal")
    ended = over(way, case, CaseState.REMOVED)
    assert ended.healed_on and ended.healed_on < today()


@reaches(CaseState.NOT_LISTED)
def test_corrected_before_publication_it_is_never_shown(way: Way, penalised: Case) -> None:
    """已整改: decided, but the register shows it corrected; it cannot be published, and the city takes it back."""
    case, public = penalised, PasserBy()
    tells(way, case, UNREGISTERED)
    way.waits(case, "listing.defence")
    way.fang.does(at.case(case), "review", opinion="程序合法")
    way.qian.does(at.case(case), "decide-district")
    way.ma.does(at.case(case), "decide-city")
    way.zhou.serves(at.case(case), "serve-decision")
    way.register_shows(case, 12)
    way.ma.may_not(at.case(case), "publish")
    way.ma.does(at.case(case), "drop", why="公示前已整改")
    assert not public.finds(case)
    assert "已撤回" in public.scans(standing(case, NoticeKind.LISTING_DECISION))
    over(way, case, CaseState.NOT_LISTED)


@reaches(CaseState.NOT_LISTED)
def test_a_notice_taken_back_says_so_when_scanned(way: Way, with_phone: Case) -> None:
    """文书撤回: changed facts begin again with a new notice, a slip of the pen with a new number; each old code says
    what stands in its place."""
    case, public = with_phone, PasserBy()
    first = tells(way, case)
    assert "真实有效" in public.scans(first)
    way.waits(case, "listing.defence")
    way.fang.does(at.case(case), "return", why="涉及人数与名册不符")
    way.zhou.does(at.case(case), "mend", facts="伪造劳动关系为22人办理参保", remark="已核对名册")
    assert "已撤回" in public.scans(first)
    way.ma.does(at.case(case), "notice")
    way.zhou.serves(at.case(case), "serve-notice")
    second = standing(case, NoticeKind.LISTING_NOTICE)
    slip = {"why": "笔误", "clerical": "on", "wrong": "22人", "right": "21人"}
    way.ma.does(reverse("notice", args=[second.pk]), "reissue", **slip)
    third = standing(case, NoticeKind.LISTING_NOTICE)
    way.zhou.serves(reverse("notice", args=[third.pk]), "serve")
    assert third.number in public.scans(second) and "已撤回" in public.scans(second)
    assert "真实有效" in public.scans(third)
    assert third.number in Employer(second).enters().matter()
    way.waits(case, "listing.defence")
    way.fang.does(at.case(case), "drop", why="事实不足")
    assert all("已撤回" in public.scans(notice) for notice in (first, second, third))
    over(way, case, CaseState.NOT_LISTED)


@reaches(CaseState.REMOVED)
def test_the_fine_falls_in_court_and_its_listing_with_it(way: Way, penalised: Case) -> None:
    """处罚被撤销: a listing that stands on the fine is revoked by the same judgment."""
    case, public, platform = penalised, PasserBy(), Platform()
    lists(way, case, UNREGISTERED)
    suit = {"target": "penalty", "kind": "suit", "body": "乌海市海勃湾区人民法院"}
    way.zhou.does(at.listing(case), "remedy", **suit)
    assert public.finds(case)
    way.goes_to(today() + timedelta(days=90))
    ruled = {"outcome": "quashed", "number": "(2026)内0302行初9号", "effective_on": today()}
    way.ma.does(at.listing(case), "close-remedy", **ruled)
    assert not public.finds(case) and case.code in platform.pulls().gone
    hands_over(way, case, "serve-removal")
    withdraws(way, case, "处罚决定经判决撤销")
    over(way, case, CaseState.REMOVED)


# --- 重大劳动保障违法行为社会公布 ------------------------------------------------------------------------


@reaches(CaseState.HEALED)
def test_announced_by_the_quarter_and_taken_down(way: Way, penalised: Case) -> None:
    """社会公布: proposed, decided by another, published with its batch; an objection puts it right, one takes it down."""
    case, public = penalised, PasserBy()
    page, shown = reverse("announcement", args=[case.code]), reverse("public-announcement", args=[case.code])
    said = {
        "ground": Ground.objects.get(code="17-1").pk, "head": "王五", "handling": "罚款30000元，责令改正",
        "facts": "12名职工未参保，联系电话13812345678",
    }  # fmt: skip
    fills(way.zhou, reverse("announcement-propose", args=[case.code]), **said)
    public.opens(shown, 404)
    way.zhou.may_not(page, "decide")
    assert waits(way.qian, case)
    way.qian.does(page, "decide")
    given = {"office": "150302", "media": "乌海日报"}
    way.qian.does(reverse("announcements"), "publish", **given)
    batch = case.announcement.batch
    assert batch.number in public.opens(reverse("public-announcements")).words
    words = public.opens(shown).words
    assert "138****5678" in words and "13812345678" not in words
    way.zhou.does(page, "object", text="应为11人")
    way.qian.does(page, "answer", answer="经核实更正", correction="应为11名职工")
    assert "应为11名职工" in public.opens(shown).words
    way.zhou.does(page, "object", text="处罚决定事实不清")
    way.qian.does(page, "answer", answer="异议成立", remove="on")
    public.opens(shown, 404)
    public.opens(reverse("public-batch", args=[batch.pk]), 404)
    assert batch.number not in public.opens(reverse("public-announcements")).words
    way.register_shows(case, 12)
    over(way, case, CaseState.HEALED)
