"""The acts of workflows/remedies as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RemedyVerb(Verb):
    REMEDY_NOTED = "remedy.noted", _("登记了{kind_name}[，对象：{target_name}][，{body}][，{effects}]")
    REMEDY_STAYED = "remedy.stayed", _("登记了停止执行[，文号 {number}]")
    REMEDY_CLOSED = (
        "remedy.closed",
        _("登记了{kind_name}结果[：{outcome}][，文号 {number}][，{effective_on} 生效]"),
    )
