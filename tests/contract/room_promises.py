"""As tests/contract/promises.py, for the matters of the rooms beside the path: referrals, plans, the window,
announcements, and what is set against a listing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.contract.promises import clauses_of
from workflows.clocks.models import Clock
from workflows.notices.models import Notice


@dataclass
class Done:
    """What one act on a matter of a room did: the matter before and after, and rows made since."""

    before: Any
    after: Any
    clocks: set[int]
    notices: set[int]

    @property
    def started(self) -> set[str]:
        new = Clock.objects.exclude(pk__in=self.clocks)
        return set(new.values_list("kind", flat=True))

    @property
    def stopped(self) -> bool:
        return Clock.objects.filter(pk__in=self.clocks).exclude(stopped_at=None).exists()

    def is_issued(self, title: str) -> bool:
        new = Notice.objects.exclude(pk__in=self.notices)
        return any(title in str(notice.get_kind_display()) and notice.number for notice in new)


def _always(_done: Any, _said: Any) -> bool:
    """Says what holds anyway; nothing to see at once."""
    return True


def _now(*states: str) -> Callable[..., bool]:
    return lambda done, _said: done.after.state in states


def _same(name: str) -> Callable[..., bool]:
    return lambda done, _said: getattr(done.after, name) == getattr(done.before, name)


def _set(name: str) -> Callable[..., bool]:
    return lambda done, _said: bool(getattr(done.after, name))


ROOM_PROMISES: dict[str, Callable[[Done, Any], bool]] = {
    # referrals
    "表明本部门收到": _now("received"),
    "期限照常计算": _same("due_on"),
    "由转出单位认可或请补充": _now("answered"),
    "不属本部门职责": _set("returned_why"),
    "由转出单位改转": _now("returned"),
    "重新计算答复期限": lambda d, _: d.after.state == "sent" and d.after.started_on == today(),
    "随后写明结果并办结": _now("accepted"),
    "部门在补充期限内再次答复": lambda d, _: d.after.state == "asked_again" and d.after.started_on == today(),
    "此件结束": _now("closed"),
    "部门不再需要答复": _now("withdrawn"),
    # plans
    "可以下达": _now("checked"),
    "下级可以看到并继续分解": _now("issued"),
    "原版由本版替代": lambda d, _: _versions(d).filter(state="replaced").exists() and not _others_in_force(d),
    "按现在的对象数改写各下级的分解": lambda d, _: d.after.targets.exists(),
    "编制新版": lambda d, _: _versions(d).filter(state="draft", version__gt=d.after.version).exists(),
    "下达前本版照常有效": _now("issued"),
    "草案作废": _now("withdrawn"),
    "现行版本照常有效": lambda d, _: _others_in_force(d),
    # the window
    "核实办理": lambda d, _: d.after.state in ("taken", "answered") and bool(d.after.taken_by_id),
    "在期限内答复单位|仍须答复单位": _set("answer_due"),
    "不记入该环节": lambda d, _: d.after.state == "taken" and not d.after.entered,
    "单位在文书的页面上看到": _set("answer"),
    "期限停止计算": lambda d, _: d.after.state == "answered",
    # announcements
    "待公布": lambda d, _: d.after.decided_at is not None and d.after.batch_id is None,
    "列入下一公布批次": _set("decided_at"),
    "存卷|不公布": lambda d, _: bool(d.after.refused_at or d.after.removed_at),
    "不再公布": lambda d, _: not d.after.is_published,
    # published penalties
    "在公开网页公示至期满|并供信用平台取用": lambda d, _: d.after.disclosures.filter(withdrawn_at=None).exists(),
    "不再公示|撤回的理由向社会公开": lambda d, _: not d.after.disclosures.filter(withdrawn_at=None).exists(),
    "立即停止公示和共享": lambda d, _: d.after.disclosures.filter(repaired_at__isnull=False).exists(),
    "限期核查答复": lambda d, _: bool(d.started & {"announcement.objection", "listing.objection"}),
    "更正内容与条目一并公布|成立的撤下": _set("answered_at"),
    # the file of an entry
    "逐一通知执行部门": lambda d, _: d.after.orders.exists(),
    "限期反馈": lambda d, _: not d.after.orders.filter(due_on=None).exists(),
    "条目标注“异议核查中”": lambda d, _: d.after.objections.filter(answered_at=None).exists(),
    "制发异议处理答复书": lambda d, _: d.is_issued("异议处理答复书"),
    "撤销的立即移出": _always,
    "依法不停止执行": lambda d, _: d.after.stayed_at == d.before.stayed_at,
    "有停止执行文书的暂停公示": _always,
    "暂停公示和惩戒": _set("stayed_at"),
    "至复议或诉讼结束|至复议或诉讼结束前不催告|不申请强制执行罚款|至复议或诉讼结束前不公示": _always,
    "撤销或确认违法的|由市级登记并撤销列入": lambda d, _: _ended(d) != "quashed" or bool(d.after.revoked_at),
    "撤销处罚决定的|以处罚为前提的列入由市级一并撤销": _always,
    "维持的恢复公示": lambda d, _: _ended(d) != "upheld" or d.after.stayed_at is None,
    "维持的不变": lambda d, _: _ended(d) != "upheld" or d.after.removed_at == d.before.removed_at,
    "维持的继续履行": _always,
    "派网格员现场核查": lambda d, _: d.after.repairs.filter(decided_at=None).latest("pk").task_id is not None,
    "限期决定": lambda d, _: "repair.decide" in d.started,
    "准予的立即移出名单": lambda d, _: not d.after.repairs.latest("pk").granted or bool(d.after.removed_at),
    "通知各部门解除惩戒": lambda d, _: not d.after.orders.filter(answered_at__isnull=False, lift_at=None).exists(),
    # the year
    r"各区 \d+ 日内确认或者提出异议": lambda d, _: d.after.responses.filter(state="waiting", showing=d.after.showing).exists(),
    "按台账、名册和覆盖账重写各数字和名单": lambda d, _: d.after.computed_at > d.before.computed_at,
    "重新计算后再次公示|成立的重新计算并再次公示": lambda d, _: _year(d).state in ("open", "shown", "proposed"),
    "收回公示": lambda d, _: _year(d).state == "open",
    "由市扩面办另一人决定": lambda d, _: d.after.state == "proposed" and bool(d.after.proposed_by_id),
    "数字、名单和指纹记入台账": lambda d, _: bool(_told("assessment.frozen").data),
    "不再改变": _now("frozen"),
    "异议期内仍可提出异议": _now("agreed"),
    "市扩面办答复": lambda d, _: d.after.state == "objected" and not d.after.answer,
}  # fmt: skip


def _year(done: Done) -> Any:
    return getattr(done.after, "scheme", done.after)


def _told(verb: str) -> Entry:
    found = Entry.objects.filter(verb=verb).last()
    assert found is not None
    return found


def _versions(done: Done) -> Any:
    plan = done.after
    return type(plan).objects.filter(year=plan.year, area=plan.area).exclude(pk=plan.pk)


def _others_in_force(done: Done) -> bool:
    return bool(_versions(done).filter(state="issued").exists())


def _ended(done: Done) -> str:
    newest = done.after.case.remedies.order_by("pk").last()
    return newest.outcome if newest else ""


def broken_in_room(sentence: str, done: Done) -> Iterator[str]:
    """As `broken`, for a matter of the rooms beside the path."""
    for clause in clauses_of(sentence):
        found = [
            (said, keeps) for form, keeps in ROOM_PROMISES.items() if (said := re.fullmatch(form, clause))
        ]
        if not found:
            yield f"a promise nobody checks: {clause}"
        elif not all(keeps(done, said) for said, keeps in found):
            yield f"promised and not kept: {clause}"
