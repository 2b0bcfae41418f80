"""What the list and its sanctions put into the inbox: objections, repairs, announcements, measures asked of a department."""

from django.db.models import Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from project.inbox_items import LIMIT, Item
from workflows.announcements.models import Announcement
from workflows.announcements.queries import announcements_waiting
from workflows.announcements.rules import quarter_end
from workflows.clocks.models import Clock
from workflows.listing.models import Listing
from workflows.listing.queries import objections_waiting, papers_waiting, repairs_waiting
from workflows.sanctions.models import SanctionOrder
from workflows.sanctions.queries import orders_waiting


def listings_waiting(viewer: Actor) -> list[Item]:
    """At most two queries, and none for whoever does not decide on the list."""
    if not viewer.has(Right.DECIDE_CITY):
        return []
    return [*_objections(viewer), *_repairs(viewer)]


def _term(kind: str) -> Subquery:
    """The end of the running term of a kind, in the case of the entry."""
    running = Clock.objects.filter(case=OuterRef("listing__case"), kind=kind, fired_at=None, stopped_at=None)
    return Subquery(running.order_by().values("case").annotate(first=Min("due_on")).values("first"))


def _objections(viewer: Actor) -> list[Item]:
    rows = objections_waiting(viewer).annotate(due_on=_term("listing.objection"))[:LIMIT]
    return [
        Item(
            "objection", _("答复异议"), _title(row.listing), row.text[:80], row.listing.area,
            reverse("listing", args=[row.listing.code]), row.filed_on, row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def _repairs(viewer: Actor) -> list[Item]:
    rows = repairs_waiting(viewer).annotate(due_on=_term("repair.decide"))[:LIMIT]
    return [
        Item(
            "repair", _("决定信用修复"), _title(row.listing), _("已现场核查，待决定"), row.listing.area,
            reverse("listing", args=[row.listing.code]), row.applied_on, row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def papers(viewer: Actor) -> list[Item]:
    """Decisions about entries to hand over: one query."""
    if not viewer.has(Right.SERVE):
        return []
    return [
        Item(
            "paper", _("送达文书"), f"{row.case.code} {row.case.subject.name}",
            _("{kind} {number} 待送达").format(kind=row.get_kind_display(), number=row.number), row.area,
            reverse("case", args=[row.case.code]), day_of(row.issued_at),
        )
        for row in papers_waiting(viewer)[:LIMIT]
    ]  # fmt: skip


def _title(listing: Listing) -> str:
    return f"{listing.code} {listing.subject.name}"


def announcements(viewer: Actor) -> list[Item]:
    """社会公布 to decide on, and objections to it: one query."""
    if not (viewer.has(Right.DECIDE_DISTRICT) or viewer.has(Right.DECIDE_CITY)):
        return []
    return [_announcement(row) for row in announcements_waiting(viewer)[:LIMIT]]


def _announcement(row: Announcement) -> Item:
    href = reverse("announcement", args=[row.code])
    label, words, since, due_on = _("决定社会公布"), row.facts, day_of(row.proposed_at), None
    if row.objected_on:
        label, words, since, due_on = _("答复公布异议"), row.objection, row.objected_on, row.objection_due_on
    elif row.decided_at:
        # By the quarter (人社部令第29号), with all that is decided by then.
        label, words, since = _("公布本季度批次"), _("已决定公布，待编入批次"), day_of(row.decided_at)
        due_on, href = quarter_end(since), reverse("announcements")
    return Item("announcement", label, f"{row.code} {row.name}", words[:80], row.area, href, since, due_on)


def sanctions(viewer: Actor) -> list[Item]:
    """Measures the viewer's department has to carry out or to lift, and to the city those that went unanswered
    past their term: one query."""
    if not (viewer.has(Right.ANSWER_REFERRAL) or viewer.has(Right.DECIDE_CITY)):
        return []
    return [
        Item(
            "sanction", _("解除惩戒措施") if row.lift_at else _("反馈惩戒措施"),
            f"{row.sanction.title} · {row.listing.subject.name}", _sanction_words(row, viewer), row.area,
            reverse("sanction-order", args=[row.pk]), day_of(row.lift_at or row.ordered_at), row.last_day,
        )
        for row in orders_waiting(viewer)[:LIMIT]
    ]  # fmt: skip


def _sanction_words(row: SanctionOrder, viewer: Actor) -> str:
    if row.escalated_on and viewer.can(Right.DECIDE_CITY, row.area):
        return _("{name}逾期未反馈，请督办").format(name=row.department)
    return str(row.lift_why or row.basis)
