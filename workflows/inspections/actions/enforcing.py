"""After the decision: paying, the demand, the court (行政处罚法67、72条; 行政强制法53、54条)."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Held, require_person
from tasks.visits.models import Visit
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import CaseState
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import act_on, record_on, running_terms, step_of, stop_terms
from workflows.engine.acts import word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections import states
from workflows.inspections.actions.investigating import inspection_of, open_of
from workflows.inspections.documents import Demand, still_owed
from workflows.inspections.models import Inspection, Payment
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import weighing
from workflows.inspections.rules.money import Reckoning
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Calculation, Step
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.remedies.models import Remedy, RemedyTarget


def record_payment(
    inspection: Inspection, amount: Decimal, paid_on: date, slip: str, *, by: Actor, at: str = ""
) -> Inspection:
    """Enters what the bank's slip says. Fine and surcharge paid in full perform the penalty, whatever the order in
    which the slips come in.

    Raises PaymentWrong.
    """
    if amount <= 0 or paid_on > today() or not slip.strip():
        raise inspections_problems.PaymentWrong()
    with transaction.atomic():
        with act_on(inspection, "pay", by=by) as (fresh, held):
            if at and fresh.state != at:
                raise states.out_of_order(fresh, word_of(fresh, "pay"))
            if fresh.decided_on and paid_on < fresh.decided_on:
                raise inspections_problems.PaymentWrong()
            _enter(fresh, amount, paid_on, slip.strip(), by)
            fresh.paid += amount
            record_on(
                InspectionVerb.PAYMENT_RECORDED, fresh, by, held,
                amount=str(amount), on=paid_on.isoformat(), slip=slip.strip(),
            )  # fmt: skip
        if weighing.is_settled(inspection):
            _perform(inspection, str(_("罚款已缴清")), by)
    return inspection


def _enter(inspection: Inspection, amount: Decimal, paid_on: date, slip: str, by: Actor) -> None:
    try:
        with transaction.atomic():
            Payment.objects.create(
                inspection=inspection, amount=amount, paid_on=paid_on, slip=slip,
                recorded_by_id=require_person(by), recorded_at=now(),
            )  # fmt: skip
    except IntegrityError as twice:
        raise inspections_problems.PaymentWrong() from twice


def _perform(inspection: Inspection, why: str, by: Actor) -> None:
    with step_of(inspection, "perform", by=by) as (fresh, held):
        finish_penalty(fresh, why, by)
        record_on(InspectionVerb.PENALTY_PERFORMED, fresh, by, held, reason=why)
        close_paid_case(fresh, why, by, held)


def finish_penalty(inspection: Inspection, why: str, by: Actor) -> None:
    """Part of performing or enforcing a penalty: nothing is waited for any more."""
    inspection.closed_at, inspection.closed_why, inspection.closed_by_id = now(), why, by.person_id
    stop_terms(inspection, why=why, by=by)


def close_paid_case(inspection: Inspection, why: str, by: Actor, held: Held | None) -> None:
    """A case whose violation is corrected as well is over. One that is not stays: it may still be listed."""
    case = inspection.case
    if case.state == CaseState.PENALISED and case.healed_on:
        follow_proceeding(case, "perform", why, by=by, held=held)


# --- the demand ---------------------------------------------------------------------------------


def issue_demand(inspection: Inspection, *, by: Actor) -> Notice:
    """履行催告书, when the term for paying is over.

    Raises PenaltyNotOverdue, PenaltyChallenged while a review or a suit is pending.
    """
    with act_on(inspection, "demand", by=by) as (fresh, held):
        assert fresh.due_on and fresh.decided_on and fresh.served_on and fresh.fine is not None
        require_unchallenged(fresh, word_of(fresh, "demand"))
        if today() <= fresh.due_on:
            raise inspections_problems.PenaltyNotOverdue(on=fresh.due_on)
        law = the_law(today())
        added = weighing.surcharge_of(fresh, law, today())
        decided_on, served_on, fine = fresh.decided_on, fresh.served_on, fresh.fine
        return issue_document(
            fresh.case,
            NoticeKind.DEMAND,
            lambda letter: Demand(
                letter=letter,
                decision_number=fresh.decision_number,
                decided_on=decided_on,
                served_on=served_on,
                standing=standing_words(fresh),
                fine=fine,
                surcharge=added.amount,
                paid=fresh.paid,
                total=still_owed(fine, added.amount, fresh.paid),
                term=law["inspection.demand"],
                calculation=reckoned_late(added, fresh, law),
            ),
            by=by,
            held=held,
        )


def reckoned_late(added: Reckoning, inspection: Inspection, law: Law) -> Calculation:
    """Part of a demand and of an application: what adds to the sum, and beside it what explains it."""
    steps = tuple(Step(_("加处罚款"), line.words, line.adds) for line in added.lines if line.adds)
    return Calculation(
        steps,
        note="；".join(line.words for line in added.lines if not line.adds),
        reviewed=weighing.surcharge_is_reviewed(law, is_partly_paid=bool(inspection.paid)),
    )


def serve_demand(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The served demand: ten working days to perform before the court may be asked."""
    with step_of(inspection_of(notice), "demand", by=by, at=S.PERFORMING) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.demanded_on = service.effective_on
        start_clock(
            "inspection.demand", by=by, case=fresh.case, provision=law["inspection.demand"],
            from_day=service.effective_on,
        )  # fmt: skip
        record_on(InspectionVerb.PENALTY_DEMANDED, fresh, by, held)
        return service


def _against(inspection: Inspection) -> QuerySet[Remedy]:
    return Remedy.objects.filter(case=inspection.case_id, target=RemedyTarget.PENALTY).order_by("pk")


def require_unchallenged(inspection: Inspection, act: object) -> None:
    """Part of a demand and of an application. Raises PenaltyChallenged while a review or a suit against the penalty is
    pending: the paper would say that there is none, and what it asks for may fall with the penalty."""
    remedy = _against(inspection).filter(decided_on=None).first()
    if remedy is not None:
        raise inspections_problems.PenaltyChallenged(
            kind=remedy.get_kind_display(), body=remedy.body, act=act
        )


def standing_words(inspection: Inspection) -> str:
    """Part of both: what became of review and suit, as it is today. One that says more than is so is quashed with it."""
    tried = "；".join(
        _("提出的{kind}（{body}）已于 {on} 以“{outcome}”终结").format(
            kind=remedy.get_kind_display(), body=remedy.body, on=remedy.ended_on,
            outcome=remedy.get_outcome_display(),
        )
        for remedy in _against(inspection).exclude(decided_on=None)
    )  # fmt: skip
    if running_terms(inspection, "inspection.remedy"):
        told = _("在法定期限内既不申请行政复议、不提起行政诉讼又不履行的，我单位将依法申请人民法院强制执行。")
        return f"{tried}。{told}" if tried else told
    return f"{tried}。" if tried else _("在法定期限内没有申请行政复议，也没有提起行政诉讼。")


# --- the court ----------------------------------------------------------------------------------


def remedy_over(clock: Clock, *, by: Actor) -> None:
    """Review and suit are no longer open: three months to ask the court begin (行政强制法53条)."""
    inspection = open_of(clock)
    if inspection is not None and inspection.state in (S.PERFORMING, S.DEMANDED):
        law = the_law(today())
        start_clock(
            "inspection.court", by=by, case=inspection.case, provision=law["inspection.court"],
            from_day=clock.due_on,
        )  # fmt: skip


def note_enforced(inspection: Inspection, outcome: str, *, by: Actor, at: str = "") -> Inspection:
    """The court has enforced the penalty. Raises ReasonMissing."""
    if not outcome.strip():
        raise problems.ReasonMissing(act=states.label_of("enforce"))
    with step_of(inspection, "enforce", by=by, at=at) as (fresh, held):
        finish_penalty(fresh, outcome.strip(), by)
        record_on(InspectionVerb.PENALTY_ENFORCED, fresh, by, held, reason=outcome)
        close_paid_case(fresh, outcome.strip(), by, held)
    return inspection
