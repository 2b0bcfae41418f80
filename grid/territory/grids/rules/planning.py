"""What a file of grids would do, line by line, changing nothing: the preview and the taking ask the same question.

A line with a code is that grid: new where the code was never used, changed where it is in force. A line without one
is the grid of that name in its community, else a new one with the next free code. So a file taken twice changes
nothing the second time. Each line is accepted or refused by itself; the first of two that contradict each other wins.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grid import problems
from grid.outside import is_digits, whole
from grid.territory import problems as territory_problems
from grid.territory.grids import rules
from grid.territory.grids.reading.lines import Line
from grid.territory.grids.rules import Community, Grid, Ground, Neighbours, Shown
from grid.territory.rules import Outline, free_codes, grid_kind, short_code

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
COMMUNITY, GRID = 12, 15
LONGEST_NAME: Final = 60


@dataclass(slots=True)
class Outcome:
    """What becomes of one line. `changed`: field → (before, after) of a grid there is."""

    number: int
    verdict: str = REFUSED
    code: str = ""
    community: str = ""
    name: str = ""
    kind: str = ""
    households: int = 0
    outline: Outline | None = None
    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problem: str = ""
    why: str = ""
    notes: list[str] = field(default_factory=list)
    drawn_notes: list[str] = field(default_factory=list)  # of the notes, those about the outline
    refusal: problems.Problem | None = None

    def told(self) -> dict[str, Any]:
        """For keeping: all but the outline, which the file's lines hold."""
        return {
            "number": self.number, "verdict": self.verdict, "code": self.code, "community": self.community,
            "name": self.name, "kind": self.kind, "households": self.households, "problem": self.problem,
            "why": self.why, "notes": self.notes, "has_outline": self.outline is not None,
            "changed": sorted(self.changed),
        }  # fmt: skip


def plan(lines: Sequence[Line], ground: Ground) -> list[Outcome]:
    """One outcome for each line, in their order."""
    planner = _Planner(ground, lines)
    outcomes = [planner.outcome(line) for line in lines]
    _look_at_outlines(outcomes, ground)
    return outcomes


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    found = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: found[verdict] for verdict in (NEW, CHANGED, SAME, REFUSED)}


def fingerprint(outcomes: Iterable[Outcome]) -> str:
    """By which the taking knows that it does what the preview showed."""
    text = json.dumps([outcome.told() for outcome in outcomes], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class _Planner:
    def __init__(self, ground: Ground, lines: Sequence[Line]) -> None:
        self.ground = ground
        self.by_name: dict[str, list[Community]] = {}
        for community in ground.communities.values():
            for name in community.names:
                self.by_name.setdefault(name, []).append(community)
        self.named = {(g.code[:COMMUNITY], g.name): g.code for g in ground.grids.values() if not g.until}
        # Codes a line names are not given to one that names none.
        self.used: dict[str, set[str]] = {}
        for code in (*ground.grids, *(line.cells.get("code", "") for line in lines)):
            if is_code(code):
                self.used.setdefault(code[:COMMUNITY], set()).add(code)
        own = (grid for grid in ground.grids.values() if grid.is_provisional and not grid.until)
        self.provisional = {grid.code[:COMMUNITY]: grid for grid in own}
        self.seen: dict[str, int] = {}

    def outcome(self, line: Line) -> Outcome:
        found = Outcome(line.number, name=line.cells.get("name", ""), notes=list(line.notes))
        try:
            self._read(line, found)
        except problems.Problem as problem:
            _refuse(found, problem)
        return found

    def _read(self, line: Line, found: Outcome) -> None:
        if line.fault:
            found.problem, found.why = line.fault
            return
        community = self._community(line.cells)
        found.community = community.code
        found.name = _name(line.cells)
        old = self._old(line.cells, community, found.name)
        found.kind = _kind(line.cells, old)
        found.households = _households(line.cells, old)
        found.outline = line.outline
        found.code = old.code if old else self._code(line.cells, community, found.kind)
        self._refuse_twice(found)
        self._settle(found, old)

    # --- which grid

    def _community(self, cells: dict[str, str]) -> Community:
        code = short_code(cells.get("community", "").ljust(COMMUNITY, "0")) if cells.get("community") else ""
        grid = cells.get("code", "")
        if not code and is_code(grid):
            code = grid[:COMMUNITY]
        if code:
            if code in self.ground.communities:
                return self.ground.communities[code]
            raise territory_problems.UnknownArea(area=cells.get("community") or grid)
        name = cells.get("community_name", "")
        found = self.by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        if not name:
            raise territory_problems.GridLineWrong(why=_("没有写社区代码或社区名称。"))
        if found:
            raise territory_problems.GridLineWrong(
                why=_("有 {n} 个社区叫“{name}”，请写社区代码。").format(n=len(found), name=name)
            )
        raise territory_problems.GridLineWrong(why=_("您的辖区里没有叫“{name}”的社区。").format(name=name))

    def _old(self, cells: dict[str, str], community: Community, name: str) -> Grid | None:
        code = cells.get("code", "")
        if code and not is_code(code):
            raise territory_problems.GridLineWrong(
                why=_("网格代码“{code}”不是 15 位数字。").format(code=code[:20])
            )
        same_name = self.named.get((community.code, name), "")
        if not code:
            return self.ground.grids.get(same_name)
        if code[:COMMUNITY] != community.code:
            raise territory_problems.GridOfAnother(
                grid=code, community=community.code, kind=grid_kind(code) or "—"
            )
        if same_name and same_name != code:
            raise territory_problems.GridNameTaken(community=community.name, name=name, grid=same_name)
        old = self.ground.grids.get(code)
        if old is not None and old.until:
            raise territory_problems.AreaNotCurrent(area=old.name, until=old.until, successors=_("其他网格"))
        return old

    def _code(self, cells: dict[str, str], community: Community, kind: str) -> str:
        if code := cells.get("code", ""):
            if not kind or grid_kind(code) != kind:
                raise territory_problems.GridOfAnother(grid=code, community=community.code, kind=kind)
            return code
        try:
            code = free_codes(community.code, kind, self.used.get(community.code, ()), 1)[0]
        except ValueError:
            raise territory_problems.GridCodesUsedUp(community=community.name, kind=kind) from None
        return code

    def _refuse_twice(self, found: Outcome) -> None:
        name = f"{found.community} {found.name}"
        before = self.seen.get(found.code) or self.seen.get(name)
        if before:
            raise territory_problems.GridLineWrong(
                why=_("与第 {line} 行写的是同一个网格。").format(line=before)
            )
        self.seen[found.code] = self.seen[name] = found.number
        self.used.setdefault(found.community, set()).add(found.code)

    # --- what it changes

    def _settle(self, found: Outcome, old: Grid | None) -> None:
        if old is None:
            found.verdict = NEW
            if beside := self.provisional.get(found.community):
                said = _("本社区还有暂定网格“{name}”，请把它并入或分开").format(name=beside.name)
                found.notes.append(said)
            return
        found.changed = differences(old, found)
        found.verdict = CHANGED if found.changed else SAME
        found.notes += _change_words(found.changed)


# --- outlines ---------------------------------------------------------------------------------------------


def _look_at_outlines(outcomes: Sequence[Outcome], ground: Ground) -> None:
    """Refuses lines whose outline is not plausible. Two grids that exchange a piece are compared as the file draws
    them; where one of them is refused, the other meets the outline that stays, so it is asked again."""
    geometries = {
        at: rules.geometry_of(outcome.outline) for at, outcome in enumerate(outcomes) if outcome.outline
    }
    waiting = {at for at in geometries if outcomes[at].verdict in (NEW, CHANGED)}
    ground = replace(
        ground, place=ground.place or rules.middle_of(list(geometries.values()), _("文件里的其余网格"))
    )
    while True:
        refused = {at: why for at in sorted(waiting) if (why := _alone(outcomes[at], geometries[at], ground))}
        refused |= _meeting({at: geometries[at] for at in waiting - set(refused)}, outcomes, ground)
        if not refused:
            return
        for at, problem in refused.items():
            _refuse(outcomes[at], problem)
        waiting -= set(refused)


def _alone(found: Outcome, outline: BaseGeometry, ground: Ground) -> problems.Problem | None:
    """What is wrong with an outline by itself: far from the city, or outside its community."""
    found.notes = [note for note in found.notes if note not in found.drawn_notes]
    found.drawn_notes = []
    if ground.place and (km := rules.km_between(outline, ground.place.outline)) > rules.FAR_KM:
        return territory_problems.OutlineFar(place=ground.place.name, km=round(km))
    community = ground.communities[found.community]
    outside = rules.share_outside(outline, community.outline) if community.outline is not None else 0.0
    if outside > rules.MOST_OUTSIDE and not community.is_drawn:
        return territory_problems.OutlineOutside(percent=rules.percent(outside), community=community.name)
    if outside > rules.SLIVER:
        _note(found, _("有 {share}% 在社区边界之外").format(share=rules.percent(outside)))
    return None


def _meeting(
    drawn: dict[int, BaseGeometry], outcomes: Sequence[Outcome], ground: Ground
) -> dict[int, problems.Problem]:
    """What is wrong between an outline and its neighbours: those that stay, and those before it in the file."""
    redrawn = {outcomes[at].code for at in drawn}
    neighbours = Neighbours([neighbour for neighbour in ground.around if neighbour.code not in redrawn])
    own = Neighbours(Shown(outcomes[at].code, outcomes[at].name, drawn[at]) for at in sorted(drawn))
    place = {outcomes[at].code: at for at in drawn}
    refused: dict[int, problems.Problem] = {}
    for at, outline in sorted(drawn.items()):
        code = outcomes[at].code
        before = [
            overlap
            for overlap in own.overlaps(code, outline)
            if (there := place[overlap.other.code]) < at and there not in refused
        ]
        for overlap in [*neighbours.overlaps(code, outline), *before]:
            share, other = rules.percent(overlap.share), f"{overlap.other.name}（{overlap.other.code}）"
            if overlap.share > rules.MOST_SHARED and not overlap.other.is_drawn:
                refused.setdefault(at, territory_problems.OutlineOverlaps(grid=other, percent=share))
            else:
                _note(outcomes[at], _("与{grid}重叠 {share}%").format(grid=other, share=share))
    return refused


def _refuse(found: Outcome, problem: problems.Problem) -> None:
    found.verdict, found.problem, found.why, found.refusal = REFUSED, problem.code, problem.detail, problem


def _note(found: Outcome, words: str) -> None:
    found.notes.append(words)
    found.drawn_notes.append(words)


def differences(old: Grid, new: Outcome) -> dict[str, tuple[object, object]]:
    """Field → (before, after). A line without an outline leaves the one there is."""
    after: dict[str, object] = {"name": new.name, "households": new.households}
    found = {key: (getattr(old, key), value) for key, value in after.items() if getattr(old, key) != value}
    if new.outline and not _is_same_outline(old.outline, new.outline):
        found["outline"] = (old.outline, new.outline)
    if old.is_provisional:
        found["is_provisional"] = (True, False)
    return found


def _change_words(changed: dict[str, tuple[object, object]]) -> list[str]:
    said = {
        "name": _("原名“{before}”"), "households": _("原为 {before} 户"), "outline": _("边界改画"),
        "is_provisional": _("不再是暂定"),
    }  # fmt: skip
    return [said[name].format(before=before) for name, (before, _after) in changed.items()]


def _is_same_outline(old: Outline | None, new: Outline) -> bool:
    return bool(old and rules.geometry_of(old).equals_exact(rules.geometry_of(new), rules.SAME_PLACE))


def is_code(text: str) -> bool:
    return len(text) == GRID and is_digits(text)


def _name(cells: dict[str, str]) -> str:
    name = cells.get("name", "")
    if not name:
        raise territory_problems.GridLineWrong(why=_("没有写网格名称。"))
    if len(name) > LONGEST_NAME:
        raise territory_problems.GridLineWrong(why=_("网格名称超过 {most} 字。").format(most=LONGEST_NAME))
    return name


def _kind(cells: dict[str, str], old: Grid | None) -> str:
    said = cells.get("kind", "")
    if not said:
        return old.kind if old else grid_kind(code) if is_code(code := cells.get("code", "")) else rules.BASE
    kind = rules.KINDS.get(said, "")
    if not kind:
        raise territory_problems.GridLineWrong(
            why=_("没有“{kind}”这种网格，应为基础网格、商圈网格或园区网格。").format(kind=said[:20])
        )
    if old and old.kind != kind:
        raise territory_problems.GridLineWrong(
            why=_("{code}是{old}，类型随号段，不能改为{kind}。").format(
                code=old.code, old=old.kind, kind=kind
            )
        )
    return kind


def _households(cells: dict[str, str], old: Grid | None) -> int:
    said = cells.get("households", "").removesuffix("户").removesuffix(".0").replace(",", "")
    if not said:
        return old.households if old else 0
    count = whole(said, rules.MOST_HOUSEHOLDS)
    if count is None:
        raise territory_problems.GridLineWrong(
            why=_("户数“{said}”不是 0 至 {most} 的整数。").format(said=said[:20], most=rules.MOST_HOUSEHOLDS)
        )
    return count
