"""The acts of tasks/claims as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ClaimVerb(Verb):
    CLAIM_LOST = "claim.lost", _("认领了对象[“{name}”]，但{who}在先[，已归入{grid}]")
    CLAIM_REFUSED = "claim.refused", _("退回了认领[“{name}”][，认领人：{who}][，理由：{reason}]")
    POOL_ANSWERED = "pool.answered", _("答复了归格询问[“{name}”][：{reply}][，理由：{reason}]")
