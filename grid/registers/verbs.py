"""The acts of grid/registers as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RegisterVerb(Verb):
    REGISTER_IMPORTED = (
        "register.imported",
        _(
            "导入了{register_name}[名册，批次 {delivery}][，{extent_name}][，接收 {accepted} 行][，拒收 {refused} 行]"
            "[，不再在册 {ended} 户]"
        ),
    )
    REGISTER_COLUMNS_SAID = (
        "register.columns_said",
        _("核对了{register_name}名册的列[：{columns}][，批次 {delivery}]"),
    )
    REGISTER_WITHDRAWN = "register.withdrawn", _("撤回了待核对的{register_name}名册[，批次 {delivery}]")
    REGISTER_HELD = (
        "register.held",
        _(
            "{register_name}名册[批次 {delivery}]暂不采用，待第二人确认[：将终止 {ends} 户][，将办结 {heals} 户]"
            "[，认不出的行 {unread} 行]"
        ),
    )
    REGISTER_CONFIRMED = (
        "register.confirmed",
        _("确认采用{register_name}名册[，批次 {delivery}][，理由：{reason}]"),
    )
    REGISTER_DROPPED = (
        "register.dropped",
        _("决定不采用{register_name}名册[，批次 {delivery}][，理由：{reason}]"),
    )
    REGISTER_UNDONE = (
        "register.undone",
        _(
            "撤回了{register_name}名册[，批次 {delivery}][，收回 {taken_back} 行][，恢复 {reopened} 行]"
            "[，复原对象 {restored} 户][，理由：{reason}]"
        ),
    )
    REGISTER_ASKED_FOR = (
        "register.asked_for",
        _("催交{register_name}名册[，应于 {due_on} 前送达][，由{keepers}提供]"),
    )
    REGISTER_ROW_REFUSED = "register.row_refused", _("名册第 {line} 行未能接收[，原因：{reason}]")
    SUBJECT_CHANGED = "subject.changed", _("更新了对象[“{name}”]的资料[：{fields}]")
