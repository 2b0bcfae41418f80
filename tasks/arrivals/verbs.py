"""The acts of tasks/arrivals as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ArrivalVerb(Verb):
    VISIT_RECORDED = (
        "visit.recorded",
        _("上门走访[，结果：{outcome_name}][，走访编号 {visit}][，{route_name}][，{doubt}][，{ground}]"),
    )
    EVIDENCE_BOUND = "evidence.bound", _("为走访[{visit}]附上了证据[：{kind}][，指纹 {sha256}]")
