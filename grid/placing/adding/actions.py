"""Adding a subject by hand: what no register delivered but somebody stands in front of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import transaction

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import Line, record, record_many
from grid.ledger.bulk import insert_models
from grid.placing import problems as placing_problems
from grid.placing.actions import set_place
from grid.placing.queries import gazetteer
from grid.placing.verbs import PlacingVerb
from grid.privacy import blind_indexes
from grid.scope import Actor, Right, require
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import PERSONS, Placement, Subject, SubjectKind
from grid.subjects.rules import (
    Code,
    clean_name,
    initials_of,
    kind_of,
    looks_like_name,
    masked_name,
    match_name,
    read_code,
)
from grid.territory.queries import current_area


@transaction.atomic
def add_subject(*, name: str, code: str, area: str, address: str = "", kind: str = "", by: Actor) -> Subject:
    """Adds an employer below `area`: a grid means it was seen there, anything wider has its address read.

    Raises MissingCode, MalformedCode, WrongCheckDigit, NameMissing, SubjectKnown, UnknownArea, NotHere.
    """
    require(by, Right.PLACE, area)
    read = read_code(code)
    if not looks_like_name(name):
        raise placing_problems.NameMissing(value=name)
    _refuse_known(read)
    subject = Subject(
        kind=kind or kind_of(read),
        name=clean_name(name)[:200],
        match_name=match_name(name),
        initials=initials_of(name),
        credit_code=read.credit or None,
        legacy_code=read.legacy or None,
        address=address[:300],
        added_at=now(),
    )
    _place(subject, current_area(area).code, read, by)
    subject.save()
    subjects_moved([Move(subject.pk, "", subject.area)], by=by)
    record(
        PlacingVerb.SUBJECT_ADDED,
        Line(
            subject.area,
            subject=subject.pk,
            data={
                "name": subject.name,
                "code": subject.code,
                "source": "人工登记",
                "why": subject.placement_why,
            },
        ),
        by=by,
    )
    return subject


@dataclass(frozen=True, slots=True)
class Local:
    """A subject without a credit code. `number` is a project's or notice board's code; a person's identity number,
    of which only a fingerprint is kept. `grid` is where it was seen."""

    kind: str
    name: str
    number: str
    grid: str
    address: str = ""
    industry: str = ""
    is_sample: bool = False

    @property
    def is_person(self) -> bool:
        return self.kind in PERSONS

    @property
    def local_code(self) -> str:
        return self.local_codes[0]

    @property
    def local_codes(self) -> list[str]:
        """Under each key there is, newest first: the number of a person is kept nowhere, so an old one stays as it is."""
        return blind_indexes(self.number, "citizen number") if self.is_person else [self.number.strip()[:64]]


@transaction.atomic
def add_locals(rows: Sequence[Local], *, area: str, by: Actor) -> list[Subject]:
    """Adds sites, households, persons and notice boards below `area`, each in its grid.

    Raises LocalCodeMissing, NameMissing, SubjectKnown (for the first known one), UnknownArea, NotHere.
    """
    held = require(by, Right.PLACE, area)
    for row in rows:
        if not row.number.strip():
            raise placing_problems.LocalCodeMissing(kind=SubjectKind(row.kind).label)
        if not row.name.strip():
            raise placing_problems.NameMissing(value=row.name)
    _refuse_known_local(rows)
    areas = {
        code: current_area(code).code for code in {row.grid for row in rows if row.grid.startswith(area)}
    }
    if len(areas) < len({row.grid for row in rows}):
        raise problems.NotHere()
    subjects = [_local(row, areas[row.grid], by) for row in rows]
    insert_models(subjects)
    subjects_moved([Move(subject.pk, "", subject.area) for subject in subjects], by=by)
    record_many(PlacingVerb.SUBJECT_ADDED, (_line(subject) for subject in subjects), by=by, held=held)
    return subjects


def _refuse_known_local(rows: Sequence[Local]) -> None:
    codes = [row.local_codes for row in rows]
    sought = list(chain.from_iterable(codes))
    known = set(Subject.objects.filter(local_code__in=sought).values_list("local_code", flat=True))
    taken: set[str] = {code for code in known if code}
    for row, own in zip(rows, codes, strict=True):
        if taken.intersection(own):
            raise placing_problems.SubjectKnown(
                value=masked_name(row.name, row.kind) if row.is_person else row.number
            )
        taken.update(own)


def _local(row: Local, grid: str, by: Actor) -> Subject:
    shown = masked_name(row.name, row.kind) if row.is_person else clean_name(row.name)[:200]
    return Subject(
        kind=row.kind,
        name=shown,
        match_name=match_name(shown),
        full_name=row.name.strip() if row.is_person else "",
        initials=initials_of(row.name),
        local_code=row.local_code,
        address=row.address[:300],
        industry=row.industry,
        area=grid,
        placement=Placement.HAND if len(grid) == 15 else Placement.UNPLACED,
        placement_why=f"{by.name}登记",
        is_sample=row.is_sample,
        added_at=now(),
    )


def _line(subject: Subject) -> Line:
    data = {
        "name": subject.name, "code": subject.code, "source": subject.get_kind_display(),
        "why": subject.placement_why,
    }  # fmt: skip
    return Line(subject.area, subject.pk, "", data)


def _refuse_known(code: Code) -> None:
    known = (
        Subject.objects.filter(credit_code=code.credit)
        if code.credit
        else (Subject.objects.filter(legacy_code=code.legacy))
    )
    if known.exists():
        raise placing_problems.SubjectKnown(value=code.text)


def _place(subject: Subject, area: str, code: Code, by: Actor) -> None:
    spot = gazetteer(area[:4]).locate(subject.address, code.district)
    if len(area) == 15:
        subject.area, subject.placement, subject.placement_why = area, Placement.HAND, f"{by.name}现场登记"
    elif spot.area.startswith(area):
        set_place(subject, spot)
    else:
        subject.area, subject.placement = area, Placement.UNPLACED
        subject.placement_why = "地址未写明本辖区内的社区，待人工归格"
