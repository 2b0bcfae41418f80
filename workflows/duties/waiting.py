"""What departments' duties put into somebody's inbox: the liaison's, the sender's office's, the city's. Reads only."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right, in_areas
from grid.waiting import Waiting
from workflows.duties.models import WITH_DEPARTMENT, WITH_SENDER, Referral
from workflows.duties.queries.directory import Directory, answering
from workflows.duties.targets.queries import to_split

CITY = 4  # digits of a city's code


def duties_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """At most five queries; none for whoever neither refers, answers nor sets targets."""
    return [*_referrals(viewer, limit), *_plans(viewer)]


def _referrals(viewer: Actor, limit: int) -> list[Waiting]:
    offices = viewer.areas(Right.REFER)
    own = answering(viewer, Directory()) if viewer.has(Right.ANSWER_REFERRAL) else None
    waits = Q(pk__in=[])
    if own is not None:
        waits |= Q(state__in=WITH_DEPARTMENT) & own
    if offices:
        waits |= Q(state__in=WITH_SENDER, sent_from__in=offices)
    if cities := [code for code in offices if len(code) == CITY]:
        waits |= Q(state__in=WITH_DEPARTMENT, escalated_at__isnull=False) & in_areas(cities)
    if own is None and not offices:
        return []
    rows = Referral.objects.filter(waits).select_related("department").order_by("due_on", "pk")[:limit]
    return [_line(row) for row in rows]


def _line(row: Referral) -> Waiting:
    with_department = row.is_with_department
    return Waiting(
        "referral", str(row.get_state_display()), f"{row.code} {row.title}", _why(row), row.area,
        reverse("referral", args=[row.code]), day_of(row.answered_at or row.sent_at),
        row.due_on if with_department else None, row.state,
    )  # fmt: skip


def _why(row: Referral) -> str:
    if row.returned_why:
        return _("{name}退回：{why}").format(name=row.department.name, why=row.returned_why)
    if row.is_with_department and row.escalated_at:
        return _("{name}逾期未答复，已上报").format(name=row.department.name)
    if row.is_with_department:
        return _("请{name}答复").format(name=row.department.name)
    return _("{name}已答复").format(name=row.department.name)


def _plans(viewer: Actor) -> list[Waiting]:
    return [
        Waiting(
            "plan", _("分解计划"), _("{year} 年度{area}目标").format(year=plan.year, area=area.name),
            _("上级第 {version} 版已下达，请分解到街道（镇）").format(version=plan.version), area.code,
            reverse("targets-area", args=[plan.year, area.code]),
            day_of(plan.issued_at or plan.made_at), None, plan.state,
        )
        for plan, area in to_split(viewer)
    ]  # fmt: skip
