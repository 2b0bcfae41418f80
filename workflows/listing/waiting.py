"""What the list puts into the inbox: objections, repairs, decisions about entries to hand over."""

from django.db.models import Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Seldom, Waiting
from workflows.clocks.models import Clock
from workflows.listing import queries
from workflows.listing.models import Listing
from workflows.notices.terms import OBJECTION, REMOVAL, REPAIR


def _defences(viewer: Actor, limit: int) -> list[Waiting]:
    """Files in the term of defence, for whoever may record what the party says and answer it."""
    rows = queries.defences_waiting(viewer).annotate(due_on=_term("listing.defence", "case"))[:limit]
    return [
        Waiting(
            "defence", _("听取陈述申辩"), _title(row), _defence_words(row), row.area,
            reverse("case", args=[row.case.code]), row.noticed_on or day_of(row.proposed_at), row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def _defence_words(row: Listing) -> str:
    if not row.defence_on:
        return _("列入告知书已送达，陈述申辩期内")
    return _("当事人已陈述申辩，已答复") if row.defence_answer else _("当事人已陈述申辩，待答复")


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


def _term(kind: str, case: str = "listing__case") -> Subquery:
    """The end of the running term of a kind, in the case of the entry."""
    running = Clock.objects.filter(case=OuterRef(case), kind=kind, fired_at=None, stopped_at=None)
    return Subquery(running.order_by().values("case").annotate(first=Min("due_on")).values("first"))


def _title(listing: Listing) -> str:
    return f"{listing.code} {listing.subject.name}"


def _papers(viewer: Actor, limit: int) -> list[Waiting]:
    """Decisions about entries that the viewer may hand over."""
    if not viewer.has(Right.SERVE):
        return []
    # Late or not: it is owed until it is handed over.
    terms = Clock.objects.filter(
        case=OuterRef("case"), kind__in=(REMOVAL, REPAIR, OBJECTION), stopped_at=None
    )
    due_on = Subquery(terms.order_by().values("case").annotate(first=Min("due_on")).values("first"))
    return [
        Waiting(
            "paper", _("送达文书"), f"{row.case.code} {row.case.subject.name}",
            _("{kind} {number} 待送达").format(kind=row.get_kind_display(), number=row.number), row.area,
            reverse("case", args=[row.case.code]), day_of(row.issued_at), row.due_on,
        )
        for row in queries.papers_waiting(viewer).annotate(due_on=due_on)[:limit]
    ]  # fmt: skip


DEFENCES = Seldom(queries.defences_waiting, _defences)
OBJECTIONS = Seldom(queries.objections_waiting, _objections)
REPAIRS = Seldom(queries.repairs_waiting, _repairs)
PAPERS = Seldom(queries.papers_waiting, _papers)
