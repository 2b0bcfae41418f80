"""The terms of an audit and of a transfer to the tax office, on the clock of the case."""

from workflows.audits.actions import (
    close_answer,
    escalate_transfer,
    expire_correction,
    note_overdue,
    remind_tax,
    report_letter_late,
)
from workflows.audits.rules import LETTER_TERM, OPINION, TRANSFER
from workflows.clocks.terms import Term, Whose

TERMS = (
    Term(
        key="audit.answer", matter="audit", whose=Whose.PARTY, handler=close_answer, ends_with=(OPINION,),
        awaited_at="informed", answered_by="statement", is_public=True,
    ),
    Term(
        key="audit.opinion_days", matter="audit", whose=Whose.OFFICE, handler=note_overdue, ends_with=(OPINION,),
    ),
    Term(
        key="audit.correction", matter="audit", whose=Whose.PARTY, handler=expire_correction,
        title="稽核责令改正期限", awaited_at="opinion", answered_by="correction", is_public=True,
    ),
    Term(key=LETTER_TERM, matter="audit", whose=Whose.OFFICE, handler=report_letter_late, outlives=True),
    # The audit has ended, and the case waits.
    Term(
        key="tax.reminder", matter="case", whose=Whose.OTHERS, handler=remind_tax, ends_with=(TRANSFER,),
    ),
    Term(
        key="tax.answer", matter="case", whose=Whose.OTHERS, handler=escalate_transfer, ends_with=(TRANSFER,),
    ),
)  # fmt: skip
