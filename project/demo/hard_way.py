"""The story's stubborn employer from the end of the urging to the removal from the list: every proceeding and gate."""

from datetime import timedelta

from django.test import Client

from grid.calendar.now import today
from grid.scope import Actor, machine
from grid.territory.models import Person
from grid.territory.queries import actor_of
from project.demo.audits import Audits
from project.demo.duties import post_liaison
from project.demo.inspections import Inspections
from project.demo.lists import CHOSEN
from project.demo.scans import scan
from project.demo.signing import sign
from project.demo.stage import Stage
from workflows.audits import actions as auditing
from workflows.cases import actions
from workflows.cases.models import Case
from workflows.clocks.actions import fire_due_clocks
from workflows.inspections import actions as inspecting
from workflows.inspections.queries import cards_at
from workflows.listing import actions as listing_acts
from workflows.listing.actions.proving import Seen, record_look
from workflows.listing.models import Ground, Listing
from workflows.notices.actions import Receipt
from workflows.notices.models import Notice, NoticeKind
from workflows.sanctions.actions import answer_lift, answer_order, order_sanctions
from workflows.sanctions.models import Answer, LiftAnswer, Sanction, SanctionOrder

UNITS = {"d": "日", "wd": "个工作日", "m": "个月"}


def serve(stage: Stage, notice: Notice, by: Actor) -> None:
    cards = cards_at(notice.area)
    by_two = list(cards.values())[:2] if by.person_id in cards else [by.name, ""]
    receipt = Receipt(
        way="direct", served_on=today(), receiver="前台李某（示例）", receiver_role="行政人员", server_1=by_two[0],
        server_2=by_two[1], place=notice.case.subject.address[:120],
    )  # fmt: skip
    sign(notice, stage.staff)
    actions.record_service(notice, receipt, by=by)
    stage.tell(f"{notice.get_kind_display()} {notice.number}，直接送达；A4 PDF 指纹 {notice.sha256[:16]}…")


def run_out(stage: Stage, case: Case, kind: str) -> None:
    """The day after a running term: the clock fires, nobody has to remember."""
    clock = case.clocks.get(kind=kind, fired_at=None, stopped_at=None)
    stage.chapter(f"{clock.length} {UNITS[clock.unit]}的期限到 {clock.due_on} 届满，没有人需要记得")
    with stage.later(on=clock.due_on + timedelta(days=1), hour=1):
        fire_due_clocks()
        case.refresh_from_db()
        stage.tell(f"期限时钟：{case.get_state_display()}")


def _audits(stage: Stage) -> Audits:
    truth = {employer.code: employer for employer in stage.employers}
    return Audits(stage.staff, lambda notice, by: serve(stage, notice, by), truth)


def _inspections(stage: Stage) -> Inspections:
    return Inspections(stage.staff, lambda notice, by: serve(stage, notice, by))


# --- the agency audits ---------------------------------------------------------------------------------


def audit(stage: Stage, case: Case) -> None:
    """Told, heard, ordered to correct; not corrected, and so proposed to be punished."""
    run_out(stage, case, "urging.term")
    audits = _audits(stage)
    stage.chapter("经办机构稽核：通知书先到，两名稽核人员后到")
    with stage.later(2):
        audits.open(case)
        audits.at_noticed(case)
    with stage.later(on=case.audits.latest("pk").held_on):
        audits.at_examining(case)
        for found in case.audits.latest("pk").findings.all():
            stage.tell(f"{found.get_insurance_display()}：少 {found.missing} 人，欠缴 {found.arrears} 元")
    with stage.later(2):
        audits.at_examined(case)
    with stage.later(2):
        answer = "部分职工试用期未满，拟转正后参保。"
        auditing.record_answer(case.audits.latest("pk"), answer, today(), by=stage.staff.tang)
        stage.tell(f"单位答复：{answer}")
    stage.chapter("稽核意见：稽核人员拟写，区主管批准，责令改正")
    with stage.later(2):
        heard = "试用期包含在劳动合同期限内，应当参保，不予采纳。"
        auditing.draft_opinion(case.audits.latest("pk"), "", heard, by=stage.staff.tang)
        audits.at_drafted(case)
        audits.at_approved(case)
    run_out(stage, case, "audit.correction")
    stage.chapter("没有改正，提请行政处罚")
    with stage.later(2):
        audits.propose_penalty(case)
        stage.tell(f"稽核{case.audits.latest('pk').get_state_display()}")


# --- the department inspects ---------------------------------------------------------------------------


def inspect_and_penalise(stage: Stage, case: Case) -> None:
    inspections = _inspections(stage)
    stage.chapter("劳动监察立案：两名执法人员，区主管批准")
    with stage.later(2):
        inspections.file(case)
        stage.tell("周正申请立案，执法人员周正、何敏")
    with stage.later(1):
        inspections.go_on(case)
        stage.tell("钱卫东批准立案，调查期限六十个工作日")
    stage.chapter("责令限期改正")
    with stage.later(2):
        inspections.go_on(case)
    run_out(stage, case, "order.term")
    stage.chapter("处罚事先告知，陈述申辩")
    with stage.later(2):
        inspections.go_on(case)
        for line in case.inspections.latest("pk").reckoning:
            stage.tell(f"{line['what']}：{line['words']}")
    with stage.later(2):
        inspection = case.inspections.latest("pk")
        inspecting.record_statement(inspection, "公司刚起步，请求减轻处罚。", by=stage.staff.zhou)
        inspecting.answer_statement(inspection, "已按最低倍数拟定，不因申辩加重。", by=stage.staff.zhou)
        stage.tell("单位陈述申辩，已复核答复")
    run_out(stage, case, "inspection.statement")
    stage.chapter("法制审核、集体讨论、负责人决定、送达，各有其人")
    for told in (
        "石磊法制审核通过；罚款数额较大，须集体讨论",
        "召集三人",
        "三人各自发表意见，形成一致意见",
        "钱卫东决定",
        "",
    ):
        with stage.later(1):
            inspections.go_on(case)
            if told:
                stage.tell(told)
    case.refresh_from_db()
    penalty = case.penalty or {}
    stage.tell(f"{penalty['number']} 罚款 {penalty['amount']} 元，{case.get_state_display()}")


def ask_court(stage: Stage, case: Case) -> None:
    """While the entry is public: nobody appealed within six months; urged in vain, and the court enforces the fine."""
    run_out(stage, case, "inspection.remedy")
    stage.chapter("没有复议，没有诉讼，没有缴纳：先催告，再申请人民法院强制执行")
    with stage.later(2):
        _inspections(stage).at_performing(case)
    run_out(stage, case, "inspection.demand")
    with stage.later(1):
        _inspections(stage).at_demanded(case)
        stage.tell(f"监察：{case.inspections.latest('pk').get_state_display()}")
    with stage.later(40):
        _inspections(stage).at_court(case)
        stage.tell(f"监察：{case.inspections.latest('pk').get_state_display()}；职工仍未参保")


# --- the list ------------------------------------------------------------------------------------------


def propose_and_hear(stage: Stage, case: Case) -> None:
    run_out(stage, case, "penalty.correction")
    stage.chapter("提请列入，先告知，再听申辩")
    with stage.later(4):
        officers = case.inspections.latest("pk").officers
        seen = Seen(
            today(),
            case.subject.address[:100],
            officers,
            "查阅花名册和参保名册，12 名职工仍未参保",
            False,
            (scan("复查记录"),),
        )
        record_look(case, seen, by=stage.staff.zhou)
        stage.tell("处罚决定的期限已满，周正、何敏到场复查：仍未改正，复查记录附卷")
        ground = Ground.objects.filter(code="5-1").latest("valid_from")
        listing_acts.propose_listing(
            case, ground, f"{case.subject.name}经处罚后仍未改正", by=stage.staff.zhou
        )
        stage.tell(f"提请列入：{ground.title}（{ground.basis}）")
    with stage.later(1):
        serve(stage, listing_acts.give_listing_notice(case, by=stage.staff.ma), stage.staff.zhou)
    with stage.later(3):
        listing_acts.record_defence(case, "公司资金紧张，请求暂缓列入。", by=stage.staff.fang)
    with stage.later(2):
        listing_acts.answer_defence(case, "资金紧张不免除依法参保义务，申辩不予采纳。", by=stage.staff.fang)
        stage.tell("单位向市局陈述申辩，法规科方文已记录并逐条答复")
    run_out(stage, case, "listing.defence")


def decide_and_publish(stage: Stage, case: Case) -> None:
    staff = stage.staff
    stage.chapter("法制审核、区级决定、市级决定，三个人")
    with stage.later(2):
        listing_acts.review_listing(case, "事实清楚，程序合法", by=staff.lin)
        listing_acts.decide_district(case, remark="同意列入", by=staff.qian)
    with stage.later(1):
        listing_acts.decide_city(case, by=staff.ma)
        serve(stage, case.notices.get(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None), staff.zhou)
        stage.tell("法制审核 林静，区级 钱卫东，市级 马骏")
    stage.chapter("公示")
    with stage.later(1):
        listing_acts.publish_listing(case, by=staff.ma)
        stage.tell(f"公示至 {Listing.objects.get(case=case).ends_on}")
        found = "查得到" if is_public(case) else "查不到"
        stage.tell(f"公示页 /public/listings/{case.code}/：{found}")


def sanction(stage: Stage, case: Case) -> None:
    """The measures that have a current basis go to their departments; the treasury answers."""
    stage.chapter("联合惩戒：只选有现行依据的措施，部门反馈")
    with stage.later(1):
        chosen = Sanction.objects.filter(code__in=CHOSEN, valid_to=None)
        for order in order_sanctions(case.listing, chosen, by=stage.staff.ma):
            stage.tell(f"{order.department}：{order.sanction.title}（{order.basis}），{order.due_on} 前反馈")
    with stage.later(5):
        answered = answer_order(
            _of_finance(case), Answer.DONE, "", by=post_liaison("finance", by=machine("示例城市"))
        )
        stage.tell(f"{answered.department}：{answered.get_answer_display()}")


def expire(stage: Stage, case: Case) -> None:
    run_out(stage, case, "listing.period")
    with stage.later():
        stage.tell(f"公示页：{'还在' if is_public(case) else '已移出'}")
    with stage.later(2):
        treasury = actor_of(Person.objects.get(username="liaison-finance"))
        lifted = answer_lift(_of_finance(case), LiftAnswer.LIFTED, by=treasury)
        stage.tell(f"惩戒随之解除，{lifted.department}：{lifted.get_lift_answer_display()}")
        serve(stage, case.notices.get(kind=NoticeKind.REMOVAL), stage.staff.zhou)


def _of_finance(case: Case) -> SanctionOrder:
    return SanctionOrder.objects.get(listing__case=case, department="市财政局")


def is_public(case: Case) -> bool:
    """Whether a stranger finds the entry."""
    answer = Client().get("/public/listings/", {"q": case.subject.name})
    return f"/public/listings/{case.code}/" in answer.content.decode()
