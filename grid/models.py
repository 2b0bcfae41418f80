"""Django looks for an app's tables here; each lives in the folder of its subject."""

from grid.calendar.models import CalendarDay, CalendarYear
from grid.law.models import Provision
from grid.registers.models import Delivery, RefusedLine, Row
from grid.subjects.models import Alias, Premise, Subject
from grid.territory.models import Absence, Area, Person, Posting, Succession

__all__ = [
    "Absence",
    "Alias",
    "Area",
    "CalendarDay",
    "CalendarYear",
    "Delivery",
    "Person",
    "Posting",
    "Premise",
    "Provision",
    "RefusedLine",
    "Row",
    "Subject",
    "Succession",
]
