"""Placing by hand, and what it teaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.ledger.models import Entry
from grid.operations.actions import end_operation, order_operation, take_step
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.placing import problems as placing_problems
from grid.placing.evidence.queries import Evidence, evidence_of
from grid.placing.geocoding.actions import MOST_A_PASS, geocoder
from grid.placing.proposals.actions import propose
from grid.placing.queries import gazetteer
from grid.placing.rules import DISTRICT, Gazetteer, Guess, Spot
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, in_area, require
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import PERSONS, Alias, Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Area, Level
from grid.territory.queries import current_area

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
def place_subject(subject: Subject, grid: str, *, by: Actor, why: str = "") -> Placed:
    """Puts a subject in a grid by hand, teaches the alias its address holds, and places the pool's alike.

    Raises NotHere / NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid; AlreadyDone when it waited on the page
    shown and somebody placed it meanwhile.
    """
    waited = not subject.is_placed
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    held = require(by, Right.PLACE, subject.area)
    require(by, Right.PLACE, grid)
    if waited and subject.is_placed:
        raise _somebody_was_faster(subject)
    area = current_area(grid)
    if area.level != Level.GRID:
        raise placing_problems.NotAGrid(area=area.name)
    before = subject.area
    subject.area, subject.placement = area.code, Placement.HAND
    subject.placement_why = f"{by.name}人工归格" + (f"：{why}" if why else "")
    save_moves([subject], [before], by=by)
    record(
        SubjectVerb.SUBJECT_PLACED,
        Line(area.code, subject=subject.pk, data=placing_facts(subject, before)),
        by=by,
        held=held,
    )
    alias = _teach(subject, area, by)
    alike = _alike(alias) if alias else []
    hint("coverage", area.code)
    if len(alike) > AT_ONCE:
        return Placed(subject, alias, [], order_replacing(area.code[:DISTRICT], by=by))
    return Placed(subject, alias, _place_alike(alias, alike, by) if alias else [])


def _somebody_was_faster(subject: Subject) -> problems.AlreadyDone:
    entry = Entry.objects.filter(subject=subject.pk, verb=SubjectVerb.SUBJECT_PLACED).order_by("-id").first()
    at = (entry.at if entry else now()).astimezone(CITY_TIME)
    return problems.AlreadyDone(who=entry.actor_name if entry else "", when=f"{at:%Y-%m-%d %H:%M}")


def placing_facts(subject: Subject, before: str) -> dict[str, object]:
    return {
        "name": subject.name,
        "why": subject.placement_why,
        "placement": subject.placement,
        "from": before,
        "to": subject.area,
    }


def _teach(subject: Subject, grid: Area, by: Actor) -> Alias | None:
    """The alias of the subject's address now means `grid`; None when the address tells nothing, or a machine
    placed it: only people teach."""
    district = grid.code[:6]
    pieces = gazetteer(grid.code[:4]).pieces(subject.address, (subject.credit_code or "")[2:8])
    if not pieces or by.person_id is None:
        return None
    known = Alias.objects.select_for_update().filter(district=district, pattern=pieces[0][:80]).first()
    if known and known.grid == grid.code:
        return known
    # The newest hand decides; what was placed by the older meaning stays where it is.
    alias, _made = Alias.objects.update_or_create(
        district=district,
        pattern=pieces[0][:80],
        defaults={
            "community": grid.code[:12],
            "grid": grid.code,
            "taught_by_id": by.person_id,
            "taught_at": now(),
            "taught_from": subject,
        },
    )
    record(
        PlacingVerb.ALIAS_TAUGHT,
        Line(
            grid.code,
            subject=subject.pk,
            data={
                "alias": alias.pattern,
                "community": alias.community,
                "before": known.grid if known else "",
            },
        ),
        by=by,
    )
    return alias


def _alike(alias: Alias) -> list[int]:
    """Those of the district's pool whose address holds the alias; one pass over the pool's index."""
    index = gazetteer(alias.district[:4])
    waiting = Subject.objects.filter(in_area(alias.district), placement=Placement.UNPLACED).order_by("pk")
    return [
        pk
        for pk, address, code in waiting.values_list("pk", "address", "credit_code").iterator()
        if alias.pattern in index.pieces(address, (code or "")[2:8])
    ]


def _place_alike(alias: Alias, alike: Sequence[int], by: Actor) -> list[Subject]:
    subjects = list(Subject.objects.select_for_update().filter(pk__in=alike, placement=Placement.UNPLACED))
    placed = replace(subjects, gazetteer(alias.district[:4]), by=by)
    Alias.objects.filter(pk=alias.pk).update(uses=alias.uses + len(placed))
    return placed


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
    operation.changed += len(placed)
    for code in {subject.area for subject in placed}:
        hint("coverage", code)
    return True
