"""Units met on the street that no register knows: found again, or accepted as subjects."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy

from grid.privacy import masked
from grid.scope import Actor, Held, Right, in_areas, within
from grid.subjects.models import Subject
from grid.territory.queries import names_of, place_words
from tasks.arrivals.rules import Unit, same
from tasks.visits.models import Visit
from tasks.visits.queries import NOBODY_S
from tasks.visits.rules import Unlisted

MOST = 10
COMMUNITY = 12
WORDS = {
    "code": gettext_lazy("代码相同"),
    "name": gettext_lazy("名称相近"),
    "address": gettext_lazy("地址相同"),
    "door": gettext_lazy("同一门牌或位置"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """A subject, or another visit's find, that may be the same unit, and in what it agrees."""

    subject: Subject | None
    unit: Unit
    area: str
    same: tuple[str, ...]
    visit: str = ""

    @property
    def reasons(self) -> str:
        return "、".join(str(WORDS[word]) for word in self.same)


def unlisted_of(visit: Visit) -> Unlisted | None:
    """What the worker wrote down of a unit nobody knew, or None for any other visit."""
    return Unlisted(**json.loads(visit.unlisted)) if visit.unlisted else None


def alike(unit: Unit, areas: Collection[str], besides: int = 0) -> list[Alike]:
    """Subjects and waiting finds below these areas that may be this unit, the surest first. Three queries.

    `besides` is the visit the unit comes from.
    """
    places = place_words(settings.CITY)
    found = [*_subjects(unit, areas, places), *_finds(unit, areas, places, besides)]
    return sorted(found, key=lambda subject: (-len(subject.same), "code" not in subject.same))[:MOST]


def _subjects(unit: Unit, areas: Collection[str], places: Sequence[str]) -> Iterator[Alike]:
    rows = Subject.objects.filter(in_areas(areas), same_as=None).select_related("premise")
    fields = ("name", "credit_code", "legacy_code", "address", "area", "kind", "premise__lng", "premise__lat")
    for row in rows.only(*fields, "local_code").iterator(chunk_size=2000):
        door = row.premise
        other = Unit(
            row.name, row.credit_code or row.legacy_code or "", row.address, door.lng if door else None,
            door.lat if door else None, row.premise_id,
        )  # fmt: skip
        if agrees := same(unit, other, places):
            yield Alike(row, other, row.area, tuple(agrees))


def _finds(unit: Unit, areas: Collection[str], places: Sequence[str], besides: int) -> Iterator[Alike]:
    rows = Visit.objects.filter(NOBODY_S, in_areas(areas)).exclude(pk=besides)
    for visit in rows.only("unlisted", "area", "code", "premise_id")[:200]:
        said = unlisted_of(visit)
        if said is not None:
            other = _unit(said, visit.premise_id)
            if agrees := same(unit, other, places):
                yield Alike(None, other, visit.area, tuple(agrees), visit.code)


def _unit(said: Unlisted, premise: int | None = None) -> Unit:
    return Unit(said.name, said.credit_code, said.address, said.lng, said.lat, premise)


def alike_to(visit: Visit) -> list[Alike]:
    """What may be the unit of this find, in its community. The visit comes from a scoped query."""
    said = unlisted_of(visit)
    return alike(_unit(said, visit.premise_id), [visit.area[:COMMUNITY]], visit.pk) if said else []


def lookup(unit: Unit, held: Held, also: Collection[str] = ()) -> list[dict[str, object]]:
    """For a phone, before its worker writes a unit down: what is known already in the posting's own territory, and
    in `also`, where its person is posted besides.

    Three queries. {subject_id | null for another worker's find, name, credit_code (middle masked), address,
    area_name, same: name code address}.
    """
    found = alike(unit, {held.area, *also})
    places = names_of(candidate.area for candidate in found)
    return [
        {
            "subject_id": candidate.subject.pk if candidate.subject else None,
            "name": candidate.unit.name,
            "credit_code": masked(candidate.unit.code, 4, 4),
            "address": candidate.unit.address,
            "area_name": places.get(candidate.area, ""),
            "same": list(dict.fromkeys("address" if word == "door" else word for word in candidate.same)),
        }
        for candidate in found
    ]


def linkable(viewer: Actor, found: Sequence[Alike]) -> list[tuple[Subject, str]]:
    """Of those alike the subjects the viewer may attach a visit to, with the reasons."""
    ids = [candidate.subject.pk for candidate in found if candidate.subject]
    mine = set(within(Subject.objects.filter(pk__in=ids), viewer, Right.REVIEW).values_list("pk", flat=True))
    return [
        (candidate.subject, candidate.reasons)
        for candidate in found
        if candidate.subject and candidate.subject.pk in mine
    ]
