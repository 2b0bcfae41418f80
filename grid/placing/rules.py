"""From an address to an area: a prepared index, a few patterns, and a sentence that says why.

The district is nearly always in the text, the street and the community seldom (of 600 real addresses of one city
2.8 % name their street and 0.2 % their community). What remains waits in the district's pool, and placing one by
hand teaches the piece of address it shares with others.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grid.spelling import folded

TEXT, ALIAS, UNPLACED = "text", "alias", "unplaced"
DISTRICT, STREET, COMMUNITY, GRID = 6, 9, 12, 15  # lengths of codes


class Place(NamedTuple):
    """A current area, as far as placing needs it."""

    code: str
    name: str
    short_name: str
    kind: str


class Taught(NamedTuple):
    """What placing by hand taught: `pattern` in an address of `district` means `grid`."""

    district: str
    pattern: str
    grid: str


class Spot(NamedTuple):
    """Where an address is. `area` is a grid, or the narrowest area known of one that waits in the pool."""

    area: str
    placement: str
    why: str


# --- pieces of an address ------------------------------------------------------------------------

_BEFORE = re.compile(r"^中国|^[^市区县路街]{2,5}(?:自治区|省)|^内蒙古")
_ROAD = r"[\u4e00-\u9fff]{1,6}?(?:大街|大道|[东西南北]街|[东西南北]路|街(?!坊)|路)"
_BLOCK = r"[一二三四五六七八九十百零0-9]{1,4}街坊"
_ESTATE = r"[\u4e00-\u9fff]{2,6}?(?:小区|花园|家园|花苑|佳苑|新村|新城|家属院|市场|商城|工业园区|工业园|工业区|产业园)"
_PARTS = re.compile(
    rf"(?P<road>{_ROAD})?(?P<side>[东西南北](?:侧|段|面)?)?(?P<block>{_BLOCK})?(?P<rest>.*)$", re.S
)
_ESTATE_AT = re.compile(_ESTATE)
_NUMBER = re.compile(r"^[0-9]+(?:[-—][0-9]+)?(?:号|栋|#)")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
# Beside a place is not in it.
_BESIDE = re.compile(
    r"^[东西南北]{0,2}(?:侧|边|对面|附近|旁|以[东西南北]|交汇)|^[东西南北](?![\u4e00-\u9fff])"
)


def clean_address(address: str) -> str:
    """NFKC, no blanks: full-width digits, letters and brackets become plain ones."""
    return re.sub(r"\s+", "", folded(address))


def landmarks(tail: str) -> list[str]:
    """Pieces of an address (behind its district) that may stand for a community, the most telling first.

    road + direction + 街坊, then the estate's name, then road + house number; a bare place name last.
    A road alone tells nothing: it runs through many communities.
    """
    parts = _PARTS.match(tail)
    if parts is None:
        return []
    road, side, block, rest = (parts[name] or "" for name in ("road", "side", "block", "rest"))
    found = []
    if road and block:
        found.append(road + side[:1] + _block(block))
    estate = _ESTATE_AT.search(rest if road or block else tail)
    if estate:
        found.append(estate[0])
    number = _NUMBER.match(rest)
    if road and number and not block:
        found.append(road + side[:1] + number[0])
    if not found and 2 <= len(tail) <= 10 and not road and tail.isalpha():
        found.append(tail)
    return [piece for piece in found if len(piece) >= 2]


def _block(block: str) -> str:
    """二街坊 and 2街坊 are one."""
    return block.translate(_DIGITS) if "十" not in block else block


# --- the index -------------------------------------------------------------------------------------


@dataclass
class _District:
    code: str
    name: str
    names: re.Pattern[str] | None = None
    places: dict[str, str] = field(default_factory=dict)  # name as it may be written → area code
    streets: list[tuple[str, str]] = field(default_factory=list)  # bare names, for the end of a text
    taught: dict[str, str] = field(default_factory=dict)


class Gazetteer:
    """Built once for an import from the current areas of a city and what was taught; then only read."""

    def __init__(self, places: Iterable[Place], taught: Iterable[Taught] = ()) -> None:
        known = {place.code: place for place in places}
        self._name = {code: place.short_name or place.name for code, place in known.items()}
        self._full = {code: place.name for code, place in known.items()}
        self._children = _children(known)
        self._city = min((code for code in known if len(code) < DISTRICT), key=len, default="")
        self._districts = {c: _District(c, p.name) for c, p in known.items() if len(c) == DISTRICT}
        for place in known.values():
            self._enter(place)
        for alias in taught:
            self.teach(alias)
        for district in self._districts.values():
            district.names = _any_of(district.places)
        self._anywhere = self._unambiguous()
        self._anywhere_names = _any_of(self._anywhere)
        self._district_names = self._written_districts()

    def teach(self, taught: Taught) -> None:
        if taught.district in self._districts and taught.grid in self._name:
            self._districts[taught.district].taught[taught.pattern] = taught.grid

    def pieces(self, address: str, code_district: str = "") -> list[str]:
        """The landmarks of an address: what placing it by hand would teach, the first of them being the best."""
        district, tail, _ = self._district(clean_address(address), code_district)
        return landmarks(self._by_text(district, tail)[1]) if district else []

    def locate(self, address: str, code_district: str = "") -> Spot:
        """Where `address` is; `code_district` (positions 3-8 of the credit code) only when the text is silent.

        Never fails: what cannot be told waits in the pool of the narrowest area that can.
        """
        text = clean_address(address)
        district, tail, why = self._district(text, code_district)
        if district is None:
            return Spot(self._city, UNPLACED, "地址和代码都看不出所在区")
        spot, rest = self._by_text(district, tail)
        if spot and spot.placement == TEXT:
            return spot
        for piece in landmarks(rest) if district.taught else ():
            grid = district.taught.get(piece, "")
            # What the text says outweighs what was taught: 滨海小区 may exist in two streets.
            if grid.startswith(spot.area if spot else district.code):
                return Spot(grid, ALIAS, f"地址含“{piece}”，按以往人工归格归入{self._where(grid)}")
        return spot or Spot(district.code, UNPLACED, f"{why}，未写明社区，待人工归格")

    # --- steps of locate

    def _district(self, text: str, code_district: str) -> tuple[_District | None, str, str]:
        found = self._district_names.search(text) if self._district_names else None
        if found:
            district = self._by_written(found.group())
            return district, text[found.end() :], f"地址写明{district.name}"
        bare = _BEFORE.sub("", text)
        if self._anywhere_names and (named := self._anywhere_names.search(bare)):
            district = self._districts[self._anywhere[named.group()][:DISTRICT]]
            return district, bare, f"地址写明{named.group()}({district.name})"
        if code_district in self._districts:
            district = self._districts[code_district]
            return district, bare, f"地址未写明区，按代码登记地归{district.name}"
        return None, bare, ""

    def _by_written(self, written: str) -> _District:
        return next(d for d in self._districts.values() if written.endswith(d.name) or d.name[:-1] in written)

    def _by_text(self, district: _District, tail: str) -> tuple[Spot | None, str]:
        """The spot the text names, if any, and what stands behind the name: that is where landmarks are."""
        best, rest = "", tail
        for named in district.names.finditer(tail) if district.names else ():
            code = district.places[named.group()]
            if len(code) > len(best) and not _BESIDE.match(tail[named.end() :]):
                best, rest = code, tail[named.end() :]
        if not best:
            best, rest = next(((code, "") for bare, code in district.streets if tail == bare), ("", tail))
        return (self._narrowed(best, tail) if best else None), rest

    def _narrowed(self, code: str, tail: str) -> Spot:
        """Down to a grid where only one is possible; else the pool of the community or street."""
        words = f"地址写明{self._full[code]}"
        while len(code) < GRID:
            below = self._children.get(code, ())
            if len(below) == 1:
                code = below[0]
                words += f",其下只有{self._full[code]}"
                continue
            numbered = next((c for c in below if len(c) == GRID and _numbered(self._full[c]) in tail), "")
            if not numbered:
                kind = "网格" if len(code) == COMMUNITY else "社区"
                return Spot(code, UNPLACED, f"{words}，有{len(below)}个{kind}，待人工归格"[:200])
            code = numbered
        return Spot(code, TEXT, words[:200])

    # --- building

    def _enter(self, place: Place) -> None:
        district = self._districts.get(place.code[:DISTRICT])
        if district is None or len(place.code) not in (STREET, COMMUNITY):
            return
        for written in written_forms(place):
            district.places[written] = place.code
        if len(place.code) == STREET and len(place.short_name) <= 5:
            district.streets.append((place.short_name, place.code))

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
        city = re.escape(self._full.get(self._city, "市"))
        road = r"(?![东西南北中大]?[路街])"
        return re.compile("|".join(map(re.escape, full)) + rf"|(?:^|(?<={city})|(?<=自治区))(?:{bare}){road}")

    def _where(self, grid: str) -> str:
        community = self._name.get(grid[:COMMUNITY], "")
        return f"{community}·{self._name[grid]}" if community else self._name[grid]


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
