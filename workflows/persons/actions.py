"""Every write in the matter of a responsible person: named on evidence, told, heard, fined, served, paid (社会保险法84条).

Their days are their own: no term of the employer's ends with theirs, and none of theirs with the employer's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.discreet import is_checked
from grid.law.queries import the_law
from grid.scope import Actor, Held, require, require_person
from tasks.visits.models import Visit
from workflows.clocks.actions import start_clock_of, stop_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of
from workflows.engine.actions.steps import act_on, another_than, locked, notify_pages, record_on
from workflows.engine.acts import Act, act_of, rights_of, word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.rules import is_heavier, is_settled
from workflows.notices.actions import Receipt, file_service, issue_document, withdraw_documents
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.persons import problems as persons_problems
from workflows.persons.documents import composing
from workflows.persons.models import PersonPayment, PersonRole, ResponsiblePerson
from workflows.persons.queries import (
    PAYMENT,
    SERVICE,
    STATEMENT,
    PersonFile,
    against_decision,
    against_notice,
    file_of,
    surcharge_of,
)
from workflows.persons.verbs import PersonVerb

Against = Callable[[ResponsiblePerson], problems.Problem | None]


@dataclass(frozen=True)
class Named:
    """Who answers for the violation, as what, and by which record of the investigation (its number)."""

    role: str
    name: str
    number: str
    post: str
    record: int
    duty: str


def name_person(inspection: Inspection, given: Named, *, by: Actor) -> ResponsiblePerson:
    """认定责任人员 by one of the two officers, on a record that both signed and that names what they answered for.

    Raises NotAnOfficer, ReasonMissing, PersonNumberWrong, PersonUnproved, PersonNamed.
    """
    if not all(text.strip() for text in (given.name, given.post, given.duty)):
        raise problems.ReasonMissing(act=word_of(inspection, "name-person"))
    number = given.number.strip().upper()
    if not is_checked(number):
        raise persons_problems.PersonNumberWrong()
    with act_on(inspection, "name-person", by=by) as (fresh, held):
        if by.person_id not in fresh.officers:
            raise inspections_problems.NotAnOfficer(inspection=fresh.code)
        record = fresh.records.filter(pk=given.record).first()
        if record is None or not record.is_evidence:
            raise persons_problems.PersonUnproved()
        if any(person.number == number for person in fresh.persons.all()):
            raise persons_problems.PersonNamed(inspection=fresh.code)
        person = ResponsiblePerson.objects.create(
            inspection=fresh, area=fresh.area, role=PersonRole(given.role), name=given.name.strip(),
            number=number, post=given.post.strip(), record=record, duty=given.duty.strip(),
            named_by_id=require_person(by), named_at=now(),
        )  # fmt: skip
        record_on(
            PersonVerb.PERSON_HELD, fresh, by, held, role=str(person.get_role_display()), record=str(record),
            person=person.pk,
        )  # fmt: skip
    return person


@contextmanager
def _acting(
    person: ResponsiblePerson, name: str, *, by: Actor, against: Against | None = None
) -> Iterator[tuple[ResponsiblePerson, Held | None]]:
    """Part of every act below: the inspection and the person are locked, and whoever acts may, as the record of the act
    says. Raises NotHere / NotYourPost, SamePersonTwice, NotAnOfficer, what stands `against` it, PersonNotReady."""
    act, seen = act_of("person", name), person
    require(by, rights_of(act, None, seen)[0], seen.area)
    with transaction.atomic():
        inspection = locked(Inspection, seen.inspection_id)
        fresh = ResponsiblePerson.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        fresh.inspection = inspection
        held = require(by, rights_of(act, None, fresh)[0], fresh.area)
        file = file_of(fresh)
        _require_whose(act, file, by)
        if against is not None and (refusal := against(fresh)) is not None:
            raise refusal
        if not act.fits(file):
            raise persons_problems.PersonNotReady(stands=fresh.stands, act=act.called)
        yield fresh, held
        fresh.save()
        notify_pages(inspection)
    person.__dict__.update(fresh.__dict__)


def _require_whose(act: Act, file: PersonFile, by: Actor) -> None:
    another_than(by, *act.not_by(file))
    if act.only_by is not None and by.person_id not in act.only_by(file):
        raise inspections_problems.NotAnOfficer(inspection=file.inspection.code)


def _record(
    verb: PersonVerb, person: ResponsiblePerson, by: Actor, held: Held | None, **facts: object
) -> None:
    role = str(person.get_role_display())
    record_on(verb, person.inspection, by, held, role=role, person=person.pk, **facts)


# --- told and heard -----------------------------------------------------------------------------


def issue_person_notice(
    person: ResponsiblePerson, fine: Decimal | None = None, *, by: Actor
) -> ResponsiblePerson:
    """行政处罚事先告知书 to the person: what is meant to be imposed on them, once the employer was told (行政处罚法44、45条).
    `fine` lies within the tier, at its lowest where nothing is said.

    Raises EmployerFirst, CorrectedOnRecord, PersonsNotLiable, OutsideTier, PersonHearingOwed.
    """
    with _acting(person, "notice", by=by, against=against_notice) as (fresh, held):
        tier, reckoned = composing.weighed(fresh.inspection, fine)
        fresh.tier, fresh.fine = tier.title, reckoned.amount
        fresh.notice = issue_document(
            fresh.inspection.case, NoticeKind.PERSON_NOTICE, lambda letter: composing.notice(letter, fresh),
            by=by, held=held,
        )  # fmt: skip
        facts = {"fine": str(fresh.fine), "number": fresh.notice.number}
        _record(PersonVerb.PERSON_NOTICE_ISSUED, fresh, by, held, **facts)
    return person


def _of_notice(notice: Notice) -> ResponsiblePerson:
    """Whose paper it is; of one issued anew, whose the one before it was. Raises OutOfOrder once nobody's."""
    field = "notice" if notice.kind == NoticeKind.PERSON_NOTICE else "decision"
    paper: Notice | None = notice
    while paper is not None:
        found = ResponsiblePerson.objects.filter(**{field: paper}).first()
        if found is not None:
            setattr(found, field, notice)
            found.save(update_fields=[field])
            return found
        paper = paper.replaces
    raise problems.OutOfOrder(
        thing=notice.case.code, state=notice.case.get_state_display(), act=notice.get_kind_display()
    )


@transaction.atomic
def serve_person_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """Served, it opens the person's own term to state their case. Raises what `_acting` raises."""
    with _acting(_of_notice(notice), "serve-notice", by=by) as (fresh, held):
        law, case = the_law(today()), fresh.inspection.case
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.noticed_on, fresh.noticed_fine = service.effective_on, fresh.fine
        clock = start_clock_of(
            fresh.pk, STATEMENT, by=by, case=case, provision=law["inspection.statement"],
            from_day=service.effective_on,
        )  # fmt: skip
        _record(PersonVerb.PERSON_NOTICED, fresh, by, held, until=clock.due_on.isoformat())
    return service


def record_person_statement(person: ResponsiblePerson, text: str, *, by: Actor) -> ResponsiblePerson:
    """What the person says, until the decision: added to what they said before (行政处罚法45条). Raises ReasonMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=act_of("person", "statement").called)
    with _acting(person, "statement", by=by) as (fresh, held):
        fresh.statement = "\n".join(filter(None, (fresh.statement, text.strip())))
        fresh.statement_on, fresh.statement_answer = fresh.statement_on or today(), ""
        _record(PersonVerb.PERSON_STATED, fresh, by, held)
    return person


def answer_person_statement(person: ResponsiblePerson, text: str, *, by: Actor) -> ResponsiblePerson:
    """复核意见 on what the person said. Raises ReasonMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=act_of("person", "answer").called)
    with _acting(person, "answer", by=by) as (fresh, held):
        fresh.statement_answer = text.strip()
        _record(PersonVerb.PERSON_ANSWERED, fresh, by, held)
    return person


def person_statement_over(clock: Clock, *, by: Actor) -> None:
    """The person's term is over: the head may decide. Nothing once the matter ended."""
    person = _of_clock(clock)
    if person is not None and person.is_open and person.statement_closed_on is None:
        person.statement_closed_on = clock.due_on
        person.save(update_fields=["statement_closed_on"])
        _record(PersonVerb.PERSON_HEARD_OUT, person, by, None)


def _of_clock(clock: Clock) -> ResponsiblePerson | None:
    found = ResponsiblePerson.objects.filter(pk=clock.about or 0).first()
    if found is not None:
        found.inspection = locked(Inspection, found.inspection_id)
    return found


# --- decided and paid ---------------------------------------------------------------------------


def decide_person(person: ResponsiblePerson, fine: Decimal | None = None, *, by: Actor) -> ResponsiblePerson:
    """行政处罚决定书 on the person by the head, after the employer's own; never heavier than what they were told.

    Raises SamePersonTwice, EmployerFirst, CorrectedOnRecord, OutsideTier, HeavierAfterStatement.
    """
    with _acting(person, "decide", by=by, against=against_decision) as (fresh, held):
        if fine is not None:
            fresh.fine = composing.weighed(fresh.inspection, fine)[1].amount
        assert fresh.fine is not None
        if is_heavier(fresh.fine, fresh.noticed_fine):
            raise inspections_problems.HeavierAfterStatement(told=fresh.noticed_fine)
        fresh.decided_by_id, fresh.decided_on = require_person(by), today()
        law, case = the_law(today()), fresh.inspection.case
        fresh.decision = issue_document(
            case,
            NoticeKind.PERSON_DECISION,
            lambda letter: composing.decision(letter, fresh),
            by=by,
            held=held,
        )
        start_clock_of(
            fresh.pk, SERVICE, by=by, case=case, provision=law["inspection.service"], from_day=today()
        )
        facts = {"fine": str(fresh.fine), "number": fresh.decision.number}
        _record(PersonVerb.PERSON_DECIDED, fresh, by, held, **facts)
    return person


@transaction.atomic
def serve_person_decision(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """It binds from the day its service counts; the person's own term to pay begins. Raises what `_acting` raises."""
    with _acting(_of_notice(notice), "serve-decision", by=by) as (fresh, held):
        law, case = the_law(today()), fresh.inspection.case
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        _stop(fresh, _("责任人员处罚决定书已送达"), by, SERVICE)
        clock = start_clock_of(
            fresh.pk, PAYMENT, by=by, case=case, provision=law["penalty.payment"],
            from_day=service.effective_on,
        )  # fmt: skip
        fresh.served_on, fresh.due_on = service.effective_on, clock.due_on
        _record(PersonVerb.PERSON_SERVED, fresh, by, held, until=clock.due_on.isoformat())
    return service


def record_person_payment(
    person: ResponsiblePerson, amount: Decimal, paid_on: date, slip: str, *, by: Actor
) -> ResponsiblePerson:
    """Enters what the bank's slip says; fine and surcharge paid in full end the matter. Raises PaymentWrong."""
    early = person.decided_on is not None and paid_on < person.decided_on
    if amount <= 0 or paid_on > today() or early or not slip.strip():
        raise inspections_problems.PaymentWrong()
    with _acting(person, "pay", by=by) as (fresh, held):
        try:
            with transaction.atomic():
                PersonPayment.objects.create(
                    person=fresh, amount=amount, paid_on=paid_on, slip=slip.strip(),
                    recorded_by_id=require_person(by), recorded_at=now(),
                )  # fmt: skip
        except IntegrityError as twice:
            raise inspections_problems.PaymentWrong() from twice
        fresh.paid += amount
        facts = {"amount": str(amount), "on": paid_on.isoformat(), "slip": slip.strip()}
        _record(PersonVerb.PERSON_PAID, fresh, by, held, **facts)
        if is_settled(fresh.paid, fresh.fine or Decimal(0), surcharge_of(fresh).amount):
            _close(fresh, _("罚款已缴清"), by)
    return person


def release_person(person: ResponsiblePerson, why: str, *, by: Actor) -> ResponsiblePerson:
    """终结: the head does not fine the person after all, or takes back what fell with the employer's penalty. What was
    issued and is not paid is withdrawn. Raises ReasonMissing, SamePersonTwice."""
    if not why.strip():
        raise problems.ReasonMissing(act=act_of("person", "release").called)
    with _acting(person, "release", by=by) as (fresh, held):
        for paper in (fresh.notice, fresh.decision):
            if paper is not None:
                withdraw_documents(fresh.inspection.case, why[:300], by=by, only=paper.pk)
        _close(fresh, why.strip(), by)
        _record(PersonVerb.PERSON_RELEASED, fresh, by, held, reason=why)
    return person


def _close(person: ResponsiblePerson, why: str, by: Actor) -> None:
    person.closed_on, person.closed_why, person.closed_by_id = today(), why[:300], by.person_id
    _stop(person, why, by, STATEMENT, SERVICE, PAYMENT)


def _stop(person: ResponsiblePerson, why: str, by: Actor, *kinds: str) -> None:
    running = Clock.objects.filter(about=person.pk, kind__in=kinds, fired_at=None, stopped_at=None)
    for clock in running:
        clock.case = person.inspection.case
        stop_clock(clock, why[:100], by=by)


def note_person_overdue(clock: Clock, *, by: Actor) -> None:
    """A term to serve or to pay ran out: the ledger says so, the inbox shows it."""
    person = _of_clock(clock)
    if person is not None and person.is_open:
        _record(PersonVerb.PERSON_OVERDUE, person, by, None, term_name=name_of(clock.kind))


def keep_person_payment_day(clock: Clock) -> None:
    """Its last day as the person's row tells it: a changed calendar moves both."""
    ResponsiblePerson.objects.filter(pk=clock.about or 0).update(due_on=clock.due_on)
