"""From an address to an area: a prepared index, a few patterns, and a sentence that says why.

The district is nearly always in the text, the street and the community seldom (of 600 real addresses of one city
2.8 % name their street and 0.2 % their community). What remains waits in the district's pool, and placing one by
hand teaches the piece of address it shares with others.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grid.placing.reading.rules.address import Flaw, Reading, Sureness, other_city
from grid.placing.reading.rules.parts import (
    BESIDE,
    MOST_READ,
    Parts,
    What,
    read_parts,
    starts_with_road,
    taught_form,
)
from grid.placing.reading.rules.toponyms import (
    CLASH,
    NAME,
    SEGMENT,
    SLIP,
    WHOLE_ROAD,
    Found,
    Toponym,
    Toponyms,
    narrowest,
)
from grid.placing.reading.rules.typos import Similar
from grid.spelling import folded

TEXT, ALIAS, GAZETTEER, UNPLACED = "text", "alias", "gazetteer", "unplaced"
DISTRICT, STREET, COMMUNITY, GRID = 6, 9, 12, 15  # lengths of codes


class Place(NamedTuple):
    """A current area, as far as placing needs it."""

    code: str
    name: str
    short_name: str
    kind: str


class Taught(NamedTuple):
    """What placing by hand taught: `pattern` in an address of `district` means `grid`; the code of a community or a
    street, where only that is known, leads into its pool."""

    district: str
    pattern: str
    grid: str


class Guess(NamedTuple):
    """Where an address may be, too unsure to act on: a person is asked. `how` is the way it was found."""

    area: str
    how: str
    sure: int
    why: str


class Spot(NamedTuple):
    """Where an address is. `area` is a grid, or the narrowest area known of one that waits in the pool; `how` it was
    found and how `sure` that is, in percent. `guess`: what else might be so, and more closely."""

    area: str
    placement: str
    why: str
    how: str = ""
    sure: int = 0
    guess: Guess | None = None
    flaw: Flaw = Flaw.NONE


# --- pieces of an address ------------------------------------------------------------------------

_BEFORE = re.compile(r"^中国|^[^市区县路街]{2,5}(?:自治区|省)|^内蒙古")
# Beside a place is not in it.
_BESIDE = re.compile(
    r"^[东西南北]{0,2}(?:侧|边|对面|附近|旁|以[东西南北]|交汇)|^[东西南北](?![\u4e00-\u9fff])"
)
_STREET_ROAD = re.compile(r"^[东西南北中大]?(?:大街|街(?!坊)|路|大道)")
UNSLIPPED = (What.NUMBER, What.KM, What.BARE)  # numbers are never slips, and of bare words there are too many
LEAST_BARE = 3  # letters of a street's name that tell it at the beginning of a text: 新华 begins many names


def clean_address(address: str) -> str:
    """NFKC, no blanks: full-width digits, letters and brackets become plain ones."""
    return re.sub(r"\s+", "", folded(address))


# --- the index -------------------------------------------------------------------------------------


@dataclass
class _District:
    code: str
    name: str
    names: re.Pattern[str] | None = None
    places: dict[str, str] = field(default_factory=dict)  # name as it may be written → area code
    bare: dict[str, str] = field(default_factory=dict)  # of streets and villages: a whole text, or its start
    taught: dict[str, str] = field(default_factory=dict)
    similar: Similar | None = None


class Gazetteer:
    """Built once for an import from the current areas of a city and what was taught; then only read."""

    def __init__(
        self,
        places: Iterable[Place],
        taught: Iterable[Taught] = (),
        toponyms: Iterable[Toponym] = (),
        sureness: Sureness | None = None,
    ) -> None:
        self.sureness = sureness or Sureness()
        known = {place.code: place for place in places}
        self._name = {code: place.short_name or place.name for code, place in known.items()}
        self._full = {code: place.name for code, place in known.items()}
        self._children = _children(known)
        self.city = min((code for code in known if len(code) < DISTRICT), key=len, default="")
        self._districts = {c: _District(c, p.name) for c, p in known.items() if len(c) == DISTRICT}
        for place in known.values():
            self._enter(place)
        self._toponyms = Toponyms(row for row in toponyms if row.area in known or row.current)
        for alias in taught:
            self.teach(alias)
        for district in self._districts.values():
            district.names = _any_of(district.places)
        self._anywhere = self._unambiguous()
        self._anywhere_names = _any_of(self._anywhere)
        self._district_names = self._written_districts()

    def teach(self, taught: Taught) -> None:
        if taught.district in self._districts and taught.grid in self._name:
            district = self._districts[taught.district]
            district.taught[taught_form(taught.pattern)], district.similar = taught.grid, None

    def pieces(self, address: str, code_district: str = "") -> list[str]:
        """The landmarks of an address: what placing it by hand would teach, the first of them being the best."""
        return [piece.name for piece in self.read(address, code_district).pieces()]

    def parts(self, address: str, code_district: str = "") -> Parts:
        """What an address says behind its district, street and community, taken apart."""
        return self.read(address, code_district).parts

    def read(self, address: str, code_district: str = "") -> Reading:
        """What an address says by itself; `code_district` (positions 3-8 of the credit code) only where it is silent
        or contradicts itself."""
        whole = clean_address(address)
        text = whole[:MOST_READ]
        district, tail, why, flaw = self._district(text, code_district)
        flaw = Flaw.EMPTY if not whole else Flaw.LONG if not flaw and len(whole) > MOST_READ else flaw
        if district is None:
            return Reading("", why, flaw=flaw)
        tail, old = self._toponyms.renewed(district.code, tail)
        area, rest = self._by_text(district, tail)
        street = self._name.get(area[:STREET], "") if len(area) >= STREET else ""
        return Reading(district.code, why, area, read_parts(rest), tail, street, old, flaw)

    def locate(self, address: str, code_district: str = "") -> Spot:
        """Where `address` is: by what it says, by what was taught, by the gazetteer, in this order.

        Never fails: what cannot be told waits in the pool of the narrowest area that can.
        """
        return self.located(self.read(address, code_district))

    def located(self, reading: Reading) -> Spot:
        if not reading.district:
            return Spot(self.city, UNPLACED, reading.why, flaw=reading.flaw)
        if reading.flaw in (Flaw.ELSEWHERE, Flaw.DISTRICTS):
            return Spot(reading.district, UNPLACED, f"{reading.why}，待人工核实", flaw=reading.flaw)
        spot = self._spot_of(reading)
        if spot.placement == TEXT:
            return spot
        district = self._districts[reading.district]
        for name, longest in reading.names():
            area = district.taught.get(name, "")[:longest]
            # What the text says outweighs what was taught: 滨海小区 may exist in two streets.
            if area.startswith(spot.area) and len(area) > len(spot.area):
                words = f"地址含“{name}”，按以往人工归格归入{self.where(area)}"
                placement = ALIAS if len(area) == GRID else UNPLACED
                return Spot(area, placement, words, ALIAS, 100, flaw=reading.flaw)
        found = self._toponyms.find(reading.district, reading.parts, spot.area)
        found = found or self._by_slip(district, reading, spot.area)
        return self._by_toponym(found, spot) if found else spot

    # --- steps of locate

    def _spot_of(self, reading: Reading) -> Spot:
        if not reading.area:
            words = f"{reading.why}，未写明社区，待人工归格"
            return Spot(reading.district, UNPLACED, words, flaw=reading.flaw)
        spot = self._narrowed(reading.area, reading.tail)
        since = f"“{reading.old}”现名{self._full[reading.area]}；" if reading.old else ""
        return spot._replace(why=(since + spot.why)[:200], flaw=reading.flaw)

    def _by_slip(self, district: _District, reading: Reading, within: str) -> Found | None:
        """By a name of the divisions or the gazetteer, or one that people taught, from which the address differs by one
        letter."""
        if district.similar is None:
            district.similar = Similar(
                {*self._toponyms.names(district.code), *district.taught, *district.places}
            )
        for piece in reading.pieces():
            if piece.what in UNSLIPPED or piece.name.endswith(BESIDE):
                continue
            for name in district.similar.to(piece.name):
                known = {district.taught.get(name, ""), district.places.get(name, "")} - {""}
                if area := narrowest({*known, *self._toponyms.areas(district.code, name)}, within):
                    return Found(area, piece.name, SLIP, name)
        return None

    def _by_toponym(self, found: Found, spot: Spot) -> Spot:
        area = self._only_below(found.area) if found.how != WHOLE_ROAD else found.area
        words = {
            NAME: f"地名库：“{found.piece}”在{self.where(area)}",
            SEGMENT: f"地名库：{found.piece}属于{self.where(area)}",
            WHOLE_ROAD: f"地名库：{found.piece}全段在{self.where(area)}",
            CLASH: f"地名库：“{found.piece}”在{self.where(area)}，但同写的道路不经过那里",
            SLIP: f"“{found.piece}”疑为“{found.name}”，在{self.where(area)}",
        }[found.how]
        sure = self.sureness.sure(found.how)
        if not self.sureness.places(found.how):
            return spot._replace(guess=Guess(area, found.how, sure, words[:200]))
        placement = GAZETTEER if len(area) == GRID else UNPLACED
        return Spot(area, placement, words[:200], found.how, sure, flaw=spot.flaw)

    def _only_below(self, code: str) -> str:
        """The grid of a community that has but one; else the area itself."""
        below = self._children.get(code, ()) if len(code) == COMMUNITY else ()
        return below[0] if len(below) == 1 else code

    def _district(self, text: str, code_district: str) -> tuple[_District | None, str, str, Flaw]:
        by_code = self._districts.get(code_district)
        found = list(self._district_names.finditer(text)) if self._district_names else []
        written = {d.code: d for d in map(self._by_written, (name.group() for name in found))}
        if len(written) > 1 and self._are_rivals(found):
            names = "、".join(d.name for d in written.values())
            return by_code if code_district in written else None, text, f"地址写了{names}", Flaw.DISTRICTS
        if found:
            district = self._by_written(found[0].group())
            return district, text[found[0].end() :], f"地址写明{district.name}", Flaw.NONE
        bare = _BEFORE.sub("", text)
        if city := other_city(text, self._full.get(self.city, "")):
            return by_code, bare, f"地址写明{city}，不在本市", Flaw.ELSEWHERE
        if self._anywhere_names and (named := self._anywhere_names.search(bare)):
            district = self._districts[self._anywhere[named.group()][:DISTRICT]]
            return district, bare, f"地址写明{named.group()}({district.name})", Flaw.NONE
        bare = re.sub(rf"^{re.escape(self._full.get(self.city, ''))}", "", bare)
        if by_code:
            words = f"地址未写明区，按代码登记地归{by_code.name}"
            return by_code, bare, words, Flaw.NO_DISTRICT
        return None, bare, "地址和代码都看不出所在区", Flaw.NO_DISTRICT

    def _are_rivals(self, found: Sequence[re.Match[str]]) -> bool:
        """Two districts written in full; a name of one inside the text of another is part of a road's."""
        return (
            len({name.group() for name in found if self._by_written(name.group()).name == name.group()}) > 1
        )

    def _by_written(self, written: str) -> _District:
        return next(d for d in self._districts.values() if written.endswith(d.name) or d.name[:-1] in written)

    def _by_text(self, district: _District, tail: str) -> tuple[str, str]:
        """The area the text names, if any, and what stands behind the name: that is where landmarks are."""
        best, rest = "", tail
        for named in district.names.finditer(tail) if district.names else ():
            code = district.places[named.group()]
            if len(code) > len(best) and not _BESIDE.match(tail[named.end() :]):
                best, rest = code, tail[named.end() :]
        return (best, rest) if best else self._by_bare_name(district, tail)

    def _by_bare_name(self, district: _District, tail: str) -> tuple[str, str]:
        """A street or village without its 街道 or 村: the whole text, or its beginning (公乌素工业园区), unless it is a road
        of that name (千里山西街)."""
        if tail in district.bare:
            return district.bare[tail], ""
        for length in range(min(len(tail), 6), LEAST_BARE - 1, -1):
            code = district.bare.get(tail[:length], "")
            rest = tail[length:]
            if len(code) == STREET and not _STREET_ROAD.match(rest) and not _BESIDE.match(rest):
                # A name that goes on is one name with it; a road behind it is another.
                return code, rest if starts_with_road(rest) else tail
        return "", tail

    def _narrowed(self, code: str, tail: str) -> Spot:
        """Down to a grid where only one is possible; else the pool of the community or street."""
        words = f"地址写明{self._full[code]}"
        while len(code) < GRID:
            below = self._children.get(code, ())
            if len(below) == 1:
                code = below[0]
                words += f",其下只有{self._full[code]}"
                continue
            grid = next((c for c in below if len(c) == GRID and _numbered(self._full[c]) in tail), "")
            if not grid:
                kind = "网格" if len(code) == COMMUNITY else "社区"
                return Spot(code, UNPLACED, f"{words}，有{len(below)}个{kind}，待人工归格"[:200], TEXT, 100)
            code = grid
        return Spot(code, TEXT, words[:200], TEXT, 100)

    # --- building

    def _enter(self, place: Place) -> None:
        district = self._districts.get(place.code[:DISTRICT])
        if district is None or len(place.code) not in (STREET, COMMUNITY):
            return
        for written in written_forms(place):
            district.places[written] = place.code
        is_village = len(place.code) == COMMUNITY and "村" in place.kind
        if (len(place.code) == STREET or is_village) and 2 <= len(place.short_name) <= 6:
            district.bare.setdefault(place.short_name, place.code)

    def _unambiguous(self) -> dict[str, str]:
        """Names that occur in one district only: they tell the district where the text does not."""
        seen: dict[str, str] = {}
        twice: set[str] = set()
        for district in self._districts.values():
            for written, code in district.places.items():
                if written in seen:
                    twice.add(written)
                seen[written] = code
        return {written: code for written, code in seen.items() if written not in twice}

    def _written_districts(self) -> re.Pattern[str] | None:
        """海勃湾区 anywhere; 海勃湾 (but not 海南 of 海南路) right behind the city or at the beginning."""
        full = sorted((d.name for d in self._districts.values()), key=len, reverse=True)
        if not full:
            return None
        bare = "|".join(re.escape(name[:-1]) for name in full if len(name) > 2)
        city = re.escape(self._full.get(self.city, "市"))
        road = r"(?![东西南北中大]?[路街])"
        return re.compile("|".join(map(re.escape, full)) + rf"|(?:^|(?<={city})|(?<=自治区))(?:{bare}){road}")

    def where(self, area: str) -> str:
        """An area as it is told: a grid with its community."""
        if len(area) < GRID:
            return self._full[area]
        return f"{self._name.get(area[:COMMUNITY], '')}·{self._name[area]}"


def written_forms(place: Place) -> list[str]:
    """How a street or community may be written in an address; never the bare name alone, which is often a road.

    >>> written_forms(Place("150302001002", "和平社区居委会", "和平", "居委会"))
    ['和平社区居委会', '和平社区', '和平居委会']
    """
    name, short = place.name, place.short_name
    if len(place.code) == STREET:
        ending = ("镇", "乡") if name.endswith("镇") else ("街道办事处", "街道办", "办事处", "街道")
        forms = [name, *(short + word for word in ending if not short.endswith(("区", "园")))]
    elif "村" in place.kind or name.endswith(("村委会", "村民委员会")):
        village = re.sub(r"(?:民委员会|委会)$", "", name)
        forms = [name, village, village + "委会", village + "民委员会"]
    elif "虚拟" in place.kind:
        forms = [name]
    else:
        bare = re.sub(r"社区$", "", short)
        forms = [name, re.sub(r"(?:居民委员会|居委会)$", "", name), bare + "社区", bare + "居委会"]
        if short.endswith(("工业园", "园区", "矿区")):
            forms += [short, short[:-1] + "区"]
    return list(dict.fromkeys(forms))


def _numbered(name: str) -> str:
    """`和平社区第二网格` is written `第二网格` behind its community."""
    found = re.search(r"第[一二三四五六七八九十百\d]+网格$", name)
    return found[0] if found else name


def _children(known: dict[str, Place]) -> dict[str, Sequence[str]]:
    below: dict[str, list[str]] = {}
    for code in sorted(known):
        if len(code) > DISTRICT:
            below.setdefault(code[:-3], []).append(code)
    return dict(below)


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for many names, the longest first: 和平东社区 before 和平社区."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
