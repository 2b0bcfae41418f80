"""Reading the responsible persons of an inspection: always within the viewer's territory."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Right, in_areas, within
from workflows.clocks.models import Clock
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import weighing
from workflows.inspections.rules.money import Reckoning, reckoning
from workflows.notices.models import Notice
from workflows.persons.models import UNPUNISHED, PersonPayment, ResponsiblePerson

# The employer's penalty stands: what it is imposed for is found and decided.
STANDING = (S.DECIDED, S.PERFORMING, S.DEMANDED, S.COURT, S.PERFORMED, S.ENFORCED)
STATEMENT, PAYMENT, SERVICE = (
    "inspection.person_statement",
    "inspection.person_payment",
    "inspection.person_service",
)


@dataclass(frozen=True)
class PersonFile:
    """A person with the papers, payments and terms of their own matter."""

    person: ResponsiblePerson
    payments: list[PersonPayment] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    @property
    def inspection(self) -> Inspection:
        return self.person.inspection

    def unserved(self, kind: str) -> Notice | None:
        papers = (self.person.notice, self.person.decision)
        waiting = (
            n for n in papers if n and n.kind == kind and not n.withdrawn_at and not hasattr(n, "service")
        )
        return next(waiting, None)


def _with_all(rows: QuerySet[ResponsiblePerson]) -> QuerySet[ResponsiblePerson]:
    return rows.select_related(
        "inspection__case__subject", "inspection__officer_1", "inspection__officer_2", "record", "named_by",
        "decided_by", "notice__service", "decision__service",
    )  # fmt: skip


def person_at(viewer: Actor, code: str, pk: int) -> ResponsiblePerson:
    """Raises NotHere outside the viewer's territory, and for somebody of another case."""
    rows = within(ResponsiblePerson.objects.all(), viewer, Right.SEE_CASES)
    found = _with_all(rows).filter(pk=pk, inspection__case__code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def file_of(person: ResponsiblePerson) -> PersonFile:
    """Two queries."""
    mine = Clock.objects.filter(case=person.inspection.case_id, about=person.pk)
    running = mine.order_by("pk").select_related("extension__approved_by").prefetch_related("pauses")
    return PersonFile(person, list(person.payments.order_by("pk")), list(running))


def surcharge_of(person: ResponsiblePerson) -> Reckoning:
    """What late payment has added until today; one query once it is late."""
    if not person.due_on or not person.fine or today() <= person.due_on:
        return reckoning(())
    payments = list(person.payments.values_list("paid_on", "amount"))
    return weighing.surcharge_on(
        weighing.Imposed(person.fine, person.due_on, payments), the_law(today()), today()
    )


def waiting_for(viewer: Actor) -> QuerySet[ResponsiblePerson]:
    """Persons in whose matter the viewer has to do something now: by post, and not both what they did before."""
    rows = ResponsiblePerson.objects.filter(closed_on=None).exclude(inspection__state__in=UNPUNISHED)
    mine = Q(pk__in=[])
    if viewer.has(Right.INSPECT):
        unserved = Q(notice__isnull=False, noticed_on=None) | Q(decided_on__isnull=False, served_on=None)
        unanswered = Q(statement_on__isnull=False, statement_answer="", decided_on=None)
        late = Q(served_on__isnull=False, due_on__lt=today())
        mine |= (unserved | unanswered | late) & in_areas(viewer.areas(Right.INSPECT))
    if viewer.has(Right.DECIDE_DISTRICT):
        heard = Q(statement_on=None) | ~Q(statement_answer="")
        ready = Q(statement_closed_on__isnull=False, decided_on=None, inspection__state__in=STANDING) & heard
        me = viewer.person_id
        barred = Q(inspection__officer_1=me) | Q(inspection__officer_2=me)
        mine |= ready & ~barred & in_areas(viewer.areas(Right.DECIDE_DISTRICT))
    return rows.filter(mine).select_related("inspection__case__subject").order_by("named_at", "pk")
