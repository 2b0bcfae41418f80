"""Reading at the window: what an employer sees of its own matter, and what the desk has to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.codes import Purpose, read_code
from grid.keeping import stored
from grid.law.queries import the_law
from grid.law.rules import in_words
from grid.scope import Actor, Right, in_areas, within
from grid.texts import Text
from workflows.cases.actions.rectified import closes_when_rectified
from workflows.cases.models import Case
from workflows.cases.queries import hearing_areas
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of, public_kinds, terms
from workflows.counter import acts, rules
from workflows.counter import problems as counter_problems
from workflows.counter.models import Kind, Material, Submission, SubmissionState
from workflows.counter.rules import wording
from workflows.listing.actions.lasting import earliest_day
from workflows.notices.documents import Contact
from workflows.notices.letters import kinds_not_to_party
from workflows.notices.models import Notice
from workflows.notices.queries import contact_at
from workflows.reminders.models import Phone

# For whom what was handed in waits: whoever keeps a part of a case's file.
READERS = (Right.INSPECT, Right.SERVE, Right.REVIEW)
# Who is told when an answer was not given in time.
SUPERIOR = Right.APPROVE_DISTRICT


# --- the employer ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Something to hand in, as the page shows it."""

    kind: str
    label: Text
    about: Text
    follows: Text
    term: rules.Term | None
    is_late: bool
    late: Text
    not_before: date | None


@dataclass(frozen=True)
class Demand:
    """What is asked of the employer in this case, in plain words."""

    case: Case
    found: list[dict[str, Any]]
    asked: Text
    terms: list[tuple[str, Clock]]
    contact: Contact
    choices: list[Choice]


def notice_of(code: str) -> Notice:
    """The document with this code. A wrong, foreign or unknown code is the same NotHere."""
    try:
        plain = read_code(Purpose.NOTICE, code)
    except (problems.MistypedCode, problems.ForeignCode) as wrong:
        raise problems.NotHere() from wrong
    rows = Notice.objects.filter(code=plain).select_related("case__subject", "approval", "seal_use")
    notice = next((paper for paper in rows if paper.is_approved), None)
    if notice is None or not notice.is_to_party:
        raise problems.NotHere()
    return notice


def phone_of(subject_id: int) -> Phone | None:
    """The registered phone: the mobile number noted last that is still in use."""
    rows = Phone.objects.filter(subject=subject_id, is_mobile=True, retired_at=None)
    return rows.order_by("-noted_at", "-pk").first()


def demand_of(notice: Notice) -> Demand:
    case = notice.case
    clocks = list(case.clocks.filter(fired_at=None, stopped_at=None).order_by("due_on", "pk"))
    public = public_kinds()
    running = [clock for clock in clocks if clock.kind in public]
    return Demand(
        case,
        case.measures,
        wording.asked_now(case.state, case.is_open),
        [(name_of(clock.kind), clock) for clock in running],
        contact_at(notice),
        [_choice(offer, case) for offer in rules.offers(standing_of(case), today())],
    )


def follows_at(kind: str, case: Case, *, is_late: bool = False) -> str:
    """What follows once something of this kind has come in, in time or not, as the case stands."""
    if kind == Kind.CORRECTION and not closes_when_rectified(case):
        return str(wording.CORRECTED_LATER)
    words = wording.FOLLOWS_LATE.get(kind) if is_late else None
    words = str(words or wording.FOLLOWS[kind])
    if kind == Kind.HEARING:
        term = the_law(today())["inspection.hearing_notice"]
        return words.format(term=in_words(term.value, term.unit))
    return words


def _choice(offer: rules.Offer, case: Case) -> Choice:
    kind = offer.kind
    return Choice(
        kind, Kind(kind).label, wording.ABOUT[kind], follows_at(kind, case, is_late=offer.is_late), offer.term,
        offer.is_late, wording.LATE.get(kind, ""), offer.not_before,
    )  # fmt: skip


def choice_of(notice: Notice, kind: str) -> Choice:
    """Raises NotOffered for a kind that has no place now."""
    offer = rules.offer_of(kind, standing_of(notice.case), today())
    if offer is None:
        raise counter_problems.NotOffered(kind=Kind(kind).label)
    return _choice(offer, notice.case)


def documents_of(notice: Notice) -> list[Notice]:
    """What the employer was served with in this case, and the document it holds in its hands."""
    rows = notice.case.notices.exclude(kind__in=kinds_not_to_party())
    seen = rows.filter(Q(service__isnull=False) | Q(pk=notice.pk))
    return list(seen.select_related("service").order_by("-issued_at", "-pk"))


def document_file(notice: Notice, pk: int) -> tuple[Notice, Path]:
    """Raises NotHere for a document the employer was not served with."""
    found = next((document for document in documents_of(notice) if document.pk == pk), None)
    if found is None:
        raise problems.NotHere()
    return found, stored(found.path)


def handed_in(notice: Notice) -> list[Submission]:
    """Everything the employer handed in about this case, the newest first."""
    rows = Submission.objects.filter(case=notice.case_id, subject=notice.case.subject_id)
    return list(rows.prefetch_related("materials").order_by("-given_at", "-pk"))


def own_submission(notice: Notice, receipt: str) -> Submission:
    """Raises NotHere for a receipt of another case, as for one that does not exist."""
    found = next((submission for submission in handed_in(notice) if submission.receipt == receipt), None)
    if found is None:
        raise problems.NotHere()
    return found


def follows_of(submission: Submission) -> list[str]:
    """What follows, and for a late one what that means."""
    kind, is_late = submission.kind, submission.is_late
    words = follows_at(kind, submission.case, is_late=is_late)
    return [words, *([str(wording.LATE.get(kind, ""))] if is_late else [])]


# --- where the matter stands -------------------------------------------------------------------


def standing_of(case: Case) -> rules.Standing:
    """Facts on file that decide what may be handed in: four queries, five of a published one."""
    inspection = acts.open_inspection(case)
    audit = acts.open_audit(case)
    listing = acts.public_listing(case)
    return rules.Standing(
        case=case.state,
        inspection=inspection.state if inspection else "",
        audit=audit.state if audit else "",
        terms=_terms(case),
        hearing_owed=bool(inspection and inspection.hearing_owed),
        is_published=listing is not None,
        repair_from=earliest_day(listing, the_law(today())) if listing else None,
    )


def _terms(case: Case) -> dict[str, rules.Term]:
    """The newest clock of each kind, run out or not: what comes after its last day is late. A stopped one is none."""
    clocks = Clock.objects.filter(case=case, stopped_at=None).order_by("pk")
    return {clock.kind: _term(clock) for clock in clocks}


def _term(clock: Clock) -> rules.Term:
    term = terms().get(clock.kind)
    within = (term.answered_by, term.matter) if term else ("", "")
    return rules.Term(clock.kind, clock.started_on, clock.due_on, clock.basis, clock.reviewed, *within)


# --- the desk ----------------------------------------------------------------------------------


def submissions(viewer: Actor, state: str = "open") -> QuerySet[Submission]:
    """What was handed in within reach: the open ones by the day of their answer, else the newest first."""
    rows = Submission.objects.filter(in_areas(_areas(viewer)) | _to_the_city(viewer))
    rows = rows.select_related("case__subject", "notice", "taken_by", "answered_by")
    if state == "open":
        return rows.exclude(state=SubmissionState.ANSWERED).order_by("answer_due", "pk")
    if state in SubmissionState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-given_at", "-pk")


def waiting_for(viewer: Actor) -> QuerySet[Submission]:
    """What the viewer may take over, and what the viewer took over and has not answered; the soonest due first.
    To the district also what nobody answered in time.
    """
    mine = Q(pk__in=[])
    for kind, rights in acts.HANDLERS.items():
        mine |= Q(kind=kind) & ~acts.TO_THE_AGENCY & in_areas(_areas(viewer, rights))
    mine |= acts.TO_THE_AGENCY & in_areas(viewer.areas(Right.AUDIT))
    mine = (mine & ~ABOUT_A_LISTING) | _to_the_city(viewer)
    mine &= Q(taken_by=None) | Q(taken_by=viewer.person_id)
    overdue = Q(overdue_at__isnull=False) & in_areas(viewer.areas(SUPERIOR))
    rows = Submission.objects.filter(mine | overdue).exclude(state=SubmissionState.ANSWERED)
    return rows.select_related("case__subject").order_by("answer_due", "pk")


ABOUT_A_LISTING = Q(kind=Kind.STATEMENT, case__listing__noticed_on__isnull=False) & ~acts.TO_THE_AGENCY


def _to_the_city(viewer: Actor) -> Q:
    """What is said to a 列入告知书, for whoever hears it at the office of the city."""
    return ABOUT_A_LISTING & in_areas(hearing_areas(viewer))


def _areas(viewer: Actor, rights: Iterable[Right] = READERS) -> list[str]:
    """Areas in which the viewer holds any of `rights`, without those inside another of them."""
    codes = sorted({code for right in rights for code in viewer.areas(right)})
    return [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]


def submission_at(viewer: Actor, receipt: str) -> Submission:
    """For whoever reads the case, who may have to review or decide it: what was said belongs to the file.

    Raises NotHere outside the viewer's territory, as for a receipt that does not exist.
    """
    rows = within(Submission.objects.filter(receipt=receipt), viewer, Right.SEE_CASES)
    rows = rows.select_related("case__subject", "notice", "taken_by", "answered_by")
    found = rows.prefetch_related("materials").first()
    if found is None:
        raise problems.NotHere()
    return found


def material_at(viewer: Actor, receipt: str, pk: int) -> tuple[Material, Path]:
    """A file handed in, and where it lies. Raises NotHere."""
    submission = submission_at(viewer, receipt)
    found = next((material for material in submission.materials.all() if material.pk == pk), None)
    if found is None:
        raise problems.NotHere()
    return found, stored(found.path)
