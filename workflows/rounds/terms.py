"""The last day of a round, laid down with it."""

from workflows.clocks.terms import Term, Whose
from workflows.rounds.actions import DEADLINE, close_overdue_round

TERMS = (
    Term(
        key=DEADLINE, matter="round", whose=Whose.OFFICE, handler=close_overdue_round, law="dispatch.term",
        title="轮次截止",
    ),
)  # fmt: skip
