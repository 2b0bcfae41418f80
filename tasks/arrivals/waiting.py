"""Visits that wait for a named person, for whoever reviews nearest."""

from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, today
from grid.scope import Actor, Right, Role, in_areas
from grid.territory.models import Absence, Posting
from grid.territory.queries import valid_on
from grid.waiting import Waiting
from tasks.visits.models import AfterEnd, Route, Verdict, Visit
from tasks.visits.queries import WAITING

COMMUNITY = 12  # digits of a community's code


def visits_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Visits that wait for a named person: a line for each community and kind, for whoever reviews nearest."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = Visit.objects.filter(WAITING, nearest(viewer))
    counts = (
        rows.annotate(community=Substr("area", 1, COMMUNITY))
        .order_by()
        .values("route", "community")
        .annotate(count=Count("pk"), since=Min("received_at"))
        .order_by("since")
    )
    return [_visits_item(row) for row in counts[:limit]]


def nearest(viewer: Actor) -> Q:
    """Where the viewer is the nearest who reviews: the own community, or one below that has no reviewer today."""
    codes = viewer.areas(Right.REVIEW)
    day = today()
    away = Absence.objects.filter(posting=OuterRef("pk"), cover=None, first_day__lte=day, last_day__gte=day)
    reviewers = Posting.objects.filter(
        valid_on(day), ~Exists(away), role=Role.COMMUNITY, person__is_active=True,
        area=Substr(OuterRef("area"), 1, COMMUNITY),
    )  # fmt: skip
    own = in_areas(code for code in codes if len(code) >= COMMUNITY)
    return own | (in_areas(code for code in codes if len(code) < COMMUNITY) & ~Q(Exists(reviewers)))


def _visits_item(row: Any) -> Waiting:
    if row["route"] == Route.CLASH:
        label, title = _("核定走访"), _("{count} 户有两人先后走访").format(count=row["count"])
        why, page = _("两份记录都已保存，请核定采用哪一份"), "clashes"
    else:
        label, title = _("认领走访"), _("{count} 条走访待认领").format(count=row["count"])
        why, page = _("没有对应的任务或单位，请说明是哪一户，或者搁置"), "unclaimed"
    href = f"{reverse(page)}?area={row['community']}"
    return Waiting(row["route"], label, title, why, row["community"], href, day_of(row["since"]))


def held_words_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """What came from revoked phones and ended postings: a line for each worker and community, and the page itself
    where it is one visit."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = AfterEnd.objects.filter(nearest(viewer), verdict=Verdict.WAITING)
    counts = (
        rows.exclude(visit__person=viewer.person_id)
        .annotate(community=Substr("area", 1, COMMUNITY))
        .order_by()
        .values("community", "visit__person", "visit__person__full_name")
        .annotate(count=Count("pk"), since=Min("visit__received_at"), code=Min("visit__code"))
        .order_by("since")
    )
    return [_held_item(row) for row in counts[:limit]]


def _held_item(row: Any) -> Waiting:
    title = _("{who}的 {count} 条走访").format(who=row["visit__person__full_name"], count=row["count"])
    why = _("手机已停用或岗位已结束之后收到，请核定是否采用")
    if row["count"] == 1:
        href = reverse("held-visit", args=[row["code"]])
    else:
        href = f"{reverse('held-visits')}?area={row['community']}&person={row['visit__person']}"
    label = _("核定停用后所报")
    return Waiting("held", label, title, why, row["community"], href, day_of(row["since"]))
