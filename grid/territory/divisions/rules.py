"""What an edition of the official divisions would change: the same shape as a plan of grids. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from grid import problems
from grid.outside import is_digits
from grid.territory import problems as territory_problems
from grid.territory.grids.reading.lines import Line
from grid.territory.grids.rules.planning import CHANGED, NEW, REFUSED, SAME, Outcome
from grid.territory.rules import level_of, parent_of, short_code

MISSING, ELSEWHERE = "missing", "elsewhere"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "区划代码", "统计用区划代码"),
    "name": ("name", "名称", "区划名称"),
    "short_name": ("short_name", "简称"),
    "kind": ("kind", "类型"),
}
REQUIRED: Mapping[str, str] = {"code": "代码（code）", "name": "名称（name）", "kind": "类型（kind）"}
KINDS = {"虚拟社区": "虚拟", "类似乡级": "园区"}
LONGEST_NAME, LONGEST_SHORT, LONGEST_KIND = 60, 40, 8
OFFICIAL, COMMUNITY_LEVEL = 12, 4


class Known(NamedTuple):
    """A division there is; `until` is empty while it is in force."""

    name: str
    short_name: str
    kind: str
    until: str = ""


def plan(lines: Sequence[Line], known: Mapping[str, Known], city: str) -> list[Outcome]:
    """One outcome for each line, in their order, and one for each division in force that no line names."""
    seen: dict[str, int] = {}
    outcomes = [_outcome(line, known, city, seen) for line in lines]
    _refuse_orphans(outcomes, known)
    named = {outcome.code for outcome in outcomes}
    missing = [
        Outcome(0, MISSING, code, name=old.name, kind=old.kind)
        for code, old in sorted(known.items())
        if not old.until and code not in named
    ]
    return outcomes + missing


def _outcome(line: Line, known: Mapping[str, Known], city: str, seen: dict[str, int]) -> Outcome:
    found = Outcome(line.number, name=line.cells.get("name", ""))
    if line.fault:
        found.problem, found.why = line.fault
        return found
    try:
        _read(line, known, city, seen, found)
    except problems.Problem as problem:
        found.verdict, found.problem, found.why = REFUSED, problem.code, problem.detail
    return found


def _read(line: Line, known: Mapping[str, Known], city: str, seen: dict[str, int], found: Outcome) -> None:
    found.code = _code(line.cells.get("code", ""))
    if not found.code.startswith(city):
        found.verdict = ELSEWHERE
        return
    if not level_of(found.code):
        raise territory_problems.GridLineWrong(
            why=_("代码“{code}”不属于任何一级区划。").format(code=found.code)
        )
    if found.code in seen:
        raise territory_problems.GridLineWrong(
            why=_("与第 {line} 行的代码相同。").format(line=seen[found.code])
        )
    seen[found.code] = found.number
    found.kind = KINDS.get(line.cells.get("kind", ""), line.cells.get("kind", ""))
    for word, text, most in (("名称", found.name, LONGEST_NAME), ("类型", found.kind, LONGEST_KIND)):
        if not text or len(text) > most:
            raise territory_problems.GridLineWrong(
                why=_("{word}没有写，或超过 {most} 字。").format(word=word, most=most)
            )
    short = line.cells.get("short_name", "")[:LONGEST_SHORT] or found.name[:LONGEST_SHORT]
    old = known.get(found.code)
    if old is not None and old.until:
        raise territory_problems.AreaNotCurrent(area=old.name, until=old.until, successors=_("其他区划"))
    now = Known(found.name, short, found.kind)
    if old is None:
        found.verdict = NEW
        found.changed = {"short_name": ("", short)}
    else:
        pairs = zip(Known._fields, old, now, strict=True)
        found.changed = {name: (before, after) for name, before, after in pairs if before != after}
        found.verdict = CHANGED if found.changed else SAME
        if "name" in found.changed:
            found.notes.append(_("原名“{name}”").format(name=old.name))


def _code(text: str) -> str:
    if not is_digits(text) or len(text) > OFFICIAL:
        raise territory_problems.GridLineWrong(
            why=_("代码“{code}”不是至多 12 位的数字。").format(code=text[:20])
        )
    return short_code(text.ljust(OFFICIAL, "0"))


def _refuse_orphans(outcomes: Sequence[Outcome], known: Mapping[str, Known]) -> None:
    """From above downward: what hangs on a refused line is refused with it."""
    there = {code for code, old in known.items() if not old.until}
    for outcome in sorted((o for o in outcomes if o.verdict == NEW), key=lambda o: o.code):
        parent = parent_of(outcome.code)
        if parent and parent not in there:
            problem = territory_problems.UnknownArea(area=parent)
            outcome.verdict, outcome.problem = REFUSED, problem.code
            outcome.why = _("上级区划 {code} 不在文件里，也不在系统里。").format(code=parent)
        else:
            there.add(outcome.code)
