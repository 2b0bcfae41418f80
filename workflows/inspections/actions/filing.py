"""Filing a violation: two officers with certificates, somebody else's approval, recusal."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Right, require, require_person
from grid.territory.models import Person
from grid.territory.queries import actor_of
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import Case, CaseState
from workflows.cases.states import label_of, out_of_order
from workflows.clocks.actions import start_clock
from workflows.engine import procedures
from workflows.engine.actions.steps import (
    act_on,
    another_than,
    end_of,
    locked,
    record_on,
    step_of,
    stop_terms,
)
from workflows.engine.acts import word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.steps import not_investigating, require_not_recused
from workflows.inspections.actions.timing import begin_investigating
from workflows.inspections.documents import Filing
from workflows.inspections.documents import Opinion as Signed
from workflows.inspections.flow import InspectionFlow
from workflows.inspections.models import Inspection, InspectionState, Recusal, Violation
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.queries import offences
from workflows.inspections.queries.offences import Suspected
from workflows.inspections.rules.offences import is_past
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import issue_document
from workflows.notices.documents import Officer
from workflows.notices.models import NoticeKind

OFFICERS = 2
ONGOING = Suspected()


@transaction.atomic
def file_inspection(
    case: Case,
    officers: tuple[int, int],
    why: str,
    suspected: Suspected = ONGOING,
    *,
    by: Actor,
    at: str = "",
) -> Inspection:
    """申请立案: proposes to inspect an escalated case with two officers (their person ids), each an inspector here
    with a valid certificate. The case waits for the inspection from now on.

    Raises OfficersMissing, OfficerUnfit, CertificateInvalid, AuditedBefore, ReasonMissing, OutOfOrder, NoViolation,
    ViolationUnfit, TooLongAgo.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=label_of("inspect"))
    fresh = locked(Case, case.pk)
    held = require(by, Right.INSPECT, fresh.area)
    if fresh.state != CaseState.ESCALATED or (at and at != fresh.state):
        raise out_of_order(fresh, label_of("inspect"))
    law = the_law(today())
    offence = offences.chosen_in(fresh, suspected.violation, law)
    _require_recent(fresh, suspected, law)
    inspection = _opened(fresh, officers, by)
    inspection.why, inspection.violation = why.strip(), offence.key
    inspection.ended_on, inspection.late_why = suspected.ended_on, suspected.late_why.strip()
    inspection.save()
    follow_proceeding(fresh, "inspect", by=by, held=held)
    names = [inspection.officer_1.full_name, inspection.officer_2.full_name]
    record_on(
        InspectionVerb.INSPECTION_PROPOSED, inspection, by, held, officers=names, reason=why,
        violation=str(Violation(offence.key).label),
    )  # fmt: skip
    start_clock("inspection.filing", by=by, case=fresh, provision=law["inspection.filing"], from_day=today())
    case.__dict__.update(fresh.__dict__)
    return inspection


def _opened(case: Case, officers: tuple[int, int], by: Actor) -> Inspection:
    first, second = _fit_officers(officers, case.area)
    _require_not_audited(case, *officers)
    count = Inspection.objects.filter(case=case).count()
    return Inspection(
        code=rules.inspection_code(case.code, count + 1),
        case=case,
        area=case.area,
        state=InspectionState.FILING,
        process=procedures.open_procedure(InspectionFlow, by=by),
        proposed_at=now(),
        proposed_by_id=require_person(by),
        officer_1=first.person,
        certificate_1=first.number,
        officer_2=second.person,
        certificate_2=second.number,
    )


def _require_recent(case: Case, suspected: Suspected, law: Law) -> None:
    """行政处罚法36条, 监察条例20条: what ended two years before it was found out is punished no more. Raises TooLongAgo."""
    months, ended_on = int(law["inspection.limitation"].value), suspected.ended_on
    found_on = day_of(case.finding.made_at)
    if is_past(ended_on, found_on, months) and not suspected.late_why.strip():
        raise inspections_problems.TooLongAgo(on=ended_on, months=months)


def _fit_officers(officers: tuple[int, int], area: str) -> list[Certificate]:
    """Their certificates. Raises OfficersMissing, OfficerUnfit, CertificateInvalid."""
    if len(set(officers)) < OFFICERS:
        raise inspections_problems.OfficersMissing()
    return [_certified(officer, area) for officer in officers]


def _require_not_audited(case: Case, *officers: int) -> None:
    """Who audited for the agency does not investigate for the department (社会保险经办条例 第44条). Raises AuditedBefore."""
    barred = Q(pk__in=case.audits.values("auditor_1")) | Q(pk__in=case.audits.values("auditor_2"))
    if person := Person.objects.filter(barred, pk__in=officers).first():
        raise inspections_problems.AuditedBefore(name=person.full_name)


def _certified(officer: int, area: str) -> Certificate:
    person = Person.objects.filter(pk=officer).first()
    if person is None:
        raise inspections_problems.OfficersMissing()
    if actor_of(person).allowing(Right.INSPECT, area) is None:
        raise inspections_problems.OfficerUnfit(name=person.full_name)
    held = Certificate.objects.filter(kind=CertificateKind.ENFORCEMENT, person=person).select_related(
        "person"
    )
    for certificate in held.order_by("-valid_to"):
        if rules.is_valid(certificate.valid_from, certificate.valid_to, today()):
            return certificate
    raise inspections_problems.CertificateInvalid(name=person.full_name, on=today())


def approve_filing(inspection: Inspection, *, by: Actor, remark: str = "", at: str = "") -> Inspection:
    """批准立案: the head approves, the investigation's term runs, and the sheet goes on file.

    Raises SamePersonTwice for whoever proposed it or is to investigate; CertificateInvalid.
    """
    with step_of(inspection, "file", by=by, at=at) as (fresh, held):
        not_investigating(fresh, by)
        for officer in fresh.officers:
            _certified(officer, fresh.area)
        fresh.filed_by_id, fresh.filed_on = by.person_id, today()
        stop_terms(fresh, "inspection.filing", why=states.label_of("file"), by=by)
        law = the_law(today())
        begin_investigating(fresh, law, by)
        start_clock(
            "inspection.outer", by=by, case=fresh.case, provision=law["inspection.outer"], from_day=today()
        )
        _keep_sheet(fresh, remark, by)
        record_on(InspectionVerb.INSPECTION_FILED, fresh, by, held)
    return inspection


def _keep_sheet(inspection: Inspection, remark: str, by: Actor) -> None:
    """立案审批表, with the words of whoever proposed and whoever approved."""
    case = inspection.case
    proposer = Signed(_("承办人意见"), inspection.why, inspection.proposed_by.full_name, today())
    head = Signed(_("行政机关负责人审批意见"), remark or _("同意立案"), by.name, today())
    offence = offences.offence_in(inspection, the_law(today()))
    issue_document(
        case,
        NoticeKind.FILING,
        lambda letter: Filing(
            letter=letter,
            case=inspection.code,
            source=source_of(case),
            found=offences.found_in(case, offence),
            lasts=_lasts(inspection),
            breached=offence.breached,
            officers=officers_of(inspection),
            opinions=(proposer, head),
        ),
        by=by,
    )


def source_of(case: Case) -> str:
    """线索来源: who handed it on, or what was seen at the door and asked in vain."""
    sent = case.notices.filter(withdrawn_at=None).order_by("-pk")
    if proposal := sent.filter(kind=NoticeKind.PENALTY_PROPOSAL).first():
        return _("社会保险经办机构移送（{number}）").format(number=proposal.number)
    seen = _("全民参保网格走访核查（案件 {case}）").format(case=case.code)
    urging = sent.filter(kind=NoticeKind.URGING).first()
    return seen + (_("，经督促（{number}）期满未改正").format(number=urging.number) if urging else "")


def _lasts(inspection: Inspection) -> str:
    if inspection.ended_on is None:
        return _("处于继续状态")
    said = _("{on} 终了").format(on=inspection.ended_on)
    return f"{said}；{inspection.late_why}" if inspection.late_why else said


def officers_of(inspection: Inspection) -> tuple[Officer, Officer]:
    """Part of every document: who investigates, with the number of the certificate shown."""
    return (
        Officer(inspection.officer_1.full_name, inspection.certificate_1),
        Officer(inspection.officer_2.full_name, inspection.certificate_2),
    )


def refuse_filing(inspection: Inspection, why: str, *, by: Actor, at: str = "") -> Inspection:
    """不予立案: the case goes back to be settled another way. Raises ReasonMissing."""
    with end_of(inspection, "refuse", by=by, at=at, why=why) as (fresh, held):
        another_than(by, fresh.proposed_by_id)
        record_on(InspectionVerb.INSPECTION_REFUSED, fresh, by, held, reason=why)
        follow_proceeding(fresh.case, "resume", by=by, held=held)
    return inspection


def recuse_officer(
    inspection: Inspection, officer: int, instead: int, why: str, *, by: Actor, at: str = ""
) -> Inspection:
    """回避: the head takes an officer out of the matter, with the reason, and names another (行政处罚法43条).

    Raises ReasonMissing, OfficersMissing, OfficerUnfit, OfficerExcluded, AuditedBefore, CertificateInvalid,
    SamePersonTwice.
    """
    act = word_of(inspection, "recuse")
    if not why.strip():
        raise problems.ReasonMissing(act=act)
    with act_on(inspection, "recuse", by=by) as (fresh, held):
        if at and fresh.state != at:
            raise states.out_of_order(fresh, act)
        another_than(by, officer, instead)
        if officer not in fresh.officers or instead in fresh.officers:
            raise inspections_problems.OfficersMissing()
        require_not_recused(fresh, instead)
        _require_not_audited(fresh.case, instead)
        certificate = _certified(instead, fresh.area)
        if instead in (fresh.filed_by_id, fresh.reviewed_by_id, fresh.hearing_chair_id):
            raise problems.SamePersonTwice(first=certificate.person.full_name)
        place = 1 if officer == fresh.officer_1_id else 2
        gone = getattr(fresh, f"officer_{place}").full_name
        setattr(fresh, f"officer_{place}", certificate.person)
        setattr(fresh, f"certificate_{place}", certificate.number)
        Recusal.objects.create(
            inspection=fresh, person_id=officer, replaced_by_id=instead, why=why.strip(),
            decided_by_id=require_person(by), decided_at=now(),
        )  # fmt: skip
        record_on(
            InspectionVerb.OFFICER_RECUSED,
            fresh,
            by,
            held,
            officer=gone,
            instead=certificate.person.full_name,
            reason=why,
        )
    return inspection
