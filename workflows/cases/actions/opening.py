"""From a confirmed finding to an approved case, and the ways back to the door."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now
from grid.offices.queries import case_prefix
from grid.scope import Actor, Held, Right, require, require_person
from grid.subjects.models import SubjectKind
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.moves import drop_questions, return_task
from tasks.findings import rules as measured
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.findings.queries import speakers_of
from workflows.cases import problems as cases_problems
from workflows.cases import rules, states
from workflows.cases.actions.steps import doors_in_question, release_door
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState, Contractor
from workflows.cases.queries.foreseeing import outlook_of, running_case
from workflows.cases.rules import Confirming
from workflows.cases.verbs import CaseVerb
from workflows.clocks.actions import stop_clocks
from workflows.engine import procedures
from workflows.engine.actions.steps import another_than, end_of, locked, record_on, step_of
from workflows.notices.actions import take_number, withdraw_documents


@transaction.atomic
def confirm_and_open(finding: Finding, remark: str = "", *, by: Actor, seen: str = "") -> Case | None:
    """Confirms a finding and does what that calls for with the case of its subject (rules.confirming). Answers that
    case, None where nothing is done with any.

    `seen` is what the page said would happen (`outlook_of(…).key`): where that is no longer so, nothing is done.
    Raises OutcomeChanged.
    """
    running = running_case(finding.subject_id)
    case = locked(Case, running.pk) if running else None
    outlook = outlook_of(finding, case)
    if seen and seen != outlook.key:
        raise cases_problems.OutcomeChanged()
    confirm_finding(finding, remark, by=by)
    finding.refresh_from_db()
    return _carry_out(outlook.doing, finding, case, remark, by)


def _carry_out(doing: Confirming, finding: Finding, case: Case | None, remark: str, by: Actor) -> Case | None:
    if doing == Confirming.OPENS:
        return open_case(finding, by=by)
    if case is None or doing == Confirming.SETTLES:
        return None
    if doing == Confirming.JOINS:
        matter = measured.matter(finding.measures)
        record_on(
            CaseVerb.CASE_JOINED, case, by, None, finding=finding.pk, matter=matter, visit=finding.visit.code
        )
        return case
    if doing in (Confirming.INFORMS, Confirming.RESTS):
        return _take_finding(case, finding, by)
    return correct_case(case, finding, remark, by=by)


def _take_finding(case: Case, finding: Finding, by: Actor) -> Case:
    """A door asked again for a listing's file, or a visit that was corrected: the new facts are the case's, the
    inspector reports back. Measures that were told to the employer stand until the case ends; facts that call for
    none let the next register heal it."""
    drop_questions(doors_in_question([case]))
    case.finding, case.measures = finding, finding.measures or case.measures
    case.save(update_fields=["finding", "measures"])
    record_on(
        CaseVerb.CASE_CORRECTED, case, by, None, finding=finding.pk, fields=sorted(finding.visit.answers)
    )
    return case


@transaction.atomic
def open_case(finding: Finding, *, by: Actor) -> Case:
    """Opens the case of a confirmed finding under the next number of its district. Raises FindingEmpty."""
    held = require(by, Right.REVIEW, finding.area)
    if not finding.measures:
        raise cases_problems.FindingEmpty()
    at = now()
    process = procedures.open_procedure(CaseFlow, by=by)
    prefix, year = case_prefix(finding.area, day_of(at)), day_of(at).year
    case = Case.objects.create(
        code=rules.case_code(prefix, year, take_number(f"case {prefix}", year)),
        subject_id=finding.subject_id,
        finding=finding,
        area=finding.area,
        measures=finding.measures,
        state=CaseState.STREET_APPROVAL,
        process=process,
        opened_at=at,
    )
    record_on(CaseVerb.CASE_OPENED, case, by, held, matter=measured.matter(case.measures), finding=finding.pk)
    return case


def approve_case(case: Case, *, by: Actor, remark: str = "", at: str = "") -> Case:
    """The street's or the district's approval, by the state the approver saw.

    Raises SamePersonTwice for whoever confirmed the finding, on whose word it rests, or who approved before.
    """
    street = (at or case.state) == CaseState.STREET_APPROVAL
    with step_of(case, "approve_street" if street else "approve_district", by=by, at=at) as (fresh, held):
        another_than(by, fresh.finding.reviewed_by_id, *speakers_of(fresh.finding))
        if street:
            fresh.street_by_id, fresh.street_at = by.person_id, now()
        else:
            another_than(by, fresh.street_by_id)
            fresh.district_by_id, fresh.district_at = by.person_id, now()
        step = CaseState.STREET_APPROVAL.label if street else CaseState.DISTRICT_APPROVAL.label
        record_on(CaseVerb.CASE_APPROVED, fresh, by, held, step=str(step), reason=remark)
    return case


def return_case(case: Case, why: str, fields: list[str], *, by: Actor, at: str = "") -> Case:
    """Sends a case back to be corrected. Named questions go to the door's phone; none stay at the desk.

    Raises ReasonMissing.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("send_back"))
    from_state = at or case.state
    with step_of(case, "send_back", by=by, at=at) as (fresh, held):
        fresh.returned_to, fresh.returned_why = from_state, why
        step = CaseState(from_state).label
        record_on(CaseVerb.CASE_RETURNED, fresh, by, held, step=str(step), reason=why, fields=fields)
        if fields and (task_id := fresh.finding.visit.task_id):
            return_task(task_id, why, fields, by=by)
            mark_state([fresh.subject_id], CoverState.TO_CHECK, by=by)
    return case


@dataclass(frozen=True, slots=True)
class Builder:
    """Who builds at a site, as the desk found it out: the answer to 补正 says on what."""

    name: str
    code: str = ""
    permit: str = ""


def correct_case(
    case: Case,
    finding: Finding | None = None,
    remark: str = "",
    builder: Builder | None = None,
    *,
    by: Actor,
    at: str = "",
) -> Case:
    """Brings a returned case back to whoever returned it: with the new visit's finding, or with an answer, which of a
    building site may name its general contractor where the visit did not.

    A new visit that finds everything in order withdraws the case.
    Raises FindingOfAnother, ReasonMissing, NotASite, NotYourPost for a listing's file.
    """
    if finding is None and not remark.strip():
        raise problems.ReasonMissing(act=states.label_of("correct"))
    if finding is not None and finding.subject_id != case.subject_id:
        raise cases_problems.FindingOfAnother(case=case.code)
    require(by, Right.REVIEW, case.area)
    with step_of(case, "correct", by=by, at=at) as (fresh, held):
        if not rules.is_visit_question(fresh.returned_to):
            # What is asked of a listing's file is the inspector's to mend (workflows/listing/actions/turning_back.py).
            raise problems.NotYourPost(right=Right.INSPECT.value)
        fields = sorted(finding.visit.answers) if finding else []
        facts: dict[str, object] = {"finding": finding.pk} if finding else {}
        if builder is not None:
            facts |= _name_contractor(fresh, builder, remark, by)
        if finding is None:
            release_door(fresh, by=by)
        else:
            drop_questions(doors_in_question([fresh]))
            fresh.finding, fresh.measures = finding, finding.measures
        fresh.returned_to = fresh.returned_why = ""
        record_on(CaseVerb.CASE_CORRECTED, fresh, by, held, fields=fields, reason=remark, **facts)
    if finding is not None and not finding.measures:
        close_unasked(case, _("补正后的走访没有发现需要处理的事项"), by=by)
    return case


def _name_contractor(case: Case, builder: Builder, source: str, by: Actor) -> dict[str, object]:
    """Part of a correction. The visit stays as it was made: what was found out later stands beside it."""
    if case.subject.kind != SubjectKind.CONSTRUCTION_SITE:
        raise cases_problems.NotASite(case=case.code)
    given = {
        "name": builder.name.strip(), "code": builder.code.strip(), "permit": builder.permit.strip(),
        "source": source.strip(), "entered_by_id": require_person(by), "entered_at": now(),
    }  # fmt: skip
    Contractor.objects.update_or_create(case=case, defaults=given)
    return {"contractor": given["name"], "code": given["code"], "source": given["source"]}


def close_unasked(case: Case, why: str, *, by: Actor) -> None:
    """Part of an act after which nothing is asked of the party any more: the case ends without anybody's withdrawing it."""
    with transaction.atomic():
        fresh = locked(Case, case.pk)
        states.move(fresh, "withdraw")
        _close(fresh, why, by, None)
        fresh.save()
        procedures.close_procedure(fresh.process, by=by)
    case.refresh_from_db()


def withdraw_case(case: Case, why: str, *, by: Actor, at: str = "") -> Case:
    """撤案: ends a case on which nothing was imposed yet, with the reason. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("withdraw"))
    with end_of(case, "withdraw", by=by, at=at) as (fresh, held):
        _close(fresh, why, by, held)
    return case


def withdrawing_right(case: Case) -> Right:
    """While only the street has to do with a case, the street may withdraw it; afterwards the district."""
    waits_for = case.returned_to if case.state == CaseState.CORRECTION else case.state
    return Right.APPROVE_STREET if waits_for == CaseState.STREET_APPROVAL else Right.APPROVE_DISTRICT


def _close(case: Case, why: str, by: Actor, held: Held | None) -> None:
    case.closed_at, case.closed_why = now(), why
    stop_clocks(case, _("撤案"), by=by)
    withdraw_documents(case, why, by=by)
    release_door(case, by=by)
    record_on(CaseVerb.CASE_WITHDRAWN, case, by, held, reason=why)
