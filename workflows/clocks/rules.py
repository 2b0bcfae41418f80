"""Terms in words and in days."""

from datetime import date
from typing import Literal

Unit = Literal["wd", "d", "m"]

UNITS: dict[str, Unit] = {"个工作日": "wd", "工作日": "wd", "日": "d", "个月": "m", "月": "m"}
NAMES: dict[str, str] = {
    "urging.term": "告知书整改期限",
    "order.term": "责令改正期限",
    "inspection.filing": "立案审批期限",
    "inspection.investigation": "监察调查期限",
    "inspection.outer": "作出处罚决定期限",
    "inspection.statement": "处罚前陈述申辩期",
    "inspection.hearing_request": "要求听证的期限",
    "inspection.decision": "调查终结后作出决定期限",
    "inspection.service": "处罚决定送达期限",
    "penalty.payment": "罚款缴纳期限",
    "inspection.remedy": "复议、诉讼期限",
    "inspection.demand": "催告后履行期限",
    "inspection.court": "申请强制执行期限",
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
