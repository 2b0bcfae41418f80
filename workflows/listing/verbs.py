"""The acts of workflows/listing as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ListingVerb(Verb):
    LOOKED_AGAIN = "listing.looked_again", _("登记了复查记录[，复查日期 {on}][，执法人员：{officers}]")
    PROOF_FILED = "listing.proof_filed", _("附卷了列入依据文书[：{title}][，文号 {number}]")
    LISTING_PROPOSED = "listing.proposed", _("提议列入严重失信名单[，情形：{ground}][，依据：{basis}]")
    LISTING_NOTICED = "listing.noticed", _("告知拟列入名单及陈述申辩权利[，申辩至 {until}]")
    DEFENCE_RECORDED = "defence.recorded", _("记录了陈述申辩[，收到日期 {on}]")
    DEFENCE_ANSWERED = "defence.answered", _("答复了陈述申辩")
    DEFENCE_CLOSED = "defence.closed", _("陈述申辩期届满[，届满日 {on}]")
    LISTING_REVIEWED = "listing.reviewed", _("完成列入名单的法制审核[，意见：{opinion}]")
    LISTING_APPROVED = "listing.approved", _("同意列入名单[，环节：{step}]")
    LISTING_DECIDED = "listing.decided", _("决定列入严重失信名单[，文号 {number}]")
    LISTING_SERVED = "listing.served", _("送达了列入决定[，方式：{way}][，签收日期 {on}]")
    LISTING_PUBLISHED = "listing.published", _("公布了失信信息[，公布至 {until}]")
    LISTING_DROPPED = "listing.dropped", _("不予列入名单[，理由：{reason}]")
    LISTING_REMOVED = "listing.removed", _("移出严重失信名单[，理由：{reason}]")
    LISTING_STAYED = "listing.stayed", _("暂停公示[，依据：{reason}]")
    LISTING_RESUMED = "listing.resumed", _("恢复公示[，依据：{reason}]")
    LISTING_CORRECTED = "listing.corrected", _("更正了公示信息[：{correction}]")
    LISTING_REVOKED = "listing.revoked", _("撤销列入[，理由：{reason}]")
    LISTING_LATE = "listing.late", _("逾期未办，报上级督办[：{term_name}][，届满日 {due_on}]")
    OBJECTION_FILED = "objection.filed", _("登记了对公示信息的异议[，答复至 {until}]")
    OBJECTION_ANSWERED = "objection.answered", _("答复了异议[，结果：{verdict}]")
    REPAIR_APPLIED = "repair.applied", _("受理信用修复申请[，审核至 {until}]")
    REPAIR_SENT_OUT = "repair.sent_out", _("派发修复现场核查[给{worker}]")
    REPAIR_DECIDED = "repair.decided", _("决定信用修复申请[：{outcome}][，文号 {number}][，理由：{reason}]")
