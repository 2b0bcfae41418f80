"""A year of work in the order in which it happened: what is due next, on which day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from grid.calendar.now import CITY_TIME, moved_to, now
from grid.ledger.actions.sealer import seal_pending

Act = Callable[[], None]


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

    def ago(self, days: int) -> date:
        return self.last_day - timedelta(days=days)

    def put(self, day: date, act: Act, hour: float = 9.5) -> None:
        if day < self.last_day:
            heappush(self._due, (day, hour, next(self._turn), act))

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
