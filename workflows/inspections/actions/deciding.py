"""Review by another, discussion where it is owed, the head's decision, and the lawful ends without a penalty."""

from decimal import Decimal

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.law.queries import Law, the_law
from grid.offices.queries import office_at
from grid.scope import Actor, Held
from tasks.visits.models import Visit
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import CaseState
from workflows.clocks.actions import start_clock
from workflows.clocks.terms import ending_with
from workflows.engine.actions.steps import another_than, end_of, record_on, step_of, stop_terms
from workflows.engine.acts import require_lawful
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.advising import advise_repair, place_of_publication, serve_advice
from workflows.inspections.actions.discussing import require_as_discussed, weigh_again
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.actions.investigating import imposed_words, inspection_of
from workflows.inspections.actions.punishing import (
    CORRECTION,
    corrections_of,
    require_uncontradicted,
    start_correction,
    tax_order_words,
)
from workflows.inspections.actions.steps import DECISION, forget_review, not_investigating
from workflows.inspections.actions.timing import begin_investigating
from workflows.inspections.documents import (
    CRIME,
    NO_FAULT,
    SPARED_FOR,
    TRANSFERRED_FOR,
    CaseTransfer,
    CaseWithdrawn,
    NoPenalty,
    PenaltyDecision,
)
from workflows.inspections.models import DiscussionOutcome, Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import offences, reviewers_at, weighing
from workflows.inspections.queries.dues import shorts_in, table_of
from workflows.inspections.records.queries import correction_shown, evidence_of
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import Receipt, file_service, issue_document, withdraw_documents
from workflows.notices.documents import Letterhead, Term, composing
from workflows.notices.letters import falling_with, kinds_to_persons
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.notices.queries.spans import term_on, term_set


def review_inspection(inspection: Inspection, opinion: str, *, by: Actor, at: str = "") -> Inspection:
    """法制审核 by a legal officer of the body that decides, qualified for it, who neither investigated nor decides
    (行政处罚法58条). A matter of weight goes to the collective discussion, any other to the head.

    Raises ReasonMissing, ReviewerUnfit, StatementUnanswered, ReportMissing, SamePersonTwice.
    """
    if not opinion.strip():
        raise problems.ReasonMissing(act=states.label_of("review"))
    weighty = weighing.is_weighty(inspection, the_law(today()))
    to = S.COLLECTIVE if weighty else S.DECIDING
    with step_of(inspection, "review", by=by, at=at, to=to) as (fresh, held):
        not_investigating(fresh, by)
        if by.person_id not in reviewers_at(fresh):
            raise inspections_problems.ReviewerUnfit(name=by.name)
        require_lawful(fresh, "review")
        fresh.reviewed_by_id, fresh.reviewed_at = by.person_id, now()
        fresh.review_opinion, fresh.collective_needed = opinion.strip(), weighty
        record_on(InspectionVerb.PENALTY_REVIEWED, fresh, by, held, opinion=opinion)
    return inspection


# --- back ---------------------------------------------------------------------------------------


def return_inspection(
    inspection: Inspection, why: str, *, to: str = S.INVESTIGATING, by: Actor, at: str = ""
) -> Inspection:
    """退回 to be investigated or heard again, by whoever has it before them. What was reviewed and discussed is done
    again; what the party said stays. Raises ReasonMissing, OutOfOrder.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("send_back"))
    if to not in (S.INVESTIGATING, S.NOTICED):
        raise states.out_of_order(inspection, states.label_of("send_back"))
    from_state = S(at or inspection.state)
    with step_of(inspection, "send_back", by=by, at=at, to=to) as (fresh, held):
        not_investigating(fresh, by)
        fresh.returned_why = why.strip()
        forget_review(fresh)
        stop_terms(fresh, "inspection.decision", why=states.label_of("send_back"), by=by)
        if to == S.INVESTIGATING:
            begin_investigating(fresh, the_law(today()), by)
            withdraw_documents(fresh.case, why[:300], by=by, kinds=(NoticeKind.PENALTY_NOTICE,))
        record_on(InspectionVerb.INSPECTION_RETURNED, fresh, by, held, step=str(from_state.label), reason=why)
    return inspection


# --- the decision -------------------------------------------------------------------------------


def decide(
    inspection: Inspection, *, by: Actor, times: Decimal | None = None, days: int | None = None,
    remark: str = "", at: str = "",
) -> Inspection:  # fmt: skip
    """行政处罚决定 of the head of the office (行政处罚法57条). `times` may be milder than what the party was told,
    within the tier, never heavier; `days`: to correct, where the head chose them.

    Raises SamePersonTwice, DecidedTogether, HeavierAfterStatement, OutsideTier, CorrectedOnRecord, DaysOutside.
    """
    with step_of(inspection, "decide", by=by, at=at) as (fresh, held):
        not_investigating(fresh, by)
        another_than(by, fresh.reviewed_by_id)
        require_as_discussed(fresh, DiscussionOutcome.AS_TOLD, times)
        require_uncontradicted(fresh, fresh.circumstances.get("corrected", ""))
        law = the_law(today())
        if times is not None and times != fresh.times:
            weigh_again(fresh, times, law)
        correction = term_set(fresh.case, CORRECTION, days, law)
        assert fresh.fine is not None
        if rules.is_heavier(fresh.fine, fresh.noticed_fine):
            raise inspections_problems.HeavierAfterStatement(told=fresh.noticed_fine)
        fresh.decided_by_id, fresh.decided_on = by.person_id, today()
        notice = issue_document(
            fresh.case,
            NoticeKind.PENALTY_DECISION,
            lambda letter: _decision(letter, fresh, correction, law),
            by=by,
            held=held,
        )
        fresh.decision_number = notice.number
        advise_repair(fresh, law, by, held)
        stop_terms(fresh, *ending_with(DECISION), why=states.label_of("decide"), by=by)
        # Handed over and made public, each within its days.
        for kind in ("inspection.service", "penalty.publish"):
            start_clock(kind, by=by, case=fresh.case, provision=law[kind], from_day=today())
        facts = {"number": notice.number, "amount": str(fresh.fine), "reason": remark}
        record_on(InspectionVerb.PENALTY_DECIDED, fresh, by, held, **facts)
    return inspection


def _decision(
    letter: Letterhead, inspection: Inspection, correction: Provision | Term, law: Law
) -> PenaltyDecision:
    office, offence = office_at(inspection.area, letter.issued_on), offences.offence_in(inspection, law)
    return PenaltyDecision(
        letter=letter,
        found=(inspection.facts,),
        evidence=(*evidence_of(inspection), *tax_order_words(inspection)),
        heard=defence_of(inspection),
        breached=offence.breached,
        discretion=(
            _("裁量档次“{tier}”，{chosen}").format(
                tier=inspection.tier, chosen=weighing.chosen_words(inspection)
            ),
        ),
        corrections=corrections_of(inspection, offence),
        correction=correction,
        imposed=(imposed_words(inspection),),
        fine=inspection.fine or Decimal(0),
        payment=law["penalty.payment"],
        remedies=composing.remedies_of(law, office),
        calculation=weighing.calculation_of(inspection, law),
        basis=offences.power_to_punish(offence),
        sums=table_of(shorts_in(inspection.dues), inspection.roster),
        published=place_of_publication(),
    )


def defence_of(inspection: Inspection) -> tuple[str, ...]:
    """Part of every decision: how the party was told and heard."""
    if inspection.noticed_on is None:
        return ()
    told = _("处罚事先告知书已于 {on} 送达，告知了陈述、申辩的权利。").format(on=inspection.noticed_on)
    if not inspection.statement_on:
        said = [_("当事人在规定期限内没有提出陈述、申辩。")]
    else:
        said = [
            _("当事人于 {on} 提出：{text}").format(on=inspection.statement_on, text=inspection.statement),
            _("经复核：{text}").format(text=inspection.statement_answer),
        ]
    return (told, *said, *_hearing_of(inspection))


def _hearing_of(inspection: Inspection) -> list[str]:
    """The decision rests on the record of the hearing (行政处罚法65条), so it says what came of it."""
    if inspection.hearing_held_on is None:
        return []
    assert inspection.hearing_chair is not None
    chair = inspection.hearing_chair.full_name
    words = _("已于 {on} 举行听证，由{name}主持。").format(on=inspection.hearing_held_on, name=chair)
    if inspection.hearing_recorded_on:
        words += _("听证笔录在卷。")
    opinion = _("听证意见：{text}").format(text=inspection.hearing_opinion)
    accepted = _("采纳情况：{text}").format(text=inspection.hearing_accepted)
    return [
        words,
        *([opinion] * bool(inspection.hearing_opinion)),
        *([accepted] * bool(inspection.hearing_accepted)),
    ]


def serve_decision(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The decision binds from the day its service counts: the fine is to be paid, remedies run, the case has its
    penalty (行政处罚法61、67、73条)."""
    with step_of(inspection_of(notice), "serve", by=by, at=S.DECIDED) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        case, on = fresh.case, service.effective_on
        serve_advice(fresh, receipt, by, held)
        stop_terms(fresh, "inspection.service", why=states.label_of("serve"), by=by)
        payment = start_clock(
            "penalty.payment", by=by, case=case, provision=law["penalty.payment"], from_day=on
        )
        start_clock("inspection.remedy", by=by, case=case, provision=law["remedy.suit_months"], from_day=on)
        fresh.served_on, fresh.due_on = on, payment.due_on
        start_correction(fresh, term_on(notice, law[CORRECTION], "correction"), by)
        assert fresh.decided_on is not None
        case.penalty = {
            "number": fresh.decision_number,
            "decided_on": fresh.decided_on.isoformat(),
            "amount": str(fresh.fine),
            "facts": fresh.facts,
        }
        follow_proceeding(case, "penalise", by=by, held=held)
        record_on(
            InspectionVerb.PENALTY_RECORDED, fresh, by, held, number=fresh.decision_number, amount=str(fresh.fine),
            decided_on=fresh.decided_on.isoformat(),
        )  # fmt: skip
        return service


# --- lawful ends without a penalty --------------------------------------------------------------


def withdraw_inspection(
    inspection: Inspection, why: str, proof: str = "", *, by: Actor, at: str = ""
) -> Inspection:
    """撤销立案 by the head: minor and corrected, or nothing to pursue (监察条例18条). The case ends with it. `proof` names
    what shows the correction, of `corrections_of`; the register does where it shows it and nothing else is named.

    Raises ReasonMissing, SamePersonTwice, CorrectionUnproved.
    """
    with end_of(inspection, "withdraw", by=by, at=at, why=why) as (fresh, held):
        not_investigating(fresh, by)
        assert fresh.filed_on is not None
        filed_on, found = fresh.filed_on, offences.facts_in(fresh, the_law(today()))
        issue_document(
            fresh.case,
            NoticeKind.CASE_WITHDRAWN,
            lambda letter: CaseWithdrawn(
                letter=letter, filing_number=fresh.code, filed_on=filed_on,
                found=found, reasons=(why,), evidence=correction_shown(fresh, proof),
            ),
            by=by,
            held=held,
        )  # fmt: skip
        record_on(InspectionVerb.INSPECTION_WITHDRAWN, fresh, by, held, reason=why)
        act = "heal" if fresh.case.healed_on else "dismiss"
        _end_case(fresh, act, why, by, held)
    return inspection


def impose_no_penalty(
    inspection: Inspection, why: str, exemption: str = "first", proof: str = "", *, by: Actor, at: str = ""
) -> Inspection:
    """不予处罚 by the head: minor or first, and corrected, as a named piece of evidence shows, or without fault
    (行政处罚法33、57条). `exemption`: a key of SPARED_FOR; `proof` as in `withdraw_inspection`. The case ends with it.

    Raises ReasonMissing, SamePersonTwice, DecidedTogether, CorrectionUnproved.
    """
    with end_of(inspection, "spare", by=by, at=at, why=why) as (fresh, held):
        not_investigating(fresh, by)
        require_as_discussed(fresh, DiscussionOutcome.SPARE)
        require_lawful(fresh, "spare")
        corrected = correction_shown(fresh, proof)
        if not corrected and exemption != NO_FAULT:
            raise inspections_problems.CorrectionUnproved(inspection=fresh.code)
        law, office = the_law(today()), office_at(fresh.area, today())
        issue_document(
            fresh.case,
            NoticeKind.NO_PENALTY,
            lambda letter: NoPenalty(
                letter=letter, found=offences.facts_in(fresh, law), reasons=(why,),
                evidence=tuple(dict.fromkeys((*corrected, *evidence_of(fresh)))),
                heard=defence_of(fresh), basis=SPARED_FOR[exemption],
                remedies=composing.remedies_of(law, office),
            ),
            by=by,
            held=held,
        )  # fmt: skip
        record_on(InspectionVerb.PENALTY_SPARED, fresh, by, held, reason=why)
        _end_case(fresh, "spare", why, by, held)
    return inspection


def transfer_inspection(
    inspection: Inspection, to: str, why: str, *, by: Actor, at: str = "", because: str = "matter"
) -> Inspection:
    """移送 by a 案件移送书 to the authority whose matter it is (监察条例18条) or whose ground (13条), or to the judicial
    organ where a crime is suspected (行政处罚法27条). `because`: a key of TRANSFERRED_FOR. The case ends with it.

    Raises ReasonMissing, SamePersonTwice.
    """
    if not to.strip():
        raise problems.ReasonMissing(act=states.label_of("transfer"))
    with end_of(inspection, "transfer", by=by, at=at, why=why) as (fresh, held):
        not_investigating(fresh, by)
        notice = issue_document(
            fresh.case,
            NoticeKind.CASE_TRANSFER,
            lambda letter: _transfer(letter, fresh, to.strip(), why, because),
            by=by,
            held=held,
        )
        record_on(
            InspectionVerb.INSPECTION_TRANSFERRED, fresh, by, held, to=to.strip(), number=notice.number, reason=why,
            is_crime=because == CRIME,
        )  # fmt: skip
        _end_case(fresh, "transfer", why, by, held)
    return inspection


def _transfer(letter: Letterhead, inspection: Inspection, to: str, why: str, because: str) -> CaseTransfer:
    assert inspection.filed_on is not None
    case = inspection.case
    papers = case.notices.filter(withdrawn_at=None).exclude(kind__in=kinds_to_persons()).order_by("pk")
    audits = case.audits.order_by("pk").prefetch_related("records")
    records = [
        f"{record.get_kind_display()}（{record.on}）" for audit in audits for record in audit.records.all()
    ]
    return CaseTransfer(
        letter=letter,
        to=to,
        filing_number=inspection.code,
        filed_on=inspection.filed_on,
        found=offences.facts_in(inspection, the_law(today())),
        reasons=(why,),
        evidence=[*evidence_of(inspection), *records],
        basis=TRANSFERRED_FOR[because],
        officers=officers_of(inspection),
        enclosures=[f"《{paper.get_kind_display()}》{paper.number}" for paper in papers],
        is_crime=because == CRIME,
    )


def _end_case(inspection: Inspection, act: str, why: str, by: Actor, held: Held | None) -> None:
    """What was asked of the party in this inspection and is not done is taken back; the case follows."""
    case = inspection.case
    withdraw_documents(case, why[:300], by=by, kinds=falling_with(Inspection))
    assert case.state == CaseState.INSPECTED
    follow_proceeding(case, act, why, by=by, held=held)
