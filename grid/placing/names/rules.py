"""What a table of place names would do, line by line: each is new, changes one there is, changes nothing, or is refused
with its reason. Pure; docs/gazetteer.md has the columns in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from grid import outside, problems
from grid.outside import FIRST_DAY, LAST_DAY, is_digits, whole
from grid.placing import problems as placing_problems
from grid.placing.reading.rules.parts import taught_form
from grid.placing.reading.rules.toponyms import EVEN, ODD, OLD, ROAD, circle_of
from grid.territory import problems as territory_problems
from grid.territory.grids.reading.lines import Line
from grid.territory.rules import short_code

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("类别", "类型", "kind"),
    "district": ("区", "所在区", "区代码", "district"),
    "name": ("名称", "地名", "name"),
    "area": ("归属", "归属区划", "归属代码", "社区或网格", "area"),
    "current": ("现名", "current"),
    "side": ("侧", "路侧", "side"),
    "parity": ("单双号", "单双", "parity"),
    "first": ("起号", "first"),
    "last": ("止号", "last"),
    "valid_from": ("启用", "启用日期", "valid_from"),
    "valid_to": ("停用", "停用日期", "valid_to"),
    "basis": ("依据", "文号", "basis"),
}
REQUIRED: Final[Mapping[str, str]] = {"kind": "类别", "district": "区", "name": "名称"}
KINDS: Final[Mapping[str, str]] = {
    "小区": "compound", "市场楼宇": "market", "街坊": "block", "园区": "park", "矿": "mine", "标志": "landmark",
    "道路": ROAD, "旧名": OLD,
}  # fmt: skip
PARITIES: Final[Mapping[str, str]] = {
    "": "",
    "单": ODD,
    "双": EVEN,
    "单号": ODD,
    "双号": EVEN,
    ODD: ODD,
    EVEN: EVEN,
}
SIDES: Final = ("", "东", "西", "南", "北")
LONGEST_NAME, LONGEST_BASIS, MOST_NUMBER = 60, 200, 99_999
DISTRICT, STREET, COMMUNITY = 6, 9, 12
Key = tuple[str, str, str, str, str, str, int]


class Row(NamedTuple):
    """A row of the gazetteer as values; its first seven say which row it is."""

    district: str
    kind: str
    name: str
    area: str
    side: str
    parity: str
    first: int
    last: int
    current: str
    valid_from: date
    valid_to: date | None
    basis: str

    @property
    def key(self) -> Key:
        # What an old name means today may change; where a name lies is another row, since there may be two.
        return (self.district, self.kind, self.name, self.area, self.side, self.parity, self.first)


@dataclass(slots=True)
class Outcome:
    """What becomes of one line."""

    number: int
    name: str = ""
    verdict: str = REFUSED
    code: str = ""
    why: str = ""
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What the lines are held against: the area the table is about, the areas there are (code → names they may be
    called by), the rows in the gazetteer, and the day from which a row counts that names none."""

    area: str
    areas: Mapping[str, Sequence[str]]
    rows: Mapping[Key, Row] = field(default_factory=dict)
    today: date = FIRST_DAY


def plan(lines: Sequence[Line], ground: Ground) -> list[Outcome]:
    """One outcome for each line, in their order. The first of two that are the same row wins; an old name that leads
    back to itself is refused, with the rows already there in mind."""
    seen: dict[Key, int] = {}
    outcomes = [_outcome(line, ground, seen) for line in lines]
    _refuse_circles(outcomes, ground)
    return outcomes


def _outcome(line: Line, ground: Ground, seen: dict[Key, int]) -> Outcome:
    found = Outcome(line.number, line.cells.get("name", "")[:LONGEST_NAME])
    if line.fault:
        found.code, found.why = line.fault
        return found
    try:
        found.row = _row(line.cells, ground)
        if (before := seen.setdefault(found.row.key, line.number)) != line.number:
            raise placing_problems.PlaceNameWrong(why=_("与第 {line} 行写的是同一条。").format(line=before))
    except problems.Problem as problem:
        _refuse(found, problem)
        return found
    old = ground.rows.get(found.row.key)
    found.verdict = NEW if old is None else SAME if old == found.row else CHANGED
    return found


def _row(cells: Mapping[str, str], ground: Ground) -> Row:
    kind = KINDS.get(cells.get("kind", "")) or next((k for k in KINDS.values() if k == cells.get("kind")), "")
    if not kind:
        raise placing_problems.PlaceNameWrong(
            why=_("没有“{kind}”这一类，应为：{kinds}。").format(
                kind=cells.get("kind", "")[:20], kinds="、".join(KINDS)
            )
        )
    district = _district(cells.get("district", ""), ground)
    name = cells.get("name", "")
    if not 2 <= len(name) <= LONGEST_NAME:
        raise placing_problems.PlaceNameWrong(
            why=_("名称没有写，只有一个字，或超过 {most} 字。").format(most=LONGEST_NAME)
        )
    current = cells.get("current", "")[:LONGEST_NAME] if kind == OLD else ""
    if kind == OLD and not current:
        raise placing_problems.PlaceNameWrong(why=_("旧名要写现名。"))
    area = "" if kind == OLD else _area(cells.get("area", ""), district, ground)
    first, last = _number(cells, "first"), _number(cells, "last")
    if last and last < first:
        raise placing_problems.PlaceNameWrong(why=_("止号小于起号。"))
    since, until = _day(cells, "valid_from") or ground.today, _day(cells, "valid_to")
    if until and until < since:
        raise problems.WrongPeriod(first=since, last=until)
    known = name if kind in (ROAD, OLD) else taught_form(name)
    return Row(
        district, kind, known, area, _one_of(cells, "side", {side: side for side in SIDES}),
        _one_of(cells, "parity", PARITIES), first, last, current, since, until, cells.get("basis", "")[:LONGEST_BASIS],
    )  # fmt: skip


def _district(text: str, ground: Ground) -> str:
    found = [
        c
        for c, names in ground.areas.items()
        if len(c) == DISTRICT and (c == text[:DISTRICT] or text in names)
    ]
    if len(found) != 1 or not (found[0].startswith(ground.area) or ground.area.startswith(found[0])):
        raise territory_problems.UnknownArea(area=text[:20] or "—")
    return found[0]


def _area(text: str, district: str, ground: Ground) -> str:
    """A street, community or grid of the district, by code or by a name only one of them has."""
    code = short_code(text) if is_digits(text) and len(text) == COMMUNITY else text
    code = code if code in ground.areas else ""
    found = (
        [code]
        if code
        else [c for c, names in ground.areas.items() if text in names and c.startswith(district)]
    )
    if len(found) > 1:
        raise placing_problems.PlaceNameWrong(
            why=_("有 {n} 处叫“{name}”，请写代码。").format(n=len(found), name=text[:20])
        )
    if not found or len(found[0]) < STREET or not found[0].startswith(district):
        raise territory_problems.UnknownArea(area=text[:20] or "—")
    if not found[0].startswith(ground.area):
        raise placing_problems.PlaceNameWrong(why=_("“{name}”不在您的辖区内。").format(name=text[:20]))
    return found[0]


def _number(cells: Mapping[str, str], name: str) -> int:
    text = cells.get(name, "").removesuffix(".0").removesuffix("号").removesuffix("公里")
    if not text:
        return 0
    number = whole(text, MOST_NUMBER)
    if number is None:
        raise placing_problems.PlaceNameWrong(why=_("“{text}”不是门牌号或公里数。").format(text=text[:20]))
    return number


def _day(cells: Mapping[str, str], name: str) -> date | None:
    text = cells.get(name, "")[:10].replace("/", "-")
    if not text:
        return None
    try:
        day = outside.day(text)
    except outside.Unreadable:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise placing_problems.PlaceNameWrong(why=_("“{text}”不是日期，应如 2022-01-31。").format(text=text))
    return day


def _one_of(cells: Mapping[str, str], name: str, words: Mapping[str, str]) -> str:
    text = cells.get(name, "").removesuffix("侧")
    if text not in words:
        said = "、".join(word for word in words if word)
        raise placing_problems.PlaceNameWrong(
            why=_("“{text}”应为：{words}。").format(text=text[:20], words=said)
        )
    return words[text]


def _refuse_circles(outcomes: Sequence[Outcome], ground: Ground) -> None:
    """Line by line, so that of the names of a circle only the one that closes it is refused."""
    old: dict[str, dict[str, str]] = {}
    for known in ground.rows.values():
        if known.kind == OLD:
            old.setdefault(known.district, {})[known.name] = known.current
    for outcome in outcomes:
        row = outcome.row
        if row is None or row.kind != OLD or outcome.verdict == REFUSED:
            continue
        names = old.setdefault(row.district, {})
        way = circle_of(names | {row.name: row.current}, row.name)
        if way:
            _refuse(outcome, placing_problems.PlaceNameCircle(way=" → ".join(way)))
        else:
            names[row.name] = row.current


def _refuse(found: Outcome, problem: problems.Problem) -> None:
    found.verdict, found.row, found.code, found.why = REFUSED, None, problem.code, problem.detail
