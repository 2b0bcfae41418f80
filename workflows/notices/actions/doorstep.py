"""Documents handed over by the grid worker: asked for at the desk, carried by the phone, served by a visit.

A visit is kept whatever it meets. Where the law's demands are met it is the service, and the term runs from
it; where they are not, a named person at the desk decides.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require, require_person, within
from tasks.forms import tables
from tasks.visits.models import Route, Visit
from workflows.engine.actions.steps import act_on, another_than
from workflows.engine.procedures import lock_processes
from workflows.notices import problems as notices_problems
from workflows.notices import rules
from workflows.notices.actions import Receipt, record_service, show_at_door
from workflows.notices.actions.approvals import require_approved
from workflows.notices.letters import letter_of
from workflows.notices.models import DoorService, Fate, Notice, Service
from workflows.notices.rules import Circumstances, Handed
from workflows.notices.verbs import NoticeVerb

# The authority of a worker who serves: not a right of the post, but the desk's word for this one document.
ERRAND = "请网格员送达"


# --- at the desk ---------------------------------------------------------------------------------


def send_to_door(notice: Notice, *, by: Actor) -> Notice:
    """Asks the grid worker to hand the document over. Asking twice changes nothing.

    Raises NotForWorkers, NoticeWithdrawn, NoticeServed, PaperUnapproved, PaperUnsealed, and NoDoorToServe when no phone
    shows the subject's door.
    """
    with act_on(notice.case, "send-urging", by=by) as (case, held):
        notice = _unserved(notice)
        if not letter_of(notice.kind).by_worker:
            raise notices_problems.NotForWorkers(kind=notice.get_kind_display())
        require_approved(notice)
        if notice.asked_at is None:
            notice.asked_at, notice.asked_by_id = now(), require_person(by)
            notice.save(update_fields=["asked_at", "asked_by"])
            if not show_at_door(case.subject_id):
                raise notices_problems.NoDoorToServe(name=case.subject.name)
            _record(NoticeVerb.NOTICE_SENT_OUT, notice, by, held)
    return notice


def recall_from_door(notice: Notice, *, by: Actor) -> Notice:
    """Takes the asking back while the document is unserved: the phone's door shows it no more."""
    with act_on(notice.case, "recall-urging", by=by) as (case, held):
        notice = _unserved(notice)
        if notice.asked_at is not None:
            notice.asked_at, notice.asked_by_id = None, None
            notice.save(update_fields=["asked_at", "asked_by"])
            show_at_door(case.subject_id)
            _record(NoticeVerb.NOTICE_RECALLED, notice, by, held)
    return notice


def _unserved(notice: Notice) -> Notice:
    notice = Notice.objects.select_for_update(of=("self",)).select_related("case").get(pk=notice.pk)
    if notice.withdrawn_at:
        raise notices_problems.NoticeWithdrawn(number=notice.number)
    if served := Service.objects.filter(notice=notice).first():
        raise notices_problems.NoticeServed(number=notice.number, on=served.served_on)
    return notice


# --- what phones bring ---------------------------------------------------------------------------


def lock_cases_of(numbers: Collection[str]) -> None:
    """Before any posting is locked: everywhere the case comes first, so that nobody waits for each other."""
    lock_processes(Notice.objects.filter(number__in=numbers).values("case__process_id"))


def serve_from_visits(client_ids: Collection[UUID], held: Held, *, by: Actor) -> list[DoorService]:
    """Part of taking a batch: every visit of the service form becomes what the rules say, the earliest first.

    One that was taken before changes nothing. Nothing here refuses a visit.
    """
    new = Visit.objects.filter(client_id__in=client_ids, door_service=None).select_related(
        "subject", "person"
    )
    rows = sorted(new, key=lambda visit: (at_of(visit), visit.pk))
    return [_take(visit, held, by) for visit in rows]


def at_of(visit: Visit) -> datetime:
    """The moment it counts as: a time that cannot be true never starts a term."""
    return visit.counts_at


def handed_at(visit: Visit) -> Handed:
    """What the visit says of the service, in the words of the form's version it was made with."""
    form = tables.known(visit.form, visit.form_version)
    relation = form.question("relation") if form else None
    return rules.handed_over(visit.outcome, visit.answers, dict(relation.choices) if relation else None)


def _take(visit: Visit, held: Held, by: Actor) -> DoorService:
    handed = handed_at(visit)
    notice = _notice_of(handed.number, visit, held)
    fate, reason = rules.fate_of(handed, _circumstances(visit, notice))
    if fate == Fate.SERVED and notice is not None:
        fate, reason = _serve(notice, visit, handed, by)
    taken = DoorService.objects.create(
        visit=visit,
        notice=notice,
        area=notice.area if notice else visit.area,
        fate=fate,
        reason=reason,
        taken_at=now(),
    )
    if fate != Fate.SERVED:
        _record_service(
            NoticeVerb.NOTICE_CARRIED, taken, by, held, fate=str(taken.get_fate_display()), reason=reason
        )
    hint("inbox", taken.area)
    return taken


def _notice_of(number: str, visit: Visit, held: Held) -> Notice | None:
    """The document named, where the worker could have carried it; to others it is as good as unknown."""
    notice = (
        Notice.objects.filter(number=number).select_related("case", "service").first() if number else None
    )
    if notice is None:
        return None
    is_near = held.covers(notice.area) or notice.case.subject_id == visit.subject_id
    return notice if is_near else None


def _circumstances(visit: Visit, notice: Notice | None) -> Circumstances:
    at = at_of(visit)
    held, doubted = visit.route == Route.HELD, bool(visit.doubt)
    found = Circumstances(
        at, day_of(at), today(), is_known=notice is not None, is_held=held, is_doubted=doubted
    )
    if notice is None:
        return found
    service: Service | None = getattr(notice, "service", None)
    return replace(
        found,
        is_withdrawn=notice.withdrawn_at is not None,
        is_same_subject=notice.case.subject_id == (visit.subject_id or visit.claim.get("subject")),
        issued_on=notice.dated_on,
        served_on=service.served_on if service else None,
        served_at=at_of(service.visit) if service and service.visit else None,
        is_asked=notice.asked_at is not None and letter_of(notice.kind).by_worker,
    )


def _serve(notice: Notice, visit: Visit, handed: Handed, by: Actor) -> tuple[str, str]:
    """The service itself, in a savepoint of its own: what the case does not allow leaves the visit kept."""
    errand = replace(by, machine=ERRAND)
    try:
        with transaction.atomic():
            record_service(notice, receipt_of(handed, day_of(at_of(visit))), by=errand, visit=visit)
    except problems.Problem as refused:
        return Fate.WAITING, refused.code[:30]
    return Fate.SERVED, ""


def receipt_of(handed: Handed, served_on: date) -> Receipt:
    return Receipt(
        way=handed.way,
        served_on=served_on,
        receiver=handed.receiver,
        receiver_role=handed.relation,
        witness=handed.witness,
        witness_2=handed.witness_2,
        refused_why=handed.refused_why,
        remark=handed.remark,
    )


# --- what a named person decides -----------------------------------------------------------------


@transaction.atomic
def adopt_service(taken: DoorService, number: str, receipt: Receipt, why: str, *, by: Actor) -> Service:
    """Says that the visit was the service of document `number`, as `receipt` has it.

    Raises SamePersonTwice for whoever made the visit, OutOfOrder when it is decided, ReasonMissing, NotHere for
    a number outside one's own territory, and all that recording a service at the desk raises.
    """
    require(by, Right.SERVE, taken.area)
    notice = (
        within(Notice.objects.select_related("case"), by, Right.SERVE).filter(number=number.strip()).first()
    )
    if notice is None:
        raise problems.NotHere()
    lock_processes([notice.case.process_id])
    taken = _undecided(taken, why, by)
    service = record_service(notice, receipt, by=by, visit=taken.visit)
    taken.notice, taken.area = notice, notice.area
    _decide(taken, Fate.ADOPTED, why, by)
    return service


@transaction.atomic
def dismiss_service(taken: DoorService, why: str, *, by: Actor) -> DoorService:
    """Keeps the visit in the file as what it is: no service. Raises SamePersonTwice, OutOfOrder, ReasonMissing."""
    require(by, Right.SERVE, taken.area)
    taken = _undecided(taken, why, by)
    _decide(taken, Fate.ASIDE, why, by)
    return taken


def _undecided(taken: DoorService, why: str, by: Actor) -> DoorService:
    if not why.strip():
        raise problems.ReasonMissing(act=_("核定上门送达"))
    rows = DoorService.objects.select_for_update(of=("self",)).select_related("visit", "notice__case")
    fresh = rows.get(pk=taken.pk)
    if fresh.fate != Fate.WAITING:
        state = fresh.get_fate_display()
        raise problems.OutOfOrder(thing=fresh.visit.code, state=state, act=_("核定上门送达"))
    another_than(by, fresh.visit.person_id)
    return fresh


def _decide(taken: DoorService, fate: Fate, why: str, by: Actor) -> None:
    taken.fate, taken.why = fate, why.strip()[:300]
    taken.decided_by_id, taken.decided_at = require_person(by), now()
    taken.save(update_fields=["fate", "why", "decided_by", "decided_at", "notice", "area"])
    _record_service(
        NoticeVerb.NOTICE_CARRIED_DECIDED, taken, by, None, fate=str(fate.label), reason=taken.why
    )
    hint("inbox", taken.area)


# --- the ledger ----------------------------------------------------------------------------------


def _record(verb: Verb, notice: Notice, by: Actor, held: Held | None) -> None:
    case, facts = notice.case, {"notice": notice.pk, "number": notice.number}
    record(verb, Line(case.area, subject=case.subject_id, case=case.code, data=facts), by=by, held=held)


def _record_service(verb: Verb, taken: DoorService, by: Actor, held: Held | None, **facts: str) -> None:
    """Stands in the case's story where the document is known, and in the visit's area where it is not."""
    visit, notice = taken.visit, taken.notice
    data = {"visit": visit.code, "number": notice.number if notice else "", **facts}
    record(
        verb,
        Line(
            taken.area,
            subject=notice.case.subject_id if notice else visit.subject_id,
            case=notice.case.code if notice else "",
            data=data,
        ),
        by=by,
        held=held,
    )


def numbers_in(answers: Iterable[Mapping[str, object]]) -> set[str]:
    """Document numbers named by answers of the service form."""
    return {number for answer in answers if (number := rules.handed_over("", answer).number)}
