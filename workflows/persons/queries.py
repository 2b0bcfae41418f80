"""Reading the responsible persons of an inspection: always within the viewer's territory."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Right, in_areas, within
from workflows.clocks.models import Clock
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import weighing
from workflows.inspections.rules.money import Reckoning, reckoning
from workflows.notices.models import Notice
from workflows.persons import problems as persons_problems
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


# --- what stands against it -----------------------------------------------------------------------


def against_notice(person: ResponsiblePerson) -> problems.Problem | None:
    """The employer is told first, and nobody of what the register shows corrected."""
    inspection = person.inspection
    if inspection.noticed_on is None or inspection.fine is None:
        return persons_problems.EmployerFirst(inspection=inspection.code)
    if inspection.case.healed_on and inspection.circumstances.get("corrected") == "never":
        return inspections_problems.CorrectedOnRecord(on=inspection.case.healed_on)
    return _corrected_in_time(person)


def against_decision(person: ResponsiblePerson) -> problems.Problem | None:
    """The facts are established by the decision on the unit, which was reviewed by a lawyer."""
    if person.inspection.state not in STANDING:
        return persons_problems.EmployerFirst(inspection=person.inspection.code)
    return _corrected_in_time(person)


def _corrected_in_time(person: ResponsiblePerson) -> problems.Problem | None:
    """逾期不改正 is part of what the law fines: what was put right within the order's term is nobody's offence."""
    inspection = person.inspection
    healed_on, expired_on = inspection.case.healed_on, inspection.order_expired_on
    if inspection.order_met_on or (healed_on and expired_on and healed_on <= expired_on):
        return inspections_problems.NothingToPunish(violation=Violation(inspection.violation).label)
    return None


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
