"""The acts of workflows/sanctions as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class SanctionVerb(Verb):
    SANCTIONS_LOADED = "sanctions.loaded", _("载入了惩戒措施[，共 {count} 项]")
    SANCTION_EDITED = "sanction.edited", _("修改了惩戒措施[“{title}”]的依据[：{basis}][，理由：{reason}]")
    SANCTION_ORDERED = (
        "sanction.ordered",
        _("通知{department}实施惩戒措施[“{title}”][，依据：{basis}][，反馈至 {until}]"),
    )
    SANCTION_ANSWERED = "sanction.answered", _("{department}反馈惩戒措施[“{title}”][：{answer}][，{reason}]")
    SANCTION_SUSPENDED = "sanction.suspended", _("通知{department}暂停惩戒措施[“{title}”][，{reason}]")
    SANCTION_RESUMED = (
        "sanction.resumed",
        _("通知{department}恢复惩戒措施[“{title}”][，{reason}][，反馈至 {until}]"),
    )
    SANCTION_CORRECTED = (
        "sanction.corrected",
        _("向{department}发送更正后的信息[，惩戒措施“{title}”][，更正：{correction}]"),
    )
    SANCTION_LIFT_ORDERED = (
        "sanction.lift_ordered",
        _("通知{department}解除惩戒措施[“{title}”][，理由：{reason}][，反馈至 {until}]"),
    )
    SANCTION_LIFTED = "sanction.lifted", _("{department}反馈解除惩戒措施[“{title}”][：{answer}]")
    SANCTION_REMINDED = "sanction.reminded", _("提醒{department}反馈惩戒措施[“{title}”][，至 {until}]")
    SANCTION_ESCALATED = (
        "sanction.escalated",
        _("{department}逾期未反馈惩戒措施[“{title}”]，转市级督办[，届满日 {until}]"),
    )
