"""What the list puts into the inbox: for whoever may decide it, and for nobody who spoke before."""

from collections.abc import Callable
from typing import Any

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor
from project.inbox import inbox_of
from tests.workflows.listing.conftest import (
    case_at,
    go_to,
    grounds,
    listed,
    look,
    make_case,
    make_finding,
    measures,
    walk,
)
from tests.workflows.sanctions.conftest import finance, treasurer
from workflows.announcements.actions import (
    decide_announcement,
    object_to_announcement,
    propose_announcement,
    publish_batch,
)
from workflows.cases.models import Case, CaseState
from workflows.listing.actions.lasting import earliest_day
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.actions.repairing import apply_repair, decide_repair
from workflows.listing.models import Listing
from workflows.sanctions.actions import answer_order, order_sanctions

__all__ = [
    "case_at", "finance", "go_to", "grounds", "listed", "look", "make_case", "make_finding", "measures",
    "treasurer", "walk",
]  # fmt: skip


def kinds(viewer: Any, kind: str) -> list[str]:
    return [item.title for item in inbox_of(viewer).items if item.kind == kind]


def test_an_objection_waits_for_the_city_but_not_for_who_took_it_in(
    listed: Callable[..., Listing], cast: Any
) -> None:
    listing = listed()
    objection = file_objection(listing, "人数有误", by=cast.by.ma)
    title = f"{listing.code} {listing.subject.name}"
    assert kinds(cast.by.wu, "objection") == [title]
    assert (
        kinds(cast.by.ma, "objection")
        == kinds(cast.by.qian, "objection")
        == kinds(cast.by.zheng, "objection")
        == []
    )
    (line,) = (item for item in inbox_of(cast.by.wu).items if item.kind == "objection")
    assert line.due_on == listing.case.clocks.get(kind="listing.objection").due_on and line.why == "人数有误"
    answer_objection(objection, "rejected", "已核对", "不予采纳", by=cast.by.wu)
    assert kinds(cast.by.wu, "objection") == []


def test_a_repair_waits_once_somebody_looked_and_for_nobody_who_spoke(
    listed: Callable[..., Listing], look: Callable[..., Any], go_to: Callable[..., None], cast: Any
) -> None:
    listing = listed()
    go_to(earliest_day(listing, the_law(today())))
    repair = apply_repair(listing, "已补缴，凭证附后", "承诺依法参保", by=cast.by.ma)
    assert kinds(cast.by.wu, "repair") == []
    look(repair)
    assert len(kinds(cast.by.wu, "repair")) == 1 and kinds(cast.by.ma, "repair") == []
    decide_repair(repair, True, "已改正", by=cast.by.wu)
    assert kinds(cast.by.wu, "repair") == []


def test_a_department_is_told_of_its_own_measures(
    listed: Callable[..., Listing], measures: dict[str, Any], finance: Actor, cast: Any
) -> None:
    (order,) = order_sanctions(listed(), [measures["3"]], by=cast.by.ma)
    (line,) = inbox_of(finance).items
    assert (line.kind, line.due_on, line.label) == ("sanction", order.due_on, "反馈惩戒措施")
    assert kinds(cast.by.feng, "sanction") == []
    answer_order(order, "done", "", by=finance)
    assert inbox_of(finance).items == []


def test_what_is_to_be_announced_and_what_is_set_against_it(
    case_at: Callable[..., Case], grounds: dict[str, Any], cast: Any
) -> None:
    given = {"head": "王五", "facts": "未办理社会保险登记", "handling": "罚款36000元"}
    entry = propose_announcement(case_at(CaseState.PENALISED), grounds["17-1"], **given, by=cast.by.zhou)
    assert len(kinds(cast.by.qian, "announcement")) == 1 and kinds(cast.by.zhou, "announcement") == []
    assert kinds(cast.by.chen, "announcement") == []
    decide_announcement(entry, by=cast.by.qian)
    publish_batch("150302", "乌海日报", by=cast.by.qian)
    assert kinds(cast.by.qian, "announcement") == []
    entry.refresh_from_db()
    object_to_announcement(entry, "人数有误", by=cast.by.zhou)
    (line,) = (item for item in inbox_of(cast.by.qian).items if item.kind == "announcement")
    assert (line.label, line.why) == ("答复公布异议", "人数有误") and line.due_on


def test_what_was_decided_about_an_entry_waits_until_it_is_handed_over(
    listed: Callable[..., Listing], cast: Any, walk: Any
) -> None:
    listing = listed()
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    answer_objection(objection, "rejected", "已核对", "不予采纳", by=cast.by.ma)
    title = f"{listing.code} {listing.subject.name}"
    for who in ("zhao", "sun", "zhou", "he"):
        assert kinds(getattr(cast.by, who), "paper") == [title]
    for who in ("qian", "ma", "chen", "zheng", "feng"):
        assert kinds(getattr(cast.by, who), "paper") == []
    objection.refresh_from_db()
    walk.serve(objection.notice, cast.by.zhao)
    assert kinds(cast.by.zhou, "paper") == []
