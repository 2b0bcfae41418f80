"""The terms of a case."""

from workflows.cases.actions import escalate_case
from workflows.cases.actions.escalating import escalate_cases
from workflows.clocks.terms import Term, Whose

TERMS = (
    Term(
        key="urging.term", matter="case", whose=Whose.PARTY, handler=escalate_case, together=escalate_cases,
        awaited_at="term", answered_by="correction", is_public=True,
    ),
)  # fmt: skip
