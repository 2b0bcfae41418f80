"""What of the field goes with the ground: open doors, findings that wait for review, rounds.

Doors, leads and coverage follow their subjects already (see tasks/apps.py); here they are counted, so that a rehearsal
can say what it would touch. What was visited and what was decided stays where it was made.
"""

from django.db.models import Exists, F, OuterRef, QuerySet

from grid.recut.followers import Ground, counted, take_along
from grid.territory.models import Posting
from tasks.comparison.models import LIVE, Lead
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import TO_VISIT
from tasks.visits.states import FindingState

REVIEWED_LATER = (FindingState.OPEN, FindingState.CLASHING)
OVER = (RoundState.CLOSED, RoundState.WITHDRAWN)


def follow_account(ground: Ground) -> int:
    """Subjects that stand in the account where they lie: as many as moved, or the account does not balance."""
    return counted(Span.objects.filter(until=None, area=F("subject__area")), ground)


def follow_doors(ground: Ground) -> int:
    return counted(_open_doors(), ground)


def follow_doors_of_neighbours(ground: Ground) -> int:
    """Open doors whose worker is posted to another grid than the door's: of these somebody may want to decide."""
    own = Posting.objects.filter(person=OuterRef("posting__person"), area=OuterRef("area"))
    return counted(_open_doors().exclude(Exists(own)), ground)


def _open_doors() -> QuerySet[CheckTask]:
    return CheckTask.objects.filter(state__in=TO_VISIT)


def follow_leads(ground: Ground) -> int:
    return counted(Lead.objects.filter(state__in=LIVE), ground)


def follow_findings(ground: Ground) -> int:
    """They are reviewed by whoever reviews there now."""
    return take_along(Finding.objects.filter(state__in=REVIEWED_LATER), ground)


def follow_rounds(ground: Ground) -> int:
    """A round over an area that got another code goes on under it. One over ground that joined another's keeps its own:
    what was approved does not grow by it (see rounds.queries.ground)."""
    rounds = Round.objects.exclude(state__in=OVER)
    touched = rounds.filter(area__in=list(ground.successor)).count()
    for old, new in ground.renamed().items():
        rounds.filter(area=old).update(area=new)
    return touched
