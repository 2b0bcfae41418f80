"""The terms of an inspection, on the clock of its case."""

from grid.scope import Right
from workflows.clocks.terms import Extends, Term, Whose
from workflows.inspections.actions import (
    correction_over,
    expire_order,
    note_overdue,
    remedy_over,
    statement_over,
)
from workflows.inspections.actions.punishing import keep_correction_day
from workflows.inspections.actions.steps import DECISION, INVESTIGATION
from workflows.inspections.actions.timing import keep_payment_day

OFFICE, PARTY = Whose.OFFICE, Whose.PARTY

TERMS = (
    Term(key="inspection.filing", matter="inspection", whose=OFFICE, handler=note_overdue),
    Term(
        key="inspection.investigation", matter="inspection", whose=OFFICE, handler=note_overdue,
        ends_with=(INVESTIGATION,), extension=Extends("inspection.extension", Right.APPROVE_DISTRICT),
    ),
    Term(
        key="inspection.outer", matter="inspection", whose=OFFICE, handler=note_overdue, ends_with=(DECISION,),
    ),
    Term(
        key="order.term", matter="inspection", whose=PARTY, handler=expire_order,
        awaited_at="ordered", answered_by="correction", is_public=True,
    ),
    Term(
        key="inspection.statement", matter="inspection", whose=PARTY, handler=statement_over,
        ends_with=(INVESTIGATION,), awaited_at="noticed", answered_by="statement", is_public=True,
    ),
    Term(
        key="inspection.hearing_request", matter="inspection", whose=PARTY, handler=statement_over,
        ends_with=(INVESTIGATION,), awaited_at="noticed", answered_by="hearing", is_public=True,
    ),
    Term(
        key="inspection.decision", matter="inspection", whose=OFFICE, handler=note_overdue,
        title="调查终结后作出决定期限", ends_with=(DECISION,),
    ),
    Term(key="inspection.service", matter="inspection", whose=OFFICE, handler=note_overdue),
    Term(
        key="penalty.payment", matter="inspection", whose=PARTY, handler=note_overdue,
        awaited_at="performing", suspended="performance", moved=keep_payment_day,
    ),
    Term(
        key="penalty.correction", matter="inspection", whose=PARTY, handler=correction_over, outlives=True,
        suspended="performance", answered_by="correction", is_public=True, moved=keep_correction_day,
    ),
    Term(
        key="inspection.remedy", matter="inspection", whose=PARTY, handler=remedy_over, law="remedy.suit_months",
        title="复议、诉讼期限", awaited_at="demanded",
    ),
    Term(
        key="inspection.demand", matter="inspection", whose=PARTY, handler=note_overdue,
        awaited_at="demanded", suspended="performance",
    ),
    Term(
        key="inspection.court", matter="inspection", whose=OFFICE, handler=note_overdue, suspended="court",
    ),
)  # fmt: skip
