"""The term within which opinions are given, on the clock of the case."""

from workflows.clocks.terms import Term, Whose
from workflows.engine.signing.actions.binding import lapse_opinions
from workflows.engine.signing.actions.opinions import TERM

TERMS = (Term(key=TERM, matter="case", whose=Whose.OFFICE, handler=lapse_opinions, title="意见答复期限"),)
