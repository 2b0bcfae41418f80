"""The acts of workflows/audits as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class AuditVerb(Verb):
    AUDIT_OPENED = "audit.opened", _("开展社会保险稽核[，稽核人员：{auditors}][，理由：{reason}]")
    AUDIT_BEGUN = "audit.begun", _("稽核通知书已送达[，稽核自 {first} 开始]")
    AUDIT_RECORDED = "audit.recorded", _("制作了[{record}][，{day}]")
    AUDIT_FOUND = "audit.found", _("登记了稽核发现[：{type}][，少参保 {heads} 人][，欠缴 {arrears} 元]")
    ROSTER_KEPT = "audit.roster", _("登记了未参保职工名册[，{heads} 人]")
    AUDIT_INFORMED = "audit.informed", _("告知了稽核情况[，可在 {until} 前答复]")
    AUDIT_ANSWERED = "audit.answered", _("记录了单位对稽核情况的答复[，{on}]")
    AUDIT_DRAFTED = "audit.drafted", _("拟写了稽核意见，报区级审批")
    AUDIT_APPROVED = "audit.approved", _("批准了稽核意见[，文号 {number}][，意见：{reason}]")
    AUDIT_RETURNED = "audit.returned", _("退回了稽核意见[，理由：{reason}]")
    AUDIT_ORDERED = "audit.ordered", _("稽核意见书已送达，责令限期改正")
    AUDIT_OVERDUE = "audit.overdue", _("稽核期限已满[：{term_name}]")
    AUDIT_ENDED = "audit.ended", _("稽核结束[：{outcome}][，理由：{reason}]")
    PENALTY_PROPOSED = "penalty.proposed", _("提请行政处罚[，文号 {number}][，理由：{reason}]")
    TAX_TRANSFERRED = (
        "tax.transferred",
        _("把欠费移送税务[：{department}][，文号 {number}][，共 {amount} 元]"),
    )
    TAX_REMINDED = "tax.reminded", _("提醒税务答复欠费移送[：{department}]")
    TAX_ESCALATED = "tax.escalated", _("税务逾期未答复欠费移送，报上级协调[：{department}]")
    TAX_ANSWERED = (
        "tax.answered",
        _("税务答复欠费移送[：{answer}][，{amount} 元][，{on}][，至 {until}][，说明：{reason}]"),
    )
