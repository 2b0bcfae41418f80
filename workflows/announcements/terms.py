"""The term of an objection to an announcement, on the clock of the case."""

from workflows.announcements.actions import report_to_superior
from workflows.clocks.terms import Term, Whose

TERMS = (Term(key="announcement.objection", matter="case", whose=Whose.OFFICE, handler=report_to_superior),)
