"""Where a submission goes once somebody takes it over: the act of the room whose business it is.

What belongs nowhere any more, because a decision was made meanwhile, is kept on file and answered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import day_of
from grid.scope import Actor, Held, Right, require
from grid.texts import Text
from workflows.audits import actions as audits
from workflows.audits.models import ENDED as AUDIT_ENDED
from workflows.audits.models import Audit, AuditState
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import LISTERS, hearers_at
from workflows.cases.rules import CASE_HEARS
from workflows.counter.models import Kind, Submission
from workflows.counter.rules import wording
from workflows.inspections import actions as inspections
from workflows.inspections.models import ENDED as INSPECTION_ENDED
from workflows.inspections.models import Inspection, InspectionState
from workflows.listing import actions as listings
from workflows.listing.actions.objecting import file_objection
from workflows.listing.actions.repairing import apply_repair
from workflows.listing.models import Listing

# Who may handle a kind: whoever keeps that part of the file.
HANDLERS: dict[str, "Rights"] = {
    Kind.CORRECTION: (Right.REVIEW, Right.SERVE, Right.INSPECT),
    Kind.COMMITMENT: (Right.REVIEW, Right.SERVE, Right.INSPECT),
    Kind.STATEMENT: (Right.INSPECT,),
    Kind.HEARING: (Right.INSPECT,),
    Kind.OBJECTION: (Right.INSPECT,),
    Kind.REPAIR: (Right.INSPECT,),
}

# A statement is entered as long as nothing is decided; one that comes after is kept on file.
HEARING_OUT = (
    InspectionState.NOTICED,
    InspectionState.HEARING,
    InspectionState.LEGAL_REVIEW,
    InspectionState.COLLECTIVE,
    InspectionState.DECIDING,
)


@dataclass(frozen=True)
class Route:
    """`label`: where the submission is entered, as the desk reads it."""

    label: Text
    take: Callable[[Submission, Actor], object]


Rights = tuple[Right, ...]
TO_THE_CITY: Rights = tuple(sorted(LISTERS))
# What is said to an audit is said to the agency, whose file it is.
TO_THE_AGENCY = Q(kind=Kind.STATEMENT, case__state=CaseState.AUDITED)


def handlers_of(submission: Submission) -> Rights:
    """Who may handle it. One query for a statement."""
    if submission.kind != Kind.STATEMENT:
        return HANDLERS[submission.kind]
    if submission.case.state == CaseState.AUDITED:
        return (Right.AUDIT,)
    is_about_listing = Listing.objects.filter(case=submission.case_id, noticed_on__isnull=False).exists()
    return TO_THE_CITY if is_about_listing else HANDLERS[submission.kind]


def require_handler(by: Actor, submission: Submission) -> Held | None:
    """Asks for the posting under which `by` handles this submission. Raises NotHere, NotYourPost."""
    rights = handlers_of(submission)
    for right in rights:
        held = by.allowing(right, submission.area)
        if held and _is_of_the_body(by, rights, submission):
            return held
    held = require(by, rights[0], submission.area)
    if not _is_of_the_body(by, rights, submission):
        raise problems.NotYourPost(right=rights[0].value)
    return held


def may_handle(by: Actor, submission: Submission) -> bool:
    """Asks the same without refusing."""
    rights = handlers_of(submission)
    return any(by.can(right, submission.area) for right in rights) and _is_of_the_body(by, rights, submission)


def _is_of_the_body(by: Actor, rights: Rights, submission: Submission) -> bool:
    """What is said to a 列入告知书 is said to the city, which gave it and decides (国办发〔2020〕49号 四(八)): a district's
    legal officer is of another body."""
    return rights is not TO_THE_CITY or by.person_id in hearers_at(submission.area)


def words_of(submission: Submission) -> str:
    """What is entered in the file: the words, and where the papers are."""
    count = submission.materials.count()
    papers = _("，材料 {n} 份").format(n=count) if count else ""
    beside = _("（经单位窗口提交，回执 {receipt}{papers}）").format(receipt=submission.receipt, papers=papers)
    return f"{submission.text}{beside}"


def route_of(submission: Submission) -> Route | None:
    """The act that enters a submission now, or None where it is only kept."""
    find = _FINDERS.get(submission.kind)
    return find(submission) if find else None


def _statement(submission: Submission) -> Route | None:
    case = submission.case
    if case.state in CASE_HEARS:
        return Route(_("记入列入案卷的陈述申辩"), _record_defence)
    inspection = open_inspection(case)
    if inspection and inspection.state in HEARING_OUT:
        return Route(_("记入监察案卷的陈述申辩"), _record_statement)
    audit = open_audit(case)
    if audit and audit.state == AuditState.INFORMED and not audit.drafted_at:
        return Route(_("记入稽核案卷的答复"), _record_answer)
    return None


def _hearing(submission: Submission) -> Route | None:
    """One that came late is kept and answered: whether to hear all the same is for whoever decides."""
    inspection = open_inspection(submission.case)
    fits = inspection and inspection.state == InspectionState.NOTICED and inspection.hearing_owed
    return Route(_("转入听证程序"), _request_hearing) if fits and not submission.is_late else None


def _objection(submission: Submission) -> Route | None:
    listing = public_listing(submission.case)
    if listing is None or listing.objections.filter(answered_at=None).exists():
        return None
    return Route(_("登记异议，转市级核查"), _file_objection)


def _repair(submission: Submission) -> Route | None:
    listing = public_listing(submission.case)
    if listing is None or listing.repairs.filter(decided_at=None).exists():
        return None
    return Route(_("受理信用修复，派网格员现场核查"), _apply_repair)


def open_inspection(case: Case) -> Inspection | None:
    return case.inspections.exclude(state__in=INSPECTION_ENDED).order_by("-pk").first()


def open_audit(case: Case) -> Audit | None:
    return case.audits.exclude(state__in=AUDIT_ENDED).order_by("-pk").first()


def public_listing(case: Case) -> Listing | None:
    return Listing.objects.filter(case=case, published_at__isnull=False, removed_at=None).first()


def _record_defence(submission: Submission, by: Actor) -> object:
    return listings.record_defence(submission.case, words_of(submission), by=by)


def _record_statement(submission: Submission, by: Actor) -> object:
    inspection = open_inspection(submission.case)
    assert inspection is not None
    return inspections.record_statement(inspection, words_of(submission), by=by)


def _record_answer(submission: Submission, by: Actor) -> object:
    audit = open_audit(submission.case)
    assert audit is not None
    return audits.record_answer(audit, words_of(submission), day_of(submission.given_at), by=by)


def _request_hearing(submission: Submission, by: Actor) -> object:
    inspection = open_inspection(submission.case)
    assert inspection is not None
    on = day_of(submission.given_at)
    return inspections.request_hearing(inspection, words_of(submission), on, by=by)


def _file_objection(submission: Submission, by: Actor) -> object:
    listing = public_listing(submission.case)
    assert listing is not None
    return file_objection(listing, words_of(submission), by=by)


def _apply_repair(submission: Submission, by: Actor) -> object:
    listing = public_listing(submission.case)
    assert listing is not None
    return apply_repair(listing, words_of(submission), str(wording.REPAIR_COMMITMENT), by=by)


_FINDERS: dict[str, Callable[[Submission], Route | None]] = {
    Kind.STATEMENT: _statement,
    Kind.HEARING: _hearing,
    Kind.OBJECTION: _objection,
    Kind.REPAIR: _repair,
}
