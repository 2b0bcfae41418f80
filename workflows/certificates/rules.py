"""Which certificate serves which post, and what a table of certificates says. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

# Kind → the role it serves: who investigates shows the 执法证 (行政处罚法42), who audits the 稽核证, who reviews is
# qualified in law (58条2款).
ROLE_OF: Final[Mapping[str, str]] = {"enforcement": "inspector", "audit": "examiner", "law": "legal"}
KIND_OF: Final[Mapping[str, str]] = {role: kind for kind, role in ROLE_OF.items()}
# The first name of each is the one the empty table carries.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "username": ("登录名", "用户名", "账号"),
    "name": ("姓名", "持证人"),
    "kind": ("种类", "证件种类", "证件类型"),
    "number": ("证件号", "证号", "证件编号"),
    "first": ("有效期自", "起", "发证日期"),
    "last": ("有效期至", "止", "截止日期"),
    "body": ("发证机关", "发证单位"),
}
NEEDED: Final = ("username", "kind", "number", "first", "last")
MOST_LINES: Final = 1_000
LONGEST_NUMBER: Final = 40


@dataclass(frozen=True, slots=True)
class Card:
    """A certificate as it is entered."""

    kind: str
    number: str
    valid_from: date
    valid_to: date
    body: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of a table of certificates, in texts as they were written."""

    line: int
    username: str
    name: str
    kind: str
    number: str
    first: str
    last: str
    body: str
    fault: str = ""


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Field → place in the header.

    >>> columns_of(["登录名", "证号", "有效期 至"])
    {'username': 0, 'number': 1, 'last': 2}
    """
    heads = ["".join(cell.split()).strip("*＊") for cell in header]
    places = {
        field: [heads.index(name) for name in names if name in heads] for field, names in COLUMNS.items()
    }
    return {field: at[0] for field, at in places.items() if at}


def is_header(cells: Sequence[str]) -> bool:
    found = columns_of(cells)
    return "number" in found and len(found) >= 3


def kind_named(text: str, kinds: Iterable[tuple[str, str]]) -> str:
    """The kind of (value, label) with this name, or a part of it; "" for none.

    >>> kind_named("执法证", [("enforcement", "行政执法证")]), kind_named("驾驶证", [("enforcement", "行政执法证")])
    ('enforcement', '')
    """
    word = "".join(text.split())
    return next((value for value, label in kinds if word and word in label), "")


def goes_on(before: tuple[date, date], after: tuple[date, date]) -> bool:
    """Whether a certificate under the number it had goes on without a gap, and longer.

    >>> goes_on((date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2027, 12, 31)))
    True
    """
    return after[0] <= before[1] + timedelta(days=1) and after[1] > before[1]
