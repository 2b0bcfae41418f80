"""The acts of workflows/notices as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class NoticeVerb(Verb):
    NOTICE_ISSUED = "notice.issued", _("制发了文书[《{title}》][，文号 {number}]")
    NOTICE_APPROVED = "notice.approved", _("签发了文书[《{title}》][，文号 {number}][，用印 {copies} 份]")
    NOTICE_RETURNED = (
        "notice.returned",
        _("退回了待签发的文书[《{title}》][，文号 {number}][，理由：{reason}]"),
    )
    NOTICE_SEALED = "notice.sealed", _("登记了文书用印[《{title}》][，文号 {number}][，{copies} 份]")
    NOTICE_SERVED = "notice.served", _("送达了文书[，文号 {number}][，方式：{way}][，签收日期 {on}]")
    NOTICE_WITHDRAWN = "notice.withdrawn", _("撤回了文书[《{title}》][，文号 {number}][，理由：{reason}]")
    NOTICE_REISSUED = (
        "notice.reissued",
        _("换发了文书[《{title}》][，原文号 {old}][，新文号 {number}][，理由：{reason}]"),
    )
    NOTICE_SENT_OUT = "notice.sent_out", _("请网格员上门送达文书[，文号 {number}]")
    NOTICE_RECALLED = "notice.recalled", _("收回了请网格员送达的文书[，文号 {number}]")
    NOTICE_CARRIED = "notice.carried", _("上门送达文书[，文号 {number}][，走访编号 {visit}][，{fate}]")
    NOTICE_CARRIED_DECIDED = (
        "notice.carried_decided",
        _("核定了上门送达[，文号 {number}][，走访编号 {visit}][，{fate}][，理由：{reason}]"),
    )
    SERVICE_LATE = "notice.service_late", _("{term_name}届满，文书尚未送达[，届满日 {due_on}]")
    SLIP_FILED = "notice.slip_filed", _("归档了送达回证[，文号 {number}]")
    NOTICE_PROVED = "notice.proved", _("生成了送达回证[，文号 {number}]")
