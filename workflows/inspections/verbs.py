"""The acts of workflows/inspections as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class InspectionVerb(Verb):
    INSPECTION_ORDERED = "inspection.ordered", _("交劳动监察，责令限期改正[，{violation}][，文号 {number}]")
    PENALTY_RECORDED = "penalty.recorded", _("记录了行政处罚[，文号 {number}][，罚款 {amount} 元]")
    INSPECTION_PROPOSED = (
        "inspection.proposed",
        _("申请监察立案[，{violation}][，监察案号 {inspection}][，执法人员：{officers}][，理由：{reason}]"),
    )
    INSPECTION_FILED = "inspection.filed", _("批准监察立案[，监察案号 {inspection}]")
    INSPECTION_REFUSED = "inspection.refused", _("不予监察立案[，理由：{reason}]")
    OFFICER_RECUSED = "inspection.recused", _("决定回避[：{officer}][，改由{instead}办理][，理由：{reason}]")
    INVESTIGATION_EXTENDED = "inspection.extended", _("批准延长调查期限[，至 {until}][，理由：{reason}]")
    ORDER_MET = "inspection.order_met", _("责令期限内已改正[，{on}]，待撤销立案")
    CORRECTION_OVER = "inspection.correction_over", _("处罚决定责令的改正期限届满，仍未改正[，{on}]")
    RECORD_KEPT = "inspection.record", _("制作了[{record}][，{day}]")
    RECORD_SECONDED = "inspection.record_seconded", _("签认了[{record}][，{day}]")
    PENALTY_WEIGHED = (
        "inspection.weighed",
        _("拟定处罚[：{violation}][，应缴未缴 {arrears} 元][，裁量档次 {tier}][，罚款 {fine} 元]"),
    )
    PENALTY_NOTICED = "inspection.noticed", _("处罚事先告知书已送达[，陈述申辩至 {until}]")
    STATEMENT_RECORDED = "inspection.statement", _("记录了当事人的陈述申辩")
    STATEMENT_ANSWERED = "inspection.statement_answered", _("复核并答复了陈述申辩")
    STATEMENT_CLOSED = "inspection.statement_closed", _("调查终结，送法制审核[，期间有陈述申辩：{heard}]")
    HEARING_ASKED = "inspection.hearing_asked", _("当事人要求听证[，{on}]")
    HEARING_CALLED = "inspection.hearing_called", _("决定举行听证[，{on}][，地点 {place}][，主持人 {chair}]")
    HEARING_NOTICED = "inspection.hearing_noticed", _("听证通知书已送达")
    HEARING_HELD = "inspection.hearing_held", _("听证结束，形成听证报告")
    HEARING_RECORDED = "inspection.hearing_recorded", _("听证笔录入卷[，记录人 {recorder}]")
    PENALTY_REVIEWED = "inspection.reviewed", _("处罚案件法制审核通过[，意见：{opinion}]")
    MEMBERS_CALLED = "inspection.members_called", _("召集集体讨论[：{members}]")
    OPINION_GIVEN = "inspection.opinion", _("发表集体讨论意见[：{opinion}]")
    PENALTY_DISCUSSED = (
        "inspection.discussed",
        _("形成集体讨论意见[：{opinion}][，结论：{outcome}][，参加 {members} 人]"),
    )
    INSPECTION_RETURNED = "inspection.returned", _("退回[：{step}][，理由：{reason}]")
    PENALTY_DECIDED = "inspection.decided", _("作出处罚决定[，文号 {number}][，罚款 {amount} 元]")
    PAYMENT_RECORDED = "inspection.payment", _("登记缴款[：{amount} 元][，{on}][，票据 {slip}]")
    PENALTY_DEMANDED = "inspection.demanded", _("履行催告书已送达")
    COURT_ASKED = "inspection.court", _("申请人民法院强制执行[，文号 {number}]")
    PENALTY_ENFORCED = "inspection.enforced", _("强制执行完毕[：{reason}]")
    PENALTY_PERFORMED = "inspection.performed", _("处罚决定履行完毕[：{reason}]")
    INSPECTION_WITHDRAWN = "inspection.withdrawn", _("撤销立案[，理由：{reason}]")
    PENALTY_SPARED = "inspection.spared", _("决定不予处罚[，理由：{reason}]")
    INSPECTION_TRANSFERRED = "inspection.transferred", _("移送{to}[，文号 {number}][，理由：{reason}]")
    INSPECTION_OVERDUE = "inspection.overdue", _("监察办理逾期[：{term_name}]")
    PENALTY_CHANGED = "inspection.changed", _("处罚决定被变更[，罚款 {fine} 元][：{reason}]")
    PENALTY_QUASHED = "inspection.quashed", _("处罚决定被撤销[：{reason}]")
