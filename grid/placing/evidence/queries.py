"""What else tells where a subject is, when its address does not: other registers, who is already placed at the same road
and number, where a phone stood at its door, and a geocoder where one is switched on. In this order; the first that is
sure enough places, and the surest of the others becomes a proposal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shapely.geometry import Point, shape
from shapely.prepared import PreparedGeometry, prep

from grid.calendar.now import today
from grid.placing.followers import Elsewhere, Position, addresses_of, positions_of
from grid.placing.geocoding.actions import Geocoder
from grid.placing.reading.rules.address import Reading
from grid.placing.rules import COMMUNITY, GRID, UNPLACED, Gazetteer, Guess, Spot
from grid.scope import in_area
from grid.subjects.models import Placement, Subject
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on

# Placed by what the address itself says, or by a person: neighbours of neighbours would drift along the road.
WITNESSES = (Placement.TEXT, Placement.ALIAS, Placement.HAND, Placement.GAZETTEER, Placement.RECUT)
Door = tuple[str, str, int]  # district, road, number


@dataclass
class Evidence:
    """Built once for a pass over a pool: the index, who is placed at which door, the outlines of the grids."""

    index: Gazetteer
    city: str
    doors: dict[Door, set[str]] = field(default_factory=dict)
    geocoder: Geocoder | None = None
    _outlines: list[tuple[str, PreparedGeometry]] | None = None

    def read(self, subject: Subject) -> Reading:
        return self.index.read(subject.address, (subject.credit_code or "")[2:8])

    def spots(self, subjects: Sequence[Subject]) -> list[Spot]:
        """Where each of them is. Two queries beside the geocoder's, whatever their number."""
        readings = [self.read(subject) for subject in subjects]
        spots = [self.index.located(reading) for reading in readings]
        open_ = [
            subject.pk for subject, spot in zip(subjects, spots, strict=True) if spot.placement == UNPLACED
        ]
        others, positions = addresses_of(open_), positions_of(open_)
        return [
            spot
            if spot.placement != UNPLACED
            else self._weighed(spot, self._guesses(subject, reading, others.get(subject.pk, ()), positions))
            for subject, reading, spot in zip(subjects, readings, spots, strict=True)
        ]

    def _weighed(self, spot: Spot, guesses: Iterable[Guess]) -> Spot:
        """The spot with the first guess that is sure enough, else with the surest as its guess."""
        best = spot.guess
        for guess in guesses:
            if not guess.area.startswith(spot.area) or len(guess.area) <= len(spot.area):
                continue
            if guess.sure >= self.index.sureness.threshold:
                placement = guess.how if len(guess.area) == GRID else UNPLACED
                return Spot(guess.area, placement, guess.why, guess.how, guess.sure, flaw=spot.flaw)
            if best is None or guess.sure > best.sure:
                best = guess
        return spot._replace(guess=best)

    def _guesses(
        self,
        subject: Subject,
        reading: Reading,
        others: Sequence[Elsewhere],
        positions: dict[int, Position],
    ) -> Iterable[Guess]:
        code = (subject.credit_code or "")[2:8]
        for register, address in others:
            if address == subject.address:
                continue
            spot = self.index.locate(address, code)
            if len(spot.area) > len(reading.area):
                yield self._guess(
                    spot.area, Placement.RECORDS, f"{register}的地址“{address[:60]}”：{spot.why}"
                )
        for road in reading.parts.roads:
            areas = (
                self.doors.get((reading.district, road.name, road.number), set()) if road.number else set()
            )
            if area := _common(areas):
                words = f"同在{road.name}{road.number}号的{len(areas)}处已归入{self.index.where(area)}"
                yield self._guess(area, Placement.NEIGHBOUR, words)
        if (position := positions.get(subject.pk)) and (grid := self.grid_at(position)):
            yield self._guess(grid, Placement.POSITION, f"以往走访时手机在{self.index.where(grid)}")
        found = self.geocoder.find(subject.address) if self.geocoder and reading.parts.pieces() else None
        if self.geocoder and found and (grid := self.grid_at(found)):
            words = f"{self.geocoder.title}定位在{self.index.where(grid)}"
            yield self._guess(grid, Placement.GEOCODER, words)

    def _guess(self, area: str, how: Placement, why: str) -> Guess:
        return Guess(area, how.value, self.index.sureness.sure(how.value), why[:200])

    def grid_at(self, position: Position) -> str:
        """The one grid whose outline holds the position; empty where none or several do. One query, once."""
        if self._outlines is None:
            rows = Area.objects.filter(valid_on(today()), in_area(self.city, "code"), level=Level.GRID)
            drawn = rows.exclude(outline=None).values_list("code", "outline")
            self._outlines = [(code, prep(shape(outline))) for code, outline in drawn]
        point = Point(position.lng, position.lat)
        found = [code for code, outline in self._outlines if outline.contains(point)]
        return found[0] if len(found) == 1 else ""


def evidence_of(city: str, index: Gazetteer, geocoder: Geocoder | None = None) -> Evidence:
    """With everybody who is placed at a road and number. One query, and one reading of their addresses."""
    found = Evidence(index, city, geocoder=geocoder)
    placed = Subject.objects.filter(in_area(city), placement__in=WITNESSES)
    for area, address, code in placed.values_list("area", "address", "credit_code").iterator():
        reading = index.read(address, (code or "")[2:8])
        for road in reading.parts.roads:
            if road.number:
                found.doors.setdefault((reading.district, road.name, road.number), set()).add(area)
    return found


def _common(areas: set[str]) -> str:
    """The grid or the community that all of them share."""
    for length in (GRID, COMMUNITY):
        if len(held := {area[:length] for area in areas}) == 1:
            return held.pop()
    return ""
