"""The acts of grid/recut as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RecutVerb(Verb):
    AREA_RECUT = "area.recut", _("调整了网格 {area}[，由 {successors} 承接][，理由：{reason}]")
