"""How far a round has come, day by day, and what that promises."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Max

from grid.calendar.now import day_of, today
from grid.calendar.queries import workdays
from grid.law.queries import the_law
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds.forecast import rules
from tasks.rounds.forecast.rules import Forecast, Progress
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import TO_VISIT
from tasks.visits.models import Visit

# Of the drawing of a round's days.
WIDTH, HEIGHT = 100, 40


@dataclass(frozen=True, slots=True)
class Outlook:
    """`points`: the doors settled by the end of each day, as a line of a drawing; `due_at`: where the last day lies."""

    progress: Progress
    forecast: Forecast | None
    days: int
    least_days: int
    least_doors: int
    points: str

    @property
    def done(self) -> int:
        return sum(self.progress.settled.values())

    @property
    def all(self) -> int:
        return self.done + self.progress.left

    @property
    def ends_words(self) -> str:
        return rules.ends_words(self.forecast) if self.forecast else ""

    @property
    def left_words(self) -> str:
        return rules.left_words(self.forecast) if self.forecast else ""


def outlook_of(round: Round) -> Outlook | None:
    """None for a round that is not being worked. Six queries at most."""
    if round.state != RoundState.WORKED or not round.dispatch_run:
        return None
    law = the_law(today())
    rows = law.get("dispatch.forecast_days"), law.get("dispatch.forecast_doors")
    # A city that has not loaded the law of this version yet has no forecast, and its page all the same.
    if rows[0] is None or rows[1] is None:
        return None
    least_days, least_doors = int(rows[0].value), int(rows[1].value)
    progress, days = _progress_of(round), workdays()
    found = rules.forecast(progress, days, least_days, least_doors)
    gone = len(rules.daily(progress, days))
    return Outlook(progress, found, gone, least_days, least_doors, _drawn(progress))


def _progress_of(round: Round) -> Progress:
    tasks = CheckTask.objects.filter(round=round)
    began = tasks.order_by("pk").values_list("dispatched_at", flat=True).first()
    left = tasks.filter(state__in=TO_VISIT).count()
    settled = Visit.objects.filter(task__round=round, task__state__in=(TaskState.VISITED, TaskState.DONE))
    days = settled.values("task").annotate(at=Max("counts_at")).values_list("at", flat=True)
    first = day_of(began) if began else today()
    # What a phone says it saw before its doors were sent out was seen on the first day.
    seen = Counter(max(day_of(at), first) for at in days.iterator())
    return Progress(first, today(), round.due_on, left, seen)


def _drawn(progress: Progress) -> str:
    """The doors settled so far as the points of a line; the drawing is as wide as the round is long, as high as it is large."""
    whole = sum(progress.settled.values()) + progress.left
    length = max((max(progress.due_on, progress.day) - progress.began).days, 1)
    gone = [_day(progress.began, n) for n in range((progress.day - progress.began).days + 1)]
    sums = accumulate(progress.settled.get(day, 0) for day in gone)
    return " ".join(
        f"{n * WIDTH / length:.1f},{HEIGHT - done * HEIGHT / max(whole, 1):.1f}"
        for n, done in enumerate(sums)
    )


def _day(first: date, n: int) -> date:
    return first + timedelta(days=n)
