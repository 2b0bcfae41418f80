"""Reading JSON, and pydantic's findings in plain Chinese; its own texts are English and meant for programmers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.outside import Unreadable, readable
from grid.texts import Text

_WORDS: Mapping[str, Text] = {
    "missing": _("缺少此项"),
    "json_invalid": _("不是有效的 JSON"),
    "int_parsing": _("应为整数"),
    "int_type": _("应为整数"),
    "int_from_float": _("应为整数"),
    "float_parsing": _("应为数字"),
    "float_type": _("应为数字"),
    "finite_number": _("应为有限的数字"),
    "string_type": _("应为文字"),
    "string_unicode": _("含有无法识别的字符"),
    "string_too_long": _("文字太长"),
    "string_too_short": _("文字太短"),
    "string_pattern_mismatch": _("格式不符"),
    "list_type": _("应为列表"),
    "dict_type": _("应为对象"),
    "model_type": _("应为对象"),
    "model_attributes_type": _("应为对象"),
    "too_long": _("数量太多"),
    "literal_error": _("不在可选范围内"),
    "uuid_parsing": _("应为编号（UUID）"),
    "uuid_type": _("应为编号（UUID）"),
    "datetime_parsing": _("应为日期时间"),
    "datetime_from_date_parsing": _("应为日期时间"),
    "datetime_type": _("应为日期时间"),
    "timezone_aware": _("日期时间须带时区"),
    "greater_than_equal": _("数值太小"),
    "less_than_equal": _("数值太大"),
    "bool_parsing": _("应为是或否"),
}
_MOST = 5


def in_words(errors: Sequence[Mapping[str, Any]], skip: int = 0) -> str:
    """`字段:缺少此项;…`, at most five, such that any answer can repeat it. `skip` leaves out ninja's own first parts of
    a location."""
    told = list(dict.fromkeys(_one(error, skip) for error in errors))
    return readable(";".join(told[:_MOST])) + (" …" if len(told) > _MOST else "")


def _one(error: Mapping[str, Any], skip: int) -> str:
    parts = list(error["loc"])
    place = ".".join(str(part) for part in (parts[skip:] or parts[-1:]))
    own = error.get("ctx", {}).get("error")  # a refusal of ours says why in words
    why = own.reason if isinstance(own, Unreadable) else _WORDS.get(error["type"], _("内容不符"))
    return f"{place}：{why}"
