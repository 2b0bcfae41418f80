"""Which papers rest on which row of the law. Pure."""

from collections.abc import Mapping
from typing import Final

_PENALTY: Final = ("penalty_notice", "penalty_decision")
_COURT: Final = ("demand", "court_application")
_AUDIT: Final = ("audit_findings", "audit_opinion", "audit_clear")
_LIST: Final = ("listing_notice", "listing_decision")
# The beginning of a key → the kinds of papers that say something by it. The longest beginning counts. What stands here
# under no beginning orders the authority's own work, and no paper says it.
PAPERS: Final[Mapping[str, tuple[str, ...]]] = {
    "base.": (*_AUDIT, "tax_transfer", *_PENALTY),
    "compulsory.": ("urging", "order"),
    "dust.": ("urging",),
    "urging.": ("urging",),
    "reminder.": ("reminder",),
    "order.": ("order",),
    "audit.": ("audit_notice", *_AUDIT),
    "audit.result_letter": ("audit_clear",),
    "tax.": ("tax_transfer",),
    "inspection.": _PENALTY,
    "inspection.violations": ("filing", "order", *_PENALTY, "no_penalty", "case_withdrawn", "case_transfer"),
    "inspection.filing": ("filing",),
    "inspection.statement": ("penalty_notice",),
    "inspection.hearing_threshold": ("penalty_notice", "hearing_notice"),
    "inspection.surcharge": _COURT,
    "inspection.cap_late_fee": (*_PENALTY, *_COURT),
    "inspection.demand": ("demand",),
    "inspection.court": ("court_application",),
    "inspection.small_amount": ("no_penalty",),
    "penalty.": ("penalty_decision",),
    "remedy.": ("order", "audit_opinion", "penalty_decision", "no_penalty", "listing_decision"),
    "listing.": _LIST,
    "listing.objection": ("objection_answer",),
    "repair.": ("repair_advice", "repair_decision"),
    "sanction.": ("listing_notice",),
    "cite.audit": ("audit_notice",),
    "cite.audit_clear": ("audit_clear",),
    "cite.repair": ("repair_decision",),
    "cite.objection": ("objection_answer",),
    "cite.removal": ("removal",),
    "cite.revoked": ("removal",),
}


def papers_by(key: str) -> tuple[str, ...]:
    """
    >>> papers_by("cite.audit_clear"), papers_by("sla.urging")
    (('audit_clear',), ())
    """
    starts = [start for start in PAPERS if key.startswith(start)]
    return PAPERS[max(starts, key=len)] if starts else ()
