"""The inbox: what only this person can do now, soonest deadline first, the reason in one line.

It reads our own state columns by indexed ranges of the viewer's areas; the engine is not asked. Each kind of work
is one query with a limit, so that the page costs the same at a thousand and at a million check tasks.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case as When
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, today
from grid.registers.foreseeing import Foreseen
from grid.registers.models import Delivery, DeliveryState
from grid.registers.queries import waiting_for
from grid.registers.rhythm import Expected, late_for
from grid.scope import Actor, Right, Role, in_areas, within
from grid.subjects.models import Placement, Subject
from grid.territory.models import Absence, Posting
from grid.territory.queries import names_of, valid_on
from project import inbox_ledger as ledger
from project import inbox_listing as entries
from project import inbox_proceedings as proceedings
from project.inbox_items import LIMIT, Inbox, Item, dated
from tasks.findings.models import Finding, FindingState
from tasks.findings.queries import rests_on
from tasks.findings.rules import without_measures
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries import APPROVERS
from tasks.visits import queries as visits
from tasks.visits.models import UNGROUNDED, AfterEnd, Outcome, Route, Verdict, Visit, has_mark
from workflows.assessment.waiting import assessments_waiting
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState
from workflows.cases.rules import is_visit_question, matter
from workflows.clocks.models import Clock
from workflows.duties.waiting import duties_waiting
from workflows.engine.kind import kinds
from workflows.engine.nodes import steps_with
from workflows.engine.signing.queries import in_other_hands
from workflows.engine.waiting import Waiting
from workflows.notices.deciding import reason_words
from workflows.notices.queries import waiting_services

COMMUNITY = 12  # digits of a community's code
NEVER = date(9999, 12, 31)
# Who places subjects, below the city.
PLACERS = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
# A term has run out or is running here: these come before cases that merely wait.
PRESSING = (CaseState.ESCALATED, CaseState.DEFENCE)


def inbox_of(viewer: Actor) -> Inbox:
    """Everything that waits for `viewer`, the overdue first. Some twenty queries at most, whatever waits."""
    sorts = [
        _findings(viewer),
        _rounds(viewer),
        _cases(viewer),
        _pool(viewer),
        _visits(viewer),
        _held_words(viewer),
        _services(viewer),
        proceedings.moves(viewer),
        proceedings.escalations(viewer),
        proceedings.submissions(viewer),
        _duties(viewer),
        _assessments(viewer),
        _deliveries(viewer),
        *([Item(**line._asdict()) for line in lines(viewer, LIMIT)] for lines in _of_matters()),
        entries.listings_waiting(viewer),
        entries.papers(viewer),
        entries.announcements(viewer),
        entries.sanctions(viewer),
        ledger.alarms(viewer),
        ledger.forgettings(viewer),
    ]
    items = dated([item for sort in sorts for item in sort])
    places = names_of(item.area for item in items)
    named = [replace(item, place=places.get(item.area, item.area)) for item in items]
    named.sort(key=lambda item: (item.kind == "pool", item.due_on or NEVER, item.since))
    return Inbox(named, any(len(sort) >= LIMIT for sort in sorts))


def _of_matters() -> list[Callable[[Actor, int], list[Waiting]]]:
    """What waits of each kind of matter, as its room says."""
    return [lines for kind in kinds() for lines in kind.waiting]


def _findings(viewer: Actor) -> list[Item]:
    """Visits to review; what rests on the viewer's own word is for somebody else."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = within(Finding.objects.filter(state=FindingState.OPEN), viewer, Right.REVIEW)
    rows = rows.exclude(rests_on(viewer.person_id)).order_by("made_at", "pk")
    found = _shown(rows).values_list(
        "pk",
        "area",
        "made_at",
        "measures",
        "subject__name",
        "recorded_by__full_name",
        "visit__outcome",
        "visit__marks",
        named=True,
    )
    return [
        Item(
            "finding", _("复核走访"), row.subject__name, _finding_words(row), row.area,
            reverse("finding", args=[row.pk]), day_of(row.made_at), state=FindingState.OPEN,
        )
        for row in found
    ]  # fmt: skip


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The first of `rows`, in their order, to be joined with other tables: PostgreSQL would else join all that
    wait before it sorts them, and reads a tenth of the register for it."""
    first = rows.model._default_manager.filter(pk__in=rows.values("pk")[:LIMIT])
    return first.order_by(*rows.query.order_by)


def _finding_words(row: Any) -> str:
    outcome = str(Outcome(row.visit__outcome).label)
    is_ungrounded = has_mark(row.visit__marks, UNGROUNDED)
    found = "、".join(matter(row.measures)) or without_measures(row.visit__outcome, outcome, is_ungrounded)
    return _("{who}走访：{found}").format(who=row.recorded_by__full_name, found=found)


def _rounds(viewer: Actor) -> list[Item]:
    waiting = [
        Q(state=state) & in_areas(viewer.areas(right)) & ~Q(planned_by=viewer.person_id)
        for state, right in APPROVERS.items()
        if viewer.has(right)
    ]
    if viewer.has(Right.DISPATCH):
        waiting.append(Q(state=RoundState.APPROVED) & in_areas(viewer.areas(Right.DISPATCH)))
    if viewer.has(Right.PLAN):
        mine = Q(planned_by=viewer.person_id) & in_areas(viewer.areas(Right.PLAN))
        waiting.append(Q(state__in=(RoundState.PLANNED, RoundState.RETURNED)) & mine)
    if not waiting:
        return []
    rows = Round.objects.filter(_any(waiting)).select_related("planned_by").order_by("due_on", "pk")[:LIMIT]
    return [
        Item(
            "round", str(RoundState(row.state).label), row.title, _round_words(row), row.area,
            reverse("round", args=[row.code]), day_of(row.planned_at), row.due_on, state=row.state,
        )
        for row in rows
    ]  # fmt: skip


def _round_words(row: Round) -> str:
    if row.state == RoundState.RETURNED:
        return _("退回理由：{why}").format(why=row.returned_why)
    return _("{who}制定，截止 {due}").format(who=row.planned_by, due=row.due_on)


def _cases(viewer: Actor) -> list[Item]:
    waiting = [
        Q(state__in=states) & in_areas(viewer.areas(right))
        for right in Right
        if viewer.has(right) and (states := _states_for(right))
    ]
    if viewer.has(Right.INSPECT):
        files = [state for state in CaseState.values if not is_visit_question(state)]
        waiting.append(
            Q(state=CaseState.CORRECTION, returned_to__in=files) & in_areas(viewer.areas(Right.INSPECT))
        )
    if not waiting:
        return []
    # An answer owed at the window has a line of its own.
    own = Clock.objects.exclude(kind__startswith="counter.")
    ended = own.filter(case=OuterRef("pk"), stopped_at=None).order_by().values("case")
    pressing = When(If(state__in=PRESSING, then=Value(0)), default=Value(1))
    rows = Case.objects.filter(_any(waiting)).order_by(pressing, "opened_at", "pk")
    rows = rows.exclude(state=CaseState.DISTRICT_APPROVAL, street_by=viewer.person_id)
    rows = rows.exclude(
        Exists(in_other_hands(viewer).filter(process=OuterRef("process_id"), step=OuterRef("state")))
    )
    found = (
        _shown(rows)
        .annotate(due_on=Subquery(ended.annotate(last=Max("due_on")).values("last")))
        .values_list(
            "code",
            "area",
            "state",
            "measures",
            "returned_why",
            "opened_at",
            "due_on",
            "subject__name",
            named=True,
        )
    )
    return [_case_item(row) for row in found]


def _states_for(right: Right) -> list[str]:
    """A case sent back to the door waits for the phone; its new visit comes as a finding."""
    return [state for state in steps_with(CaseFlow, right) if state != CaseState.CORRECTION]


def _case_item(row: Any) -> Item:
    why = "、".join(matter(row.measures))
    if row.state == CaseState.CORRECTION:
        why = _("退回理由：{why}").format(why=row.returned_why)
    # A term that was kept says nothing of the step after it: only pressing states carry its end along.
    due = row.due_on if row.state in PRESSING else None
    title = f"{row.code} {row.subject__name}"
    href = reverse("case", args=[row.code])
    return Item(
        "case",
        str(CaseState(row.state).label),
        title,
        why,
        row.area,
        href,
        day_of(row.opened_at),
        due,
        state=row.state,
    )


def _pool(viewer: Actor) -> list[Item]:
    """Subjects without a grid: the viewer's own pools, and one line for those below where nobody nearer is posted."""
    own = viewer.areas(Right.PLACE)
    if not own:
        return []
    rows = within(Subject.objects.filter(placement=Placement.UNPLACED), viewer, Right.PLACE)
    pools = list(rows.order_by().values_list("area").annotate(count=Count("pk"), since=Min("added_at")))
    mine = [_pool_item(area, count, since) for area, count, since in pools if area in own]
    below = [pool for pool in pools if pool[0] not in own]
    left = _unattended(below, own) if below else []
    if left:
        words = _("{n} 处没有在岗的复核员").format(n=len(left))
        whole = min(own, key=len)
        mine.append(_pool_item(whole, sum(one[1] for one in left), min(one[2] for one in left), words, ""))
    return mine


def _pool_item(area: str, count: int, since: datetime, why: str = "", asked: str | None = None) -> Item:
    return Item(
        "pool", _("待归格"), _("{count} 户待归格").format(count=count), why or _("地址没有写明社区"), area,
        f"{reverse('pool')}?area={area if asked is None else asked}", day_of(since),
    )  # fmt: skip


def _unattended(pools: list[Any], own: Iterable[str]) -> list[Any]:
    """Of the pools below, those without anybody posted nearer than the viewer. One query."""
    nearer = Posting.objects.filter(
        valid_on(today()), in_areas(own, "area_id"), role__in=PLACERS, person__is_active=True
    )
    held = {*nearer.values_list("area_id", flat=True)} - {*own}
    return [pool for pool in pools if not any(pool[0][:length] in held for length in (12, 9, 6))]


def _visits(viewer: Actor) -> list[Item]:
    """Visits that wait for a named person: a line for each community and kind, for whoever reviews nearest."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = Visit.objects.filter(visits.WAITING, _nearest(viewer))
    counts = (
        rows.annotate(community=Substr("area", 1, COMMUNITY))
        .order_by()
        .values("route", "community")
        .annotate(count=Count("pk"), since=Min("received_at"))
        .order_by("since")
    )
    return [_visits_item(row) for row in counts[:LIMIT]]


def _nearest(viewer: Actor) -> Q:
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


def _visits_item(row: Any) -> Item:
    if row["route"] == Route.CLASH:
        label, title = _("核定走访"), _("{count} 户有两人先后走访").format(count=row["count"])
        why, page = _("两份记录都已保存，请核定采用哪一份"), "clashes"
    else:
        label, title = _("认领走访"), _("{count} 条走访待认领").format(count=row["count"])
        why, page = _("没有对应的任务或单位，请说明是哪一户，或者搁置"), "unclaimed"
    href = f"{reverse(page)}?area={row['community']}"
    return Item(row["route"], label, title, why, row["community"], href, day_of(row["since"]))


def _held_words(viewer: Actor) -> list[Item]:
    """What came from revoked phones and ended postings: a line for each worker and community, and the page itself
    where it is one visit."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = AfterEnd.objects.filter(_nearest(viewer), verdict=Verdict.WAITING)
    counts = (
        rows.exclude(visit__person=viewer.person_id)
        .annotate(community=Substr("area", 1, COMMUNITY))
        .order_by()
        .values("community", "visit__person", "visit__person__full_name")
        .annotate(count=Count("pk"), since=Min("visit__received_at"), code=Min("visit__code"))
        .order_by("since")
    )
    return [_held_item(row) for row in counts[:LIMIT]]


def _held_item(row: Any) -> Item:
    title = _("{who}的 {count} 条走访").format(who=row["visit__person__full_name"], count=row["count"])
    why = _("手机已停用或岗位已结束之后收到，请核定是否采用")
    if row["count"] == 1:
        href = reverse("held-visit", args=[row["code"]])
    else:
        href = f"{reverse('held-visits')}?area={row['community']}&person={row['visit__person']}"
    label = _("核定停用后所报")
    return Item("held", label, title, why, row["community"], href, day_of(row["since"]))


def _services(viewer: Actor) -> list[Item]:
    """Documents carried to a door whose service waits for a decision: a line for each."""
    if not (viewer.areas(Right.SERVE) and viewer.areas(Right.REVIEW)):
        return []
    rows = waiting_services(viewer).filter(_nearest(viewer)).exclude(visit__person=viewer.person_id)[:LIMIT]
    return [
        Item(
            "service", _("核定上门送达"), row.notice.number if row.notice else _("文号不明的文书"),
            reason_words(row), row.area, reverse("door-service", args=[row.visit.code]), day_of(row.taken_at),
        )
        for row in rows
    ]  # fmt: skip


def _assessments(viewer: Actor) -> list[Item]:
    """A year's numbers to be confirmed by its district; objections to them, and the year's end, for the city."""
    return [Item(**waiting._asdict()) for waiting in assessments_waiting(viewer)]


def _duties(viewer: Actor) -> list[Item]:
    """Referrals to answer or to decide on, and plans handed down and not yet split."""
    return [Item(**waiting._asdict()) for waiting in duties_waiting(viewer, LIMIT)]


def _deliveries(viewer: Actor) -> list[Item]:
    """Registers above the brake that somebody else delivered, those to be looked at, and those that are late."""
    if not viewer.has(Right.IMPORT):
        return []
    waiting = [
        Item(
            "delivery", _("确认名册"), str(one), _delivery_words(one), one.area,
            reverse("delivery", args=[one.pk]), day_of(one.delivered_at), state=one.state,
        )
        for one in waiting_for(viewer)[:LIMIT]
    ]  # fmt: skip
    return waiting + [_late_register(one) for one in late_for(viewer)[:LIMIT]]


def _late_register(late: Expected) -> Item:
    last = _("最近一次数据日期 {day}").format(day=late.newest) if late.newest else _("还没有送达过")
    why = _("应于 {due} 前送达，由{keepers}提供；{last}").format(
        due=late.due_on, keepers=late.keepers, last=last
    )
    title = _("{register}名册未送达").format(register=late.label)
    return Item(
        "register", _("催交名册"), title, why, late.area, reverse("registers"), late.due_on, late.due_on,
        state="late",
    )  # fmt: skip


def _delivery_words(delivery: Delivery) -> str:
    told = Foreseen.of(delivery)
    lines = (
        (_("终止 {n} 户"), told.ends),
        (_("其中不再在册 {n} 户"), told.left),
        (_("办结 {n} 户"), told.heals),
        (_("新增 {n} 户"), told.added),
        (_("变更 {n} 户"), told.changed),
    )
    what = "、".join(words.format(n=n) for words, n in lines if n) or _("不改变任何内容")
    if delivery.state == DeliveryState.WAITING:
        return _("采用后将{what}，须第二人确认").format(what=what)
    return _("采用后将{what}，请查看后决定").format(what=what)


def _any(conditions: Iterable[Q]) -> Q:
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either
