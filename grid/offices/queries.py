"""The offices of an area on a day, what a city still lacks, and the offices at the desk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.offices import problems as offices_problems
from grid.offices.models import Body, Part
from grid.offices.rules import FIELDS, needed_at, office_area
from grid.offices.verbs import OfficeVerb
from grid.scope import Actor, Right
from grid.territory.models import Area, Level

TOLD = (
    OfficeVerb.OFFICE_ENTERED,
    OfficeVerb.OFFICE_CONFIRMED,
    OfficeVerb.OFFICE_ENDED,
    OfficeVerb.OFFICE_WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a party turns to: `also` is the line for everybody, beside the one of the desk."""

    name: str
    address: str
    phone: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """The confirmed offices of one area on one day.

    Whichever a paper asks for and is not there refuses the paper by name (OfficeMissing); a template shows nothing
    in its place.
    """

    area: str
    on: date
    bodies: Mapping[str, Body]

    def need(self, part: str) -> Body:
        """Raises OfficeMissing."""
        if part not in self.bodies:
            area = Area.objects.filter(code=self.area).first()
            raise offices_problems.OfficeMissing(area=area or self.area, part=Part(part).label, on=self.on)
        return self.bodies[part]

    def name_of(self, part: str) -> str:
        """For a page that only shows: empty where nothing is known."""
        return self.bodies[part].name if part in self.bodies else ""

    @property
    def authority(self) -> str:
        return self.need(Part.AUTHORITY).name

    @property
    def agency(self) -> str:
        """The 经办机构 beside the authority, which audits."""
        return self.need(Part.AGENCY).name

    @property
    def tax(self) -> str:
        """The tax office, which collects."""
        return self.need(Part.TAX).name

    @property
    def office(self) -> str:
        return self.need(Part.DESK).name

    @property
    def phone(self) -> str:
        return self.need(Part.AUTHORITY).phone

    @property
    def address(self) -> str:
        return self.need(Part.AUTHORITY).address

    @property
    def review_body(self) -> str:
        return self.need(Part.REVIEW_BODY).name

    @property
    def court(self) -> str:
        return self.need(Part.COURT).name

    def desk_of(self, part: str, signing: str) -> Desk:
        """The desk `part` of the authority or agency `signing`: statements go to who decides (行政处罚法 44, 45), never to
        an office set up for the drive. Where no desk is confirmed, to the body itself."""
        body = self.bodies.get(part) or self.need(signing)
        line, also = body.phone or self.phone, self.phone
        return Desk(body.name, body.address or self.address, line, also if also != line else "")

    def word(self, part: str) -> str:
        """The word of the authority or the agency in the numbers of its papers."""
        return self.need(part).word


def _in_force(on: date) -> QuerySet[Body]:
    until = Q(valid_to=None) | Q(valid_to__gte=on)
    return Body.objects.filter(until, confirmed=True, valid_from__lte=on).order_by("valid_from")


def office_at(area: str, on: date) -> Office:
    """The offices of the district of `area`, or of the city, on the day of the paper that asks. One query."""
    code = office_area(area)
    return Office(code, on, {body.part: body for body in _in_force(on).filter(area=code)})


def case_prefix(area: str, on: date) -> str:
    """The letters before the year of a case's code; where none are confirmed, the code of the district itself."""
    body = _in_force(on).filter(area=office_area(area), part=Part.CASES).last()
    return body.word if body else office_area(area)


def authority_over_time(area: str) -> Callable[[date], str]:
    """The authority's name by day, empty where there was none: one query for a whole list of papers."""
    rows = list(Body.objects.filter(area=area, part=Part.AUTHORITY, confirmed=True).order_by("-valid_from"))

    def on(day: date) -> str:
        return next(
            (
                row.name
                for row in rows
                if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
            ),
            "",
        )

    return on


@dataclass(frozen=True, slots=True)
class Lack:
    """One office that papers of `area` will ask for. `waits`: it was entered and nobody has confirmed it."""

    area: str
    area_name: str
    part: str
    title: str
    waits: bool


def offices_missing(city: str, on: date) -> list[Lack]:
    """What the city and each of its districts lacks on a day before every paper can be issued. Two queries."""
    until = Q(valid_to=None) | Q(valid_to__gte=on)
    areas = Area.objects.filter(
        until, valid_from__lte=on, code__startswith=city, level__in=(Level.CITY, Level.DISTRICT)
    ).order_by("code")
    there = {
        (area, part): confirmed
        for area, part, confirmed in Body.objects.filter(until, area__startswith=city, valid_from__lte=on)
        .order_by("confirmed")
        .values_list("area", "part", "confirmed")
    }
    return [
        Lack(area.code, area.name, part, str(Part(part).label), waits=(area.code, part) in there)
        for area in areas
        for part in needed_at(area.code)
        if not there.get((area.code, part))
    ]


# --- at the desk -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    body: Body
    is_now: bool
    is_to_come: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class District:
    """An area with its offices: in force, to come, or waiting for a second person."""

    code: str
    name: str
    rows: list[Version]
    lacking: list[Lack]


def districts_of(viewer: Actor) -> list[District]:
    """The city and its districts with their offices and what they lack. Four queries. Raises NotHere."""
    _require_reader(viewer)
    day = today()
    until = Q(valid_to=None) | Q(valid_to__gte=day)
    bodies = Body.objects.filter(until, area__startswith=settings.CITY).order_by("valid_from")
    order = {part: place for place, part in enumerate(Part.values)}
    rows = sorted((_shown(viewer, body, day) for body in bodies), key=lambda row: order[row.body.part])
    lacks = offices_missing(settings.CITY, day)
    levels = (Level.CITY, Level.DISTRICT)
    areas = Area.objects.filter(until, code__startswith=settings.CITY, level__in=levels).order_by("code")
    return [
        District(
            area.code, area.name, [row for row in rows if row.body.area == area.code],
            [lack for lack in lacks if lack.area == area.code],
        )
        for area in areas
    ]  # fmt: skip


def waiting_for(viewer: Actor) -> list[Version]:
    """What waits for a second person, oldest first. Raises NotHere."""
    _require_reader(viewer)
    rows = Body.objects.filter(confirmed=False).select_related("entered_by").order_by("area", "pk")
    return [_shown(viewer, body, today()) for body in rows]


def offices_to_confirm(viewer: Actor) -> QuerySet[Body]:
    """What somebody else entered and counts once the viewer has confirmed it: nobody's where they may not."""
    if not viewer.can(Right.CONFIRM_LAW, settings.CITY):
        return Body.objects.none()
    return Body.objects.filter(confirmed=False).exclude(entered_by=viewer.person_id)


def versions_of(viewer: Actor, area: str, part: str) -> list[Version]:
    """All rows of one office, newest first; empty where none was entered. Raises NotHere outside the city."""
    _require_reader(viewer)
    if part not in Part.values or not Area.objects.filter(code=area, code__startswith=settings.CITY).exists():
        raise problems.NotHere()
    rows = Body.objects.filter(area=area, part=part).select_related("entered_by", "confirmed_by")
    return [_shown(viewer, body, today()) for body in rows.order_by("-valid_from")]


def body_at(viewer: Actor, pk: int) -> Body:
    """Raises NotHere."""
    _require_reader(viewer)
    body = Body.objects.filter(pk=pk).first()
    if body is None:
        raise problems.NotHere()
    return body


def title_of(area: str, part: str) -> str:
    """The area and the part in words."""
    return f"{area_names([area])[area]} · {Part(part).label}"


def area_names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Area.objects.filter(code__in=set(codes)).values_list("code", "name"))


def typed_before(area: str, part: str) -> dict[str, str]:
    """What the newest row of an office says: most new ones differ from it in one field."""
    body = Body.objects.filter(area=area, part=part).order_by("-valid_from").first()
    return {name: getattr(body, name) for name in FIELDS} if body else {}


def in_one_line(body: Body, names: Mapping[str, str]) -> str:
    """An office as it is confirmed: everything a paper will take from it."""
    told = [names.get(body.area, body.area), body.get_part_display(), body.name]
    told += [
        value for value in (body.word, body.address, body.phone, body.seal) if value and value != body.name
    ]
    since = _("自 {day} 起").format(day=body.valid_from.isoformat())
    by = _("{name}录入").format(name=body.entered_by) if body.entered_by else _("命令行录入")
    return " · ".join(map(str, [*told, since, by]))


def history_of(area: str, part: str) -> Sequence[Entry]:
    """What was done to one office, newest first."""
    rows = Entry.objects.filter(verb__in=TOLD, area=area, data__part=part)
    return list(rows.select_related("leaf").order_by("-pk")[:50])


def _require_reader(viewer: Actor) -> None:
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotHere()


def _shown(viewer: Actor, body: Body, day: date) -> Version:
    begun = body.valid_from <= day
    mine = body.entered_by_id is not None and body.entered_by_id == viewer.person_id
    return Version(
        body,
        is_now=body.confirmed and begun and (body.valid_to is None or body.valid_to >= day),
        is_to_come=not begun,
        may_confirm=not body.confirmed and viewer.can(Right.CONFIRM_LAW, settings.CITY) and not mine,
    )
