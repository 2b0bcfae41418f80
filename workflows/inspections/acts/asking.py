"""Who may not do an act on an inspection, and what the acts ask of it, of its papers and of its terms."""

from datetime import date

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from workflows.cases.queries import File as CaseFile
from workflows.engine.acts import People
from workflows.inspections import problems as inspections_problems
from workflows.inspections import states
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.queries import File, offences
from workflows.notices.models import NoticeKind

# --- who may not -----------------------------------------------------------------------------------


def investigators(file: File) -> People:
    """Nor whoever was taken out of the matter."""
    inspection = file.inspection
    return (
        inspection.proposed_by_id,
        *inspection.officers,
        *(recusal.person_id for recusal in file.recusals),
    )


def reviewers(file: File) -> People:
    return (*investigators(file), file.inspection.reviewed_by_id)


def lawyers(file: File) -> People:
    """Of the body that decides, with a 法律职业资格."""
    return file.lawyers


def chair(file: File) -> People:
    return (file.inspection.hearing_chair_id,)


def asked(file: File) -> People:
    """Who was called to the discussion and has not spoken."""
    return [opinion.person_id for opinion in file.opinions if not opinion.said_at]


# --- what it asks of the inspection ----------------------------------------------------------------


def ask_orderable(inspection: Inspection) -> problems.Problem | None:
    if inspection.case.healed_on is not None:
        return inspections_problems.CorrectedOnRecord(on=inspection.case.healed_on)
    return (
        None if states.may(inspection, "order") else states.out_of_order(inspection, NoticeKind.ORDER.label)
    )


def ask_ordered(inspection: Inspection) -> problems.Problem | None:
    if inspection.order_met_on is not None:
        label = Violation(inspection.ordered_for or inspection.violation).label
        return inspections_problems.NothingToPunish(violation=label)
    return (
        inspections_problems.OrderFirst(inspection=inspection.code)
        if inspection.order_expired_on is None
        else None
    )


def ask_noticeable(inspection: Inspection) -> problems.Problem | None:
    """A penalty rests on evidence that two officers gathered after the filing (行政处罚法 40、42、54条)."""
    return ask_ordered(inspection) or ask_evidenced(inspection)


def ask_evidenced(inspection: Inspection) -> problems.Problem | None:
    return (
        None if inspection.evidenced_on else inspections_problems.EvidenceMissing(inspection=inspection.code)
    )


def ask_correctable(inspection: Inspection) -> problems.Problem | None:
    """What spares a party its penalty was put right, and something on file shows it (行政处罚法 33、46条)."""
    if inspection.evidenced_on or inspection.case.healed_on:
        return None
    return inspections_problems.CorrectionUnproved(inspection=inspection.code)


def ask_reported(inspection: Inspection) -> problems.Problem | None:
    """The reviewer and the head judge by the report of the investigation (行政处罚法 57、58条)."""
    return None if inspection.reported_on else inspections_problems.ReportMissing(inspection=inspection.code)


def ask_reviewable(inspection: Inspection) -> problems.Problem | None:
    """What was said in defence is answered before the file is reviewed, whenever it was said (行政处罚法 45)."""
    if inspection.statement_on and not inspection.statement_answer:
        return inspections_problems.StatementUnanswered()
    return ask_reported(inspection)


def ask_statement(inspection: Inspection) -> problems.Problem | None:
    return None if inspection.statement_on else inspections_problems.StatementMissing()


def ask_hearing_owed(inspection: Inspection) -> problems.Problem | None:
    return None if inspection.hearing_owed else inspections_problems.HearingNotOwed()


def ask_hearing_day(inspection: Inspection) -> problems.Problem | None:
    is_day = inspection.hearing_on is not None and inspection.hearing_on <= today()
    return (
        None
        if inspection.hearing_noticed_on is not None and is_day
        else inspections_problems.HearingUnready()
    )


def ask_hearing_over(inspection: Inspection) -> problems.Problem | None:
    """What the chair reports rests on the record of the hearing (行政处罚法 65条)."""
    return ask_hearing_day(inspection) or ask_recorded(inspection) or ask_reported(inspection)


def ask_recorded(inspection: Inspection) -> problems.Problem | None:
    recorded = inspection.hearing_recorded_on is not None
    return None if recorded else inspections_problems.HearingUnrecorded(inspection=inspection.code)


# --- what it needs of its papers and terms ---------------------------------------------------------


def finds_violation(file: CaseFile) -> bool:
    """What was found may be nothing an employer is punished for: a person to be won over, arrears of a poor one."""
    return bool(offences.allowed_in(file.case, the_law(today())))


def may_ask_hearing(file: File) -> bool:
    return file.running("inspection.hearing_request")


def waited(file: File) -> bool:
    answered = not file.inspection.statement_on or bool(file.inspection.statement_answer)
    return answered and not file.running("inspection.statement", "inspection.hearing_request")


def uncalled(file: File) -> bool:
    return file.unserved(NoticeKind.HEARING_NOTICE) is None and file.inspection.hearing_noticed_on is None


def unrecorded(file: File) -> bool:
    return file.inspection.hearing_recorded_on is None


def called(file: File) -> bool:
    return not uncalled(file)


def all_spoke(file: File) -> bool:
    return bool(file.opinions) and all(opinion.said_at for opinion in file.opinions)


def is_overdue(file: File) -> bool:
    due: date | None = file.inspection.due_on
    if due is None or is_challenged(file):
        return False
    return due < today() and file.unserved(NoticeKind.DEMAND) is None


def court_open(file: File) -> bool:
    waits = file.running("inspection.demand", "inspection.remedy")
    return file.running("inspection.court") and not waits and file.open_remedy is None


def may_extend(file: File) -> bool:
    return file.running("inspection.investigation") and file.inspection.extended_on is None


def may_be_challenged(file: File) -> bool:
    return file.inspection.case.penalty is not None and file.open_remedy is None


def is_challenged(file: File) -> bool:
    return file.open_remedy is not None


def may_be_stayed(file: File) -> bool:
    return file.open_remedy is not None and file.open_remedy.stayed_on is None
