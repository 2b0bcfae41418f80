"""Adding a subject by hand: what no register delivered but somebody stands in front of."""

from django.db import transaction

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.placing.queries import gazetteer
from grid.scope import Actor, Right, ask
from grid.subjects.models import Placement, Subject
from grid.subjects.moves import Move, announce
from grid.subjects.rules import Code, clean_name, kind_of, looks_like_name, match_name, read_code
from grid.territory.queries import current_area


@transaction.atomic
def add_subject(
    *, name: str, code: str, area: str, address: str = "", kind: str = "", is_sample: bool = False, by: Actor
) -> Subject:
    """Adds an employer below `area`: a grid means it was seen there, anything wider has its address read.

    Raises MissingCode, MalformedCode, WrongCheckDigit, NameMissing, SubjectKnown, UnknownArea, NotHere.
    """
    ask(by, Right.PLACE, area)
    read = read_code(code)
    if not looks_like_name(name):
        raise problems.NameMissing(value=name)
    _refuse_known(read)
    subject = Subject(
        kind=kind or kind_of(read),
        name=clean_name(name)[:200],
        match_name=match_name(name),
        credit_code=read.credit or None,
        legacy_code=read.legacy or None,
        address=address[:300],
        is_sample=is_sample,
        added_at=now(),
    )
    _place(subject, current_area(area).code, read, by)
    subject.save()
    announce([Move(subject.pk, "", subject.area)], by=by)
    record(
        Verb.SUBJECT_ADDED,
        by=by,
        area=subject.area,
        subject=subject.pk,
        data={"name": subject.name, "code": subject.code, "source": "人工登记", "why": subject.placement_why},
    )
    return subject


def _refuse_known(code: Code) -> None:
    known = (
        Subject.objects.filter(credit_code=code.credit)
        if code.credit
        else (Subject.objects.filter(legacy_code=code.legacy))
    )
    if known.exists():
        raise problems.SubjectKnown(value=code.text)


def _place(subject: Subject, area: str, code: Code, by: Actor) -> None:
    spot = gazetteer(area[:4]).locate(subject.address, code.district)
    if len(area) == 15:
        subject.area, subject.placement, subject.placement_why = area, Placement.HAND, f"{by.name}现场登记"
    elif spot.area.startswith(area):
        subject.area, subject.placement, subject.placement_why = spot
    else:
        subject.area, subject.placement = area, Placement.UNPLACED
        subject.placement_why = "地址未写明本辖区内的社区，待人工归格"
