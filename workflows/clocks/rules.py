"""Terms in words and in days."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from grid.calendar.rules import Paused, Workdays
from grid.calendar.rules import due_on as last_day_of

Unit = Literal["wd", "d", "m"]


class Term(NamedTuple):
    length: int
    unit: Unit


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
    "audit.answer": "对稽核情况的答复期",
    "audit.opinion_days": "稽核意见书送达期限",
    "audit.correction": "稽核责令改正期限",
    "audit.result_letter": "稽核结果告知书送达期限",
    "tax.reminder": "欠费移送催复",
    "tax.answer": "欠费移送答复期限",
    "listing.defence": "陈述申辩期",
    "listing.period": "公示期",
    "listing.objection": "名单异议核查答复期限",
    "repair.decide": "信用修复审核期限",
    "repair.spread": "停止公示和解除惩戒期限",
    "announcement.objection": "社会公布异议答复期限",
    "signing.opinion": "意见答复期限",
    "counter.correction": "答复整改证明",
    "counter.commitment": "答复承诺书",
    "counter.statement": "答复窗口收到的陈述申辩",
    "counter.hearing": "答复听证申请",
    "counter.objection": "答复窗口收到的异议",
    "counter.repair": "答复窗口收到的信用修复申请",
    "round.due": "轮次截止",
}


def unit_of(text: str) -> Unit:
    """The unit of a provision as written at the desk. Raises KeyError for one that counts no time."""
    return text if text in ("wd", "d", "m") else UNITS[text]  # type: ignore[return-value]


def name_of(kind: str) -> str:
    return NAMES.get(kind, kind)


def last_day(
    start: date, term: Term, days: Workdays, pauses: Iterable[Paused] = (), more: Term | None = None
) -> date | None:
    """The last day of a term with its pauses and its extension; None while it stands still.

    An extension in the same unit makes one longer term of both; in another unit it counts on from the end.
    """
    stills = list(pauses)
    if more and more.unit == term.unit:
        return last_day_of(start, term.length + more.length, term.unit, days, stills)
    first = last_day_of(start, term.length, term.unit, days, stills)
    if first is None or more is None:
        return first
    return last_day_of(first, more.length, more.unit, days, stills)
