"""Workers with doors left hear of it before their round ends: once for each door, on the phone and in the inbox."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import Workdays, workdays_between
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record_many
from grid.ledger.bulk import among
from grid.scope import Actor, machine
from grid.territory.models import Posting
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import TO_VISIT
from tasks.rounds.verbs import RoundVerb

REMINDER = machine("轮次提醒")


def remind_workers() -> int:
    """Periodic: reminds of the doors of rounds that end in so many working days (dispatch.remind), or fewer; how many
    workers. Each door is reminded of once, also one that was handed over meanwhile."""
    provision = the_law(today()).get("dispatch.remind")
    if provision is None:
        return 0
    days, told = workdays(), 0
    for round in Round.objects.filter(state=RoundState.WORKED, dispatch_run__gt=0, due_on__gte=today()):
        if is_near(round.due_on, today(), int(provision.value), days):
            told += _remind(round.pk, by=REMINDER)
    return told


def is_near(due_on: date, day: date, within: int, days: Workdays) -> bool:
    """Whether a last day is so many working days away, or fewer."""
    return due_on >= day and workdays_between(day, due_on, days) <= within


@transaction.atomic
def _remind(round_id: int, *, by: Actor) -> int:
    """Whoever still has doors of the round nobody was reminded of. Its phone gets these doors anew, marked."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    if round.state != RoundState.WORKED:
        return 0
    waiting = CheckTask.objects.filter(round=round, state__in=TO_VISIT, reminded_on=None)
    postings = set(waiting.values_list("posting_id", flat=True))
    if not postings:
        return 0
    feeds = raise_feeds(postings)
    doors: dict[int, list[int]] = defaultdict(list)
    for pk, posting in waiting.filter(posting__in=postings).values_list("pk", "posting_id"):
        doors[posting].append(pk)
    for posting, ids in doors.items():
        rows = CheckTask.objects.filter(pk__in=among(ids))
        rows.update(reminded_on=today(), feed=feeds[posting])
    _record(round, doors, by)
    return len(doors)


def _record(round: Round, doors: dict[int, list[int]], by: Actor) -> None:
    posts = Posting.objects.filter(pk__in=doors).select_related("person")
    record_many(RoundVerb.ROUND_REMINDED, [_line(round, post, doors[post.pk]) for post in posts], by=by)
    hint("round", round.area)
    hint("inbox", round.area)


def _line(round: Round, post: Posting, doors: Sequence[int]) -> Line:
    data = {
        "round": round.code, "title": round.title, "posting": post.pk, "worker": str(post.person),
        "doors": len(doors), "due_on": round.due_on.isoformat(),
    }  # fmt: skip
    return Line(post.area_id, data=data)
