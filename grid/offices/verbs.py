"""The acts of grid/offices as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class OfficeVerb(Verb):
    OFFICE_ENTERED = (
        "office.entered",
        _(
            "录入了{area}的{title}“{name}”[，代字 {word}][，地址 {address}][，电话 {phone}][，印章 {seal}][，自 {from} 起]"
            "[，理由：{reason}]"
        ),
    )
    OFFICE_CONFIRMED = (
        "office.confirmed",
        _("确认了{area}的{title}“{name}”[，代字 {word}][，自 {from} 起][，意见：{reason}]"),
    )
    OFFICE_ENDED = "office.ended", _("终止了{area}的{title}“{name}”[，截至 {until}][，理由：{reason}]")
    OFFICE_WITHDRAWN = (
        "office.withdrawn",
        _("撤回了没有确认的机关：{area}的{title}“{name}”[，理由：{reason}]"),
    )
