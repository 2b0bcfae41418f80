"""Reading published penalties: the desk within its territory, the public what stands and why something was withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, today
from grid.scope import Actor, Right, in_areas, narrowed, within
from workflows.announcements.rules import private_names, shown_name
from workflows.clocks.models import Clock
from workflows.disclosures.models import Disclosure
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.listing import problems as listing_problems
from workflows.listing.actions.public_feed import Page
from workflows.listing.rules import masked
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.models import Remedy, RemedyOutcome, RemedyTarget

FEED_PAGE = 500
# Decisions that wait at once, where nobody asks for fewer.
PILE = 1_000
COLUMNS = (
    "place", "code", "state", "number", "authority", "decided_on", "name", "credit_code", "facts", "basis", "content",
    "published_on", "ends_on", "withdrawn_why", "removed_on",
)  # fmt: skip
OWED = ("penalty.publish", "penalty.withdraw")


# --- what became of the decision -------------------------------------------------------------------


def fallen(inspection: Inspection) -> bool:
    """Whether a review or a judgment quashed the decision."""
    quashed = Remedy.objects.filter(case=inspection.case_id, target=RemedyTarget.PENALTY)
    return quashed.filter(outcome=RemedyOutcome.QUASHED, filed_on__gte=inspection.decided_on).exists()


def stay_of(inspection: Inspection) -> Remedy | None:
    """The review or suit by which it is stayed now."""
    return Remedy.objects.staying(RemedyTarget.PENALTY).filter(case=inspection.case_id).first()


def is_repairable(inspection: Inspection, entry: Disclosure) -> bool:
    """The shortest period is full, and what was imposed is performed."""
    if entry.repair_from is None or today() < entry.repair_from:
        return False
    return inspection.state in (S.PERFORMED, S.ENFORCED)


# --- what the decision says ------------------------------------------------------------------------


def _decision(inspection: Inspection) -> Notice | None:
    rows = Notice.objects.filter(case=inspection.case_id, kind=NoticeKind.PENALTY_DECISION)
    return rows.filter(number=inspection.decision_number).first()


def basis_of(inspection: Inspection) -> str:
    """The duty broken and the power to punish, as the decision names them."""
    decision = _decision(inspection)
    values = decision.values if decision else {}
    words = _("违反{broken}；依据{basis}")
    return words.format(broken=_cited(values.get("breached", ())), basis=_cited(values.get("basis", ())))[
        :1000
    ]


def _cited(clauses: Iterable[Mapping[str, str]]) -> str:
    return "、".join(f"《{clause['law']}》{clause['article']}" for clause in clauses)


def content_of(inspection: Inspection) -> str:
    """The fine as it stands, by whose judgment where it was changed, and what is to be corrected."""
    fine = _("罚款 {sum} 元").format(sum=f"{inspection.fine or Decimal(0):,.2f}")
    changed = Remedy.objects.filter(
        case=inspection.case_id, target=RemedyTarget.PENALTY, outcome=RemedyOutcome.CHANGED,
        filed_on__gte=inspection.decided_on,
    ).last()  # fmt: skip
    if changed:
        fine += _("（经{kind}变更：{number}）").format(
            kind=changed.get_kind_display(), number=changed.outcome_number
        )
    decision = _decision(inspection)
    corrections = decision.values.get("corrections", ()) if decision else ()
    return "；".join((fine, *corrections))[:500]


# --- the public ------------------------------------------------------------------------------------


def _standing() -> Q:
    return Q(withdrawn_at=None, fallen_at=None, repaired_at=None, ends_on__gte=today())


def _stayed() -> Exists:
    stays = Remedy.objects.staying(RemedyTarget.PENALTY)
    return Exists(stays.filter(case=OuterRef("inspection__case")))


def public_entries(text: str = "") -> QuerySet[Disclosure]:
    """What the public may read: decisions that stand, whose period has not ended, and that no order stays."""
    rows = Disclosure.objects.filter(_standing()).exclude(_stayed()).select_related("subject")
    if text := text.strip():
        rows = rows.filter(Q(name__contains=text) | Q(credit_code=text.upper()) | Q(number=text))
    return rows.order_by("-published_at", "-pk")


def public_entry(code: str) -> Disclosure:
    """One that stands, or one that was withdrawn, of which the reason is public until its period would have ended
    (行政处罚法48条2款: 公开说明理由). Raises NotHere."""
    withdrawn = Q(withdrawn_at__isnull=False, ends_on__gte=today())
    rows = Disclosure.objects.filter(_standing() | withdrawn, code=code)
    found = rows.exclude(Q(withdrawn_at=None) & Q(_stayed())).select_related("subject").first()
    if found is None:
        raise problems.NotHere()
    return found


@dataclass(frozen=True)
class Shown:
    """An entry as the public sees it: of a natural person no more than the first character of the name."""

    entry: Disclosure
    name: str
    facts: str
    content: str


def shown(entry: Disclosure) -> Shown:
    kind = entry.subject.kind
    names = [entry.name] if entry.subject.is_person else private_names(entry.head, kind)
    name = masked(entry.name, names) if entry.subject.is_person else shown_name(entry.name, entry.head, kind)
    return Shown(entry, name, masked(entry.facts, names), masked(entry.content, names))


def feed_after(cursor: int) -> Page:
    """What changed after `cursor`, at most FEED_PAGE entries; two queries. Raises FeedCursorUnknown."""
    newest = Disclosure.objects.order_by("-feed").values_list("feed", flat=True).first() or 0
    if not 0 <= cursor <= newest:
        raise listing_problems.FeedCursorUnknown(cursor=cursor)
    rows = Disclosure.objects.filter(feed__gt=cursor).select_related("subject").annotate(stayed=_stayed())
    found = list(rows.order_by("feed")[: FEED_PAGE + 1])
    page = found[:FEED_PAGE]
    return Page(list(map(_feed_row, page)), page[-1].feed if page else cursor, len(found) > FEED_PAGE)


def _feed_row(entry: Disclosure) -> dict[str, str | int | bool | None]:
    """The row of the feed; a tombstone once it is not public, which tells no more than that it left, and why one that
    was withdrawn did."""
    row: dict[str, str | int | bool | None] = dict.fromkeys(COLUMNS, "")
    row |= {"place": entry.feed, "code": entry.code, "state": "removed"}
    left_at = entry.withdrawn_at or entry.fallen_at or entry.repaired_at
    if left_at or entry.ends_on < today() or getattr(entry, "stayed", False):
        removed_on = str(day_of(left_at)) if left_at else str(min(entry.ends_on, today()))
        return row | {"withdrawn_why": masked(entry.withdrawn_why), "removed_on": removed_on}
    seen = shown(entry)
    return row | {
        "state": "published", "number": entry.number, "authority": entry.authority,
        "decided_on": str(entry.decided_on), "name": seen.name, "credit_code": masked(entry.credit_code),
        "facts": seen.facts, "basis": entry.basis, "content": seen.content,
        "published_on": str(day_of(entry.published_at)), "ends_on": str(entry.ends_on),
    }  # fmt: skip


# --- the desk --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A decided inspection with what was published of it; `entry` is the one that stands or is to be withdrawn."""

    inspection: Inspection
    entries: list[Disclosure]
    terms: list[Clock]
    stay: Remedy | None
    has_fallen: bool

    @property
    def area(self) -> str:
        return self.inspection.area

    @property
    def entry(self) -> Disclosure | None:
        return next((entry for entry in self.entries if entry.withdrawn_at is None), None)

    @property
    def is_public(self) -> bool:
        entry = self.entry
        stands = (
            entry is not None and not entry.fallen_at and not entry.repaired_at and entry.ends_on >= today()
        )
        return stands and self.stay is None

    @property
    def is_publishable(self) -> bool:
        served_on = self.inspection.served_on
        binds = served_on is not None and served_on <= today()
        return binds and self.entry is None and self.stay is None and not self.has_fallen

    @property
    def is_repairable(self) -> bool:
        entry = self.entry
        if entry is None or entry.repaired_at or entry.fallen_at or entry.ends_on < today():
            return False
        return is_repairable(self.inspection, entry)


def decided_at(viewer: Actor, code: str) -> Inspection:
    """The decided inspection of this code. Raises NotHere outside the viewer's territory."""
    rows = within(Inspection.objects.filter(decided_on__isnull=False), viewer, Right.SEE_CASES)
    found = rows.select_related("case__subject").filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def file_of(inspection: Inspection) -> File:
    """Five queries; the inspection comes from a scoped one."""
    people = ("published_by", "withdrawn_by", "repaired_by", "subject")
    terms = Clock.objects.filter(case=inspection.case_id, kind__in=OWED, fired_at=None, stopped_at=None)
    return File(
        inspection,
        list(inspection.disclosures.select_related(*people).order_by("-pk")),
        list(terms.select_related("extension__approved_by").prefetch_related("pauses").order_by("due_on")),
        stay_of(inspection),
        fallen(inspection),
    )


def _owing(kind: str) -> Subquery:
    """The last day of what is owed for the decision, run out or not: what is late is owed all the same."""
    owed = Clock.objects.filter(case=OuterRef("case"), kind=kind, stopped_at=None)
    return Subquery(owed.order_by().values("case").annotate(first=Min("due_on")).values("first"))


def decisions() -> QuerySet[Inspection]:
    """Decisions with the day until which each is to be published or withdrawn (`publish_by`, `withdraw_by`), and
    whether anything of it stands."""
    rows = Inspection.objects.filter(decided_on__isnull=False)
    rows = rows.annotate(publish_by=_owing("penalty.publish"), withdraw_by=_owing("penalty.withdraw"))
    own = Disclosure.objects.filter(inspection=OuterRef("pk"), withdrawn_at=None)
    quashed = Remedy.objects.filter(case=OuterRef("case"), target=RemedyTarget.PENALTY)
    quashed = quashed.filter(outcome=RemedyOutcome.QUASHED, filed_on__gte=OuterRef("decided_on"))
    falls = Exists(own.filter(fallen_at__isnull=False))
    return rows.annotate(stands=Exists(own), falls=falls, quashed=Exists(quashed))


TO_PUBLISH = Q(stands=False, quashed=False, publish_by__isnull=False, served_on__isnull=False)
TO_WITHDRAW = Q(falls=True)


def decisions_for(viewer: Actor, state: str = "", area: str = "") -> QuerySet[Inspection]:
    """Within the viewer's territory. `state`: due, fallen, published, else all; the newest first."""
    rows = narrowed(within(decisions(), viewer, Right.SEE_CASES), area)
    limits = {"due": TO_PUBLISH, "fallen": TO_WITHDRAW, "published": Q(stands=True, falls=False)}
    rows = rows.filter(limits[state]) if state in limits else rows
    return rows.select_related("case__subject").order_by("-decided_on", "-pk")


@dataclass(frozen=True)
class Owed:
    """A decision that is to be published, or withdrawn (`falls`), with the last day of that."""

    inspection: Inspection
    falls: bool
    due_on: date | None


# Of an inspection's eighty columns and its case's and subject's, what a line of the inbox shows.
OF_A_LINE = ("code", "area", "decided_on", "decision_number", "case__code", "case__subject__name")


def owed_by(viewer: Actor) -> QuerySet[Inspection]:
    areas = {*viewer.areas(Right.DECIDE_CITY), *viewer.areas(Right.DECIDE_DISTRICT)}
    stays = Remedy.objects.staying(RemedyTarget.PENALTY).filter(case=OuterRef("case"))
    due = (TO_PUBLISH & Q(served_on__lte=today()) & ~Q(Exists(stays))) | TO_WITHDRAW
    return decisions().filter(due, in_areas(areas))


def decisions_waiting(viewer: Actor, limit: int = PILE) -> list[Owed]:
    """What the viewer has to publish or to withdraw, the soonest due first: one query. What is stayed waits."""
    rows = owed_by(viewer).select_related("case__subject").only(*OF_A_LINE)
    return [
        Owed(
            row,
            falls := bool(getattr(row, "falls", False)),
            getattr(row, "withdraw_by" if falls else "publish_by", None),
        )
        for row in rows.order_by(F("withdraw_by"), F("publish_by"), "pk")[:limit]
    ]
