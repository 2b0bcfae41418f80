"""Reading measures and orders: a liaison sees the own department's and nothing else, the city sees all."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Held, Right, in_area, in_areas, within
from workflows.notices.models import Notice, NoticeKind
from workflows.sanctions.models import Sanction, SanctionOrder

# Nothing is owed while the entry is stayed, but the lifting of it.
WAITING = Q(lift_at=None, answered_at=None, listing__stayed_at=None) | Q(
    lift_at__isnull=False, lifted_at=None
)


def measures() -> list[Sanction]:
    """The measures as they stand, by their number."""
    rows = Sanction.objects.filter(valid_to=None).select_related("edited_by")
    return sorted(rows, key=lambda row: (len(row.code), row.code))


def measure_at(code: str) -> Sanction:
    found = Sanction.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise problems.NotHere()
    return found


def versions_of(code: str) -> QuerySet[Sanction]:
    return Sanction.objects.filter(code=code).select_related("edited_by").order_by("-valid_from", "-pk")


def selectable() -> QuerySet[Sanction]:
    """Measures with a basis in force, inside the national list."""
    rows = Sanction.objects.filter(valid_to=None, in_national_list=True, valid_from__lte=today())
    return rows.exclude(basis="").order_by("pk")


def measures_meant() -> tuple[tuple[str, ...], bool]:
    """What an entry brings with it today, each measure with its basis, and whether the lawyers have passed them all. An
    entry is public whatever else may be chosen."""
    chosen = list(selectable())
    words = _("{title}（依据：{basis}）。")
    told = tuple(words.format(title=measure.title, basis=measure.basis) for measure in chosen)
    return told or (_("在公示网站公布列入信息。"),), all(measure.reviewed for measure in chosen)


def is_named(measure: Sanction, lines: Iterable[str]) -> bool:
    """Whether it is among the measures a notice names; it may have got another basis since."""
    return any(line.startswith(f"{measure.title}（") for line in lines)


def measures_named(case_id: int) -> list[str]:
    """The lines of the newest 列入告知书 that say what being listed brings; one query."""
    notices = Notice.objects.filter(case=case_id, kind=NoticeKind.LISTING_NOTICE, withdrawn_at=None)
    values = notices.order_by("-pk").values_list("values", flat=True).first() or {}
    return [str(line) for line in values.get("measures", ())]


def orders_for(viewer: Actor, *, only_waiting: bool = False) -> QuerySet[Any]:
    """Orders to the viewer's department, and for the offices that list those of their territory; soonest first."""
    rows = with_last_day().select_related("sanction", "listing__subject", "ordered_by", "answered_by")
    if only_waiting:
        rows = rows.filter(WAITING)
    mine = own_department(viewer)
    seen = rows.filter(mine)
    if viewer.has(Right.SEE_CASES):
        seen = seen | within(rows, viewer, Right.SEE_CASES)
    return seen.order_by("last_day", "pk")


def orders_waiting(viewer: Actor) -> QuerySet[Any]:
    """What the viewer's own department has to answer, and for the city what went unanswered; soonest first."""
    unanswered = Q(escalated_on__isnull=False) & in_areas(viewer.areas(Right.DECIDE_CITY))
    rows = with_last_day().filter(WAITING, own_department(viewer) | unanswered)
    return rows.select_related("sanction", "listing__subject").order_by("last_day", "pk")


def with_last_day() -> QuerySet[Any]:
    """Orders with `last_day`, the end of the term that runs for them, to be chosen and sorted by."""
    return SanctionOrder.objects.annotate(last_day=Coalesce(F("lift_due_on"), F("due_on")))


def held_at(order: SanctionOrder, by: Actor) -> Held | None:
    """Asks for the posting by which `by` answers for the department of `order`."""
    fitting = (
        held
        for held in by.held
        if held.grants(Right.ANSWER_REFERRAL)
        and held.department == order.department
        and held.covers(order.area)
    )
    return max(fitting, key=lambda held: len(held.area), default=None)


def own_department(viewer: Actor) -> Q:
    limit = Q(pk__in=[])
    for held in viewer.held:
        if held.grants(Right.ANSWER_REFERRAL) and held.department:
            limit |= Q(department=held.department) & in_area(held.area)
    return limit


def order_at(viewer: Actor, pk: int) -> SanctionOrder:
    """Raises NotHere for another department's, as for one that does not exist."""
    found: SanctionOrder | None = orders_for(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def orders_of(listing_id: int) -> QuerySet[SanctionOrder]:
    """All orders about one entry that the caller may see."""
    rows = SanctionOrder.objects.filter(listing=listing_id).select_related("sanction", "answered_by")
    return rows.order_by("pk")


def reads_orders(viewer: Actor) -> bool:
    return viewer.has(Right.SEE_CASES) or viewer.has(Right.ANSWER_REFERRAL)
