"""What the list puts into the inbox: objections, repairs, decisions about entries to hand over."""

from django.db.models import Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Waiting
from workflows.clocks.models import Clock
from workflows.listing import queries
from workflows.listing.models import Listing


def entries_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Objections to answer and repairs to decide: two queries, and none for whoever does not decide on the list."""
    if not viewer.has(Right.DECIDE_CITY):
        return []
    return [*_objections(viewer, limit), *_repairs(viewer, limit)]


def _objections(viewer: Actor, limit: int) -> list[Waiting]:
    rows = queries.objections_waiting(viewer).annotate(due_on=_term("listing.objection"))[:limit]
    return [
        Waiting(
            "objection", _("答复异议"), _title(row.listing), row.text[:80], row.listing.area,
            reverse("listing", args=[row.listing.code]), row.filed_on, row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def _repairs(viewer: Actor, limit: int) -> list[Waiting]:
    rows = queries.repairs_waiting(viewer).annotate(due_on=_term("repair.decide"))[:limit]
    return [
        Waiting(
            "repair", _("决定信用修复"), _title(row.listing), _("已现场核查，待决定"), row.listing.area,
            reverse("listing", args=[row.listing.code]), row.applied_on, row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def _term(kind: str) -> Subquery:
    """The end of the running term of a kind, in the case of the entry."""
    running = Clock.objects.filter(case=OuterRef("listing__case"), kind=kind, fired_at=None, stopped_at=None)
    return Subquery(running.order_by().values("case").annotate(first=Min("due_on")).values("first"))


def _title(listing: Listing) -> str:
    return f"{listing.code} {listing.subject.name}"


def papers_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Decisions about entries that the viewer may hand over."""
    if not viewer.has(Right.SERVE):
        return []
    return [
        Waiting(
            "paper", _("送达文书"), f"{row.case.code} {row.case.subject.name}",
            _("{kind} {number} 待送达").format(kind=row.get_kind_display(), number=row.number), row.area,
            reverse("case", args=[row.case.code]), day_of(row.issued_at),
        )
        for row in queries.papers_waiting(viewer)[:limit]
    ]  # fmt: skip
