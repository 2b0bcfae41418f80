"""Whether a register's line says that a unit is in business, is insured, declares tax: never the mere presence of a line.

A line that says 注销 or 停保, or counts nobody, stands in the register like any other. Everything that asks "insured?" or
"in force?" asks here: comparison, healing, lapses, targets, the assessment, what a delivery would end.

`counts_as_insured` is the same question as SQL over rows; a test holds the two together.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q

from grid.subjects.rules import standing_of

# Insurances of which a register of units counts the heads.
INSURANCES: Final = ("pension", "unemployment", "injury", "medical", "maternity")

# What ends a registration, and what only stops the payments. Words are looked for inside what the register says, since
# registers add to them (已注销, 停保（合并）); the digits are the national code list of 参保状态 as some systems export it.
_ENDED: Final = (
    "注销", "吊销", "撤销", "销户", "停保", "停止参保", "暂停参保", "中断参保", "退保", "退出", "终止", "未参保",
    "不参保", "无参保", "非参保", "取消参保", "脱保", "解除", "解散", "关闭", "破产", "转出", "迁出", "失效", "无效",
)  # fmt: skip
_SUSPENDED: Final = ("暂停", "中断", "停缴", "断缴", "停止缴费", "未缴费", "封存", "停业", "歇业", "非正常")
_ENDED_CODES: Final = ("0", "00", "3", "03")
_SUSPENDED_CODES: Final = ("2", "02")
# What undoes such a word: 未注销, 停保后恢复参保.
_DENIED: Final = tuple(f"{no}{word}" for no in ("未", "非") for word in ("注销", "吊销", "停保", "终止"))
_RESUMED: Final = ("恢复", "复保", "解除非正常")


def is_in_force(register: str, data: Mapping[str, object]) -> bool:
    """Whether the line says that what the register keeps goes on: the registration, the insurance, the declaring.

    >>> is_in_force("social", {"status": "参保缴费"}), is_in_force("social", {"status": "注销"}), is_in_force("social", {})
    (True, False, True)
    >>> is_in_force("market", {"standing": "吊销，未注销"})
    False
    """
    if register == "market":
        return standing_of(str(data.get("standing") or "")) == "active"
    return not (has_ended(data) or is_suspended(data))


def has_ended(data: Mapping[str, object]) -> bool:
    """A line of the social or tax register that says the registration is over."""
    return _has_status(data, _ENDED, _ENDED_CODES)


def is_suspended(data: Mapping[str, object]) -> bool:
    """Registered, but paying nothing for the time being (暂停缴费): owes, and is not insured meanwhile."""
    return not has_ended(data) and _has_status(data, _SUSPENDED, _SUSPENDED_CODES)


def _has_status(data: Mapping[str, object], words: tuple[str, ...], codes: tuple[str, ...]) -> bool:
    status = str(data.get("status") or "").strip()
    if any(word in status for word in _RESUMED):
        return False
    for word in _DENIED:
        status = status.replace(word, "")
    return status in codes or any(word in status for word in words)


def insured_heads(data: Mapping[str, Any] | None) -> int:
    """Heads a line of the social register counts as insured: none when its status is not in force.

    >>> insured_heads({"insured": 12}), insured_heads({"insured": 12, "status": "停保"}), insured_heads(None)
    (12, 0, 0)
    """
    return registered_heads(data) if data and is_in_force("social", data) else 0


def registered_heads(data: Mapping[str, Any]) -> int:
    """The total the register gives, else the largest of its insurances (who is in one is in), whatever its status."""
    total = data.get("insured")
    return int(total) if total is not None else max((data.get(kind) or 0 for kind in INSURANCES), default=0)


def counts_as_insured(field: str = "data") -> Q:
    """`insured_heads > 0` for rows whose line is `field` (rows of the social register; that is the caller's to say)."""
    status = f"{field}__status"
    stopped = Q(**{f"{status}__in": [*_ENDED_CODES, *_SUSPENDED_CODES]})
    stopped |= Q(**{f"{status}__regex": _pattern()}) & ~Q(**{f"{status}__regex": "|".join(_RESUMED)})
    # Without a status the comparison is unknown, and unknown is not "stopped".
    going_on = Q(**{f"{status}__isnull": True}) | ~stopped
    without_total = Q(**{f"{field}__insured__isnull": True})
    some = Q(**{f"{field}__insured__gt": 0})
    for kind in INSURANCES:
        some |= without_total & Q(**{f"{field}__{kind}__gt": 0})
    return going_on & some


def _pattern() -> str:
    """A word that stops, unless 未 or 非 stands before one that may be denied. No look-behind: PostgreSQL's plain
    regular expressions have none."""
    words = sorted({*_ENDED, *_SUSPENDED})
    deniable = [word for word in words if any(denied.endswith(word) for denied in _DENIED)]
    others = [word for word in words if word not in deniable]
    return f"(^|[^未非])({'|'.join(deniable)})|{'|'.join(others)}"


def held_on(day: date) -> Q:
    """Rows in force on a day, whatever they say; one whose span is empty (taken back) is on none."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
