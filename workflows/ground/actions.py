"""Matters that are open go to whoever is competent where the subject lies now; what has ended stays where it was.

A street approves and serves for its own ground (逐级审批): a case whose subject came under another street is that
street's from the day of the change on. What was decided, served and filed keeps the area it was made in.
"""

from django.db.models import Q

from grid.calendar.now import today
from grid.recut.followers import Ground, counted, take_along
from workflows.audits.models import ENDED as AUDITS_ENDED
from workflows.audits.models import Audit
from workflows.cases.models import ENDED, Case
from workflows.clocks.models import Clock, Escalation
from workflows.counter.models import Submission, SubmissionState
from workflows.duties.targets.models import Target
from workflows.inspections.models import ENDED as INSPECTIONS_ENDED
from workflows.inspections.models import Inspection
from workflows.notices.models import DoorService, Fate, Notice
from workflows.reminders.models import Lapse, Phone


def follow_cases(ground: Ground) -> int:
    """With what is under way in them."""
    under_way = (
        (Inspection.objects.exclude(state__in=INSPECTIONS_ENDED), "case__subject"),
        (Audit.objects.exclude(state__in=AUDITS_ENDED), "case__subject"),
        (Escalation.objects.filter(ended_at=None), "case__subject"),
        (Submission.objects.exclude(state=SubmissionState.ANSWERED), "subject"),
        (DoorService.objects.filter(fate=Fate.WAITING), "notice__case__subject"),
    )
    for rows, subject in under_way:
        take_along(rows, ground, subject)
    return take_along(Case.objects.exclude(state__in=ENDED), ground)


def follow_notices(ground: Ground) -> int:
    """Papers that are still to be handed over."""
    waiting = Notice.objects.filter(withdrawn_at=None, service=None).exclude(case__state__in=ENDED)
    return take_along(waiting, ground, "case__subject")


def follow_terms(ground: Ground) -> int:
    """Terms run on as they run: a change of the ground neither stops nor lengthens one."""
    return counted(Clock.objects.filter(fired_at=None, stopped_at=None), ground, "case__subject")


def follow_lapses(ground: Ground) -> int:
    """With the numbers under which they are reached."""
    take_along(Phone.objects.filter(retired_at=None), ground)
    return take_along(Lapse.objects.filter(settled_on=None), ground)


def follow_targets(ground: Ground) -> int:
    """Targets of this year and the next for areas that end: a plan that was issued is revised by who issued it."""
    year = today().year
    live = Q(plan__year__gte=year, plan__ended_at=None)
    return Target.objects.filter(live, area__in=list(ground.successor)).count()
