"""Areas, people and postings. Re-cutting a grid is in recut.py."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from grid import problems
from grid.calendar.now import today
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, Role, ask
from grid.territory.models import Absence, Area, Person, Posting
from grid.territory.queries import current_area, valid_on
from grid.territory.rules import level_of, levels_in_words, may_be_posted, overlap, parent_of, short_code

SHIPPED = Path(__file__).parent / "divisions.csv"
EDITION = date(2023, 6, 30)  # cut-off of the shipped edition of the 统计用区划代码
KINDS = {"虚拟社区": "虚拟", "类似乡级": "园区"}


# --- divisions ----------------------------------------------------------------------------------------


@transaction.atomic
def import_divisions(path: Path = SHIPPED, *, city: str, by: Actor, valid_from: date = EDITION) -> int:
    """Adds the official divisions of a city that are missing and renames those renamed. Answers how many are new.

    The file has the columns code, name, short_name, kind (12-digit codes). An area that is no longer in it stays:
    closing one moves its subjects, which is an act of its own. Raises ColumnsMissing.
    """
    ask(by, Right.RECUT, city)
    known = Area.objects.in_bulk()
    new: list[Area] = []
    renamed: list[Area] = []
    for area in sorted(_divisions(path, city, valid_from), key=lambda a: a.code):
        old = known.get(area.code)
        if old is None:
            new.append(area)
        elif (old.name, old.short_name, old.kind) != (area.name, area.short_name, area.kind):
            old.name, old.short_name, old.kind = area.name, area.short_name, area.kind
            renamed.append(old)
    Area.objects.bulk_create(new)
    Area.objects.bulk_update(renamed, ["name", "short_name", "kind"])
    if new or renamed:
        data = {"areas": len(new), "renamed": [area.code for area in renamed], "file": path.name}
        record(Verb.TERRITORY_IMPORTED, by=by, area=city, data=data)
    return len(new)


def _divisions(path: Path, city: str, valid_from: date) -> Iterator[Area]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        lacking = {"code", "name", "short_name", "kind"} - set(rows.fieldnames or ())
        if lacking:
            raise problems.ColumnsMissing(name=path.name, columns="、".join(sorted(lacking)))
        for row in rows:
            code = short_code(row["code"])
            if code.startswith(city):
                yield Area(
                    code=code,
                    level=level_of(code),
                    kind=KINDS.get(row["kind"], row["kind"]),
                    name=row["name"],
                    short_name=row["short_name"][:40],
                    parent_id=parent_of(code) or None,
                    valid_from=valid_from,
                )


# --- people and postings ------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    username: str,
    full_name: str,
    area: str,
    *,
    password: str = "",
    phone: str = "",
    is_sample: bool = False,
    by: Actor,
) -> Person:
    """Somebody who may sign in; without a posting they see nothing. `area` is where the posts are managed from."""
    ask(by, Right.POST, area)
    person = Person.objects.create_user(
        username, password=password or None, full_name=full_name, phone=phone, is_sample=is_sample
    )
    record(Verb.PERSON_ADDED, by=by, area=area, data={"person": person.pk, "name": full_name})
    return person


@transaction.atomic
def give_posting(
    person: Person, role: str, area: str, *, first_day: date, last_day: date | None = None, department: str = "",
    by: Actor,
) -> Posting:  # fmt: skip
    """Posts `person` as `role` over `area`. Nobody posts themselves.

    Raises UnknownArea, AreaNotCurrent, PostingOutOfArea, OwnPosting, WrongPeriod, PostingHeld, NotYourPost.
    """
    ask(by, Right.POST, area)
    place = current_area(area)
    if by.person_id == person.pk:
        raise problems.OwnPosting()
    if not may_be_posted(role, area):
        raise problems.PostingOutOfArea(role=Role(role).label, level=levels_in_words(role), area=place.name)
    if last_day and last_day < first_day:
        raise problems.WrongPeriod(first=first_day, last=last_day)
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_held(person, role, place, first_day, last_day)
    posting = Posting.objects.create(
        person=person, role=role, area=place, department=department, valid_from=first_day, valid_to=last_day
    )
    record(
        Verb.POSTING_GIVEN,
        by=by,
        area=area,
        data=_posting_facts(posting) | {"from": first_day, "until": last_day},
    )
    return posting


def _refuse_held(person: Person, role: str, area: Area, first: date, last: date | None) -> None:
    for held in Posting.objects.filter(person=person, role=role, area=area):
        if overlap(held.valid_from, held.valid_to, first, last):
            raise problems.PostingHeld(name=person.full_name, area=area.name, role=Role(role).label)


def _posting_facts(posting: Posting) -> dict[str, object]:
    return {
        "posting": posting.pk,
        "person": posting.person_id,
        "name": posting.person.full_name,
        "role": posting.role,
        "role_name": str(Role(posting.role).label),
        "area": posting.area_id,
    }


@transaction.atomic
def end_posting(posting: Posting, *, last_day: date, reason: str, by: Actor) -> Posting:
    """`last_day` is the last on which it counts. A posting that had not begun ends on its first day.

    Raises ReasonMissing, AlreadyDone, NotYourPost.
    """
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("person", "area").get(pk=posting.pk)
    )
    ask(by, Right.POST, posting.area_id)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if posting.valid_to and posting.valid_to <= last_day:
        raise problems.OutOfOrder(thing=str(posting), state=f"已于 {posting.valid_to} 结束", act="结束岗位")
    posting.valid_to = max(last_day, posting.valid_from)
    posting.save(update_fields=["valid_to"])
    record(
        Verb.POSTING_ENDED,
        by=by,
        area=posting.area_id,
        data=_posting_facts(posting) | {"until": posting.valid_to, "reason": reason},
    )
    return posting


@transaction.atomic
def note_absence(
    posting: Posting, *, first_day: date, last_day: date, cover: Posting | None, reason: str = "", by: Actor
) -> Absence:
    """While `posting` is away `cover` acts for it. Without a cover its work waits, and planning says so.

    Raises WrongPeriod, CoverUnfit, AbsenceOverlaps, NotYourPost.
    """
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("person", "area").get(pk=posting.pk)
    )
    ask(by, Right.ASSIGN, posting.area_id)
    if last_day < first_day:
        raise problems.WrongPeriod(first=first_day, last=last_day)
    if cover and not _fits(cover, posting, first_day, last_day):
        raise problems.CoverUnfit()
    if posting.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise problems.AbsenceOverlaps(name=posting.person.full_name, first=first_day, last=last_day)
    absence = Absence.objects.create(
        posting=posting, cover=cover, first_day=first_day, last_day=last_day, reason=reason[:100]
    )
    facts = _posting_facts(posting) | {"from": first_day, "until": last_day, "absence": absence.pk}
    # The verb's sentence names the period by {from} and {until}; why somebody is away is nobody else's business.
    facts["cover"] = cover.person.full_name if cover else ""
    record(Verb.ABSENCE_NOTED, by=by, area=posting.area_id, data=facts)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, last_day: date, by: Actor) -> Absence:
    """Somebody is back sooner: the cover ends with `last_day`, and their phone loses the doors it held for them.

    Raises AbsenceOver for a day outside the absence, NotYourPost.
    """
    rows = Absence.objects.select_for_update(of=("self",)).select_related("posting__person", "posting__area")
    absence = rows.get(pk=absence.pk)
    ask(by, Right.ASSIGN, absence.posting.area_id)
    if not absence.first_day <= last_day <= absence.last_day:
        raise problems.AbsenceOver(first=absence.first_day, last=absence.last_day)
    absence.last_day = last_day
    absence.save(update_fields=["last_day"])
    facts = _posting_facts(absence.posting) | {"from": absence.first_day, "until": last_day}
    record(Verb.ABSENCE_ENDED, by=by, area=absence.posting.area_id, data=facts | {"absence": absence.pk})
    return absence


def _fits(cover: Posting, posting: Posting, first: date, last: date) -> bool:
    same = cover.role == posting.role and cover.person_id != posting.person_id
    return same and cover.valid_from <= first and (cover.valid_to is None or cover.valid_to >= last)


@transaction.atomic
def deactivate_person(person: Person, *, reason: str, by: Actor) -> Person:
    """Ends the person's postings today and shuts the account. People are never deleted: the ledger names them.

    Asks for every area the person holds a post in, the city when there is none. Raises ReasonMissing, OwnPosting.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if by.person_id == person.pk:
        raise problems.OwnPosting()
    day = today()
    running = list(person.postings.filter(Q(valid_to=None) | Q(valid_to__gt=day)).select_related("area"))
    home = min((p.area_id for p in running), key=len, default=_city())
    ask(by, Right.POST, home)
    for posting in running:
        last_day = max(day - timedelta(days=1), posting.valid_from)
        if posting.valid_to is None or posting.valid_to > last_day:
            end_posting(posting, last_day=last_day, reason=reason, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(
        Verb.PERSON_DEACTIVATED,
        by=by,
        area=home,
        data={"person": person.pk, "name": person.full_name, "reason": reason},
    )
    return person


def _city() -> str:
    return Area.objects.filter(valid_on(today()), parent=None).values_list("code", flat=True).first() or ""
