"""What a file of grids would do: pure, and the same the second time."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box, mapping

from grid.territory.grids import rules
from grid.territory.grids.reading.lines import Line
from grid.territory.grids.rules import Community, Grid, Ground, Shown
from grid.territory.grids.rules.planning import CHANGED, NEW, REFUSED, SAME, counted, plan

PEACE, PARK = "150302001002", "150302001003"
FIRST = PEACE + "001"


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    told = mapping(box(west, south, west + size, south + size))
    return {"type": "Polygon", "coordinates": [[list(point) for point in told["coordinates"][0]]]}


def ground(*grids: Grid, **more: Any) -> Ground:
    communities = {
        PEACE: Community(PEACE, frozenset({"和平社区居委会", "和平"}), "和平社区居委会"),
        PARK: Community(PARK, frozenset({"公园社区居委会", "公园"}), "公园社区居委会"),
    }
    return Ground(communities, {grid.code: grid for grid in grids}, **more)


def line(number: int = 1, outline: Any = None, **cells: str) -> Line:
    return Line(number, {key: value for key, value in cells.items() if value}, outline)


def one(given: Line, there: Ground) -> Any:
    return plan([given], there)[0]


def after(there: Ground, outcomes: Any) -> Ground:
    """The ground when the file was taken."""
    grids = dict(there.grids)
    for done in outcomes:
        if done.verdict in (NEW, CHANGED):
            old = grids.get(done.code)
            outline = done.outline or (old.outline if old else None)
            grids[done.code] = Grid(done.code, done.name, done.kind, done.households, outline)
    around = [Shown(g.code, g.name, rules.geometry_of(g.outline)) for g in grids.values() if g.outline]
    return replace(there, grids=grids, around=around)


def test_a_line_without_a_code_gets_the_next_free_one_and_never_a_closed_one() -> None:
    closed = Grid(PEACE + "003", "第三网格", "基础网格", 300, until="2026-01-31")
    found = one(line(community=PEACE, name="第四网格", households="350"), ground(closed))
    assert (found.verdict, found.code, found.kind, found.households) == (NEW, PEACE + "004", "基础网格", 350)
    again = one(line(code=closed.code, name="第三网格"), ground(closed))
    assert (again.verdict, again.problem) == (REFUSED, "area-not-current")


def test_the_community_is_known_by_code_or_by_name() -> None:
    for cells in ({"community": PEACE}, {"community_name": "和平"}, {"code": FIRST}):
        assert one(line(name="第一网格", **cells), ground()).code == FIRST
    for cells, problem in (
        ({"community_name": "振华"}, "area-line-wrong"),
        ({"community": "150304011011"}, "unknown-area"),
        ({}, "area-line-wrong"),
    ):
        assert one(line(name="第一网格", **cells), ground()).problem == problem


def test_every_fault_of_a_line_has_its_code() -> None:
    there = ground(Grid(FIRST, "第一网格", "基础网格", 300))
    for cells, problem in (
        ({"community": PEACE}, "area-line-wrong"),
        ({"community": PEACE, "name": "甲" * 61}, "area-line-wrong"),
        ({"community": PEACE, "name": "甲", "households": "三百"}, "area-line-wrong"),
        ({"community": PEACE, "name": "甲", "kind": "河道网格"}, "area-line-wrong"),
        ({"community": PEACE, "code": "12", "name": "甲"}, "area-line-wrong"),
        ({"community": PEACE, "code": PARK + "001", "name": "甲"}, "grid-of-another-community"),
        ({"code": PEACE + "801", "name": "甲", "kind": "基础网格"}, "grid-of-another-community"),
        ({"code": PEACE + "800", "name": "甲"}, "grid-of-another-community"),
        ({"code": PEACE + "002", "name": "第一网格"}, "grid-name-taken"),
        ({"code": FIRST, "name": "第一网格", "kind": "商圈"}, "area-line-wrong"),
    ):
        assert (found := one(line(**cells), there)).problem == problem, (cells, found)
        assert found.verdict == REFUSED and found.why


def test_the_numbers_of_a_kind_run_out() -> None:
    last = Grid(PEACE + "899", "商圈", "商圈网格", 0)
    found = one(line(community=PEACE, name="商圈二", kind="商圈"), ground(last))
    assert found.problem == "grid-codes-used-up"


def test_a_grid_is_named_twice_in_one_file() -> None:
    twice = [line(1, community=PEACE, name="第一网格"), line(2, community=PEACE, name="第一网格")]
    first, second = plan(twice, ground())
    assert (first.verdict, second.verdict) == (NEW, REFUSED) and "第 1 行" in second.why


def test_a_code_that_a_later_line_names_is_not_given_away() -> None:
    lines = [line(1, community=PEACE, name="甲"), line(2, code=FIRST, name="乙")]
    assert [found.code for found in plan(lines, ground())] == [PEACE + "002", FIRST]


def test_outlines_that_overlap_are_refused_and_slivers_told() -> None:
    stays = Shown(FIRST, "第一网格", rules.geometry_of(square(106.80, 39.60)))
    there = ground(Grid(FIRST, "第一网格", "基础网格", 1, square(106.80, 39.60)), around=[stays])
    over = one(line(community=PEACE, name="二", outline=square(106.805, 39.60)), there)
    assert over.problem == "outline-overlaps" and "50%" in over.why
    beside = one(line(community=PEACE, name="二", outline=square(106.8098, 39.60)), there)
    assert beside.verdict == NEW and "重叠 2%" in beside.notes[0]
    apart = one(line(community=PEACE, name="二", outline=square(106.81, 39.60)), there)
    assert (apart.verdict, apart.notes) == (NEW, [])
    drawn = replace(there, around=[replace(stays, is_drawn=True)])
    assert one(line(community=PEACE, name="二", outline=square(106.805, 39.60)), drawn).verdict == NEW


def test_two_grids_may_exchange_a_piece_in_one_file() -> None:
    west, east = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)]), Polygon([(1, 0), (2, 0), (2, 1), (1, 1)])
    there = ground(
        Grid(FIRST, "西", "基础网格", 1, mapping(west)), Grid(PEACE + "002", "东", "基础网格", 1, mapping(east)),
        around=[Shown(FIRST, "西", west), Shown(PEACE + "002", "东", east)],
    )  # fmt: skip
    grown, shrunk = mapping(box(0, 0, 1.5, 1)), mapping(box(1.5, 0, 2, 1))
    both = [
        line(1, code=FIRST, name="西", outline=grown),
        line(2, code=PEACE + "002", name="东", outline=shrunk),
    ]
    assert [found.verdict for found in plan(both, there)] == [CHANGED, CHANGED]
    # Where the second is refused, the first meets the outline that stays.
    both[1] = replace(both[1], outline=mapping(box(50, 0, 51, 1)))
    place = Shown("", "市", box(0, 0, 2, 1))
    assert [f.problem for f in plan(both, replace(there, place=place))] == [
        "outline-overlaps",
        "outline-far-away",
    ]


def test_outlines_far_away_or_outside_their_community_are_refused() -> None:
    around = rules.geometry_of(square(106.80, 39.60, 0.02))
    home = Community(PEACE, frozenset({"和平"}), "和平", around)
    there = ground(place=Shown("", "乌海市", around))
    there.communities[PEACE] = home
    far = one(line(community=PEACE, name="远", outline=square(116.3, 39.9)), there)
    assert far.problem == "outline-far-away"
    outside = one(line(community=PEACE, name="外", outline=square(106.815, 39.60)), there)
    assert outside.problem == "outline-outside" and "50%" in outside.why
    there.communities[PEACE] = replace(home, is_drawn=True)
    told = one(line(community=PEACE, name="外", outline=square(106.815, 39.60)), there)
    assert told.verdict == NEW and "社区边界之外" in told.notes[0]


NAMES = st.sampled_from(["", "第一网格", "第二网格", "第三网格", "甲"])
OUTLINES = st.none() | st.builds(square, st.sampled_from([106.8, 106.805, 106.81]), st.just(39.6))
LINES = st.builds(
    lambda code, community, name, kind, households, outline: line(
        code=code, community=community, name=name, kind=kind, households=households, outline=outline
    ),
    st.sampled_from(["", FIRST, PEACE + "007", PEACE + "801", PARK + "002", "x"]),
    st.sampled_from(["", PEACE, PARK, "150399"]), NAMES, st.sampled_from(["", "商圈", "基础"]),
    st.sampled_from(["", "300", "-1"]), OUTLINES,
)  # fmt: skip


@given(st.lists(LINES, max_size=7))
def test_a_file_taken_twice_changes_nothing_the_second_time(given: list[Line]) -> None:
    lines = [replace(row, number=at) for at, row in enumerate(given, 1)]
    there = ground(
        Grid(PEACE + "007", "第三网格", "基础网格", 300), Grid(PARK + "002", "旧", "基础网格", 1, until="2026-01-31")
    )  # fmt: skip
    first = plan(lines, there)
    assert len(first) == len(lines)
    assert all((outcome.verdict == REFUSED) == bool(outcome.problem and outcome.why) for outcome in first)
    taken = after(there, first)
    live = [(g.code[:12], g.name) for g in taken.grids.values() if not g.until]
    assert len(set(live)) == len(live)
    second = plan(lines, taken)
    assert counted(second)[NEW] == 0, [outcome.told() for outcome in second]
    assert counted(second)[CHANGED] == 0, [outcome.told() for outcome in second]
    assert {outcome.number for outcome in first if outcome.verdict != REFUSED} <= {
        outcome.number for outcome in second if outcome.verdict == SAME
    }
