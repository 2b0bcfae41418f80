"""Reading audits and transfers: within the viewer's territory, a liaison only what was sent to their department."""

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from grid import problems
from grid.calendar.now import today
from grid.keeping import stored
from grid.scope import Actor, Held, Right, Role, in_area, within
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from workflows.audits import rules
from workflows.audits.models import Audit, AuditState, TaxAnswer, TaxTransfer
from workflows.audits.rules import LETTER_TERM
from workflows.cases.models import Case
from workflows.clocks.models import Clock
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.notices.letters import issued_on
from workflows.notices.models import Notice, NoticeKind

TAX = "税务"
PEOPLE = ("auditor_1", "auditor_2", "opened_by", "drafted_by", "approved_by", "closed_by", "process")


@dataclass(frozen=True)
class Stage:
    """One step of the drawn path."""

    state: str
    label: str
    is_past: bool
    is_here: bool
    clocks: tuple[Clock, ...]


@dataclass(frozen=True)
class File:
    """An audit with what deciding its next acts needs; read once, no query after."""

    audit: Audit
    notices: list[Notice]
    transfer: TaxTransfer | None
    clocks: list[Clock]

    def unserved(self, kind: str) -> Notice | None:
        waiting = (
            n for n in self.notices if n.kind == kind and not n.withdrawn_at and not hasattr(n, "service")
        )
        return next(waiting, None)


def audits_of(case: Case) -> list[Audit]:
    """All audits of a case, the newest first; the case comes from a scoped query. Three queries."""
    rows = Audit.objects.filter(case=case).select_related(*PEOPLE)
    return list(rows.prefetch_related("records__author", "findings").order_by("-pk"))


def file_of(audit: Audit) -> File:
    """Five queries. Documents of the case that an audit writes; an older audit's are served or withdrawn."""
    notices = Notice.objects.filter(
        case=audit.case_id, kind__in=issued_on("audit"), issued_at__gte=audit.opened_at
    )
    running = Clock.objects.filter(case=audit.case_id, fired_at=None, stopped_at=None)
    clocks = running.select_related("extension__approved_by").prefetch_related("pauses")
    return File(
        audit,
        list(notices.select_related("service", "issued_by", "approval__by", "seal_use").order_by("pk")),
        transfer_of(audit),
        list(clocks.order_by("due_on")),
    )


def transfer_of(audit: Audit) -> TaxTransfer | None:
    rows = TaxTransfer.objects.filter(audit=audit).select_related("notice", "sent_by")
    return rows.prefetch_related(Prefetch("answers", TaxAnswer.objects.select_related("answered_by"))).first()


def path_of(file: File) -> list[Stage]:
    """The audit's path with the current step and its clock; of one that has ended, the steps it came to."""
    audit, running = file.audit, tuple(c for c in file.clocks if c.kind.startswith("audit."))
    path = [state for state in rules.PATH if audit.is_open or _was_at(audit, state)]
    at = path.index(audit.state) if audit.is_open else len(path)
    stages = [
        Stage(state, str(AuditState(state).label), place < at, place == at, running if place == at else ())
        for place, state in enumerate(path)
    ]
    if not audit.is_open:
        stages.append(Stage(audit.state, str(audit.get_state_display()), False, True, running))
    return stages


def _was_at(audit: Audit, state: str) -> bool:
    dates = {"examining": audit.noticed_on, "informed": audit.informed_on, "opinion": audit.opinion_on}
    return state not in dates or dates[state] is not None


def possible_auditors(area: str) -> list[tuple[int, str]]:
    """(person, name and certificate) of those who may be named in `area` today: posted to audit, certified."""
    day = today()
    prefixes = [area[:length] for length in (4, 6, 9, 12, 15) if len(area) >= length]
    posts = Posting.objects.filter(
        valid_on(day), role=Role.EXAMINER, area__in=prefixes, person__is_active=True
    )
    held = Certificate.objects.filter(
        kind=CertificateKind.AUDIT, valid_from__lte=day, valid_to__gte=day, person__in=posts.values("person")
    ).select_related("person")
    named = {
        card.person_id: f"{card.person.full_name}（{card.number}）" for card in held.order_by("valid_from")
    }
    return sorted(named.items(), key=lambda pair: pair[1])


def tax_departments(area: str) -> list[str]:
    """Tax offices with a liaison posted today over `area`, the nearest first."""
    prefixes = [area[:length] for length in (4, 6, 9, 12, 15) if len(area) >= length]
    posts = Posting.objects.filter(
        valid_on(today()),
        role=Role.LIAISON,
        area__in=prefixes,
        department__contains=TAX,
        person__is_active=True,
    )
    found = posts.values_list("department", "area_id").distinct()
    return list(
        dict.fromkeys(name for name, _code in sorted(found, key=lambda pair: (-len(pair[1]), pair[0])))
    )


def audits_waiting(viewer: Actor) -> QuerySet[Audit]:
    """For the inbox: audits of which `viewer` is an auditor and has to act, and in their district drafts to approve and
    letters of a clean result not served in time; the oldest first. `due_letter`: the last day to serve one."""
    me = viewer.person_id
    mine = within(Audit.objects.filter(Q(auditor_1=me) | Q(auditor_2=me)), viewer, Right.AUDIT)
    mine = mine.filter(
        Q(state__in=(AuditState.NOTICED, AuditState.EXAMINING))
        | Q(state=AuditState.INFORMED, drafted_at=None) & (~Q(answer_on=None) | ~Q(answer_closed_on=None))
        | Q(state=AuditState.INFORMED) & ~Q(approved_at=None)
        | Q(state=AuditState.OPINION) & ~Q(expired_on=None)
        | _untold()
    )
    district = within(Audit.objects.all(), viewer, Right.APPROVE_DISTRICT)
    district = district.exclude(Q(auditor_1=me) | Q(auditor_2=me)).filter(
        Q(state=AuditState.INFORMED, approved_at=None) & ~Q(drafted_at=None)
        | _untold() & Exists(_letter_terms().exclude(fired_at=None))
    )
    rows = (mine | district).annotate(due_letter=Subquery(_letter_terms().values("due_on")[:1]))
    return rows.select_related("case__subject").order_by("opened_at", "pk")


def _untold() -> Q:
    """Ended clean, and the unit has not been handed the letter that says so."""
    letters = Notice.objects.filter(kind=NoticeKind.AUDIT_CLEAR, withdrawn_at=None, service=None)
    return Q(state=AuditState.CLEAN) & Q(Exists(letters.filter(case=OuterRef("case"))))


def _letter_terms() -> QuerySet[Clock]:
    return Clock.objects.filter(case=OuterRef("case"), kind=LETTER_TERM).order_by("-pk")


# --- transfers to the tax office ---------------------------------------------------------------------


def _sent_to(viewer: Actor) -> Q:
    """What was sent to a department and area of which the viewer is the liaison."""
    mine = Q(pk__in=[])
    for held in viewer.held:
        if held.grants(Right.ANSWER_REFERRAL) and held.department:
            mine |= Q(department=held.department) & in_area(held.area)
    return mine


def _visible(viewer: Actor) -> QuerySet[TaxTransfer]:
    """The desk sees its territory, a liaison what was sent to them, anybody else nothing."""
    desk = within(TaxTransfer.objects.all(), viewer, Right.SEE_CASES)
    return desk | TaxTransfer.objects.filter(_sent_to(viewer))


def transfers_for(viewer: Actor, state: str = "") -> QuerySet[TaxTransfer]:
    """Transfers in reach with `due_on`, the last day for an answer; the unanswered first, the oldest before."""
    if not (viewer.has(Right.SEE_CASES) or viewer.has(Right.ANSWER_REFERRAL)):
        raise problems.NotYourPost(right=Right.ANSWER_REFERRAL.value)
    rows = _visible(viewer)
    if state == "open":
        rows = rows.filter(closed_at=None)
    elif state == "closed":
        rows = rows.exclude(closed_at=None)
    return (
        _dated(rows)
        .select_related("case__subject", "notice")
        .order_by(F("closed_at").asc(nulls_first=True), "sent_at", "pk")
    )


def transfers_waiting(viewer: Actor) -> QuerySet[TaxTransfer]:
    """For the inbox: what a liaison has to settle, and for the district what was left unanswered past its term."""
    late = within(TaxTransfer.objects.exclude(escalated_at=None), viewer, Right.APPROVE_DISTRICT)
    rows = (late | TaxTransfer.objects.filter(_sent_to(viewer))).filter(closed_at=None)
    return _dated(rows).select_related("case__subject", "notice").order_by("sent_at", "pk")


def _dated(rows: QuerySet[TaxTransfer]) -> QuerySet[TaxTransfer]:
    """With `due_on`, the last day for an answer, and what that day rests on."""
    terms = Clock.objects.filter(case=OuterRef("case"), kind="tax.answer").order_by("-pk")
    return rows.annotate(
        due_on=Subquery(terms.values("due_on")[:1]),
        due_basis=Subquery(terms.values("basis")[:1]),
        due_reviewed=Subquery(terms.values("reviewed")[:1]),
    )


def transfer_at(viewer: Actor, pk: int) -> TaxTransfer:
    """Raises NotHere for what was sent to another department or area."""
    rows = _dated(_visible(viewer)).select_related("case__subject", "notice", "sent_by")
    found = rows.prefetch_related(Prefetch("answers", TaxAnswer.objects.select_related("answered_by")))
    transfer = found.filter(pk=pk).first()
    if transfer is None:
        raise problems.NotHere()
    return transfer


def posting_for(viewer: Actor, transfer: TaxTransfer) -> Held | None:
    """The liaison's posting to whose department and area `transfer` was sent; None for anybody else."""
    mine = (
        held
        for held in viewer.held
        if held.grants(Right.ANSWER_REFERRAL)
        and held.department == transfer.department
        and held.covers(transfer.area)
    )
    return next(mine, None)


def may_answer(viewer: Actor, transfer: TaxTransfer) -> bool:
    return transfer.is_open and posting_for(viewer, transfer) is not None


def letter_of(transfer: TaxTransfer) -> Path:
    return stored(transfer.notice.path)
