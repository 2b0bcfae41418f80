"""Last year's assessment on its lawful way: shown in January, answered by the districts, closed by two people."""

from collections.abc import Callable
from datetime import date

from grid.scope import Role
from project.demo.agenda import Agenda
from project.demo.people import Staff
from workflows.assessment.actions import (
    agree_result,
    answer_objection,
    compute_scheme,
    freeze_scheme,
    object_to_result,
    open_scheme,
    propose_freeze,
    show_scheme,
)
from workflows.assessment.models import Response, Scheme, Stand

CITY = "1503"
OBJECTING = "150304"


class LastYear:
    def __init__(self, agenda: Agenda, staff: Staff) -> None:
        self.staff, self.last_day = staff, agenda.last_day
        self.year = agenda.last_day.year - 1

    def programme(self) -> list[tuple[int, float, Callable[[], None]]]:
        """(days ago, hour, act), as far as January has come."""
        january = {12: self.show, 15: self.answer, 22: self.settle, 28: self.propose, 29: self.freeze}
        ago = [((self.last_day - date(self.year + 1, 1, day)).days, act) for day, act in january.items()]
        return [(days, 10, act) for days, act in ago if 0 < days < 540]

    def show(self) -> None:
        scheme = open_scheme(self.year, CITY, by=self.staff.wu)
        show_scheme(compute_scheme(scheme, CITY, by=self.staff.wu), CITY, by=self.staff.wu)

    def answer(self) -> None:
        """One district objects, the others have nothing to say against their numbers."""
        for response in self._responses():
            by = self.staff.at(Role.DISTRICT, response.area)
            if response.area == OBJECTING:
                object_to_result(
                    response, "试点只在海勃湾区进行，我区年末尚未开始摸排，覆盖率不宜计分", by=by
                )
            else:
                agree_result(response, by=by)

    def settle(self) -> None:
        answer = "方案规定年末在册对象均计入，各区口径一致，不予采纳；摸排安排在本年度计划中考虑"
        for response in self._responses():
            if response.state == Stand.OBJECTED:
                answer_objection(response, CITY, answer, uphold=False, by=self.staff.wu)

    def propose(self) -> None:
        propose_freeze(Scheme.objects.get(year=self.year), CITY, by=self.staff.wu)

    def freeze(self) -> None:
        freeze_scheme(Scheme.objects.get(year=self.year), CITY, by=self.staff.ma)

    def _responses(self) -> list[Response]:
        found = Response.objects.filter(scheme__year=self.year).select_related("scheme")
        return list(found.order_by("area"))
