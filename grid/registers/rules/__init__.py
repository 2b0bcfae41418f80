"""Reading one line of a register: its values by the header above it, and the named reasons why a line is refused.

Field names and layouts are those departments really exchange: Chinese names, their table's column names
(uni_social_crd_cd, comp_nm, aab003, aab004 …), or the plain English of a published crawl.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.discreet import without_numbers
from grid.privacy import fingerprints, masked
from grid.registers.rules.values import (
    ErrorText,
    NoValue,
    amount_of,
    count_of,
    day_of,
    end_of,
    month_of,
    text_of,
)
from grid.subjects import problems as subjects_problems
from grid.subjects.rules import Code, clean_name, looks_like_name, masked_name, read_code
from grid.tables.rules import UNREADABLE, Head, Line
from grid.texts import Text

Data = dict[str, Any]


class Refused(Exception):
    """This line cannot be taken. `code` never changes; its text stands in REASONS."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def reason(self) -> str:
        """In words; numbers of persons in what is quoted are masked."""
        return without_numbers(str(REASONS[self.code]).format(**self.facts))


REASONS: Mapping[str, Text] = {
    **UNREADABLE,
    "field-count": _("有 {found} 个字段，应为 {wanted} 个（可能串列）"),
    "formula-without-value": _("“{column}”是没有计算结果的公式"),
    "error-text": _("“{column}”是表格的出错标记“{value}”"),
    "person-number": _("统一社会信用代码处是个人的证件号码（{value}），自然人不列入单位名册"),
    "rounded-code": _("代码“{value}”被表格软件当作数字保存过，后几位已经丢失"),
    "missing-code": _("没有统一社会信用代码，也没有注册号"),
    "malformed-code": _("“{value}”不是18位统一社会信用代码，也不是15位注册号（可能串列）"),
    "unknown-unit-class": _("“{value}”的前两位“{pair}”不是规定的登记管理部门和机构类别"),
    "organisation-code-alone": _("“{value}”是9位组织机构代码，应填18位统一社会信用代码（第9至17位就是它）"),
    "old-tax-number": _("“{value}”是15位旧纳税人识别号，应填18位统一社会信用代码"),
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

# --- layouts ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of a register: its name in our data, its Chinese name, how it is read, what its column may be called.

    kind: text, day, end (a day, or no end), month, count, amount (yuan; 万 in the cell is multiplied out), amount_wan
    (a bare number means 万元), code (part of the identifier), name.
    essential: what a line says nothing without; unreadable, it costs the line, as code and name do. Any other fact
    that cannot be read is noted on the row. prose: a separator may stand in it by mistake.
    personal: of a natural person; kept encrypted, shown masked, never compared.
    """

    name: str
    label: str
    kind: str = "text"
    columns: tuple[str, ...] = ()
    essential: bool = False
    prose: bool = False
    personal: bool = False

    @property
    def is_amount(self) -> bool:
        return self.kind in ("amount", "amount_wan")


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


# --- one line ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that was understood. `code` is empty only where the register may identify by name. `personal` are facts
    of natural persons; they are kept apart from `data`, which rules compare."""

    line: Line
    code: Code
    name: str
    data: Data
    hash: str
    personal: Data = field(default_factory=dict)


UNREAD: Final = "unread"  # in the data of a row: field → what stood there and could not be read


def read_line(layout: Layout, line: Line) -> Entry:
    """One line to facts. Raises Refused."""
    if line.fault:
        raise Refused(line.fault)
    assert line.head is not None
    head = line.head
    cells = _whole(layout, head, line.cells)
    code = _code(layout, head.columns, cells)
    name = _name(layout, head.columns, cells)
    data, personal = _facts(layout, head, cells)
    data |= {"name": name, "credit_code": code.credit, "legacy_code": code.legacy}
    if code.doubts:
        data["doubts"] = list(code.doubts)
    data = {key: value for key, value in data.items() if value not in ("", None)}
    return Entry(line, code, name, data, hash_of(data, personal), personal)


def _whole(layout: Layout, head: Head, cells: Sequence[str]) -> Sequence[str]:
    """The cells of a line, as many as its header has. Cells left out at the end are empty, as spreadsheets write no
    separators for them; a line that ends before what is required was cut off. Too many are put together again where
    that can only be meant in one way."""
    if len(cells) < head.width:
        if len(cells) <= max(head.columns.get(name, 0) for name in layout.required):
            raise Refused("field-count", found=len(cells), wanted=head.width)
        return [*cells, *[""] * (head.width - len(cells))]
    if len(cells) == head.width or not any(cell.strip() for cell in cells[head.width :]):
        return cells
    if (joined := _rejoined(layout, head, cells)) is not None:
        return joined
    raise Refused("field-count", found=len(cells), wanted=head.width)


def shown_of(layout: Layout, line: Line, why: str) -> str:
    """What pages and exports show of a line refused for `why`: the cells of known columns that are not about persons,
    the others as …; nothing of a line that could not be cut, where nobody knows what stands in it."""
    if line.fault or line.head is None:
        return ""
    names = {at: name for name, at in line.head.columns.items() if not layout.field(name).personal}
    known = [cell if at in names or not cell.strip() else "…" for at, cell in enumerate(line.cells)]
    at = line.head.columns.get("name", len(known))
    if why == "person-number" and at < len(known):
        known[at] = masked_name(known[at].strip())
    return without_numbers(",".join(known))


def _rejoined(layout: Layout, head: Head, cells: Sequence[str]) -> Sequence[str] | None:
    """A separator inside a long text (an address, a scope of business) cuts it in two. None when no joining, or more
    than one, leaves every other cell of the line readable."""
    surplus = len(cells) - head.width
    found = []
    for column in layout.fields:
        at = head.columns.get(column.name)
        if not column.prose or at is None:
            continue
        joined = [*cells[:at], ",".join(cells[at : at + surplus + 1]), *cells[at + surplus + 1 :]]
        if _is_readable(layout, head, joined):
            found.append(joined)
    return found[0] if len(found) == 1 else None


def _is_readable(layout: Layout, head: Head, cells: Sequence[str]) -> bool:
    try:
        _code(layout, head.columns, cells)
        data, _personal = _facts(layout, head, cells)
        return UNREAD not in data and looks_like_name(_name(layout, head.columns, cells))
    except Refused:
        return False


def hash_of(data: Data, personal: Data | None = None) -> str:
    """Keyed, so that it tells nothing of the facts; independent of the order and names of the columns they came in."""
    return hashes_of(data, personal)[0]


def hashes_of(data: Data, personal: Data | None = None) -> list[str]:
    """Under each key there is: a row that was read before the key was changed still says the same."""
    told = [data, personal] if personal else data
    return fingerprints(json.dumps(told, ensure_ascii=False, sort_keys=True), "register row")


def _code(layout: Layout, columns: Mapping[str, int], cells: Sequence[str]) -> Code:
    """The credit code; the legacy number stands in where it is missing, and is kept beside it."""
    credit = _text("credit_code", layout, columns, cells)
    legacy = _text("legacy_code", layout, columns, cells)
    if not credit and not legacy:
        if layout.name_may_identify:
            return Code()
        raise Refused("missing-code")
    try:
        code = read_code(credit or legacy)
    except subjects_problems.MissingCode:
        raise Refused("missing-code") from None
    except (
        subjects_problems.WrongCheckDigit,
        subjects_problems.PersonNumber,
        subjects_problems.RoundedCode,
    ) as wrong:
        raise Refused(wrong.code, value=wrong.facts["value"]) from None
    except subjects_problems.MalformedCode as wrong:
        raise Refused(wrong.code, **wrong.facts) from None
    return _with_legacy(code, legacy) if credit else code


def _with_legacy(code: Code, legacy: str) -> Code:
    """An old number that does not read as one is no reason to lose the line."""
    try:
        return Code(code.credit, code.legacy or read_code(legacy).legacy, code.doubts) if legacy else code
    except problems.Problem:
        return code


def _name(layout: Layout, columns: Mapping[str, int], cells: Sequence[str]) -> str:
    name = _text("name", layout, columns, cells)
    if not name:
        raise Refused("missing-name")
    if not looks_like_name(name):
        raise Refused("not-a-name", value=name[:40])
    return clean_name(name)[:200]


def _text(name: str, layout: Layout, columns: Mapping[str, int], cells: Sequence[str]) -> str:
    """The text of an essential cell, empty where there is no such column. Raises Refused."""
    at = columns.get(name)
    if at is None:
        return ""
    try:
        return text_of(cells[at])
    except NoValue:
        raise Refused("formula-without-value", column=layout.field(name).label) from None
    except ErrorText as wrong:
        raise Refused("error-text", column=layout.field(name).label, value=wrong) from None


FAULTS: Final[Mapping[str, str]] = {
    "day": "bad-date",
    "end": "bad-date",
    "month": "bad-month",
    "count": "bad-count",
    "amount": "bad-amount",
    "amount_wan": "bad-amount",
}
_PLAIN_AMOUNT: Final = (Decimal(1), "CNY")
_TEN_THOUSAND: Final = (Decimal(10_000), "CNY")


def _facts(layout: Layout, head: Head, cells: Sequence[str]) -> tuple[Data, Data]:
    """The facts of a line, and those of persons. Raises Refused for an essential one that cannot be read."""
    data: Data = {}
    personal: Data = {}
    unread: dict[str, str] = {}
    for column in layout.fields:
        if column.kind in ("code", "name") or column.name not in head.columns:
            continue
        cell = cells[head.columns[column.name]]
        try:
            read = _read(column, cell, head)
        except NoValue:
            raise Refused("formula-without-value", column=column.label) from None
        except (ValueError, ArithmeticError) as wrong:
            if column.essential:
                code = "error-text" if isinstance(wrong, ErrorText) else FAULTS.get(column.kind, "error-text")
                raise Refused(code, column=column.label, value=cell.strip()[:40]) from None
            (personal if column.personal else unread)[column.name] = without_numbers(cell.strip())[:40]
            continue
        if column.personal:
            personal |= {name: value for name, value in read.items() if value}
        else:
            data |= read
    return data | ({UNREAD: unread} if unread else {}), personal


def _read(column: Field, cell: str, head: Head) -> Data:
    """Raises ValueError, NoValue, ErrorText, ArithmeticError."""
    if (reader := _READERS.get(column.kind)) is not None:
        return {column.name: reader(cell)}
    if column.kind == "count":
        return {column.name: count_of(cell, head.units.get(column.name, _PLAIN_AMOUNT)[0])}
    usual = _PLAIN_AMOUNT if column.kind == "amount" else _TEN_THOUSAND
    amount, currency = amount_of(cell, *head.units.get(column.name, usual))
    more = {f"{column.name}_currency": currency} if currency not in ("", "CNY") else {}
    return {column.name: amount} | more


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "text": text_of,
    "day": day_of,
    "end": end_of,
    "month": month_of,
}


# --- versions ----------------------------------------------------------------------------------------


def supersedes(new: Data, old: Data) -> bool:
    """Whether a line of the same delivery replaces an earlier one: only a later month of the same subject does."""
    return bool(new.get("period", "") > old.get("period", ""))


def older(new: Data, old: Data) -> bool:
    """A line about an earlier month than the one held is taken as read and changes nothing."""
    return bool(new.get("period", "") < old.get("period", ""))


def is_braked(count: int, of: int, share: float, floor: int) -> bool:
    """Whether a delivery that would end or heal `count` of `of` waits for a second person: more than the share of
    them, and never fewer than `floor`.

    >>> is_braked(4, 10, 0.05, 5), is_braked(5, 100, 0.05, 5), is_braked(6, 100, 0.05, 5)
    (False, False, True)
    """
    return count >= floor and count > share * of


def overlap(area: str, other: str) -> bool:
    """A wider delivery covers a narrower area, a narrower one lies inside it.

    >>> overlap("1503", "150302"), overlap("150302", "150304")
    (True, False)
    """
    return area.startswith(other) or other.startswith(area)


def labels_of(layout: Layout) -> dict[str, str]:
    return {field.name: field.label for field in layout.fields} | {"doubts": "校验提示", UNREAD: "未能读出"}


def described(layout: Layout, data: Data) -> Iterable[tuple[str, str, str]]:
    """(name, Chinese label, value as shown) in the order of the layout; what could not be read stands in its place."""
    unread = data.get(UNREAD, {})
    for column in layout.fields:
        if (value := data.get(column.name)) not in (None, ""):
            yield column.name, column.label, _shown(column, value, data)
        elif column.name in unread:
            words = str(_("未能读出（原文“{value}”）")).format(value=unread[column.name])
            yield column.name, column.label, words


def described_masked(layout: Layout, personal: Data) -> list[tuple[str, str]]:
    """(label, value masked) of the facts of persons."""
    return [
        (column.label, masked_personal(str(personal[column.name])))
        for column in layout.fields
        if personal.get(column.name)
    ]


def masked_personal(value: str) -> str:
    """A number keeps its ends, a name its family name.

    >>> masked_personal("13800138000"), masked_personal("欧阳某某"), masked_personal("0473-2012345")
    ('138****8000', '欧阳**', '047*****2345')
    """
    return masked(value) if re.search(r"\d", value) else masked_name(value)


def _shown(column: Field, value: object, data: Data) -> str:
    if column.kind == "count":
        return f"{value} 人"
    if column.is_amount:
        currency = data.get(f"{column.name}_currency", "元")
        return f"{Decimal(str(value)):,.2f} {currency}"
    return str(value)
