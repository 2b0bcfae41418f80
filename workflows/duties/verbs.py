"""The acts of workflows/duties as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class DutyVerb(Verb):
    REFERRAL_SENT = "referral.sent", _("转请{department}办理[：{title}][，{due_on} 前答复]")
    REFERRAL_RECEIVED = "referral.received", _("{department}签收了转办件")
    REFERRAL_ANSWERED = (
        "referral.answered",
        _("{department}答复了转办件[，核查 {checked} 户（人）][，其中已参保 {insured}][，附件 {files} 份]"),
    )
    REFERRAL_RETURNED = (
        "referral.returned",
        _("{department}退回了转办件，认为不属本部门职责[，应由{to}办理][，理由：{reason}]"),
    )
    REFERRAL_REDIRECTED = "referral.redirected", _("改转{department}办理[，{due_on} 前答复]")
    REFERRAL_ACCEPTED = "referral.accepted", _("认可了{department}的答复[，意见：{reason}]")
    REFERRAL_ASKED_AGAIN = (
        "referral.asked_again",
        _("请{department}补充答复[，{due_on} 前][，理由：{reason}]"),
    )
    REFERRAL_CLOSED = "referral.closed", _("办结了转办件[，结果：{reason}]")
    REFERRAL_WITHDRAWN = "referral.withdrawn", _("撤回了转办件[，理由：{reason}]")
    REFERRAL_REMINDED = "referral.reminded", _("提醒{department}：转办件将于 {due_on} 到期")
    REFERRAL_ESCALATED = (
        "referral.escalated",
        _("{department}逾期未答复转办件，已报市扩面办[，期限 {due_on}]"),
    )
    PLAN_DRAFTED = "plan.drafted", _("编制了 {year} 年度{area}目标计划[，第 {version} 版][，理由：{reason}]")
    PLAN_CHANGED = (
        "plan.changed",
        _("修改了 {year} 年度{area}目标计划草案[，第 {version} 版][，改动 {changed} 项]"),
    )
    PLAN_CHECKED = (
        "plan.checked",
        _("核对了 {year} 年度{area}目标计划[，第 {version} 版][，有差额 {gaps} 项]"),
    )
    PLAN_ISSUED = "plan.issued", _("下达了 {year} 年度{area}目标计划[，第 {version} 版][，指标 {goals} 项]")
    PLAN_REVISED = (
        "plan.revised",
        _("调整 {year} 年度{area}目标计划[，编制第 {version} 版][，理由：{reason}]"),
    )
    PLAN_WITHDRAWN = (
        "plan.withdrawn",
        _("撤回了 {year} 年度{area}目标计划草案[，第 {version} 版][，理由：{reason}]"),
    )
