"""Who may see and do what, where: one question, asked the same way by every page, API and export.

A right comes from a posting (person x role x area x from-until). An area code is a prefix of every
code below it, so "within my territory" is a range test on one indexed column. Somebody without a
posting reaches nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db.models import Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.outside import is_area

Row = TypeVar("Row", bound=Model)


class Role(TextChoices):
    WORKER = "worker", _("网格员")
    COMMUNITY = "community", _("社区复核员")
    STREET = "street", _("街道主管")
    DISTRICT = "district", _("区主管")
    # Of the 经办机构: audits, and inspects nothing (社会保险经办条例 第44条: the agency hands over to the department).
    EXAMINER = "examiner", _("稽核员")
    INSPECTOR = "inspector", _("劳动监察员")
    CITY = "city", _("市扩面办")
    LIAISON = "liaison", _("部门联络员")
    AUDITOR = "auditor", _("审计员")
    LEGAL = "legal", _("法制审核员")
    PERSONNEL = "personnel", _("组织人事")


class Right(StrEnum):
    """What may be done. The value is what a refusal names."""

    SEE = "查看"
    SEE_CASES = "查看案件"
    PLACE = "归格"
    IMPORT = "导入名册"
    IMPORT_FOR_OTHERS = "代部门导入名册"
    COMPARE = "比对名册"
    RECUT = "调整网格"
    POST = "管理岗位"
    POST_CONTROL = "管理监督岗位"
    PLAN = "制定轮次"
    APPROVE_ROUND_STREET = "街道审批轮次"
    APPROVE_ROUND_DISTRICT = "区级审批轮次"
    APPROVE_ROUND_CITY = "市级审批轮次"
    DISPATCH = "派发核查"
    ASSIGN = "转派核查任务"
    VISIT = "走访"
    ENROL = "登记手机"
    REVIEW = "复核发现"
    HEAR = "听取意见建议"
    ANSWER = "答复意见建议"
    APPROVE_STREET = "街道审批案件"
    APPROVE_DISTRICT = "区级审批案件"
    SERVE = "送达文书"
    SIGN_STREET = "街道签发文书"
    SIGN_DISTRICT = "区级签发文书"
    SIGN_CITY = "市级签发文书"
    SEAL = "用印登记"
    INSPECT = "劳动监察"
    CHAIR = "主持听证"
    LEGAL_REVIEW = "法制审核"
    DECIDE_DISTRICT = "区级列入决定"
    DECIDE_CITY = "市级列入决定"
    EDIT_FORMS = "编制表单"
    ASSESS = "年度考核"
    ANSWER_ASSESSMENT = "回应考核结果"
    RETELL = "审计查阅"
    EDIT_LAW = "维护法规参数"
    CONFIRM_LAW = "复核法规参数"
    SEE_STUCK = "查看卡点"
    UNSTICK = "疏通卡点"
    AUDIT = "社会保险稽核"
    REMIND = "联系与断缴提醒"
    ANSWER_REFERRAL = "答复转办"
    REFER = "转办部门"
    SET_TARGETS = "下达计划"
    CLEAR_ALARM = "处置台账警报"
    REVEAL = "查看个人信息"
    ASK_FORGET = "申请遗忘个人信息"
    FORGET = "决定遗忘个人信息"


_DESK = frozenset({Right.SEE, Right.SEE_CASES})

RIGHTS: dict[str, frozenset[Right]] = {
    Role.WORKER: frozenset({Right.SEE, Right.VISIT}),
    Role.COMMUNITY: _DESK
    | {Right.PLACE, Right.ASSIGN, Right.REVIEW, Right.ENROL, Right.SERVE}
    | {Right.HEAR, Right.ANSWER, Right.REMIND, Right.REVEAL},
    Role.STREET: _DESK
    | {Right.PLACE, Right.ASSIGN, Right.ENROL, Right.PLAN, Right.APPROVE_ROUND_STREET, Right.APPROVE_STREET}
    | {Right.REVIEW, Right.SERVE, Right.RECUT, Right.HEAR, Right.ANSWER, Right.REMIND, Right.REVEAL}
    | {Right.SIGN_STREET},
    # The level above may always approve a round: where the level below has but one planner it would stand still.
    Role.DISTRICT: _DESK
    | {Right.PLACE, Right.PLAN, Right.APPROVE_ROUND_DISTRICT, Right.DISPATCH, Right.APPROVE_DISTRICT}
    | {Right.APPROVE_ROUND_STREET}
    | {Right.DECIDE_DISTRICT, Right.RECUT, Right.POST, Right.ASSIGN, Right.ENROL, Right.COMPARE}
    | {Right.HEAR, Right.ANSWER, Right.AUDIT, Right.REMIND}
    | {Right.REFER, Right.SET_TARGETS, Right.ANSWER_ASSESSMENT}
    | {Right.SIGN_STREET, Right.SIGN_DISTRICT, Right.SEAL}
    | {Right.REVEAL, Right.ASK_FORGET},
    Role.EXAMINER: _DESK | {Right.AUDIT, Right.REMIND, Right.REVEAL},
    Role.INSPECTOR: _DESK | {Right.INSPECT, Right.SERVE, Right.REMIND} | {Right.REVEAL},
    Role.CITY: _DESK
    | {Right.IMPORT, Right.IMPORT_FOR_OTHERS, Right.COMPARE, Right.PLAN, Right.DISPATCH}
    | {Right.DECIDE_CITY, Right.ASSESS, Right.SIGN_CITY, Right.SEAL}
    | {Right.SEE_STUCK, Right.UNSTICK}
    | {Right.APPROVE_ROUND_CITY, Right.APPROVE_ROUND_DISTRICT, Right.APPROVE_ROUND_STREET, Right.EDIT_FORMS}
    | {Right.RECUT, Right.POST, Right.CONFIRM_LAW, Right.PLACE, Right.HEAR, Right.ANSWER, Right.REMIND}
    | {Right.REFER, Right.SET_TARGETS}
    | {Right.CLEAR_ALARM, Right.REVEAL, Right.ASK_FORGET},
    Role.LIAISON: frozenset({Right.IMPORT, Right.ANSWER_REFERRAL}),
    Role.AUDITOR: _DESK | {Right.RETELL, Right.HEAR, Right.SEE_STUCK, Right.CLEAR_ALARM},
    Role.LEGAL: _DESK | {Right.LEGAL_REVIEW, Right.CHAIR, Right.EDIT_LAW, Right.CONFIRM_LAW, Right.FORGET},
    # Who gives the posts that watch, review and decide, and does none of that work.
    Role.PERSONNEL: frozenset({Right.POST_CONTROL}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One posting, as far as deciding needs it."""

    posting_id: int
    role: str
    area: str
    department: str = ""

    def covers(self, area: str) -> bool:
        return area.startswith(self.area)

    def grants(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks: a person with the postings held today, or a named machine."""

    person_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    machine: str = ""

    def allowing(self, right: Right, area: str) -> Held | None:
        """The narrowest posting that grants `right` over `area`: the one the ledger names."""
        fitting = [held for held in self.held if held.grants(right) and held.covers(area)]
        return max(fitting, key=lambda held: len(held.area), default=None)

    def can(self, right: Right, area: str) -> bool:
        return bool(self.machine) or self.allowing(right, area) is not None

    def has(self, right: Right) -> bool:
        """Whether any posting grants `right`, wherever: for menus only, never for an act."""
        return any(held.grants(right) for held in self.held)

    def areas(self, right: Right) -> list[str]:
        """Area prefixes in which `right` is held, without those inside another of them."""
        codes = sorted({held.area for held in self.held if held.grants(right)})
        return [code for code in codes if not any(code != c and code.startswith(c) for c in codes)]


NOBODY = Actor(None, "")


def machine(name: str) -> Actor:
    """An actor for what the system does by itself; its acts are named in the ledger like a person's."""
    return Actor(None, name, machine=name)


def require_person(by: Actor) -> int:
    """Asks for the person whose name stands under an act. Raises NotYourPost for a machine."""
    if by.person_id is None:
        raise problems.NotYourPost(right=by.name)
    return by.person_id


def reaches(viewer: Actor, area: str, right: Right = Right.SEE) -> bool:
    return viewer.can(right, area)


def require(by: Actor, right: Right, area: str) -> Held | None:
    """Asks for the posting under which `by` may do `right` in `area` (None for a machine).

    Raises NotHere when no posting reaches the area at all, NotYourPost when one does without the right.
    """
    if by.machine:
        return None
    if held := by.allowing(right, area):
        return held
    if any(held.covers(area) for held in by.held):
        raise problems.NotYourPost(right=right.value)
    raise problems.NotHere()


def prefix_range(code: str) -> tuple[str, str]:
    """Half-open range of all codes below `code`; digits only, so it needs no special collation."""
    return code, str(int(code) + 1).zfill(len(code))


def in_area(code: str, field: str = "area") -> Q:
    """Whatever lies in the area; nothing at all for what is no area's code."""
    if not is_area(code):
        return Q(pk__in=[])
    low, high = prefix_range(code)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def narrowed(rows: QuerySet[Row], area: str) -> QuerySet[Row]:
    """`rows` of the area somebody asked for: all of them for "", none for what is no area's code."""
    return rows.filter(in_area(area)) if area else rows


def in_areas(codes: Iterable[str], field: str = "area") -> Q:
    limit = Q(pk__in=[])
    for code in codes:
        limit |= in_area(code, field)
    return limit


def within(
    rows: QuerySet[Row], viewer: Actor, right: Right = Right.SEE, field: str = "area"
) -> QuerySet[Row]:
    """`rows` limited to where `viewer` holds `right`; a machine sees all, nobody sees none."""
    if viewer.machine:
        return rows
    codes = viewer.areas(right)
    if not codes:
        return rows.none()
    return rows.filter(in_areas(codes, field)) if len(codes) > 1 else rows.filter(in_area(codes[0], field))
