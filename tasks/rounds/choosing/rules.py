"""Whom a round visits, said once: criteria that are combined, each with its words. Pure.

乌政〔2020〕17号 四(一)、四(二): the drive goes by kinds of units and people (工程项目, 粉尘行业, 困难人员) and by what registers
say. So what makes a round a special one is a row of data: none of them is known here by name.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from grid.outside import is_digits, wholes
from grid.spelling import folded

Key = TypeVar("Key", str, int)
MOST_LISTED: Final = 5_000  # while a page waits (tests/test_bulk_acts.py)
# Headers under which a list gives its codes and names.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "统一社会信用代码",
        "社会信用代码",
        "信用代码",
        "代码",
        "编码",
        "注册号",
        "项目编码",
        "点位编号",
    ),
    "name": ("名称", "单位名称", "企业名称", "对象"),
}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a subject must be to be visited: every criterion that is given, of each any one of its values.

    `industries` are sections (letters) or beginnings of GB/T 4754 codes, `industry_law` a provision that holds such
    beginnings. `lists` are uploaded lists, `registers` those it stands in today, `missing` those it does not.
    `lead_days`: its oldest open lead is at least so old; `unseen_days`: nobody was met there for so long. Without
    `standings` only those in business are visited.
    """

    kinds: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    industry_law: str = ""
    lists: tuple[int, ...] = ()
    registers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    lead_days: int = 0
    unseen_days: int = 0
    insured_from: int | None = None
    insured_to: int | None = None
    employees_from: int | None = None
    employees_to: int | None = None
    standings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Only what is given: what is stored says nothing of criteria that came later."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value not in ((), "", None) and (value != 0 or name not in _DAYS)
        }


_DAYS: Final = ("lead_days", "unseen_days")


def criteria_from(stored: Mapping[str, object] | None) -> Criteria:
    """What `as_json` kept; names of an older or newer version fall away.

    >>> criteria_from({"kinds": ["enterprise"], "insured_to": 0, "hail": 3}) == Criteria(("enterprise",), insured_to=0)
    True
    """
    given = stored or {}
    return Criteria(
        kinds=_texts(given.get("kinds")),
        industries=_texts(given.get("industries")),
        industry_law=str(given.get("industry_law") or ""),
        lists=tuple(wholes(_texts(given.get("lists")))),
        registers=_texts(given.get("registers")),
        missing=_texts(given.get("missing")),
        rules=_texts(given.get("rules")),
        lead_days=_count(given.get("lead_days")) or 0,
        unseen_days=_count(given.get("unseen_days")) or 0,
        insured_from=_count(given.get("insured_from")),
        insured_to=_count(given.get("insured_to")),
        employees_from=_count(given.get("employees_from")),
        employees_to=_count(given.get("employees_to")),
        standings=_texts(given.get("standings")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None


class Chosen(NamedTuple):
    """What a planner says of whom a round visits; `save_as` keeps it as a choice of that name."""

    criteria: Criteria
    joins: bool = False
    save_as: str = ""


class Terms(NamedTuple):
    """The rest of what a planner says of a round."""

    title: str
    due_on: date
    per_worker: int


# --- industries ----------------------------------------------------------------------------------------


class Section(NamedTuple):
    """A section of GB/T 4754-2017: its letter, its name, and the divisions it holds."""

    letter: str
    title: str
    divisions: tuple[str, ...]


@cache
def sections() -> Mapping[str, Section]:
    with Path(__file__).with_name("industries.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["section"]: Section(
            row["section"],
            row["title"],
            tuple(f"{number:02}" for number in range(*_span(row["first"], row["last"]))),
        )
        for row in rows
    }


def _span(first: str, last: str) -> tuple[int, int]:
    least, most = wholes([first, last])
    return least, most + 1


def beginnings(industries: Iterable[str]) -> tuple[str, ...]:
    """Sections and beginnings of codes as beginnings alone, none within another.

    >>> beginnings(["B", "0610", "261"])
    ('06', '07', '08', '09', '10', '11', '12', '261')
    """
    found: set[str] = set()
    for industry in industries:
        section = sections().get(industry)
        found.update(section.divisions if section else (industry,))
    return tuple(sorted(code for code in found if not any(code != c and code.startswith(c) for c in found)))


def codes_in(text: str) -> list[str]:
    """Beginnings of industry codes as somebody types them; raises ValueError with what is none.

    >>> codes_in("06、 B0810，261")
    ['06', '0810', '261']
    """
    words = folded(text).replace("、", " ").replace(",", " ").replace("，", " ").replace(";", " ").split()
    return [_industry(word) for word in words]


def _industry(word: str) -> str:
    bare = word.upper().lstrip("ABCDEFGHIJKLMNOPQRST")
    if not (is_digits(bare) and 2 <= len(bare) <= 4):
        raise ValueError(word)
    return bare


# --- in words --------------------------------------------------------------------------------------------


class Names(NamedTuple):
    """What the values of criteria are called, by criterion."""

    kinds: Mapping[str, str]
    standings: Mapping[str, str]
    registers: Mapping[str, str]
    rules: Mapping[str, str]
    lists: Mapping[int, str]
    laws: Mapping[str, str]


class Described(NamedTuple):
    """One criterion: its name in `Criteria`, and what it asks in words."""

    name: str
    words: str


def described(criteria: Criteria, names: Names) -> list[Described]:
    """Each criterion that is given in words, in the order in which they are asked."""
    asked: list[tuple[str, str, Callable[[], str]]] = [
        ("standings", _("登记状态：{values}"), lambda: _joined(criteria.standings, names.standings)),
        ("kinds", _("类型：{values}"), lambda: _joined(criteria.kinds, names.kinds)),
        ("industries", _("行业：{values}"), lambda: _joined(criteria.industries, _section_names())),
        ("industry_law", _("行业按法规参数：{values}"), lambda: _joined([criteria.industry_law], names.laws)),
        ("lists", _("名单：{values}"), lambda: _joined(criteria.lists, names.lists)),
        ("registers", _("在册：{values}"), lambda: _joined(criteria.registers, names.registers)),
        ("missing", _("不在册：{values}"), lambda: _joined(criteria.missing, names.registers)),
        ("rules", _("有线索：{values}"), lambda: _joined(criteria.rules, names.rules)),
        ("lead_days", _("线索已有 {values} 日以上"), lambda: str(criteria.lead_days or "")),
        ("unseen_days", _("{values} 日内没有走访到人"), lambda: str(criteria.unseen_days or "")),
        (
            "insured",
            _("参保人数 {values}"),
            lambda: bounds_words(criteria.insured_from, criteria.insured_to),
        ),
        (
            "employees",
            _("用工人数 {values}"),
            lambda: bounds_words(criteria.employees_from, criteria.employees_to),
        ),
    ]
    return [
        Described(name, words.format(values=values)) for name, words, value in asked if (values := value())
    ]


def bounds_words(least: int | None, most: int | None) -> str:
    """
    >>> bounds_words(5, None), bounds_words(None, 0), bounds_words(1, 9), bounds_words(None, None)
    ('至少 5 人', '至多 0 人', '1 至 9 人', '')
    """
    if least is None:
        return "" if most is None else _("至多 {n} 人").format(n=most)
    return (
        _("至少 {n} 人").format(n=least) if most is None else _("{n} 至 {most} 人").format(n=least, most=most)
    )


def fits(heads: int | None, least: int | None, most: int | None) -> bool:
    """Whether a size lies between the bounds; one that nobody knows fits none.

    >>> fits(None, None, 9), fits(0, None, 9), fits(10, 1, 9)
    (False, True, False)
    """
    return heads is not None and (least is None or heads >= least) and (most is None or heads <= most)


def _joined(values: Iterable[Key], names: Mapping[Key, str]) -> str:
    return "、".join(str(names.get(value, value)) for value in values if value != "")


def _section_names() -> Mapping[str, str]:
    return {letter: f"{letter} {section.title}" for letter, section in sections().items()}


# --- a list of codes -----------------------------------------------------------------------------------


class Columns(NamedTuple):
    code: int | None
    name: int | None


def columns_of(header: Sequence[str]) -> Columns:
    """Which columns hold codes and names."""
    cells = [folded(cell).strip().strip("*") for cell in header]

    def place(field: str) -> int | None:
        return next((at for at, cell in enumerate(cells) if cell in COLUMNS[field]), None)

    return Columns(place("code"), place("name"))


def is_header(cells: Sequence[str]) -> bool:
    return columns_of(cells).code is not None


# --- counts --------------------------------------------------------------------------------------------


class Counted(NamedTuple):
    """How many fit one criterion by itself, and how many fit it and all before it."""

    words: str
    alone: int
    so_far: int


def counted(words: Sequence[str], marks: Iterable[Sequence[object]]) -> list[Counted]:
    """`marks`: of each subject whether it fits the first criterion, the second and so on.

    >>> counted(["企业", "有线索"], [(1, 1), (1, 0), (0, 1)])
    [Counted(words='企业', alone=2, so_far=2), Counted(words='有线索', alone=2, so_far=1)]
    """
    alone, so_far = [0] * len(words), [0] * len(words)
    for row in marks:
        fits_all = True
        for place, mark in enumerate(row):
            fits_all = fits_all and bool(mark)
            alone[place] += bool(mark)
            so_far[place] += fits_all
    return [Counted(*counts) for counts in zip(words, alone, so_far, strict=True)]
