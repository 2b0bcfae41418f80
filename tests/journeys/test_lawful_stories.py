"""Matters a lawyer once found unlawful from end to end, told again as the law has them: who did what, when, on what
evidence, and that every paper of theirs would stand before a court.

Premiums that lapsed were fined by the department, and the unit was listed for a fraud nobody had investigated. A unit
that left people out was urged with an untrue sentence, and listed months later without anybody's looking again.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid.calendar.now import CITY_TIME, today
from grid.calendar.queries import workdays
from grid.calendar.rules import next_workday
from grid.ledger.models import Entry
from grid.offices.queries import office_at
from grid.subjects.models import Subject
from tests.contract.papers import faults_in_print, faults_of_paper, known_to_the_market
from tests.journeys import stages
from tests.journeys.entries import UNREGISTERED, standing
from tests.journeys.stages import SOURCE
from tests.journeys.way import DAY, Way, at, reaches
from tests.papers import PDF
from workflows.audits.models import AuditState, TransferState
from workflows.cases.models import Case, CaseState
from workflows.inspections.models import InspectionState
from workflows.listing.models import Ground, Listing
from workflows.notices.models import Notice, NoticeKind, Service

pytestmark = pytest.mark.once

ADDRESS = "内蒙古自治区乌海市海勃湾区凤凰岭街道和平社区第一网格8号商铺"
CLAUSE = "乌政〔2020〕17号 四（二）2"
LAPSED = [{"measure": "抓续保", "about": "resume", "why": "12名职工自2026年3月起中断缴费", "clause": CLAUSE}]
MISSED = [{"measure": "抓漏保", "about": "missed", "why": "在岗12人，参保3人", "clause": CLAUSE}]
K = NoticeKind

Opens = Callable[..., Case]


@pytest.fixture
def opens(way: Way, make_employer: Callable[..., Subject], make_finding: Any, tmp_path: Path) -> Opens:
    """A case about a unit the business register knows, on a working day."""

    def opened(**finding: Any) -> Case:
        unit = make_employer("乌海市海晟恒物流有限公司", address=ADDRESS)
        known_to_the_market(unit, tmp_path, by=way.cast.by.wu)
        to_work(way)
        return way.opens(make_finding(unit, **finding))

    return opened


def to_work(way: Way, days: int = 0) -> date:
    """So many days on, and to the first day from there on which the offices are open."""
    way.goes_to(next_workday(today() + days * DAY, workdays()))
    return today()


def waits(way: Way, case: Case, kind: str) -> date:
    """Past the end of a term of that kind; its last day."""
    due_on: date = case.clocks.get(kind=kind, fired_at=None, stopped_at=None).due_on
    way.waits(case, kind)
    to_work(way)
    return due_on


def who_did(case: Case, *verbs: str) -> list[tuple[str, str]]:
    """(what, who) of these, in the order in which the ledger has them."""
    entries = Entry.objects.filter(case=case.code, verb__in=verbs).order_by("nth")
    return [(entry.verb, entry.actor_name) for entry in entries]


def day_of_act(case: Case, verb: str) -> date:
    return Entry.objects.filter(case=case.code, verb=verb).earliest("nth").at.astimezone(CITY_TIME).date()


def kinds(case: Case) -> list[str]:
    return list(case.notices.order_by("pk").values_list("kind", flat=True))


def would_stand(case: Case) -> None:
    """Every paper has what its law demands, nothing the record contradicts, and was written and handed over on a working
    day; the clock alone issues on any."""
    papers = list(Notice.objects.filter(case=case).select_related("case__subject"))
    assert [
        fault for notice in papers for fault in (*faults_of_paper(notice), *faults_in_print(notice))
    ] == []
    days = workdays()
    written = [notice.issued_at.astimezone(CITY_TIME).date() for notice in papers if notice.issued_by_id]
    served = list(Service.objects.filter(notice__case=case).values_list("served_on", flat=True))
    assert all(map(days.works, (*written, *served)))


# --- premiums that lapsed ------------------------------------------------------------------------------


@reaches(AuditState.TAX, TransferState.COLLECTED, CaseState.TRANSFERRED)
def test_lapsed_premiums_are_audited_collected_by_the_tax_office_and_fined_by_nobody(
    way: Way, opens: Opens
) -> None:
    case = opens(measures=LAPSED)
    way.urges(case)
    asked = standing(case, K.URGING).values
    assert "税务机关依法核定、征收" in asked["asked"][0] and "第八十六条" not in str(asked["basis"])
    waits(way, case, "urging.term")

    way.tang.does(at.audit(case), "open", auditor_1="唐静", auditor_2="蒋伟")
    way.zhou.may_not(at.audit(case), "serve-notice")
    served_on = to_work(way, 1)
    way.tang.serves(at.audit(case), "serve-notice")
    audit = case.audits.get()
    assert (audit.held_on - served_on).days >= 3
    way.goes_to(audit.held_on)
    to_work(way)
    stages.examined(way, case)
    stages.informed(way, case)
    to_work(way, 1)
    stages.ordered_to_correct(way, case)
    opinion = standing(case, K.AUDIT_OPINION)
    assert "税务机关" in "".join(opinion.values["orders"])
    expired_on = waits(way, case, "audit.correction")
    way.tang.does(at.audit(case), "transfer", department="市税务局", why="改正期满仍欠缴")

    transfer = case.transfers.get()
    letter = standing(case, K.TAX_TRANSFER)
    assert (
        Decimal(letter.values["owed"]) == transfer.amount == sum(row.arrears for row in audit.findings.all())
    )
    address = reverse("transfer", args=[transfer.pk])
    way.feng.does(address, "answer", kind="received")
    to_work(way, 5)
    way.feng.does(address, "answer", kind="collected", amount=transfer.amount)
    way.ends(case, CaseState.TRANSFERRED, str(TransferState.COLLECTED.label))

    assert not case.inspections.exists() and not Listing.objects.filter(case=case).exists()
    assert kinds(case) == [K.URGING, K.AUDIT_NOTICE, K.AUDIT_FINDINGS, K.AUDIT_OPINION, K.TAX_TRANSFER]
    assert who_did(case, "audit.opened", "audit.approved", "tax.transferred") == [
        ("audit.opened", "唐静"), ("audit.approved", "钱卫东"), ("tax.transferred", "唐静"),
    ]  # fmt: skip
    assert day_of_act(case, "tax.transferred") > expired_on
    would_stand(case)


# --- from the filing to the served decision ----------------------------------------------------------


def penalised(way: Way, case: Case) -> None:
    """Two officers on the spot, the order, its term, the told and heard party, the report, the lawyer, the head."""
    page = at.inspection(case)
    stages.proposed(way, case)
    to_work(way, 1)
    stages.filing_approved(way, case)
    to_work(way, 1)
    stages.ordered(way, case)
    waits(way, case, "order.term")
    facts = f"{case.subject.name}经责令逾期仍未为12名职工办理参保登记"
    found = {
        "facts": facts,
        "arrears": stages.ARREARS,
        "source": SOURCE,
        "since": today() - 90 * DAY,
        "heads": 12,
    }
    way.zhou.does(page, "notice", **found)
    way.zhou.serves(page, "serve-notice")
    stages.reports(way, case)
    to_work(way, 1)
    way.zhou.does(page, "statement", text="公司刚起步，请求减轻处罚。")
    way.zhou.does(page, "answer", text="已按最低倍数拟定，不因申辩加重。")
    waits(way, case, "inspection.statement")
    stages.reviewed(way, case)
    to_work(way, 1)
    stages.decided(way, case)


def the_penalty_is_lawful(case: Case) -> None:
    """Who, when, on what evidence."""
    inspection = case.inspections.get()
    officers = {"周正", "何敏"}
    hands = ["inspection.proposed", "inspection.filed", "inspection.reviewed", "inspection.decided"]
    assert who_did(case, *hands) == [*zip(hands, ("周正", "钱卫东", "石磊", "钱卫东"), strict=True)]
    notice, decision = standing(case, K.PENALTY_NOTICE), standing(case, K.PENALTY_DECISION)
    first, *_rest, last = decision.values["evidence"]
    assert "现场检查笔录" in first and all(name in first for name in officers)
    assert last.startswith("线索来源") and "王建国" in last, (
        "the visit of the grid worker is the lead, and stands last"
    )
    assert "劳动保障监察限期改正指令书" in "".join(decision.values["evidence"])
    assert decision.values["corrections"] and decision.values["correction"]["length"] > 0
    assert decision.values["breached"] == notice.values["breached"]
    heard = "".join(decision.values["heard"])
    assert "公司刚起步" in heard and "不因申辩加重" in heard
    days = [
        inspection.filed_on, inspection.evidenced_on, inspection.ordered_on, inspection.order_expired_on,
        inspection.noticed_on, inspection.reported_on, inspection.statement_closed_on, inspection.decided_on,
        inspection.served_on,
    ]  # fmt: skip
    assert days == sorted(days)
    assert inspection.order_expired_on < inspection.noticed_on


# --- registered nobody, paid the fine, corrected nothing ----------------------------------------------


def looks(way: Way, case: Case, why: str) -> None:
    seen = {"on": today(), "place": "登记住所", "officer_1": "周正", "officer_2": "何敏", "why": why}
    way.zhou.does(at.case(case), "look", **seen, papers=SimpleUploadedFile("复查记录.pdf", PDF))


@reaches(InspectionState.PERFORMED, CaseState.REMOVED)
def test_fined_looked_at_again_listed_on_proof_and_gone_the_day_after(way: Way, opens: Opens) -> None:
    case = opens()
    way.urges(case)
    waits(way, case, "urging.term")
    penalised(way, case)
    the_penalty_is_lawful(case)
    order = standing(case, K.ORDER).values
    assert order["breached"] == [
        {"law": "中华人民共和国社会保险法", "article": "第五十七条第一款", "text": "", "reviewed": True}
    ]
    assert "补缴" not in "".join(order["orders"])

    # Paid at once: that alone lists nobody, nor does what somebody types.
    stages.pays(way, case, 30000)
    proposal = {"ground": Ground.objects.get(code=UNREGISTERED).pk, "facts": "经处罚后仍不办理社会保险登记"}
    way.zhou.may_not(at.case(case), "propose")
    over_on = waits(way, case, "penalty.correction")
    way.zhou.may_not(at.case(case), "propose")
    looks(way, case, "12名职工仍未参保")
    way.zhou.does(at.case(case), "propose", **proposal)

    to_work(way, 1)
    way.zhou.may_not(at.case(case), "notice")
    way.ma.does(at.case(case), "notice")
    way.zhou.serves(at.case(case), "serve-notice")
    told = standing(case, K.LISTING_NOTICE)
    said, penalty = "".join(told.values["found"]), standing(case, K.PENALTY_DECISION)
    assert penalty.number in said and str(over_on) in said and "复查" in said
    assert told.values["letter"]["authority"] == standing_authority(case)
    waits(way, case, "listing.defence")
    way.fang.does(at.case(case), "review", opinion="事实清楚，程序合法")
    way.qian.does(at.case(case), "decide-district")
    way.ma.does(at.case(case), "decide-city")
    way.zhou.serves(at.case(case), "serve-decision")
    way.ma.does(at.case(case), "publish")
    listing = Listing.objects.get(case=case)
    assert listing.decided_on and listing.decided_on > over_on
    advice = standing(case, K.REPAIR_ADVICE)
    assert advice.service.served_on == standing(case, K.LISTING_DECISION).service.served_on, "两书同达"
    assert "无需申请信用修复" in "".join(advice.values["since"])
    hands = who_did(case, "listing.proposed", "listing.reviewed", "listing.approved", "listing.decided")
    assert [who for _what, who in hands] == ["周正", "方文", "钱卫东", "马骏"]

    way.waits(case, "listing.period")
    gone = standing(case, K.REMOVAL)
    assert listing.ends_on is None or gone.values["removed_on"] > str(listing.ends_on)
    to_work(way)
    way.zhou.serves(at.case(case), "serve-removal")
    assert Case.objects.get(pk=case.pk).state == CaseState.REMOVED
    would_stand(case)


def standing_authority(case: Case) -> str:
    """Who decides the listing: the city, which therefore gives the notice and hears the defence."""
    return office_at(case.area[:4], today()).authority


# --- left people out, paid nothing, and the court ------------------------------------------------------


@reaches(InspectionState.ENFORCED, CaseState.PERFORMED)
def test_left_people_out_demanded_after_the_remedies_and_enforced_by_the_court(
    way: Way, opens: Opens
) -> None:
    case = opens(measures=MISSED)
    page = at.inspection(case)
    way.urges(case)
    waits(way, case, "urging.term")
    penalised(way, case)
    the_penalty_is_lawful(case)
    order = standing(case, K.ORDER).values
    assert [clause["article"] for clause in order["breached"]] == ["第五十八条第一款"]
    inspection = case.inspections.get()
    waits(way, case, "penalty.payment")
    assert inspection.due_on and today() > inspection.due_on

    remedies_over_on = waits(way, case, "inspection.remedy")
    way.zhou.does(page, "demand")
    way.zhou.serves(page, "serve-demand")
    demand = standing(case, K.DEMAND)
    assert "没有申请行政复议，也没有提起行政诉讼" in demand.values["standing"]
    assert (Decimal(demand.values["surcharge"]), Decimal(demand.values["total"])) == (30000, 60000)
    assert demand.service.served_on > remedies_over_on
    way.zhou.may_not(page, "court")
    demanded_until = waits(way, case, "inspection.demand")
    way.zhou.does(page, "court", property="未查明")
    application = standing(case, K.COURT_APPLICATION)
    assert demanded_until < application.issued_at.astimezone(CITY_TIME).date()
    assert [paper["number"] for paper in application.values["served"]] == [
        standing(case, kind).number for kind in (K.PENALTY_NOTICE, K.PENALTY_DECISION, K.DEMAND)
    ]
    way.register_shows(case, 12)
    to_work(way, 40)
    way.zhou.does(page, "enforced", why="法院已划拨罚款和加处罚款")
    way.ends(case, CaseState.PERFORMED, "法院已划拨")
    assert not Listing.objects.filter(case=case).exists(), "what is corrected is not listed"
    would_stand(case)
