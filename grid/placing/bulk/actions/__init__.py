"""Placing many at once: alike addresses whose list was read, whole groups, or those that were ticked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record_many
from grid.operations.actions import refuse_many
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.placing import problems as placing_problems
from grid.placing.batches.actions import Asked, Meaning, order_rows, place_rows, require_place
from grid.placing.batches.models import PlacingBatch, Way
from grid.placing.batches.queries import LastPlacing, last_placings
from grid.placing.batches.rules import COMMUNITY
from grid.placing.bulk.queries import Group, groups_of, with_trait
from grid.placing.bulk.rules import Kind, Trait
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, Right, require_person, within
from grid.subjects.models import Alias, Subject
from grid.territory.models import Area


@dataclass(slots=True)
class Outcome:
    """What became of those that were chosen: placed, placed by somebody faster, or not to be placed there because their
    address says otherwise."""

    batch: PlacingBatch | None = None
    placed: list[Subject] = field(default_factory=list)
    faster: list[tuple[Subject, LastPlacing | None]] = field(default_factory=list)
    elsewhere: list[Subject] = field(default_factory=list)
    taught: str = ""


class Listed(NamedTuple):
    """A group as its page showed it: who stood on the list, and who of them stayed ticked."""

    shown: frozenset[int]
    ticked: frozenset[int]


def sort_out(wanted: Mapping[int, str], *, by: Actor) -> Outcome:
    """Part of an act of placing (`wanted`: subject → area): locks them. Those `placed` in the answer wait and may go
    there; nothing is changed yet."""
    rows = within(Subject.objects.select_for_update(), by, Right.PLACE)
    outcome = Outcome()
    done: list[Subject] = []
    for subject in rows.filter(pk__in=list(wanted)).order_by("pk"):
        to = wanted[subject.pk]
        if subject.is_placed or subject.area.startswith(to):
            done.append(subject)
        elif to.startswith(subject.area):
            outcome.placed.append(subject)
        else:
            outcome.elsewhere.append(subject)
    last = last_placings([subject.pk for subject in done]) if done else {}
    outcome.faster = [(subject, last.get(subject.pk)) for subject in done]
    return outcome


# --- alike addresses --------------------------------------------------------------------------------------


@transaction.atomic
def place_group(key: str, to: str, listed: Listed, *, by: Actor) -> Outcome:
    """Puts those of a group that stayed ticked into one area, and teaches what the group shares, unless somebody on the
    list is not to go there: then it means no one place. As by hand, what the text of an address says outweighs it; who
    was placed meanwhile is named with who placed them.

    Raises NothingChosen, NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid, PlaceUnclear for another district,
    TooManyAtOnce.
    """
    district, kind, piece = (*key.split(":", 2), "", "")[:3]
    ticked = listed.ticked & listed.shown
    if not ticked or kind not in {known.value for known in Kind}:
        raise problems.NothingChosen()
    refuse_many(len(ticked))
    place = _place_in(district, to, by)
    outcome = sort_out(dict.fromkeys(ticked, place.code), by=by)
    outcome.placed = with_trait(outcome.placed, Trait(Kind(kind), piece))
    if not outcome.placed:
        return outcome
    group = Group(district, Kind(kind), piece, [subject.pk for subject in outcome.placed])
    words = _("地址同含“{piece}”").format(piece=piece)
    meanings = [] if listed.shown - ticked else _teach([(group, place)], by)
    asked = Asked(Way.GROUP, f"{piece} → {place.name}", words, meanings)
    outcome.batch = place_rows([(subject, place.code) for subject in outcome.placed], asked, by=by)
    outcome.taught = piece if meanings else ""
    return outcome


def _place_in(district: str, to: str, by: Actor) -> Area:
    place = require_place(to, by)
    if not place.code.startswith(district):
        raise placing_problems.PlaceUnclear(text=place.name)
    return place


@transaction.atomic
def place_groups(
    chosen: Mapping[str, str], area: str, kind: str = "", *, by: Actor
) -> tuple[list[Subject], list[Operation]]:
    """Puts whole groups into an area each (`chosen`: key of a Group → code), as they are grouped by `kind`, and teaches
    what they share. Each is a batch. Returns those placed, or where they are many the operations that place them.

    A group in which nobody waits any more is passed over, among others. Raises NotYourPost, UnknownArea,
    AreaNotCurrent, NotAGrid, PlaceUnclear for an area of another district, NotHere for one out of reach and where no
    group is left.
    """
    require_person(by)
    groups = {group.key: group for group in groups_of(by, area, kind)}
    if not groups.keys() & chosen.keys():
        raise problems.NotHere()
    going = [
        (groups[key], _place_in(groups[key].district, to, by)) for key, to in chosen.items() if key in groups
    ]
    is_many = sum(group.count for group, _place in going) > AT_ONCE
    placed: list[Subject] = []
    operations: dict[int, Operation] = {}
    for group, place in going:
        found = sort_out(dict.fromkeys(group.subjects, place.code), by=by).placed
        if not found:
            continue
        group.subjects = [subject.pk for subject in found]
        meanings = _teach([(group, place)], by)
        words = _("地址同含“{piece}”").format(piece=group.piece)
        asked = Asked(Way.GROUP, f"{group.piece} → {place.name}", words, meanings)
        pairs = [(subject, place.code) for subject in found]
        if is_many:
            operation = order_rows(pairs, asked, by=by)
            operations[operation.pk] = operation
        else:
            place_rows(pairs, asked, by=by)
            placed += found
    return placed, list(operations.values())


def _teach(lessons: Sequence[tuple[Group, Area]], by: Actor) -> list[Meaning]:
    """What may be taught of these groups: not a road, and no street. The newest hand decides; what was placed by the
    older meaning stays where it is. What it means already is not taught again."""
    lessons = [(group, place) for group, place in lessons if group.is_taught and len(place.code) >= COMMUNITY]
    rows = Alias.objects.select_for_update().filter(
        district__in={group.district for group, _place in lessons},
        pattern__in={group.piece[:80] for group, _place in lessons},
    )
    known = {(row.district, row.pattern): row for row in rows}
    meanings: list[Meaning] = []
    lines: list[Entered] = []
    for group, place in lessons:
        pattern = group.piece[:80]
        row = known.get((group.district, pattern)) or Alias(district=group.district, pattern=pattern)
        row.uses += group.count
        before, row.grid, row.community = row.grid, place.code, place.code[:COMMUNITY]
        if before != place.code:
            row.taught_by_id, row.taught_from_id, row.taught_at = require_person(by), group.subjects[0], now()
            meanings.append(
                Meaning(district=group.district, pattern=pattern, before=before, after=place.code)
            )
            data = {"alias": pattern, "community": row.community, "before": before}
            lines.append(Entered(place.code, group.subjects[0], data=data))
        row.save()
    record_many(PlacingVerb.ALIAS_TAUGHT, lines, by=by)
    return meanings


# --- ticked -------------------------------------------------------------------------------------------------


@transaction.atomic
def place_many(subjects: Iterable[int], to: str, *, why: str = "", by: Actor) -> Outcome:
    """Puts those of the subjects that still wait, and may lie there, into one area. Teaches nothing: what was ticked
    need not be alike. Raises TooManyAtOnce, NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid."""
    subjects = set(subjects)
    refuse_many(len(subjects))
    place = require_place(to, by)
    outcome = sort_out(dict.fromkeys(subjects, place.code), by=by)
    if outcome.placed:
        asked = Asked(Way.TICKED, _("勾选 → {area}").format(area=place.name), why)
        outcome.batch = place_rows([(subject, place.code) for subject in outcome.placed], asked, by=by)
    return outcome
