"""Reading one line of a register: headers, values, and the named reasons why a line is refused.

Field names and layouts are those departments really exchange: Chinese names, their table's column names
(uni_social_crd_cd, comp_nm, aab003, aab004 …), or the plain English of a published crawl.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.subjects.rules import Code, clean_name, looks_like_name, read_code

Data = dict[str, Any]


class Refused(Exception):
    """This line cannot be taken. `code` never changes; its text stands in REASONS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def reason(self) -> str:
        return str(REASONS[self.code]).format(**self.facts)


REASONS: Mapping[str, Any] = {
    "bad-bytes": _("有无法识别的字符（乱码）"),
    "open-quote": _("引号没有成对"),
    "field-count": _("有 {found} 个字段，应为 {wanted} 个（可能串列）"),
    "missing-code": _("没有统一社会信用代码，也没有注册号"),
    "malformed-code": _("“{value}”不是18位统一社会信用代码，也不是15位注册号（可能串列）"),
    "wrong-check-digit": _("“{value}”的校验位不符"),
    "missing-name": _("没有单位名称"),
    "not-a-name": _("“{value}”不像单位名称（可能串列）"),
    "bad-date": _("“{column}”的“{value}”不是日期"),
    "bad-month": _("“{column}”的“{value}”不是年月"),
    "bad-amount": _("“{column}”的“{value}”不是金额"),
    "bad-count": _("“{column}”的“{value}”不是人数"),
    "repeated-code": _("同一文件中 {value} 已有另一行内容不同的记录"),
    "name-ambiguous": _("没有代码，按名称“{value}”找到 {count} 个对象"),
    "outside-area": _("{value} 不在本批名册的范围内"),
}

# --- values ------------------------------------------------------------------------------------------

_EMPTY = frozenset({"", "-", "—", "--", "/", "无", "NULL", "null", "None", "N/A", "#N/A", "\\N"})
_FOREVER = 9999
_DATE = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})日?|月)?|(?P<m2>\d{2})(?P<d2>\d{2})?)(?:[T ].*)?"
)
_AMOUNT = re.compile(r"(?P<number>[-+]?[\d,]*\.?\d+)\s*\(?(?P<unit>亿|万|千|百)?(?P<more>[^\d)]*)\)?")
_CURRENCIES = (("美", "USD"), ("港", "HKD"), ("欧", "EUR"), ("日", "JPY"), ("英", "GBP"), ("澳", "AUD"))
_TIMES = {
    "亿": Decimal(10**8),
    "万": Decimal(10**4),
    "千": Decimal(1000),
    "百": Decimal(100),
    None: Decimal(1),
}


def width(text: str) -> str:
    """NFKC without spaces around: full-width digits, brackets and commas become plain."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def text_of(value: str) -> str:
    text = width(value)
    return "" if text in _EMPTY else text


def day_of(value: str) -> str:
    """`2004-8-2`, `20040802`, `2004/08/02 00:00:00`, `2004年8月2日` → `2004-08-02`; `9999-9-9` → "" (no end).

    A month alone (`200408`) is its first day. Raises ValueError.
    """
    text = text_of(value)
    if not text:
        return ""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(value)
    if int(found["y"]) == _FOREVER:
        return ""
    day = date(int(found["y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"] or 1))
    if not 1800 < day.year < 2200:
        raise ValueError(value)
    return day.isoformat()


def month_of(value: str) -> str:
    """`202601`, `2026-1`, `2026-01-31` → `2026-01`. Raises ValueError."""
    return day_of(value)[:7]


def amount_of(value: str) -> tuple[str, str]:
    """An amount in yuan (or its own currency) and the currency: `4,659(万)` → ("46590000", "CNY").

    `1,000(万美元)` → ("10000000", "USD"), `43万人民币` → ("430000", "CNY"). Raises ValueError.
    """
    text = text_of(value).replace(" ", "")
    if not text:
        return "", ""
    found = _AMOUNT.fullmatch(text.lstrip("¥"))
    if found is None:
        raise ValueError(value)
    try:
        number = Decimal(found["number"].replace(",", "")) * _TIMES[found["unit"]]
    except InvalidOperation as error:
        raise ValueError(value) from error
    more = found["more"]
    return _digits(number), next((code for word, code in _CURRENCIES if word in more), "CNY")


def _digits(number: Decimal) -> str:
    """Plain digits without trailing zeros or exponent."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def count_of(value: str) -> int | None:
    """A head-count: `12`, `12.0`, `12人`, `1,200`. None when empty. Raises ValueError."""
    text = text_of(value).removesuffix("人").replace(",", "")
    if not text:
        return None
    number = Decimal(text) if re.fullmatch(r"\d{1,9}(\.0+)?", text) else None
    if number is None:
        raise ValueError(value)
    return int(number)


# --- columns -----------------------------------------------------------------------------------------

Reader = Callable[[str], Any]
READERS: Mapping[str, tuple[Reader, str]] = {
    "text": (text_of, ""),
    "day": (day_of, "bad-date"),
    "month": (month_of, "bad-month"),
    "count": (count_of, "bad-count"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of a register: its name in our data, its Chinese name, how it is read, what its column may be called.

    kind: text, day, month, count, amount (yuan; 万 in the cell is multiplied out), amount_wan (a bare number
    means 万元), code (part of the identifier), name.
    """

    name: str
    label: str
    kind: str = "text"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What one register holds. `required` are names of fields without which the file is not this register."""

    register: str
    label: str
    fields: tuple[Field, ...]
    required: tuple[str, ...]
    name_may_identify: bool = True

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


def header_key(text: str) -> str:
    """A header as compared: NFKC, no blanks, no remark in brackets, lower case."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip("*\ufeff\"'").lower()
    return re.sub(r"\(.*?\)", "", folded) or folded


def columns_of(layout: Layout, header: Sequence[str]) -> dict[str, int]:
    """Field name → position. The first column of a name wins; `label` itself is always accepted."""
    where: dict[str, int] = {}
    for index, cell in enumerate(header):
        where.setdefault(header_key(cell), index)
    found = {}
    for field in layout.fields:
        names = (header_key(name) for name in (*field.columns, field.label, field.name))
        if (hit := next((where[name] for name in names if name in where), None)) is not None:
            found[field.name] = hit
    return found


def missing_columns(layout: Layout, found: Mapping[str, int]) -> list[str]:
    """Labels of what a file lacks; the two codes count as one: either will do."""
    lacking = [layout.field(name).label for name in layout.required if name not in found]
    has_code = "credit_code" in found or "legacy_code" in found
    return lacking if has_code else [layout.field("credit_code").label, *lacking]


# --- one line ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file. `fault` is set when it could not even be cut into cells."""

    number: int
    cells: Sequence[str]
    raw: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that was understood. `code` is empty only where the register may identify by name."""

    line: int
    code: Code
    name: str
    data: Data
    hash: str
    raw: str


def read_line(layout: Layout, columns: Mapping[str, int], wanted: int, line: Line) -> Entry:
    """One line to facts. Raises Refused."""
    if line.fault:
        raise Refused(line.fault)
    if (len(line.cells) != wanted and any(cell.strip() for cell in line.cells[wanted:])) or len(
        line.cells
    ) < wanted:
        raise Refused("field-count", found=len(line.cells), wanted=wanted)
    code = _code(layout, columns, line.cells)
    name = _name(columns, line.cells)
    data = _facts(layout, columns, line.cells)
    data |= {"name": name, "credit_code": code.credit, "legacy_code": code.legacy}
    if code.doubts:
        data["doubts"] = list(code.doubts)
    data = {key: value for key, value in data.items() if value not in ("", None)}
    return Entry(line.number, code, name, data, hash_of(data), line.raw)


def hash_of(data: Data) -> str:
    """SHA-256 of the facts, independent of the order and the names of the columns they came in."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _code(layout: Layout, columns: Mapping[str, int], cells: Sequence[str]) -> Code:
    """The credit code; the legacy number stands in where it is missing, and is kept beside it."""
    credit = text_of(cells[columns["credit_code"]]) if "credit_code" in columns else ""
    legacy = text_of(cells[columns["legacy_code"]]) if "legacy_code" in columns else ""
    if not credit and not legacy:
        if layout.name_may_identify:
            return Code()
        raise Refused("missing-code")
    try:
        code = read_code(credit or legacy)
    except problems.MissingCode:
        raise Refused("missing-code") from None
    except problems.WrongCheckDigit as wrong:
        raise Refused("wrong-check-digit", value=wrong.facts["value"]) from None
    except problems.MalformedCode as wrong:
        raise Refused("malformed-code", value=wrong.facts["value"]) from None
    return _with_legacy(code, legacy) if credit else code


def _with_legacy(code: Code, legacy: str) -> Code:
    """An old number that does not read as one is no reason to lose the line."""
    try:
        return Code(code.credit, code.legacy or read_code(legacy).legacy, code.doubts) if legacy else code
    except problems.Problem:
        return code


def _name(columns: Mapping[str, int], cells: Sequence[str]) -> str:
    name = text_of(cells[columns["name"]]) if "name" in columns else ""
    if not name:
        raise Refused("missing-name")
    if not looks_like_name(name):
        raise Refused("not-a-name", value=name[:40])
    return clean_name(name)[:200]


def _facts(layout: Layout, columns: Mapping[str, int], cells: Sequence[str]) -> Data:
    data: Data = {}
    for field in layout.fields:
        if field.kind in ("code", "name") or field.name not in columns:
            continue
        cell = cells[columns[field.name]]
        if field.kind in ("amount", "amount_wan"):
            data |= _money(field, cell)
            continue
        reader, fault = READERS[field.kind]
        try:
            data[field.name] = reader(cell)
        except (ValueError, ArithmeticError):
            raise Refused(fault, column=field.label, value=cell.strip()[:40]) from None
    return data


def _money(field: Field, cell: str) -> Data:
    try:
        amount, currency = amount_of(cell)
    except ValueError:
        raise Refused("bad-amount", column=field.label, value=cell.strip()[:40]) from None
    if amount and field.kind == "amount_wan" and not re.search("[亿万千百]", cell):
        amount = _digits(Decimal(amount) * 10_000)
    return {field.name: amount} | (
        {f"{field.name}_currency": currency} if currency not in ("", "CNY") else {}
    )


# --- versions ----------------------------------------------------------------------------------------


def supersedes(new: Data, old: Data) -> bool:
    """Whether a line of the same delivery replaces an earlier one: only a later month of the same subject does."""
    return bool(new.get("period", "") > old.get("period", ""))


def older(new: Data, old: Data) -> bool:
    """A line about an earlier month than the one held is taken as read and changes nothing."""
    return bool(new.get("period", "") < old.get("period", ""))


def labels_of(layout: Layout) -> dict[str, str]:
    return {field.name: field.label for field in layout.fields} | {"doubts": "校验提示"}


def described(layout: Layout, data: Data) -> Iterable[tuple[str, str, str]]:
    """(name, Chinese label, value as shown) in the order of the layout."""
    for field in layout.fields:
        if (value := data.get(field.name)) not in (None, ""):
            yield field.name, field.label, _shown(field, value, data)


def _shown(field: Field, value: Any, data: Data) -> str:
    if field.kind == "count":
        return f"{value} 人"
    if field.kind in ("amount", "amount_wan"):
        currency = data.get(f"{field.name}_currency", "元")
        return f"{Decimal(str(value)):,} {currency}"
    return str(value)
