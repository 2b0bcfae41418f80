"""Papers that wait for their approval or for the seal, those sent back, and the register of the seal's use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from grid.calendar.now import day_of, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Workdays, due_on
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.scope import Actor, Right, in_areas, narrowed, within
from workflows.clocks.rules import unit_of
from workflows.notices.letters import letter_of, signing_kinds
from workflows.notices.models import Approval, ApprovalWay, Notice, SealUse

SIGNING = (Right.SIGN_STREET, Right.SIGN_DISTRICT, Right.SIGN_CITY)
TERM = "papers.approve"


def signs_papers(viewer: Actor) -> bool:
    """For pages and menus: whether papers wait for the viewer at all."""
    return any(viewer.has(right) for right in SIGNING)


def may_sign(viewer: Actor, notice: Notice) -> bool:
    """Whether the approval of this paper is the viewer's: by post, and not of an own draft."""
    right = letter_of(notice.kind).signed_by
    return right is not None and viewer.can(right, notice.area) and notice.issued_by_id != viewer.person_id


def _mine(viewer: Actor) -> Q:
    """What the viewer may approve by post: the kinds of each right, where it is held."""
    found = Q(pk__in=[])
    for right in SIGNING:
        if areas := viewer.areas(right):
            found |= Q(kind__in=signing_kinds(right)) & in_areas(areas, "approval__area")
    return found


def unsigned(viewer: Actor, kind: str = "", area: str = "") -> QuerySet[Notice]:
    """Papers that wait for the approval of the viewer, who drafted none of them; the oldest first."""
    rows = Notice.objects.filter(_mine(viewer), approval__way=ApprovalWay.WAITING, withdrawn_at=None)
    rows = narrowed(rows.exclude(issued_by=viewer.person_id), area)
    return (rows.filter(kind=kind) if kind else rows).order_by("issued_at", "pk")


def unsigned_page(viewer: Actor, kind: str, area: str) -> QuerySet[Notice]:
    """The same with all the list shows."""
    return unsigned(viewer, kind, area).select_related("case__subject", "issued_by")


@dataclass(frozen=True)
class Heap:
    """What waits of one kind: how many, since when, until when."""

    kind: str
    title: str
    count: int
    since: date
    due_on: date
    area: str


def heaps_of(viewer: Actor) -> list[Heap]:
    """What waits for the viewer's approval, by kind: one query, and the calendar where there is something."""
    counted = unsigned(viewer).order_by().values("kind")
    rows = list(
        counted.annotate(count=Count("pk"), since=Min("issued_at"), area_=Min("area")).order_by("since")
    )
    if not rows:
        return []
    term, days = the_law(today())[TERM], workdays()
    return [
        Heap(
            row["kind"], letter_of(row["kind"]).title, row["count"], day := day_of(row["since"]),
            due_by(day, term, days), row["area_"],
        )
        for row in rows
    ]  # fmt: skip


def due_by(issued_on: date, term: Provision, days: Workdays) -> date:
    """Until when a paper of that day is to be approved."""
    due = due_on(issued_on, int(term.value), unit_of(term.unit), days)
    assert due is not None  # nothing pauses it
    return due


def returned(viewer: Actor) -> QuerySet[Approval]:
    """What the viewer drafted and had sent back, until it is issued again in whatever way."""
    again = Notice.objects.filter(case=OuterRef("notice__case"), kind=OuterRef("notice__kind"))
    rows = Approval.objects.filter(way=ApprovalWay.RETURNED, notice__issued_by=viewer.person_id)
    rows = within(rows, viewer, Right.SEE_CASES, "notice__area").filter(notice__case__closed_at=None)
    rows = rows.exclude(Exists(again.filter(pk__gt=OuterRef("notice"))))
    return rows.select_related("notice__case__subject").order_by("at", "pk")


def keeps_apart(viewer: Actor) -> bool:
    """Whether an office of the viewer's keeps its seal apart. Hardly any does, and then a million papers are not looked
    through for one without its seal."""
    rows = the_law(today()).some("seal.apart").values()
    return any(viewer.can(Right.SEAL, office) for row in rows for office in row.value)


def unsealed(viewer: Actor) -> QuerySet[Notice]:
    """Approved papers of offices that keep their seal apart, for its keeper."""
    rows = within(Notice.objects.filter(seal_use=None, withdrawn_at=None), viewer, Right.SEAL)
    signed = rows.filter(approval__way__in=(ApprovalWay.SIGNED, ApprovalWay.DECIDED))
    return signed.select_related("case__subject", "approval__by").order_by("approval__at", "pk")


@dataclass(frozen=True)
class Days:
    """From when to when the register is asked for, and of which office."""

    first: date
    last: date
    office: str = ""


def days_of(first: date | None, last: date | None, office: str) -> Days:
    """The days asked for; the last thirty where nothing is."""
    until = last or today()
    return Days(first or until - timedelta(days=30), until, office)


def seal_uses(viewer: Actor, days: Days) -> QuerySet[SealUse]:
    """The register of the seal's use: within the viewer's territory, the newest day first."""
    rows = within(SealUse.objects.filter(on__range=(days.first, days.last)), viewer, Right.SEE_CASES)
    if days.office:
        rows = rows.filter(office=days.office)
    return rows.select_related("notice__case__subject", "notice__approval__by", "by").order_by(
        "-on", "office", "-pk"
    )


def offices_sealing(viewer: Actor) -> list[str]:
    """The offices whose seal was used within the viewer's territory."""
    rows = within(SealUse.objects.all(), viewer, Right.SEE_CASES).order_by("office")
    return list(rows.values_list("office", flat=True).distinct())


def register_lines(uses: QuerySet[SealUse]) -> Iterator[Sequence[object]]:
    """The register as lines of a table."""
    for use in uses.iterator(500):
        notice, approval = use.notice, use.notice.approval
        yield (
            use.on, use.office, use.seal, notice.number, notice.get_kind_display(), notice.case.subject.name,
            use.copies, approval.by.full_name if approval.by else "", approval.post,
            use.by.full_name if use.by else "",
        )  # fmt: skip
