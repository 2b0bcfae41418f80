"""Which column of a table holds which fact: headers as departments write them, over one row or several. Pure.

A header says more than a name: a unit (万元), what the figures are of (养老 under 参保人数), a remark in brackets. What
changes the meaning is used; a remark nobody knows is passed over with texts and dates alone, never with figures.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from grid.registers.rules import Field, Layout
from grid.registers.rules.values import TIMES, currency_of, times_of
from grid.spelling import folded
from grid.tables.rules import BRACKETS, Head, full_key, header_key

_MONEY: Final = (
    r"(?:人民币|rmb|cny|美元|美金|usd|港元|港币|hkd|欧元|eur|日元|jpy|英镑|gbp|澳元|aud|元|圆|￥|¥|\$)"
)
_PEOPLE: Final = r"(?:人次|人|名|个|位|户)"
_UNIT: Final = re.compile(
    rf"(?:金额|计量|货币|数量)?(?:单位)?[::]?(?P<before>{_MONEY})?[,/、-]?(?P<times>{TIMES})?(?P<what>{_PEOPLE}|{_MONEY}{{0,2}})"
    r"(?:(?:/|每)(?:月|人|人月|人·月|人/月))?",
    re.IGNORECASE,
)
_HARMLESS: Final = re.compile(
    r"必填项?|选填|可选|必录|\*+|中文|全称|大写|\d+位|yyyy.*|格式.*|如[::]?.*|例[::]?.*|示例.*|文本型?|数字型?|数值型?|日期型?|年月日?|年-月-日|年/月/日|合计|总计|本月|当月"
)
_UNIT_BEHIND: Final = re.compile(
    rf"(?P<base>.+?)[-_/:,·|]?(?P<unit>(?:单位[::]?)?(?:{TIMES})?(?:{_MONEY}|{_PEOPLE}))", re.I
)
_TITLE_UNIT: Final = re.compile(rf"单位[::]?\s*(?P<unit>(?:人民币)?(?:{TIMES})?{_MONEY})", re.I)
_NUMERIC: Final = re.compile(r"[-+]?[\d,./年月日:\s-]+")
_LONGEST_HEADER: Final = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said of columns: by the header as a whole (field → position), or by names (field → header)."""

    by_header: Mapping[str, Mapping[str, int]]
    by_name: Mapping[str, str]


NOTHING_CHOSEN: Final = Chosen({}, {})


def fingerprint_of(cells: Iterable[str]) -> str:
    """By which a header is known again, whatever file it stands in."""
    told = json.dumps([full_key(cell) for cell in cells], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


# --- one column -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    """What one header may mean: the field, how early its name stands among the field's names, and the unit it tells.
    `is_exact`: nothing of the header was passed over."""

    field: Field
    rank: int
    unit: tuple[Decimal, str] | None = None
    is_exact: bool = True


@cache
def _names(layout: Layout) -> Mapping[str, tuple[Field, int]]:
    found: dict[str, tuple[Field, int]] = {}
    for field in layout.fields:
        for rank, name in enumerate((*field.columns, field.label, field.name)):
            found.setdefault(full_key(name), (field, rank))
    for field in layout.fields:
        for rank, name in enumerate((*field.columns, field.label)):
            found.setdefault(header_key(name), (field, rank))
    return found


def _meaning(layout: Layout, text: str) -> _Name | None:
    names, whole = _names(layout), full_key(text)[: 4 * _LONGEST_HEADER]
    if whole in names:
        return _Name(*names[whole])
    remarks = [remark for remark in BRACKETS.findall(whole) if remark]
    base = BRACKETS.sub("", whole)
    if not remarks:
        return _with_unit_behind(names, base)
    unit = None
    strange = []
    for remark in remarks:
        if (read := _UNIT.fullmatch(remark)) and (read["times"] or read["what"] or read["before"]):
            unit = read
        elif not _HARMLESS.fullmatch(remark):
            strange.append(remark)
    for name in (f"{base}{''.join(strange)}", f"{''.join(strange)}{base}"):
        if (hit := names.get(name)) is not None:
            return _unit_facts(_Name(*hit), unit)
    if (hit := names.get(base)) is not None and not _counts(hit[0]):
        return _Name(*hit, is_exact=False)
    return None


def _counts(field: Field) -> bool:
    return field.is_amount or field.kind == "count"


def _with_unit_behind(names: Mapping[str, tuple[Field, int]], base: str) -> _Name | None:
    """工资薪金总额万元, 工资薪金总额-万元."""
    found = _UNIT_BEHIND.fullmatch(base)
    if found is None or (hit := names.get(found["base"])) is None or not _counts(hit[0]):
        return None
    return _unit_facts(_Name(*hit), _UNIT.fullmatch(found["unit"]))


def _unit_facts(name: _Name, unit: re.Match[str] | None) -> _Name | None:
    """With what the header says of the numbers; None when it speaks of another kind of number."""
    if unit is None:
        return name
    what = unit["what"] or unit["before"] or ""
    is_people = bool(re.fullmatch(_PEOPLE, what))
    if not _counts(name.field) or (name.field.is_amount and is_people):
        return None if _counts(name.field) else _Name(name.field, name.rank, is_exact=False)
    if name.field.kind == "count" and what and not is_people:
        return None
    words = f"{unit['before'] or ''}{what}"
    return _Name(name.field, name.rank, (times_of(unit["times"] or ""), currency_of(words)))


def _unit_named(field: Field, text: str) -> tuple[Decimal, str] | None:
    """The unit a header tells, whatever its name: for a column a person has chosen."""
    whole = full_key(text)
    for remark in BRACKETS.findall(whole):
        if read := _UNIT.fullmatch(remark):
            told = _unit_facts(_Name(field, 0), read)
            return told.unit if told else None
    behind = _UNIT_BEHIND.fullmatch(whole) if _counts(field) else None
    told = _unit_facts(_Name(field, 0), _UNIT.fullmatch(behind["unit"])) if behind else None
    return told.unit if told else None


# --- a whole header ---------------------------------------------------------------------------------------


def head_of(
    layout: Layout, rows: Sequence[Sequence[str]], chosen: Chosen = NOTHING_CHOSEN, title_unit: str = ""
) -> Head:
    """The header that these rows make together, the uppermost first. `title_unit`: what stands above the table."""
    names = [_names_of(parts) for parts in _parts(rows)]
    width = len(names)
    own = chosen.by_header.get(fingerprint_of(_shown(rows)))
    columns, units, doubled = (
        _as_chosen(layout, names, own) if own is not None else _guessed(layout, names, chosen.by_name)
    )
    if title_unit and (read := _UNIT.fullmatch(full_key(title_unit))):
        said = times_of(read["times"] or ""), currency_of(f"{read['before'] or ''}{read['what'] or ''}")
        units = {
            field.name: said for field in layout.fields if field.is_amount and field.name in columns
        } | units
    shown = _shown(rows)
    unused = tuple(cell for at, cell in enumerate(shown) if cell and at not in columns.values())
    return Head(columns, width, units, shown, unused, doubled)


Found = tuple[dict[str, int], dict[str, tuple[Decimal, str]], tuple[str, ...]]


def _as_chosen(layout: Layout, names: Sequence[Sequence[str]], own: Mapping[str, int]) -> Found:
    columns = {name: at for name, at in own.items() if at < len(names)}
    said = {
        field.name: unit
        for field in layout.fields
        if field.name in columns and (unit := _unit_named(field, names[columns[field.name]][0]))
    }
    return columns, said, ()


def _guessed(layout: Layout, names: Sequence[Sequence[str]], by_name: Mapping[str, str]) -> Found:
    """The name that stands earliest among those of a field wins, and of one name the first column that says nothing
    besides; two columns that say the very same are doubled."""
    best: dict[str, tuple[tuple[bool, int], int, _Name]] = {}
    doubled: list[str] = []
    given = {full_key(text): layout.field(name) for name, text in by_name.items()}
    for at, candidates in enumerate(names):
        name = _first(layout, candidates, given, by_name)
        if name is None:
            continue
        rank = (not name.is_exact, name.rank)
        held = best.get(name.field.name)
        if held is None or rank < held[0]:
            best[name.field.name] = rank, at, name
            doubled = [other for other in doubled if other != name.field.name]
        elif rank == held[0] and name.is_exact:
            doubled.append(name.field.name)
    columns = {name: at for name, (_rank, at, _name) in best.items()}
    ordered = {field.name: columns[field.name] for field in layout.fields if field.name in columns}
    units = {name: found.unit for name, (_rank, _at, found) in best.items() if found.unit}
    return ordered, units, tuple(layout.field(name).label for name in dict.fromkeys(doubled))


def _first(
    layout: Layout, candidates: Sequence[str], given: Mapping[str, Field], by_name: Mapping[str, str]
) -> _Name | None:
    for text in candidates:
        if (field := given.get(full_key(text))) is not None:
            return _Name(field, -1, _unit_named(field, text))
        found = _meaning(layout, text)
        # A field somebody named a column for is not guessed beside it.
        if found is not None and found.field.name not in by_name:
            return found
    return None


def _parts(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each column what stands over it, the uppermost first. A parent stands over the empty cells to its right, as
    merged cells are read."""
    width = max((_used(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        below = rows[depth + 1 :]
        parent = ""
        for at in range(width):
            cell = row[at].strip() if at < len(row) else ""
            has_child = any(at < len(under) and under[at].strip() for under in below)
            parent = cell or (parent if has_child else "")
            said = parent if has_child else cell
            if said and not (parts[at] and full_key(said) == full_key(parts[at][-1])):
                parts[at].append(said)
    return parts


def _names_of(parts: Sequence[str]) -> list[str]:
    """The names a column may have, the fullest first: parent and child, child and parent, the child alone; each with
    the units that stand for themselves."""
    units = [part for part in parts if _is_unit(part)]
    words = [part for part in parts if not _is_unit(part)]
    if not words or not units:
        words, behind = list(parts), ""
    else:
        behind = "".join(f"({full_key(unit).strip('()')})" for unit in units)
    found = []
    for start in range(len(words)):
        tail = words[start:]
        found += ["".join(tail) + behind, "".join(reversed(tail)) + behind]
    return list(dict.fromkeys(found)) or [""]


def _is_unit(text: str) -> bool:
    return bool(_UNIT.fullmatch(full_key(text).strip("()[]【】")))


def _used(row: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)


def _shown(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The header as a person reads it, one text for each column."""
    return tuple(" ".join(parts)[:_LONGEST_HEADER] for parts in _parts(rows))


# --- finding it -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a header was found: the row behind it, and what it says."""

    behind: int
    head: Head


def find_head(layout: Layout, rows: Sequence[Sequence[str]], chosen: Chosen = NOTHING_CHOSEN) -> Place | None:
    """The first row, or the first rows that follow one another, which name all that the register needs. A group header
    above it and names of parts below it belong to it."""
    for at, row in enumerate(rows):
        for depth in (1, 2, 3, 4):
            known = chosen.by_header and fingerprint_of(_shown(rows[at : at + depth])) in chosen.by_header
            if known:
                return Place(at + depth, _complete(layout, rows, at, at + depth, chosen))
        if _used(row) < 2:
            continue
        if not missing_columns(layout, head_of(layout, [row], chosen).columns):
            return _around(layout, rows, at, chosen)
        pair = rows[at : at + 2]
        if (
            len(pair) == 2
            and missing_columns(layout, head_of(layout, pair[1:], chosen).columns)
            and not missing_columns(layout, head_of(layout, pair, chosen).columns)
        ):
            return Place(at + 2, _complete(layout, rows, at, at + 2, chosen))
    return None


def _around(layout: Layout, rows: Sequence[Sequence[str]], at: int, chosen: Chosen) -> Place:
    """The row that names everything, with those of its group above and of its parts below."""
    first, behind = at, at + 1
    columns = head_of(layout, [rows[at]], chosen).columns
    while behind < len(rows) and behind < at + 3 and _is_part(layout, rows[at : behind + 1], columns):
        behind += 1
    if at and _used(rows[at - 1]) > 1 and not any(_TITLE_UNIT.search(folded(cell)) for cell in rows[at - 1]):
        above = head_of(layout, rows[at - 1 : behind], chosen)
        if not missing_columns(layout, above.columns) and set(above.columns) >= set(columns):
            first = at - 1
    return Place(behind, _complete(layout, rows, first, behind, chosen))


def _is_part(layout: Layout, rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> bool:
    """Whether the last row is one of names or units below a header: nothing of its own where the header names code and
    name, and elsewhere only words, each below a merged cell, a name it repeats, or as a unit; or words that together
    with those above name more of what is wanted."""
    header, row = rows[0], rows[-1]
    filled = {at: cell.strip() for at, cell in enumerate(row) if cell.strip()}
    if not filled or any(_NUMERIC.fullmatch(cell) or len(cell) > _LONGEST_HEADER for cell in filled.values()):
        return False
    above = [cell.strip() for cell in header] + [""] * (max(filled) + 2)
    for name in ("credit_code", "legacy_code", "name"):
        at = columns.get(name)
        if at is not None and at in filled and full_key(filled[at]) != full_key(above[at]):
            return False
    if all(
        not above[at] or not above[at + 1] or full_key(cell) == full_key(above[at]) or _is_unit(cell)
        for at, cell in filled.items()
    ):
        return True
    return set(head_of(layout, rows).columns) > set(columns)


def _complete(layout: Layout, rows: Sequence[Sequence[str]], first: int, behind: int, chosen: Chosen) -> Head:
    titles = [cell for row in rows[:first] for cell in row if cell]
    unit = next((found["unit"] for cell in titles if (found := _TITLE_UNIT.search(folded(cell)))), "")
    return head_of(layout, rows[first:behind], chosen, unit)


def likeliest(layout: Layout, rows: Sequence[Sequence[str]]) -> tuple[int, Head]:
    """Where no header is complete: the row that names most of what is wanted, or the widest one."""
    heads = [head_of(layout, [row]) for row in rows]
    at = max(range(len(rows)), key=lambda place: (len(heads[place].columns), heads[place].width, -place))
    return at, heads[at]


def missing_columns(layout: Layout, found: Mapping[str, int]) -> list[str]:
    """Labels of what a file lacks; the two codes count as one: either will do."""
    lacking = [layout.field(name).label for name in layout.required if name not in found]
    has_code = "credit_code" in found or "legacy_code" in found
    return lacking if has_code else [layout.field("credit_code").label, *lacking]
