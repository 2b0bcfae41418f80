"""Who waits to join running rounds, and why some still do; which doors of running rounds nobody is to go to any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid.calendar.now import today
from grid.subjects.models import Standing
from grid.territory.succession.queries import ground_now
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds import rules
from tasks.rounds.joining.models import Joining
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import TO_VISIT, candidates_of, workers_on

# Of rounds in these states the plan was made, or is made without asking again whether somebody came meanwhile.
RUNNING = (RoundState.APPROVED, RoundState.DISPATCHING, RoundState.WORKED)


def open_to_newcomers() -> QuerySet[Round]:
    """Running rounds that whoever is placed in their area joins."""
    return Round.objects.filter(state__in=RUNNING, joins=True, due_on__gte=today())


def being_worked() -> QuerySet[Round]:
    """Rounds that were sent out and still take doors. One that is being dispatched is asked again later."""
    return Round.objects.filter(state=RoundState.WORKED, dispatch_run__gt=0, due_on__gte=today())


def plan_for(round: Round, subjects: Sequence[int], day: date) -> rules.Plan:
    """Who goes to these subjects, as of `day`: by the same law as for the round, for them alone."""
    ground = ground_now(round.area)
    candidates = candidates_of(round, day, ground, only=subjects)
    return rules.plan(candidates, workers_on(ground, day), round.per_worker)


def waiting_words(round: Round) -> list[tuple[str, int]]:
    """Why those who came later still wait, with how many of each; who was not looked at yet has no reason. One query."""
    words = Joining.objects.filter(round=round).values_list("words", flat=True)
    return Counter(words).most_common()


def ended_doors() -> QuerySet[CheckTask]:
    """Doors still to be visited, in rounds that were dispatched, of subjects whose standing the round does not mean.

    A door at which a document is to be handed over stays until that is done.
    """
    running = Q(round__dispatch_run__gt=0, round__state__in=RUNNING)
    ended = Q(subject__standing__in=(Standing.CANCELLED, Standing.WITHDRAWN))
    ended |= Q(subject__standing=Standing.REVOKED) & ~Q(round__in=_about_the_revoked())
    return CheckTask.objects.filter(running & ended, state__in=TO_VISIT, notices=0)


def _about_the_revoked() -> list[int]:
    """Running rounds that are about the revoked as well. They are few, and are read as they are stored."""
    rounds = Round.objects.filter(state__in=RUNNING, criteria__isnull=False).values_list("pk", "criteria")
    return [pk for pk, criteria in rounds if Standing.REVOKED in (criteria or {}).get("standings", ())]


def taken_back_doors() -> QuerySet[CheckTask]:
    """Doors that were taken back in rounds still worked, of subjects in business: a register had them wrong."""
    rows = CheckTask.objects.filter(state=TaskState.CANCELLED, round__in=being_worked())
    return rows.filter(subject__standing=Standing.ACTIVE, subject__same_as=None)


def noted(doors: QuerySet[CheckTask]) -> QuerySet[CheckTask]:
    """Those of which the round was asked to look again."""
    rows = Joining.objects.filter(round=OuterRef("round"), subject=OuterRef("subject"))
    return doors.filter(Exists(rows))
