"""强制执行申请书: what the court has to be told and given before it may let a penalty be enforced (行政强制法53-55条)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.discreet import is_person_number
from grid.law.queries import Law, the_law
from grid.offices.queries import office_at
from grid.registers.queries import number_of_representative
from grid.scope import Actor
from grid.subjects.models import TRADERS
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import record_on, running_terms, step_of, stop_terms
from workflows.inspections import problems as inspections_problems
from workflows.inspections import states
from workflows.inspections.actions.deciding import defence_of
from workflows.inspections.actions.enforcing import reckoned_late, require_unchallenged, standing_words
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.documents import CourtApplication, ServedPaper, still_owed
from workflows.inspections.models import Inspection
from workflows.inspections.queries import head_of, offences, weighing
from workflows.inspections.records.queries import records_of
from workflows.inspections.rules import money
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import issue_document
from workflows.notices.documents import Letterhead
from workflows.notices.models import NoticeKind

SERVED = (NoticeKind.PENALTY_NOTICE, NoticeKind.PENALTY_DECISION, NoticeKind.DEMAND)


@dataclass(frozen=True)
class Asked:
    """What the officer adds: `property`, what is known of the debtor's means, or that nothing is; `head_number`, of the
    identity card of who runs a trade, where no register has it."""

    property: str
    head_number: str = ""


def apply_court(inspection: Inspection, asked: Asked, *, by: Actor, at: str = "") -> Inspection:
    """强制执行申请书 to the court, after the demand's term, once review and suit are no longer open, within three
    months.

    Raises PenaltyChallenged, CourtTooSoon, CourtTooLate, ReasonMissing where nothing is said of the means,
    HeadNumberMissing for a trade.
    """
    if not asked.property.strip():
        raise problems.ReasonMissing(act=_("申请执行标的情况"))
    with step_of(inspection, "apply_court", by=by, at=at) as (fresh, held):
        require_unchallenged(fresh, states.label_of("apply_court"))
        if waiting := running_terms(fresh, "inspection.demand", "inspection.remedy"):
            raise inspections_problems.CourtTooSoon(on=max(clock.due_on for clock in waiting))
        if not running_terms(fresh, "inspection.court"):
            raise inspections_problems.CourtTooLate(on=_court_until(fresh))
        fresh.court_on, number = today(), _head_number(fresh, asked.head_number)
        notice = issue_document(
            fresh.case,
            NoticeKind.COURT_APPLICATION,
            lambda letter: _application(letter, fresh, asked.property.strip(), number),
            by=by,
            held=held,
        )
        stop_terms(fresh, "inspection.court", why=states.label_of("apply_court"), by=by)
        record_on(InspectionVerb.COURT_ASKED, fresh, by, held, number=notice.number)
    return inspection


def _court_until(inspection: Inspection) -> date | None:
    past = Clock.objects.filter(case=inspection.case_id, kind="inspection.court").order_by("-pk").first()
    return past.due_on if past else None


def _head_number(inspection: Inspection, given: str) -> str:
    """Of who runs a trade, whom the court has to be able to tell from everybody of the same name; of nobody else."""
    subject = inspection.case.subject
    if subject.kind not in TRADERS:
        return ""
    number = given.strip().upper() or number_of_representative(subject)
    if not is_person_number(number):
        raise inspections_problems.HeadNumberMissing(name=subject.name)
    return number


def _application(
    letter: Letterhead, inspection: Inspection, means: str, head_number: str
) -> CourtApplication:
    law, fine = the_law(today()), inspection.fine or Decimal(0)
    added, served = weighing.surcharge_of(inspection, law, today()), _served_papers(inspection)
    total = still_owed(fine, added.amount, inspection.paid)
    assert inspection.decided_on is not None
    return CourtApplication(
        letter=letter,
        court=office_at(inspection.area, letter.issued_on).court,
        head=head_of(inspection),
        agents=officers_of(inspection),
        head_number=head_number,
        decision_number=inspection.decision_number,
        decided_on=inspection.decided_on,
        requests=(_("依法裁定准予强制执行被申请人未缴纳的罚款和加处罚款，合计 {sum}。").format(
            sum=money.yuan(total)
        ),),
        reasons=_reasons(inspection, law),
        said=defence_of(inspection),
        served=served,
        fine=fine,
        surcharge=added.amount,
        total=total,
        calculation=reckoned_late(added, inspection, law),
        enclosures=_enclosures(inspection, served),
        paid=inspection.paid,
        property=means,
    )  # fmt: skip


def _reasons(inspection: Inspection, law: Law) -> tuple[str, ...]:
    """What was found, by which clause it was punished, and that nothing was done about it since."""
    offence = offences.offence_in(inspection, law)
    found = _("被申请人的违法行为是“{title}”：{facts}，违反了{breached}的规定。").format(
        title=offence.title, facts=inspection.facts.rstrip("。；;"), breached="、".join(offence.breached)
    )
    decided = _("申请人依照{basis}，于 {on} 作出行政处罚决定（{number}），处罚款 {fine}。").format(
        basis="、".join(offence.punish), on=inspection.decided_on, number=inspection.decision_number,
        fine=money.yuan(inspection.fine or Decimal(0)),
    )  # fmt: skip
    since = _("决定书于 {served} 送达，缴纳期限至 {due}。被申请人{standing}申请人于 {demanded} 送达履行催告书，").format(
        served=inspection.served_on, due=inspection.due_on, standing=standing_words(inspection),
        demanded=inspection.demanded_on,
    )  # fmt: skip
    return (found, decided, since + _("经催告仍不履行处罚决定。"))


def _served_papers(inspection: Inspection) -> list[ServedPaper]:
    rows = inspection.case.notices.filter(kind__in=SERVED, withdrawn_at=None, service__isnull=False)
    return [
        ServedPaper(
            str(row.get_kind_display()),
            row.number,
            str(row.service.get_way_display()),
            row.service.effective_on,
            has_slip=bool(row.service.slip_sha256),
        )
        for row in rows.select_related("service").order_by("pk")
    ]


def _enclosures(inspection: Inspection, served: list[ServedPaper]) -> list[str]:
    """The slip of service only where it lies on file; the evidence by its records (行政强制法55条1款)."""
    papers = [f"《{paper.title}》{paper.number}" + _("及送达回证") * paper.has_slip for paper in served]
    records = [
        f"{record.get_kind_display()}（{record.on}）"
        for record in records_of(inspection)
        if record.is_evidence
    ]
    said = [_("当事人陈述、申辩材料和复核意见")] * bool(inspection.statement_on)
    heard = [_("听证笔录和听证报告")] * bool(inspection.hearing_held_on)
    return [*papers, *records, *said, *heard, _("授权委托书")]
