"""What the field knows of a duplicate goes over to the subject that is kept."""

from django.db.models import Q

from grid.calendar.now import today
from grid.scope import Actor
from grid.subjects.models import Subject
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors import states
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, TaskState
from tasks.facts.models import Decision
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tasks.visits.states import FindingState

_LIVE_LEADS = (LeadState.OPEN, LeadState.TASKED, LeadState.CONFIRMED)


def follow_merge(kept: Subject, dropped: Subject, by: Actor) -> None:
    """Tasks move, or are cancelled where the subject kept has its own in that round; phones learn of both.

    Part of merging two subjects.
    """
    _carry_tasks(kept, dropped)
    Visit.objects.filter(subject=dropped).update(subject=kept)
    Finding.objects.filter(subject=dropped).update(subject=kept)
    Decision.objects.filter(subject=dropped).update(subject=kept)
    _carry_leads(kept, dropped)
    if Finding.objects.filter(subject=kept, state=FindingState.OPEN).exists():
        mark_state([kept.pk], CoverState.TO_REVIEW, by=by)


def _carry_tasks(kept: Subject, dropped: Subject) -> None:
    rows = CheckTask.objects.filter(subject=dropped)
    own_rounds = set(CheckTask.objects.filter(subject=kept).values_list("round_id", flat=True))
    while True:
        feeds = raise_feeds(postings) if (postings := set(rows.values_list("posting_id", flat=True))) else {}
        tasks = list(rows.select_for_update())
        # Handed over between the two reads: lock the new holders' feeds as well.
        if feeds.keys() >= {task.posting_id for task in tasks}:
            break
    for task in tasks:
        if task.round_id not in own_rounds:
            task.subject = kept
        elif task.state in (TaskState.OPEN, TaskState.RETURNED):
            states.move(task, "cancel")
        task.feed = feeds[task.posting_id]
    CheckTask.objects.bulk_update(tasks, ["subject", "state", "feed"], batch_size=500)


def _carry_leads(kept: Subject, dropped: Subject) -> None:
    live = Q(state__in=_LIVE_LEADS)
    known = set(Lead.objects.filter(live, subject=kept).values_list("rule", flat=True))
    rows = Lead.objects.filter(live, subject=dropped)
    rows.filter(rule__in=known).update(state=LeadState.DISMISSED, closed_on=today())
    rows.exclude(rule__in=known).update(subject=kept, area=kept.area)
