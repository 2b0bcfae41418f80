"""Django looks for an app's tables here; each lives in the folder of its subject."""

from grid.calendar.models import CalendarDay, CalendarYear
from grid.law.models import Provision
from grid.ledger.models import CaseCounter, Checkpoint, Entry, Leaf, Node, SealState, SubjectKey
from grid.registers.models import Delivery, RefusedLine, Row
from grid.subjects.models import Alias, Premise, Subject
from grid.territory.models import Absence, Area, Person, Posting, Succession

__all__ = [
    "Absence",
    "Alias",
    "Area",
    "CalendarDay",
    "CalendarYear",
    "CaseCounter",
    "Checkpoint",
    "Delivery",
    "Entry",
    "Leaf",
    "Node",
    "Person",
    "Posting",
    "Premise",
    "Provision",
    "RefusedLine",
    "Row",
    "SealState",
    "Subject",
    "SubjectKey",
    "Succession",
]
