"""Django looks for an app's tables here; each lives in the folder of its subject."""

from grid.accounts.models import Reset, Tries
from grid.calendar.models import CalendarDay, CalendarYear
from grid.health.models import Heartbeat
from grid.law.models import Provision
from grid.ledger.models import CaseCounter, Checkpoint, Entry, Leaf, Node, SealState, Statement, SubjectKey
from grid.offices.models import Body
from grid.operations.models import Operation
from grid.people.models import PeopleSheet
from grid.personal.models import Forgetting
from grid.placing.batches.models import PlacingBatch, PlacingLine
from grid.placing.models import Geocoded, PlaceName, Proposal
from grid.recut.changes.models import AreaChange
from grid.registers.models import AskedFor, ColumnMapping, Delivery, Former, Preview, RefusedLine, Row
from grid.subjects.models import Alias, Premise, Subject
from grid.territory.grids.models import AreaFile
from grid.territory.models import Absence, Area, Person, Posting, Succession
from grid.watch.models import Alarm, AlarmAnswer, CheckPlace, CheckRound

__all__ = [
    "Absence",
    "Alarm",
    "AlarmAnswer",
    "Alias",
    "Area",
    "AreaChange",
    "AreaFile",
    "AskedFor",
    "Body",
    "CalendarDay",
    "CalendarYear",
    "CaseCounter",
    "CheckPlace",
    "CheckRound",
    "Checkpoint",
    "ColumnMapping",
    "Delivery",
    "Entry",
    "Forgetting",
    "Former",
    "Geocoded",
    "Heartbeat",
    "Leaf",
    "Node",
    "Operation",
    "PeopleSheet",
    "Person",
    "PlaceName",
    "PlacingBatch",
    "PlacingLine",
    "Posting",
    "Premise",
    "Preview",
    "Proposal",
    "Provision",
    "RefusedLine",
    "Reset",
    "Row",
    "SealState",
    "Statement",
    "Subject",
    "SubjectKey",
    "Succession",
    "Tries",
]
