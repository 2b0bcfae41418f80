"""The departments as one reads them: who carries on whose duties, and which of them a posting names. Reads only."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from grid.calendar.now import today
from grid.scope import Actor, Held, Right, Role, in_area
from grid.subjects.models import Subject, SubjectKind
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from workflows.duties import rules
from workflows.duties.models import Department, Duty


class Directory:
    """All departments, also those no longer there: some twenty rows, one query. Read once per request or act."""

    def __init__(self) -> None:
        self.rows = list(Department.objects.order_by("order"))
        self.by_id = {row.pk: row for row in self.rows}
        self.by_code = {row.code: row for row in self.rows}
        self._named = [rules.Named(row.code, row.name, tuple(row.stems)) for row in self.rows]
        self._after = {
            row.code: self.by_id[row.successor_id].code for row in self.rows if row.successor_id
        }  # fmt: skip

    def in_force(self, day: date | None = None) -> list[Department]:
        on = day or today()
        return [
            row for row in self.rows if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)
        ]

    def current(self, department_id: int) -> Department:
        """Who carries this department's duties today."""
        code = self.by_id[department_id].code
        return self.by_code[rules.final_successor(code, self._after)]

    def line_of(self, department: Department) -> list[Department]:
        """A department with all that ended in it, the oldest first."""
        now_called = self.current(department.pk)
        return [row for row in self.rows if self.current(row.pk) == now_called]

    def named(self, text: str) -> Department | None:
        """The department a posting's text names, as it is today; None for one nobody knows."""
        code = rules.department_named(text, self._named)
        return self.current(self.by_code[code].pk) if code else None

    def ids_of(self, text: str) -> list[int]:
        """Ids of the named department and of all it carries on; empty for an unknown name."""
        found = self.named(text)
        return [department.pk for department in self.line_of(found)] if found else []

    def suggestions(self, subject: Subject) -> list[tuple[Department, str]]:
        """Industry authorities for a subject with the reason in words, the nearest first."""
        table = [
            (department.code, department.answers_for, department.basis)
            for department in self.in_force()
            if department.answers_for
        ]
        label = str(SubjectKind(subject.kind).label)
        found = rules.authorities(subject.industry, subject.kind, label, table)
        return [(self.by_code[authority.code], authority.why) for authority in found]


def answering(viewer: Actor, directory: Directory) -> Q | None:
    """What a liaison may read: referred to the own department, in the own area. None for nobody's liaison."""
    limit: Q | None = None
    for held in viewer.held:
        if held.grants(Right.ANSWER_REFERRAL) and (ids := directory.ids_of(held.department)):
            own = Q(department__in=ids) & in_area(held.area)
            limit = own if limit is None else limit | own
    return limit


def held_for(by: Actor, department_id: int, area: str, directory: Directory) -> Held | None:
    """Asks for the narrowest posting under which `by` answers for the department there."""
    fitting = [
        held
        for held in by.held
        if held.grants(Right.ANSWER_REFERRAL)
        and held.covers(area)
        and department_id in directory.ids_of(held.department)
    ]
    return max(fitting, key=lambda held: len(held.area), default=None)


def departments_with_liaison(area: str, directory: Directory) -> set[int]:
    """Ids of departments in force that have a liaison in post over `area`. One query."""
    above = [area[:length] for length in (4, 6, 9, 12, 15) if length <= len(area)]
    postings = Posting.objects.filter(
        valid_on(today()), role=Role.LIAISON, area__in=above, person__is_active=True
    )
    named = (directory.named(text) for text in set(postings.values_list("department", flat=True)))
    return {department.pk for department in named if department}


def groups_of(directory: Directory) -> list[tuple[Department, list[Duty]]]:
    """Departments in force with the duties they carry, for a choice. One query."""
    found: dict[int, list[Duty]] = {}
    for duty in duties_of(directory.rows):
        found.setdefault(directory.current(duty.department_id).pk, []).append(duty)
    return [(department, found.get(department.pk, [])) for department in directory.in_force()]


def duties_of(departments: Iterable[Department], day: date | None = None) -> list[Duty]:
    """The duties in force of these departments. One query."""
    on = day or today()
    rows = Duty.objects.filter(department__in=list(departments), valid_from__lte=on)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("department__order", "pk"))
