"""The acts of workflows/clocks as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ClockVerb(Verb):
    TERM_STARTED = "term.started", _("开始计算期限[：{term_name}][，{length}][，至 {due_on} 届满]")
    TERM_PAUSED = "term.paused", _("期限中止[：{term_name}][，理由：{reason}]")
    TERM_RESUMED = "term.resumed", _("期限恢复计算[：{term_name}][，至 {due_on} 届满]")
    TERM_EXTENDED = (
        "term.extended",
        _(
            "批准延长期限[：{term_name}][，延长 {length}][，至 {due_on} 届满][，依据：{basis}][，理由：{reason}]"
        ),
    )
    TERM_STOPPED = "term.stopped", _("期限终止[：{term_name}][，理由：{reason}]")
    TERM_EXPIRED = "term.expired", _("期限届满[：{term_name}][，届满日 {due_on}]")
    TERM_MOVED = (
        "term.moved",
        _("节假日安排变动，期限随之调整[：{term_name}][，由 {old}][改为 {new}][，依据：{why}]"),
    )
    CLOCK_FIRED = "clock.fired", _("系统按期限办理了下一步[：{term_name}]")
