"""The acts of tasks/facts as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class FactVerb(Verb):
    VISIT_DECIDED = "visit.decided", _("裁定了有出入的走访[{visit}][，采用：{chosen}][，理由：{reason}]")
    FACT_DECIDED = "fact.decided", _("核定了走访所报的“{label}”[，采用走访 {chosen} 所报][，理由：{reason}]")
