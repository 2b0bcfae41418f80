"""The public list and its feed, the desk's file of an entry, and grounds to choose from."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.keeping import stored
from grid.law.queries import the_law
from grid.offices.queries import authority_over_time
from grid.scope import Actor, Right, in_areas, narrowed, within
from tasks.findings.models import Finding
from tasks.visits.states import FindingState
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import hearing_areas
from workflows.inspections.records.models import KeptFile
from workflows.listing import problems as listing_problems
from workflows.listing import rules
from workflows.listing.actions import public_feed
from workflows.listing.actions.lasting import earliest_day
from workflows.listing.actions.repairing import seen_at
from workflows.listing.models import Ground, Listing, Route
from workflows.listing.models.appeals import Objection, Repair
from workflows.listing.models.proofs import Look, LookFile, Proof, ProofFile
from workflows.notices.models import ApprovalWay, Notice, NoticeKind
from workflows.remedies.models import Remedy
from workflows.remedies.queries import effects_of
from workflows.remedies.rules import Effect

FEED_PAGE = 500


def published(text: str = "") -> QuerySet[Listing]:
    """What the public may read: entries whose period has not ended, even if no clock came by yet.

    Each with `objected`: an objection to it is being verified.
    """
    rows = Listing.objects.filter(
        published_at__isnull=False, removed_at=None, dropped_at=None, stayed_at=None, ends_on__gte=today()
    ).select_related("subject", "ground")
    rows = rows.annotate(objected=_objected())
    if text := text.strip():
        rows = rows.filter(Q(subject__name__contains=text) | Q(subject__credit_code=text.upper()))
    return rows.order_by("-published_at", "-pk")


def _objected() -> Exists:
    return Exists(Objection.objects.filter(listing=OuterRef("pk"), answered_at=None))


def published_entry(code: str) -> Listing:
    """Raises NotHere for what is not public: never listed, not yet, or no longer."""
    entry = published().filter(code=code).first()
    if entry is None:
        raise problems.NotHere()
    return entry


def feed_after(cursor: int) -> public_feed.Page:
    """What changed after `cursor`, at most FEED_PAGE entries. Three queries. Raises FeedCursorUnknown."""
    newest = Listing.objects.order_by("-feed").values_list("feed", flat=True).first() or 0
    if not 0 <= cursor <= newest:
        raise listing_problems.FeedCursorUnknown(cursor=cursor)
    rows = Listing.objects.filter(feed__gt=cursor).select_related("subject", "ground")
    found = list(rows.annotate(objected=_objected()).order_by("feed")[: FEED_PAGE + 1])
    page, day = found[:FEED_PAGE], today()
    last = page[-1].feed if page else cursor
    authority = authority_over_time(settings.CITY)
    return public_feed.Page(
        [public_feed.feed_row(entry, day, authority) for entry in page], last, len(found) > FEED_PAGE
    )


# --- the desk --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """An entry with all that was set against it, read once."""

    listing: Listing
    conditions: list[rules.Condition]
    objections: list[Objection]
    remedies: list[tuple[Remedy, list[Effect]]]
    repairs: list[tuple[Repair, object]]
    repair_from: date | None

    @property
    def area(self) -> str:
        return self.listing.area

    @property
    def open_objection(self) -> Objection | None:
        return next((objection for objection in self.objections if objection.answered_at is None), None)

    @property
    def open_repair(self) -> Repair | None:
        return next((repair for repair, _seen in self.repairs if repair.decided_at is None), None)

    @property
    def open_remedy(self) -> Remedy | None:
        return next((remedy for remedy, _effects in self.remedies if remedy.decided_on is None), None)

    @property
    def is_on(self) -> bool:
        return self.listing.published_at is not None and self.listing.removed_at is None


def listings_for(viewer: Actor, state: str = "", area: str = "", text: str = "") -> QuerySet[Listing]:
    """Listings in the viewer's territory. `state`: on (published), objected, repair, off, else all."""
    rows = within(Listing.objects.all(), viewer, Right.SEE_CASES).select_related("subject", "ground", "case")
    rows = narrowed(rows, area)
    if text := text.strip():
        rows = rows.filter(Q(subject__name__contains=text) | Q(code__iexact=text))
    limits = {
        "on": Q(published_at__isnull=False, removed_at=None),
        "objected": Q(Exists(Objection.objects.filter(listing=OuterRef("pk"), answered_at=None))),
        "repair": Q(Exists(Repair.objects.filter(listing=OuterRef("pk"), decided_at=None)), removed_at=None),
        "off": Q(removed_at__isnull=False) | Q(dropped_at__isnull=False),
    }
    rows = rows.filter(limits[state]) if state in limits else rows
    return rows.order_by("-proposed_at", "-pk")


def listing_at(viewer: Actor, code: str) -> Listing:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Listing.objects.all(), viewer, Right.SEE_CASES)
    people = ("proposed_by", "reviewed_by", "district_by", "city_by")
    found = rows.select_related("subject", "ground", "case", *people).filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def file_of(listing: Listing) -> File:
    """The entry comes from a scoped query."""
    case = listing.case
    facts = rules.facts_on_file(listing.penalty_number, case.healed_on, listing.circumstances)
    people = ("filed_by", "answered_by", "notice")
    repairs = Repair.objects.filter(listing=listing).select_related(
        "taken_by", "decided_by", "notice", "task__posting__person"
    )
    remedies = Remedy.objects.filter(case=case).order_by("-pk")
    return File(
        listing=listing,
        conditions=rules.conditions(listing.ground.conditions, facts),
        objections=list(Objection.objects.filter(listing=listing).select_related(*people).order_by("-pk")),
        remedies=[(remedy, effects_of(remedy)) for remedy in remedies],
        repairs=[(repair, seen_at(repair)) for repair in repairs.order_by("-pk")],
        repair_from=repair_from(listing),
    )


@dataclass(frozen=True)
class Proven:
    """What a listing of a case stands on, as its page shows it, and until when its penalty may be challenged."""

    looks: list[Look]
    proofs: list[Proof]
    challenged_until: date | None


def proven_beside(case: Case) -> Proven | None:
    """None for a case without a penalty; five queries otherwise. For the page of a case that was read scoped."""
    if not case.penalty:
        return None
    # Whoever pays may still go to court: the term goes on when its clock was stopped.
    term = case.clocks.filter(kind="inspection.remedy", due_on__gte=today()).order_by("-pk").first()
    looks = case.looks.select_related("officer_1", "officer_2").order_by("on", "pk")
    until = term.due_on if term and case.is_open else None
    proofs = case.proofs.prefetch_related("files").order_by("pk")
    return Proven(list(looks.prefetch_related("files")), list(proofs), until)


def proof_file_at(
    viewer: Actor, table: type[LookFile | ProofFile], code: str, pk: int
) -> tuple[KeptFile, Path]:
    """A file of a look again, or of a document on file, of the case `code`. Raises NotHere outside the viewer's territory."""
    mine = within(Case.objects.all(), viewer, Right.SEE_CASES).filter(code=code)
    owner = "look" if table is LookFile else "proof"
    found = table._default_manager.filter(pk=pk, **{f"{owner}__case__in": mine}).first()
    if found is None:
        raise problems.NotHere()
    return found, stored(found.path)


def repair_from(listing: Listing) -> date | None:
    """The first day on which its repair may be applied for, once it is decided."""
    return earliest_day(listing, the_law(today())) if listing.decided_on else None


def defences_waiting(viewer: Actor) -> QuerySet[Listing]:
    """Files in which the party may still be heard, and those in which what it said is not answered, for the office of the
    city; the oldest first."""
    mine = in_areas(hearing_areas(viewer))
    unanswered = Q(case__state=CaseState.LISTING_REVIEW, defence_on__isnull=False, defence_answer="")
    rows = Listing.objects.filter(mine, Q(case__state=CaseState.DEFENCE) | unanswered)
    return rows.select_related("subject", "case").order_by("noticed_on", "pk")


def objections_waiting(viewer: Actor) -> QuerySet[Objection]:
    """Objections the viewer may answer, the oldest first; what they took in themselves is for another."""
    rows = Objection.objects.filter(answered_at=None).exclude(filed_by=viewer.person_id)
    rows = rows.filter(in_areas(viewer.areas(Right.DECIDE_CITY), "listing__area"))
    return rows.select_related("listing__subject", "listing__case").order_by("filed_on", "pk")


def repairs_waiting(viewer: Actor) -> QuerySet[Repair]:
    """Repairs of public entries the viewer may decide now: somebody looked on the spot, and the viewer neither took it
    in nor looked. What left meanwhile needs no repair."""
    me = viewer.person_id
    looked = Finding.objects.filter(visit__task=OuterRef("task"), state=FindingState.CONFIRMED)
    mine = looked.filter(Q(recorded_by=me) | Q(reviewed_by=me))
    rows = Repair.objects.filter(Exists(looked), ~Exists(mine), decided_at=None, listing__removed_at=None)
    rows = rows.exclude(taken_by=me)
    rows = rows.filter(in_areas(viewer.areas(Right.DECIDE_CITY), "listing__area"))
    return rows.select_related("listing__subject", "listing__case").order_by("applied_on", "pk")


# What is decided about an entry once it is public. No step of the case waits for its service.
_ABOUT_ENTRIES = (NoticeKind.REMOVAL, NoticeKind.REPAIR_DECISION, NoticeKind.OBJECTION_ANSWER)


def papers_waiting(viewer: Actor) -> QuerySet[Notice]:
    """Decisions about entries that the viewer may hand over and nobody has yet, the oldest first."""
    rows = Notice.objects.filter(case__listing__published_at__isnull=False, kind__in=_ABOUT_ENTRIES)
    rows = rows.filter(in_areas(viewer.areas(Right.SERVE)), service=None, withdrawn_at=None)
    rows = rows.exclude(approval__way=ApprovalWay.WAITING)
    return rows.select_related("case__subject").order_by("issued_at", "pk")


def grounds_to_know(viewer: Actor) -> list[Ground]:
    """Every ground that has not ended, for listing or for publication: those nobody has reviewed first. Raises
    NotYourPost."""
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotYourPost(right=Right.SEE_CASES.value)
    in_force = Q(valid_to=None) | Q(valid_to__gte=today())
    return list(Ground.objects.filter(in_force).order_by("reviewed", "route", "code"))


def conditions_of(ground: Ground) -> list[str]:
    """What has to be so, in words; all of it."""
    return [condition.says for condition in rules.conditions(ground.conditions, rules.Facts())]


def ground_at(viewer: Actor, pk: int) -> Ground:
    """Raises NotHere, NotYourPost."""
    found = next((ground for ground in grounds_to_know(viewer) if ground.pk == pk), None)
    if found is None:
        raise problems.NotHere()
    return found


def grounds_on(day: date, kind: str = "") -> QuerySet[Ground]:
    """Grounds on which somebody of `kind` (left out: anybody) may be listed on that day."""
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    rows = Ground.objects.filter(in_force, valid_from__lte=day, route=Route.LIST).order_by("code")
    if not kind:
        return rows
    fitting = [ground.pk for ground in rows if rules.fits(ground.subject_kinds, kind)]
    return rows.filter(pk__in=fitting)
