"""Django looks for an app's tables here; each lives in the folder of its subject."""

from workflows.assessment.models import Indicator, Result, Scheme
from workflows.cases.models import Case, CaseProcess
from workflows.clocks.models import Clock, Pause
from workflows.listing.models import Ground, Listing
from workflows.notices.models import DoorService, Notice, Number, Service
from workflows.rounds.models import RoundAgenda, RoundProcess

__all__ = [
    "Case",
    "CaseProcess",
    "Clock",
    "DoorService",
    "Ground",
    "Indicator",
    "Listing",
    "Notice",
    "Number",
    "Pause",
    "Result",
    "RoundAgenda",
    "RoundProcess",
    "Scheme",
    "Service",
]
