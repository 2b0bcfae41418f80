"""The acts of workflows/legal as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class LegalVerb(Verb):
    QUESTION_ANSWERED = (
        "law.answered",
        _("答复了法律问题 {number}[：{text}][，依据：{basis}][，自 {from} 起][，据此修订：{titles}]"),
    )
    ANSWER_CONFIRMED = (
        "law.answer_confirmed",
        _("确认了法律问题 {number} 的答复[：{text}][，据此审核：{titles}][，意见：{reason}]"),
    )
