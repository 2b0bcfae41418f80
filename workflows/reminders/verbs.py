"""The acts of workflows/reminders as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ReminderVerb(Verb):
    PHONE_NOTED = "phone.noted", _("登记了联系电话[{number}][，来源：{source}]")
    PHONE_RETIRED = "phone.retired", _("停用了联系电话[{number}][，理由：{reason}]")
    CONTACT_NOTED = "contact.noted", _("联系当事人[：{way}][，结果：{outcome}][，{on}]")
    MESSAGE_QUEUED = "message.queued", _("待发短信[：{purpose}][，{number}]")
    MESSAGE_SENT = "message.sent", _("发出短信[：{purpose}][，{number}]")
    MESSAGE_DELIVERED = "message.delivered", _("短信已送达[：{purpose}][，{number}]")
    MESSAGE_FAILED = "message.failed", _("短信未能送达[：{purpose}][，{number}][，原因：{reason}]")
    LAPSES_FOUND = "lapses.found", _("核对了断缴名单[，新增 {found} 户][，恢复缴费 {settled} 户]")
    LAPSE_SETTLED = "lapse.settled", _("已恢复缴费，不再提醒[，缴至 {paid_to}]")
    LAPSE_REMINDED = "lapse.reminded", _("断缴提醒[：{way}][，文号 {number}][，{year} 缴费年度至 {until}]")
