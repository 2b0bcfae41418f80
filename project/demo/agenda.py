"""A year of work in the order in which it happened: what is due next, on which day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

from grid.calendar.now import CITY_TIME, moved_to, now
from grid.calendar.queries import workdays
from grid.calendar.rules import Workdays, next_workday
from grid.ledger.actions.sealer import seal_pending

Act = Callable[[], None]
EARLY = 8.9  # before whatever a day's own work begins at


def moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(int(hour), int(hour % 1 * 60)), CITY_TIME)


class Agenda:
    """Acts by day and hour. An act may promise further acts; those for the last day or later are never done, and
    so leave the city in the middle of its work."""

    def __init__(self, last_day: date) -> None:
        self.last_day = last_day
        self.day = last_day
        self._due: list[tuple[date, float, int, Act]] = []
        self._turn = count()
        self._upto: datetime | None = None

    @cached_property
    def days(self) -> Workdays:
        """The offices' calendar, once the law is loaded."""
        return workdays()

    def ago(self, days: int) -> date:
        return self.last_day - timedelta(days=days)

    def put(self, day: date, act: Act, hour: float = 9.5) -> None:
        if day < self.last_day:
            heappush(self._due, (day, hour, next(self._turn), act))

    def put_at_desk(self, day: date, act: Act, hour: float = 9.5) -> None:
        """Offices work on working days: what falls on others is done on the next one, before that day's own work and in
        the order in which it was due; on the one before where the next is too late for the city."""
        due = next_workday(day, self.days)
        if due >= self.last_day:
            due = self._workday_before(day) or due
        held_up = (due - day).days
        self.put(due, act, hour if held_up <= 0 else EARLY - held_up / 20 + hour / 1000)

    def _workday_before(self, day: date) -> date | None:
        """The last working day up to `day` that is still to come."""
        earliest = self.day + timedelta(days=1) if self._upto else day - timedelta(days=30)
        before = (day - timedelta(days=back) for back in range((day - earliest).days + 1))
        return next((other for other in before if self.days.works(other)), None)

    def after(self, days: int, act: Act, hour: float = 9.5) -> None:
        self.put(self.day + timedelta(days=days), act, hour)

    def play(self) -> None:
        """Everything that is due. What was done is sealed before time goes on, as the clock would have done."""
        while self._due:
            self.day, hour, _turn, act = heappop(self._due)
            begin = moment(self.day, hour)
            # Work takes real seconds: time may not go back to the minute the next act was promised for.
            with moved_to(max(begin, self._upto) if self._upto else begin):
                act()
                if not self._due or self._due[0][0] > self.day:
                    seal_pending()
                self._upto = now()
