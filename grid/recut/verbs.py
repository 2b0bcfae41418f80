"""The acts of grid/recut as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RecutVerb(Verb):
    AREA_RECUT = "area.recut", _("调整了网格 {area}[，由 {successors} 承接][，理由：{reason}]")
    CHANGE_DRAFTED = "change.drafted", _("拟定了区划调整[：{title}][，拟自 {on} 起][，文号 {document}]")
    CHANGE_DECIDED = "change.decided", _("决定了区划调整[：{title}][，自 {on} 起生效][，文号 {document}]")
    CHANGE_WITHDRAWN = "change.withdrawn", _("撤回了区划调整[：{title}][，理由：{reason}]")
    CHANGE_DONE = (
        "change.done",
        _(
            "区划调整生效[：{title}][，自 {on} 起][，文号 {document}][，{subjects} 户随之调整][，理由：{reason}]"
        ),
    )
    CHANGE_FAILED = "change.failed", _("区划调整到期未能生效[：{title}][，{why}]")
