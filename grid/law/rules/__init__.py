"""What a parameter's value may be, by its kind: read from what was typed, told in words."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Kind = Literal["yes", "term", "share", "whole", "number", "list", "table", "text"]

# A term may be counted otherwise by a new version; every other unit stays what it is.
TERM_UNITS = ("个工作日", "日", "个月")
LONGEST_TERM, LARGEST = 3650, Decimal(10**9)
LONGEST_TEXT, LONGEST_LIST = 200, 200
# Without these nothing stands still: whatever reads them does less.
OPTIONAL = ("sla.", "stuck.", "pause.", "outcome.")
# What lists name by code, as people read it.
CODES = {
    "pension": gettext_lazy("养老保险"),
    "unemployment": gettext_lazy("失业保险"),
    "injury": gettext_lazy("工伤保险"),
}
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def kind_of(value: object, unit: str) -> Kind:
    """How a value is typed in and checked, told from the one in force."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list):
        return "list"
    if isinstance(value, Mapping):
        return "table"
    if isinstance(value, str):
        return "text"
    if unit in TERM_UNITS:
        return "term"
    if unit == "比例":
        return "share"
    return "whole" if isinstance(value, int) else "number"


def units_for(unit: str) -> tuple[str, ...]:
    return TERM_UNITS if unit in TERM_UNITS else (unit,)


def may_end(key: str) -> bool:
    """Whether a parameter may end with nothing after it."""
    return key.startswith(OPTIONAL)


def read_value(typed: str, like: object, unit: str) -> object:
    """The value typed in, of the kind of `like`. Raises ValueError saying in words what is wrong."""
    return _READERS[kind_of(like, unit)](typed.strip(), like)


def typed_of(value: object) -> str:
    """A value as it is typed in: the inverse of `read_value`."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def in_words(value: object, unit: str, titles: Mapping[str, str] | None = None) -> str:
    """A value in one line: `15 日`, `0.05%`, `养老保险、工伤保险`. `titles`: of the parameters a list may name by key."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join((titles or {}).get(code) or str(CODES.get(code, code)) for code in value)
    if isinstance(value, list | Mapping):
        return _("一张表（{n} 项）").format(n=len(value))
    typed = typed_of(value)
    if kind_of(value, unit) == "share":
        return f"{(Decimal(typed) * 100).normalize():f}%"
    return f"{typed} {unit}" if unit and not isinstance(value, str | bool) else typed


def _yes(typed: str, _like: object) -> bool:
    if typed not in (_("是"), _("否")):
        raise ValueError(_("只能是“是”或“否”"))
    return typed == _("是")


def _number(typed: str) -> Decimal:
    try:
        found = Decimal(typed)
    except InvalidOperation:
        raise ValueError(_("不是数字")) from None
    if not found.is_finite() or not 0 <= found <= LARGEST:
        raise ValueError(_("不在 0 至 {most} 之间").format(most=int(LARGEST)))
    return found


def _whole(typed: str, _like: object) -> int:
    found = _number(typed)
    if found != found.to_integral_value():
        raise ValueError(_("须是整数"))
    return int(found)


def _term(typed: str, like: object) -> int:
    found = _whole(typed, like)
    if not 1 <= found <= LONGEST_TERM:
        raise ValueError(_("期限须在 1 至 {most} 之间").format(most=LONGEST_TERM))
    return found


def _share(typed: str, _like: object) -> int | float:
    found = _number(typed)
    if found > 1:
        raise ValueError(_("比例须在 0 至 1 之间"))
    return _plain(found)


def _plain(found: Decimal) -> int | float:
    return int(found) if found == found.to_integral_value() else float(found)


def _list(typed: str, like: list[object]) -> list[object]:
    if like and not all(isinstance(item, str) for item in like):
        return list(_json(typed, list))
    found: list[object] = [line.strip() for line in typed.splitlines() if line.strip()]
    if not found or len(found) > LONGEST_LIST:
        raise ValueError(_("列表须有 1 至 {most} 项，每行一项").format(most=LONGEST_LIST))
    if len(set(found)) < len(found):
        raise ValueError(_("有重复的项"))
    return found


def _table(typed: str, like: Mapping[str, object]) -> object:
    found = _json(typed, dict)
    if set(found) != set(like):
        raise ValueError(_("表的项目须是：{names}").format(names="、".join(like)))
    wrong = [name for name in like if _sort(found[name]) != _sort(like[name])]
    if wrong:
        raise ValueError(_("“{name}”须与原来的种类相同").format(name=wrong[0]))
    return found


def _sort(value: object) -> str:
    if isinstance(value, bool):
        return "yes"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _json(typed: str, kind: type) -> Any:
    try:
        found = json.loads(typed, parse_constant=_refuse)
    except ValueError:
        raise ValueError(_("不是完整的 JSON")) from None
    if not isinstance(found, kind) or not found:
        raise ValueError(_("不是完整的 JSON"))
    if _has_negative(found):
        raise ValueError(_("数字不能小于 0"))
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


def _has_negative(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_negative(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_negative(inner) for inner in value)
    return isinstance(value, int | float) and value < 0


def _text(typed: str, like: str) -> str:
    if not 0 < len(typed) <= LONGEST_TEXT:
        raise ValueError(_("须有 1 至 {most} 个字").format(most=LONGEST_TEXT))
    if _MONTH_DAY.fullmatch(like) and not _MONTH_DAY.fullmatch(typed):
        raise ValueError(_("须是月-日，例如 12-31"))
    return typed


_READERS: dict[Kind, Callable[[str, Any], object]] = {
    "yes": _yes, "term": _term, "share": _share, "whole": _whole, "list": _list, "table": _table, "text": _text,
    "number": lambda typed, _like: _plain(_number(typed)),
}  # fmt: skip
