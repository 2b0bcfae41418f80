"""The acts of project/checklist as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ChecklistVerb(Verb):
    CHECKLIST_CLOSED = "checklist.closed", _("收起了首周清单[，还有 {left} 项以后再办]")
