"""The terms within which a penalty is published, and withdrawn when it falls; they run on the clock of the case."""

from workflows.clocks.terms import Term, Whose
from workflows.disclosures.actions import report_to_superior

TERMS = (
    # What was decided is published though it was performed meanwhile, and withdrawn though the matter ended; what is
    # stayed is not published.
    Term(
        key="penalty.publish", matter="inspection", whose=Whose.OFFICE, handler=report_to_superior, outlives=True,
        suspended="performance",
    ),
    Term(
        key="penalty.withdraw", matter="inspection", whose=Whose.OFFICE, handler=report_to_superior, outlives=True,
    ),
)  # fmt: skip
