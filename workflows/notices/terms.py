"""The terms in which what ends a matter, or answers the party, is handed over. They outlive the matter that they end."""

from workflows.clocks.terms import Term, Whose
from workflows.notices.actions.overdue import note_unserved

# The law's key of each term, and of what matter.
SPARED, WITHDRAWN = "service.spared", "service.withdrawn"
REMOVAL, REPAIR, OBJECTION = "service.removal", "service.repair", "service.objection"


def _term(key: str, matter: str) -> Term:
    return Term(key=key, matter=matter, whose=Whose.OFFICE, handler=note_unserved, outlives=True)


TERMS = (
    _term(SPARED, "inspection"), _term(WITHDRAWN, "inspection"), _term(REMOVAL, "case"), _term(REPAIR, "case"),
    _term(OBJECTION, "case"),
)  # fmt: skip
