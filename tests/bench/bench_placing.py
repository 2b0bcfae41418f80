"""How far addresses alone reach, how far with a gazetteer, and how many acts of people the rest takes.

`make bench-placing`: the real rows of ../shared/data, read where they lie and never copied, and 30,000 generated ones of
six kinds, whose place is known, so that what is placed without asking can be marked right or wrong. Needs no database.

An act is one thing a person does at the desk: explaining a group at once, or confirming ten proposals. A group that lies
in one grid is given to it, one in one community or street to that; one that runs through several streets is asked of
their people (the claim list), which is one act as well. Names that only one row bears teach nothing: they go to the claim
lists together, one act a district. An address without any name goes there by itself.
"""

import csv
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from grid.placing.reading.rules.address import Reading
from grid.placing.rules import Gazetteer, Place, Spot, Taught
from grid.territory.rules import short_code
from tests.bench.ground import machine, say
from tests.bench.placing_city import Imagined, Row, imagine

REAL = Path(__file__).resolve().parents[2].parent / "shared/data/wuhai_enterprises.csv"
DIVISIONS = Path(__file__).resolve().parents[2] / "grid/territory/divisions.csv"
PLOT = Path("var/bench/placing.svg")
ROWS = int(os.environ.get("ROWS", "30000"))
LEVELS = ((15, "grid"), (12, "community"), (9, "street"), (6, "district"))
GRID, COMMUNITY, STREET = 15, 12, 9
DISTRICTS = 3  # acts: what only one row of a district names goes to the claim lists of its streets at once
TEN = 10  # proposals on a page
MOST_ACTS_REAL, MOST_ACTS_A_THOUSAND, LEAST_RIGHT = 150, 20, 0.99
Key = tuple[str, str]
failures: list[str] = []


def main() -> int:
    say(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    real()
    generated(imagine(divisions(), ROWS))
    for failure in failures:
        say(f"!! {failure}")
    return len(failures)


def divisions() -> list[Place]:
    with DIVISIONS.open(encoding="utf8", newline="") as file:
        return [
            Place(code, row["name"], row["short_name"], row["kind"])
            for row in csv.DictReader(file)
            if len(code := short_code(row["code"])) > 2
        ]


def shares(name: str, areas: Sequence[str]) -> None:
    reached = [
        f"{word} {sum(len(area) >= length for area in areas) / len(areas):.1%}" for length, word in LEVELS
    ]
    say(f"   {name}: {', '.join(reached)}")


# --- the real rows ----------------------------------------------------------------------------------------


def real() -> None:
    where = Path(os.environ.get("REAL", REAL))
    if not where.is_file():
        say(f"real rows: {where} is not here; they are not measured (REAL=… names another place)")
        return
    with where.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["address"], row["uscc"][2:8]) for row in csv.DictReader(file)]
    index = Gazetteer(divisions())
    say(f"{len(rows)} real rows, the official divisions, no gazetteer")
    readings = [index.read(address, code) for address, code in rows]
    spots = [index.located(reading) for reading in readings]
    shares("by text alone", [spot.area for spot in spots])
    left = [r for r, spot in zip(readings, spots, strict=True) if len(spot.area) < STREET]
    named = [keys for reading in left if (keys := keys_of(reading))]
    sizes = groups_explained(named)
    alone = sum(size == 1 for size in sizes)
    shared = len(sizes) - alone
    say(
        f"   {len(left)} wait for a street: {len(named)} name something, {len(left) - len(named)} nothing at all"
    )
    say(
        f"   acts until everybody is somebody's work: {shared} groups of two and more ({sum(s for s in sizes if s > 1)} rows);"
    )
    say(
        f"   {alone} names that one row alone bears, in one act a district to the streets' claim lists: {shared + 3} acts"
    )
    say(f"   were each of these names explained by itself instead: {len(sizes)} acts")
    if shared + DISTRICTS > MOST_ACTS_REAL:
        failures.append(f"{shared + DISTRICTS} acts for the real rows, {MOST_ACTS_REAL} allowed")


def keys_of(reading: Reading) -> frozenset[Key]:
    """By what the desk may explain an address: its roads and its names, of which one is enough."""
    names = {road.name for road in reading.parts.roads}
    names |= {piece.name for piece in reading.pieces() if piece.what != "number"}
    return frozenset((reading.district, name.removesuffix("旁")) for name in names)


def groups_explained(rows: Iterable[frozenset[Key]]) -> list[int]:
    """How many rows each act settles, the largest group first."""
    left, sizes = list(rows), []
    while left:
        counts = Counter(key for keys in left for key in keys)
        best, size = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        left = [keys for keys in left if best not in keys]
        sizes.append(size)
    return sizes


# --- the generated rows -----------------------------------------------------------------------------------


class Desk:
    """The index people teach, and where each row is by now."""

    def __init__(self, index: Gazetteer, rows: Sequence[Row]) -> None:
        self.index, self.rows = index, rows
        self.readings: list[Reading] = []
        self.spots: list[Spot] = []
        before = time.process_time()
        self._read()
        took = time.process_time() - before
        say(f"   {len(rows):,} addresses read and located in {took:.1f} s of a processor")

    def _read(self) -> None:
        self.readings = [self.index.read(row.address, row.code) for row in self.rows]
        self.spots = [self.index.located(reading) for reading in self.readings]

    def areas(self) -> list[str]:
        return [spot.area for spot in self.spots]

    def confirm(self, among: Iterable[int] | None = None) -> int:
        """Proposals, ten at a time: who looks knows the place, confirms what is right and refuses the rest."""
        rows = range(len(self.rows)) if among is None else among
        asked = [at for at in rows if self.spots[at].guess and len(self.spots[at].area) < GRID]
        for at in asked:
            guess = self.spots[at].guess
            if guess and self.rows[at].truth.startswith(guess.area):
                self.spots[at] = self.spots[at]._replace(area=guess.area, guess=None)
        return -(-len(asked) // TEN)

    def explain(self, name: Key, members: Sequence[int]) -> None:
        """One act: all of a group to what they share. Read again as the product would, by what was taught."""
        truths = {self.rows[at].truth for at in members}
        shared = next((n for n in (GRID, COMMUNITY, STREET) if len({truth[:n] for truth in truths}) == 1), 0)
        if not shared:
            return  # asked of the people of its streets
        self.index.teach(Taught(name[0], name[1], truths.pop()[:shared]))
        self.reread(members)

    def reread(self, members: Iterable[int]) -> None:
        for at in members:
            spot = self.index.located(self.readings[at])
            if len(spot.area) > len(self.spots[at].area) or spot.guess:
                self.spots[at] = spot


def generated(city: Imagined) -> None:
    rows = city.rows
    say(
        f"{len(rows):,} generated rows: {', '.join(f'{kind} {n:,}' for kind, n in Counter(r.kind for r in rows).items())}"
    )
    bare = Desk(Gazetteer(city.places), rows)
    shares("by text alone", bare.areas())
    marks("by text alone", bare)
    desk = Desk(Gazetteer(city.places, toponyms=city.toponyms, sureness=city.sureness), rows)
    shares(f"with a gazetteer of {len(city.toponyms):,} rows", desk.areas())
    marks("with the gazetteer", desk)
    until_everybody_is_somebodys(desk)
    marks("after these acts", desk)
    fresh = Desk(Gazetteer(city.places, toponyms=city.toponyms, sureness=city.sureness), rows)
    curve = learning(fresh)
    marks("after as many acts as the curve has", fresh)
    for at in (0, 50, 100, 200, 400, 600):
        if at < len(curve):
            grid, community, street = curve[at]
            say(f"   after {at} acts: grid {grid:.1%}, community {community:.1%}, street {street:.1%}")
    draw(curve)


def marks(name: str, desk: Desk) -> None:
    """Right or wrong of what was placed, or given to a community, without asking anybody."""
    for length, word in LEVELS[:2]:
        placed = [(s, r) for s, r in zip(desk.spots, desk.rows, strict=True) if len(s.area) >= length]
        right = sum(row.truth.startswith(spot.area) for spot, row in placed)
        if placed:
            say(f"   {name}, right of those in a {word}: {right / len(placed):.2%} of {len(placed):,}")
            if right / len(placed) < LEAST_RIGHT:
                failures.append(
                    f"{name}: {right / len(placed):.2%} right in a {word}, {LEAST_RIGHT:.0%} wanted"
                )


def until_everybody_is_somebodys(desk: Desk) -> None:
    """Groups of two and more are explained, the largest first; what is one letter away from what is known by then is
    proposed; what is left is explained one by one."""
    waiting = [at for at, spot in enumerate(desk.spots) if len(spot.area) < STREET]
    left = {at: keys for at in waiting if (keys := keys_of(desk.readings[at]))}
    say(
        f"   {len(waiting):,} wait for a street, of which {len(waiting) - len(left):,} name nothing and are claimed"
    )
    groups = 0
    while left:
        counts = Counter(key for keys in left.values() for key in keys)
        best, size = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if size < 2:
            break
        members = [at for at, keys in left.items() if best in keys]
        desk.explain(best, members)
        groups += 1
        for at in members:
            del left[at]
    desk.reread(left)
    pages = desk.confirm(left)
    alone = sum(len(desk.spots[at].area) < STREET for at in left)
    acts = groups + pages + DISTRICTS
    rate = acts / len(desk.rows) * 1000
    say(
        f"   {groups} groups, {pages} pages of ten proposals; {alone} names that one row alone bears, to the claim lists:"
    )
    say(
        f"   {acts} acts until everybody is somebody's work, {rate:.1f} per 1,000 (each alone: {groups + pages + alone})"
    )
    if rate > MOST_ACTS_A_THOUSAND:
        failures.append(f"{rate:.1f} acts per 1,000 rows, {MOST_ACTS_A_THOUSAND} allowed")


def learning(desk: Desk, most: int = 1000) -> list[tuple[float, float, float]]:
    """The shares in a grid, a community and a street before the first act and after each, the largest group first."""
    groups: dict[Key, list[int]] = {}
    for at, reading in enumerate(desk.readings):
        pieces = reading.pieces()
        if pieces and len(desk.spots[at].area) < GRID:
            groups.setdefault((reading.district, pieces[0].name), []).append(at)
    reached = [sum(len(spot.area) >= length for spot in desk.spots) for length in (GRID, COMMUNITY, STREET)]
    curve = [(reached[0] / len(desk.rows), reached[1] / len(desk.rows), reached[2] / len(desk.rows))]
    for name, members in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:most]:
        before = [len(desk.spots[at].area) for at in members]
        desk.explain(name, members)
        after = [len(desk.spots[at].area) for at in members]
        for place, length in enumerate((GRID, COMMUNITY, STREET)):
            reached[place] += sum(new >= length > old for old, new in zip(before, after, strict=True))
        curve.append((reached[0] / len(desk.rows), reached[1] / len(desk.rows), reached[2] / len(desk.rows)))
    return curve


# --- the plot ---------------------------------------------------------------------------------------------

WIDTH: Final = 640
HEIGHT: Final = 360
COLOURS: Final = (("grid", "#0b6e4f"), ("community", "#2b6cb0"), ("street", "#9a6700"))


def draw(curve: Sequence[tuple[float, float, float]]) -> None:
    """Acts of people to the right, the share of all rows upward."""

    def height(share: float) -> str:
        return f"{20 + (1 - share) * HEIGHT:.1f}"

    step = WIDTH / max(len(curve) - 1, 1)
    drawn = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = height(share)
        drawn.append(f'<line x1="40" x2="{40 + WIDTH}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        drawn.append(f'<text x="2" y="{y}">{share:.0%}</text>')
    for which, (name, colour) in enumerate(COLOURS):
        points = " ".join(f"{40 + at * step:.1f},{height(point[which])}" for at, point in enumerate(curve))
        drawn.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        drawn.append(f'<text x="{60 + 120 * which}" y="{HEIGHT + 50}" fill="{colour}">{name}</text>')
    drawn.append(f'<text x="{WIDTH - 60}" y="{HEIGHT + 36}">{len(curve) - 1} acts</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 60}" height="{HEIGHT + 60}" font-size="12">'
    )
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(
        f'{head}<rect width="100%" height="100%" fill="#fff"/>{"".join(drawn)}</svg>\n', encoding="utf-8"
    )
    say(f"   the learning curve: {PLOT}")


if __name__ == "__main__":
    sys.exit(main())
