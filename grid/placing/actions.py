"""Placing by hand, and what it teaches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.operations.actions import end_operation, order_operation, refuse_many, take_step
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.placing import problems as placing_problems
from grid.placing.batches.actions import (
    Asked,
    Meaning,
    Origin,
    keep_batch,
    origins_of,
    placing_facts,
    require_place,
    set_places,
)
from grid.placing.batches.models import Way
from grid.placing.batches.queries import last_placings
from grid.placing.batches.rules import CITY
from grid.placing.evidence.queries import Evidence, evidence_of
from grid.placing.geocoding.actions import MOST_A_PASS, geocoder
from grid.placing.proposals.actions import propose
from grid.placing.queries import gazetteer
from grid.placing.rules import DISTRICT, Gazetteer, Guess, Spot
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, in_area, require, require_person
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import PERSONS, Alias, Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Area, Level

POOL: Final = "pool"
CERTAIN: Final = 100  # percent
LONGEST_WHY: Final = 200
PIECE: Final = 1_000  # subjects of the pool in one transaction


@dataclass(frozen=True)
class Placed:
    """What one placing by hand brought: the alias it taught, and the others of the pool it placed, or the operation
    that places them because they are many."""

    subject: Subject
    alias: Alias | None
    others: list[Subject]
    operation: Operation | None = None


@transaction.atomic
def place_subject(
    subject: Subject, to: str, *, by: Actor, why: str = "", but: Collection[int] = ()
) -> Placed:
    """Puts a subject where it lies by hand, teaches the alias its address holds, and places the pool's alike.

    `but`: those of the alike that the page showed and that are not to go along. Where there are any, the piece of
    address means no one place: nothing is taught, and the others go along by hand.

    Raises NotHere / NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid, KnownAlready; AlreadyDone when it waited on the page
    shown and somebody placed it meanwhile; TooManyAtOnce.
    """
    waited = not subject.is_placed
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    require(by, Right.PLACE, subject.area)
    area = require_place(to, by)
    if waited and subject.is_placed:
        raise _somebody_was_faster(subject)
    if waited and area.code == subject.area:
        raise placing_problems.KnownAlready(name=subject.name, area=area.name)
    before = origins_of([subject])
    set_places([(subject, area.code)], why, by=by)
    piece = _piece_of(subject, area) if by.person_id is not None else ""
    alike = _alike(area.code[:DISTRICT], piece) if piece else []
    if set(alike) & set(but):
        return _placed_but(subject, [pk for pk in alike if pk not in but], before, by)
    alias, meaning = _teach(subject, area, piece, by) if piece else (None, None)
    others: list[Subject] = []
    operation = None
    if alias and len(alike) > AT_ONCE:
        operation = order_replacing(area.code[:DISTRICT], by=by)
    elif alias:
        others, origins = _place_alike(alias, alike, by)
        before |= origins
    if by.person_id is not None:
        asked = Asked(Way.ONE, subject.name, taught=[meaning] if meaning else [])
        keep_batch(asked, [subject, *others], before, by=by)
    return Placed(subject, alias, others, operation)


def _placed_but(subject: Subject, going: Sequence[int], before: dict[int, Origin], by: Actor) -> Placed:
    refuse_many(len(going))
    rows = (
        Subject.objects.select_for_update().filter(pk__in=going, placement=Placement.UNPLACED).order_by("pk")
    )
    others = [other for other in rows if subject.area.startswith(other.area) and other.area != subject.area]
    before |= origins_of(others)
    set_places(
        [(other, subject.area) for other in others], _("与“{name}”一同").format(name=subject.name), by=by
    )
    keep_batch(Asked(Way.ONE, subject.name), [subject, *others], before, by=by)
    return Placed(subject, None, others)


def _somebody_was_faster(subject: Subject) -> problems.AlreadyDone:
    last = last_placings([subject.pk]).get(subject.pk)
    return problems.AlreadyDone(who=last.who if last else "", when=last.when if last else "")


def _piece_of(subject: Subject, area: Area) -> str:
    """What of its address may be taught: nothing where only the street is known, for that says little of a place."""
    if area.level < Level.COMMUNITY:
        return ""
    pieces = gazetteer(area.code[:CITY]).pieces(subject.address, (subject.credit_code or "")[2:8])
    return pieces[0][:80] if pieces else ""


def _teach(subject: Subject, area: Area, piece: str, by: Actor) -> tuple[Alias, Meaning | None]:
    """The piece of the subject's address now means `area`: only people teach. What it meant already is not taught."""
    district = area.code[:DISTRICT]
    known = Alias.objects.select_for_update().filter(district=district, pattern=piece).first()
    if known and known.grid == area.code:
        return known, None
    meaning = Meaning(district=district, pattern=piece, before=known.grid if known else "", after=area.code)
    # The newest hand decides; what was placed by the older meaning stays where it is.
    alias, _made = Alias.objects.update_or_create(
        district=district,
        pattern=piece,
        defaults={
            "community": area.code[:12],
            "grid": area.code,
            "taught_by_id": require_person(by),
            "taught_at": now(),
            "taught_from": subject,
        },
    )
    data = {"alias": piece, "community": alias.community, "before": meaning["before"]}
    record(PlacingVerb.ALIAS_TAUGHT, Line(area.code, subject=subject.pk, data=data), by=by)
    return alias, meaning


def _alike(district: str, piece: str) -> list[int]:
    """Those of the district's pool whose address holds the piece; one pass over the pool's index."""
    index = gazetteer(district[:CITY])
    waiting = Subject.objects.filter(in_area(district), placement=Placement.UNPLACED).order_by("pk")
    return [
        pk
        for pk, address, code in waiting.values_list("pk", "address", "credit_code").iterator()
        if piece in index.pieces(address, (code or "")[2:8])
    ]


def _place_alike(alias: Alias, alike: Sequence[int], by: Actor) -> tuple[list[Subject], dict[int, Origin]]:
    """Those that were placed, and where each of the alike was before."""
    subjects = list(Subject.objects.select_for_update().filter(pk__in=alike, placement=Placement.UNPLACED))
    before = origins_of(subjects)
    placed = replace(subjects, gazetteer(alias.district[:CITY]), by=by)
    Alias.objects.filter(pk=alias.pk).update(uses=alias.uses + len(placed))
    return placed, before


def replace(
    subjects: Iterable[Subject], index: Gazetteer, *, evidence: Evidence | None = None, by: Actor
) -> list[Subject]:
    """Reads the addresses of locked, unplaced subjects again; saves and tells those that now have a grid, which are
    answered, and those whose community or street is known by now. What may be so becomes a proposal."""
    evidence = evidence or Evidence(index, index.city)
    waiting = list(subjects)
    moved: list[Subject] = []
    before: list[str] = []
    unsure: list[tuple[Subject, Guess]] = []
    for subject, spot in zip(waiting, evidence.spots(waiting), strict=True):
        if spot.guess:
            unsure.append((subject, spot.guess))
        is_nearer = spot.area != subject.area and spot.area.startswith(subject.area)
        if spot.placement != Placement.UNPLACED or is_nearer:
            moved.append(subject)
            before.append(subject.area)
            set_place(subject, spot)
    save_moves(moved, before, by=by)
    record_many(
        SubjectVerb.SUBJECT_PLACED,
        [Line(s.area, s.pk, data=placing_facts(s, old)) for s, old in zip(moved, before, strict=True)],
        by=by,
    )
    propose(unsure, by=by)
    return [subject for subject in moved if subject.is_placed]


def set_place(subject: Subject, spot: Spot) -> None:
    """Changes the subject in memory only. What is not certain says how sure it is."""
    sure = f"（把握{spot.sure}%）" if 0 < spot.sure < CERTAIN else ""
    subject.area, subject.placement = spot.area, spot.placement
    subject.placement_why = spot.why[: LONGEST_WHY - len(sure)] + sure


# --- the whole pool, in the background ----------------------------------------------------------------


def order_replacing(area: str, *, by: Actor) -> Operation:
    """Lets the whole pool at or below `area` be read again, after areas, names or aliases changed. Raises NotHere,
    NotYourPost."""
    return order_operation(POOL, area, _("按地址再识别一次"), by=by)


def replace_pool(operation: Operation, *, by: Actor) -> None:
    """Carries such an order out, piece by piece: those of the pool that now have a grid are placed and told. Where a
    geocoder is switched on, it is asked before, of units alone."""
    city = operation.area[:4]
    asked = geocoder()
    if asked:
        units = Subject.objects.filter(in_area(operation.area), placement=Placement.UNPLACED)
        units = units.exclude(kind__in=PERSONS).exclude(address="")
        asked.ask(units.order_by("pk").values_list("address", flat=True)[:MOST_A_PASS])
    evidence = evidence_of(city, gazetteer(city), asked)
    while take_step(operation, lambda fresh: _replace_some(fresh, evidence, by)):
        pass


def _replace_some(operation: Operation, evidence: Evidence, by: Actor) -> bool:
    left = Subject.objects.filter(
        in_area(operation.area), placement=Placement.UNPLACED, pk__gt=operation.cursor
    ).order_by("pk")
    if not operation.total:
        operation.total = left.count()
    some = list(left.select_for_update()[:PIECE])
    if not some:
        words = _("看过 {done} 户的地址，归格 {n} 户。").format(done=operation.done, n=operation.changed)
        end_operation(operation, words, by=by)
        hint("coverage", operation.area)
        return False
    placed = replace(some, evidence.index, evidence=evidence, by=by)
    operation.cursor, operation.done = some[-1].pk, operation.done + len(some)
    operation.changed += sum(subject.is_placed for subject in placed)
    for code in {subject.area for subject in placed}:
        hint("coverage", code)
    return True
