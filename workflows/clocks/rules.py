"""Terms in words and in days."""

from datetime import date
from typing import Literal

Unit = Literal["wd", "d", "m"]

UNITS: dict[str, Unit] = {"个工作日": "wd", "工作日": "wd", "日": "d", "个月": "m", "月": "m"}
NAMES: dict[str, str] = {
    "urging.term": "告知书整改期限",
    "order.term": "责令改正期限",
    "listing.defence": "陈述申辩期",
    "listing.period": "公示期",
    "round.due": "轮次截止",
}


def unit_of(text: str) -> Unit:
    """The unit of a provision as written at the desk. Raises KeyError for one that counts no time."""
    return text if text in ("wd", "d", "m") else UNITS[text]  # type: ignore[return-value]


def name_of(kind: str) -> str:
    return NAMES.get(kind, kind)


def is_over(due_on: date, today: date) -> bool:
    """A term includes its last day, to midnight (民法典 第203条)."""
    return today > due_on
