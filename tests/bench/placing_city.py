"""A made-up city over the official divisions: grids, compounds, roads with stretches, blocks, landmarks, and rows at them
whose place is known. Nothing is random: the same number of rows is the same city."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from grid.placing.reading.rules.address import Sureness
from grid.placing.reading.rules.toponyms import EVEN, ODD, ROAD, Toponym
from grid.placing.rules import Place

PROVISIONS = Path(__file__).resolve().parents[2] / "grid/law/provisions.json"
GRIDS = 5
FIRST = "金银鑫宏泰盛华锦翠碧嘉瑞祥康福安和顺永恒兴隆昌荣丰裕景秀春晖旭明阳光星辰海河湖江山林枫松柏梅兰竹菊"
SECOND = "苑都庭园府郡湾岸居庐阁轩城域源泉溪畔谷坡岭峰原野田塘桥港洲屿韵悦雅逸馨怡舒畅达通汇聚"
ENDS = ("小区", "花园", "家园", "佳苑", "新村", "住宅小区")
LANDMARKS = ("{}建材市场", "{}商厦", "{}洗煤厂", "{}水泥厂", "{}幼儿园", "{}汽车城", "{}加油站", "{}物流园")
NUMERALS = "零一二三四五六七八九"


class Row(NamedTuple):
    """An address of a kind, the district of its code, and the grid it really lies in."""

    kind: str
    address: str
    code: str
    truth: str


class Stretch(NamedTuple):
    """Of a road: the numbers that lie in a grid."""

    road: str
    parity: str
    first: int
    last: int
    grid: str


@dataclass
class Imagined:
    places: list[Place]
    toponyms: list[Toponym] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    sureness: Sureness = field(default_factory=Sureness)


def imagine(divisions: Sequence[Place], many: int) -> Imagined:
    return _City(divisions).filled(many)


class _City:
    def __init__(self, divisions: Sequence[Place]) -> None:
        self.random = Random("placing")
        self.names = self._names()
        communities = [place for place in divisions if len(place.code) == 12]
        self.grids = [
            Place(
                f"{c.code}{n:03d}",
                f"{c.short_name}社区第{NUMERALS[n]}网格",
                f"第{NUMERALS[n]}网格",
                "基础网格",
            )
            for c in communities
            for n in range(1, GRIDS + 1)
        ]
        self.places = [*divisions, *self.grids]
        self.called = {place.code: place for place in self.places}
        self.compounds = {g.code: [self._compound() for _ in range(2)] for g in self.grids}
        self.landmarks = {
            c.code: [self.random.choice(LANDMARKS).format(next(self.names)) for _ in range(2)]
            for c in communities
        }
        self._name_twice()
        self.stretches = self._roads()
        self.blocks = self._blocks()

    def _names(self) -> Iterator[str]:
        pairs = [a + b for a in FIRST for b in SECOND]
        self.random.shuffle(pairs)
        yield from pairs

    def _compound(self) -> str:
        return next(self.names) + self.random.choice(ENDS)

    def _name_twice(self) -> None:
        """As in life: some names are borne by two compounds of a district, and some differ by one letter."""
        codes = list(self.compounds)
        for at in range(0, len(codes) - 7, 29):
            self.compounds[codes[at + 6]][0] = self.compounds[codes[at]][0]

    def _roads(self) -> list[Stretch]:
        """Each street has four roads that run through its grids, numbered; every third goes on into the next street."""
        found: list[Stretch] = []
        streets = sorted({grid.code[:9] for grid in self.grids})
        for at, street in enumerate(streets):
            own = [grid.code for grid in self.grids if grid.code.startswith(street)]
            beyond = streets[(at + 1) % len(streets)]
            more = (
                [g.code for g in self.grids if g.code.startswith(beyond)] if beyond[:6] == street[:6] else []
            )
            for number in range(4):
                name = next(self.names) + self.random.choice(("街", "路", "东街", "西路", "大街"))
                through = self.random.sample(own, min(4, len(own))) + (more[:2] if number == 0 else [])
                found += self._stretches(name, through)
        return found

    def _stretches(self, road: str, through: Sequence[str]) -> Iterator[Stretch]:
        for at, grid in enumerate(through):
            first, last = at * 40 + 1, at * 40 + 40
            if at % 2:
                other = through[at - 1]
                yield Stretch(road, ODD, first, last, grid)
                yield Stretch(road, EVEN, first, last, other)
            else:
                yield Stretch(road, "", first, last, grid)

    def _blocks(self) -> dict[str, str]:
        """Grid → road and block, each block in one grid."""
        counts: dict[str, int] = {}
        found: dict[str, str] = {}
        for grid in self.grids:
            road = next((stretch.road for stretch in self.stretches if stretch.grid == grid.code), "")
            counts[road] = counts.get(road, 0) + 1
            found[grid.code] = f"{road}北{NUMERALS[counts[road]]}街坊" if road and counts[road] < 10 else ""
        return found

    # --- what the city has written down

    def filled(self, many: int) -> Imagined:
        found = Imagined(self.places, self._toponyms(), sureness=shipped_sureness())
        makers = (
            (0.25, "community", self._by_community), (0.50, "road", self._by_road), (0.70, "compound", self._by_compound),
            (0.80, "block", self._by_block), (0.92, "landmark", self._by_landmark), (1.0, "vague", self._vague),
        )  # fmt: skip
        for _ in range(many):
            dice = self.random.random()
            _share, kind, make = next(maker for maker in makers if dice < maker[0])
            address, truth = make()
            code = truth[:6] if self.random.random() > 0.07 else "150204"
            found.rows.append(Row(kind, self._spelt(address), code, truth))
        return found

    def _toponyms(self) -> list[Toponym]:
        """What a city that began last month has of its names: six in ten compounds, seven in ten stretches, a third of
        the landmarks, half of the blocks."""
        keep = self.random.random
        rows = [
            Toponym(grid[:6], "compound", name, grid)
            for grid, names in self.compounds.items() for name in names if keep() < 0.6
        ]  # fmt: skip
        known = {stretch.road for stretch in self.stretches if keep() < 0.7}
        rows += [
            Toponym(s.grid[:6], ROAD, s.road, s.grid, "", s.parity, s.first, s.last)
            for s in self.stretches if s.road in known
        ]  # fmt: skip
        rows += [
            Toponym(community[:6], "landmark", name, community)
            for community, names in self.landmarks.items() for name in names if keep() < 0.33
        ]  # fmt: skip
        rows += [Toponym(g[:6], "block", name, g) for g, name in self.blocks.items() if name and keep() < 0.5]
        return rows

    # --- six kinds of address

    def _head(self, code: str) -> str:
        district = self.called[code[:6]].name
        return self.random.choice(("内蒙古自治区乌海市", "乌海市", "内蒙古乌海市", "")) + district

    def _door(self) -> str:
        return self.random.choice(("{}号楼{}号商铺", "{}号楼{}单元", "{}栋底商{}号")).format(
            self.random.randint(1, 30), self.random.randint(1, 9)
        )

    def _by_community(self) -> tuple[str, str]:
        grid = self.random.choice(self.grids)
        community = self.called[grid.code[:12]]
        numbered = grid.short_name if self.random.random() < 0.3 else ""
        return f"{self._head(grid.code)}{community.name}{numbered}{self._door()}", grid.code

    def _by_road(self) -> tuple[str, str]:
        stretch = self.random.choice(self.stretches)
        number = self.random.randint(stretch.first, stretch.last)
        if stretch.parity:
            number += (number % 2 == 0) if stretch.parity == ODD else (number % 2 == 1)
        number = min(number, stretch.last if stretch.parity != ODD else stretch.last - 1)
        return f"{self._head(stretch.grid)}{stretch.road}{number}号", stretch.grid

    def _by_compound(self) -> tuple[str, str]:
        grid = self.random.choice(self.grids).code
        name = self.random.choice(self.compounds[grid])
        if self.random.random() < 0.04:  # a slip of the pen
            at = self.random.randrange(2)
            name = name[:at] + self.random.choice(SECOND) + name[at + 1 :]
        road = self.random.choice(["", "", *[s.road for s in self.stretches if s.grid == grid]])
        return f"{self._head(grid)}{road}{name}{self._door()}", grid

    def _by_block(self) -> tuple[str, str]:
        grid = self.random.choice([code for code, block in self.blocks.items() if block])
        return f"{self._head(grid)}{self.blocks[grid]}{self._door()}", grid

    def _by_landmark(self) -> tuple[str, str]:
        community = self.random.choice(list(self.landmarks))
        grid = f"{community}{self.random.randint(1, GRIDS):03d}"
        beside = self.random.choice(("", "", "院内", "一层", "东侧", "对面"))
        return f"{self._head(grid)}{self.random.choice(self.landmarks[community])}{beside}", grid

    def _vague(self) -> tuple[str, str]:
        stretch = self.random.choice(self.stretches)
        dice = self.random.random()
        if dice < 0.5:
            return f"{self._head(stretch.grid)}{stretch.road}", stretch.grid
        if dice < 0.7:
            street = self.called[stretch.grid[:9]]
            return f"{self._head(stretch.grid)}{street.name}", stretch.grid
        return (self._head(stretch.grid) if dice < 0.97 else ""), stretch.grid

    def _spelt(self, address: str) -> str:
        """Every twentieth in full-width digits."""
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        return address.translate(wide) if self.random.random() < 0.05 else address


def shipped_sureness() -> Sureness:
    rows = json.loads(PROVISIONS.read_text(encoding="utf-8"))
    figures = dict(next(row for row in rows if row["key"] == "placing.sure")["value"])
    return Sureness(figures.pop("threshold"), figures)
