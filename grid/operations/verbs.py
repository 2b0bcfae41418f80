"""The acts of grid/operations as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class OperationVerb(Verb):
    OPERATION_ORDERED = "operation.ordered", _("交后台办理[：{title}]")
    OPERATION_DONE = "operation.done", _("后台办理完毕[：{title}][，{result}]")
