"""The terms of a responsible person: as long as the employer's, and of their own."""

from workflows.clocks.terms import Term, Whose
from workflows.persons.actions import (
    keep_person_payment_day,
    note_person_overdue,
    person_statement_over,
)
from workflows.persons.queries import PAYMENT, SERVICE, STATEMENT

TERMS = (
    Term(
        key=STATEMENT, matter="inspection", whose=Whose.PARTY, handler=person_statement_over,
        law="inspection.statement", title="责任人员陈述申辩期", outlives=True,
    ),
    Term(
        key=SERVICE, matter="inspection", whose=Whose.OFFICE, handler=note_person_overdue,
        law="inspection.service", title="责任人员处罚决定送达期限", outlives=True,
    ),
    Term(
        key=PAYMENT, matter="inspection", whose=Whose.PARTY, handler=note_person_overdue, law="penalty.payment",
        title="责任人员缴纳罚款期限", outlives=True, moved=keep_person_payment_day,
    ),
)  # fmt: skip
