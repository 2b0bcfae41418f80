"""信用修复 (信用修复管理办法, 2026-04-01): after the shortest period, with proof, promise, and a look at the door;
granted, it is as if the period were over: removed, no longer shared, every sanction lifted.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.law.queries import Law, the_law
from grid.offices.queries import office_at
from grid.scope import Actor, Held, Right, require_person
from tasks.findings.models import Finding
from tasks.rounds.actions.single import close_one, send_one
from tasks.visits.states import FindingState
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import start_clock, stop_clock
from workflows.clocks.rules import unit_of
from workflows.engine.actions.steps import another_than, record_on, writing_on
from workflows.listing import problems as listing_problems
from workflows.listing.actions.lasting import earliest_day, last_day_of
from workflows.listing.actions.objecting import decision_number, public_listing, taking_right
from workflows.listing.actions.removing import take_off_by
from workflows.listing.documents import RepairDecision
from workflows.listing.models import Listing
from workflows.listing.models.appeals import Repair
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import issue_document
from workflows.notices.documents.composing import cited_by, remedies_of
from workflows.notices.models import Notice, NoticeKind


def apply_repair(listing: Listing, evidence: str, commitment: str, *, by: Actor) -> Repair:
    """Takes in an application and sends the grid worker to look. The term of its decision runs from today.

    Raises RepairProofMissing, RepairTooEarly, RepairNeedless, RepairOpen, ListingNotPublic, NoWorkerThere.
    """
    act = _("受理信用修复申请")
    if not evidence.strip() or not commitment.strip():
        raise listing_problems.RepairProofMissing()
    right = taking_right(by, listing.area)
    with writing_on(listing.case, right, tuple(CaseState), act, by=by) as (case, held):
        entry, law = public_listing(case, act), the_law(today())
        _require_time(entry, law)
        if open_one := entry.repairs.filter(decided_at=None).first():
            raise listing_problems.RepairOpen(code=entry.code, on=open_one.applied_on)
        repair = Repair.objects.create(
            listing=entry,
            evidence=evidence.strip(),
            commitment=commitment.strip(),
            applied_on=today(),
            taken_by_id=require_person(by),
        )
        clock = start_clock(
            "repair.decide", by=by, case=case, provision=law["repair.decide"], from_day=today()
        )
        record_on(ListingVerb.REPAIR_APPLIED, case, by, held, until=clock.due_on.isoformat())
        _send_worker(repair, case, law, by, held)
    return repair


def _require_time(listing: Listing, law: Law) -> None:
    first = earliest_day(listing, law)
    if first is None:
        raise listing_problems.RepairNeedless(on=last_day_of(listing))
    if today() < first:
        raise listing_problems.RepairTooEarly(on=first)


def _send_worker(repair: Repair, case: Case, law: Law, by: Actor, held: Held | None) -> None:
    term = law["repair.inspect"]
    until = due_on(today(), int(term.value), unit_of(term.unit), workdays())
    assert until is not None
    title = _("信用修复现场核查 {code}").format(code=case.code)
    why = _("申请信用修复，核实是否已改正：{evidence}").format(evidence=repair.evidence)
    repair.task = send_one(case.subject, title, why, until, by=by, held=held)
    repair.save(update_fields=["task"])
    record_on(ListingVerb.REPAIR_SENT_OUT, case, by, held, worker=str(repair.task.posting.person))


def seen_at(repair: Repair) -> Finding | None:
    """What the reviewer confirmed of the visit on the spot; none while it has not come so far."""
    rows = Finding.objects.filter(visit__task=repair.task_id, state=FindingState.CONFIRMED)
    return rows.select_related("visit").order_by("-pk").first() if repair.task_id else None


@transaction.atomic
def decide_repair(repair: Repair, granted: bool, reason: str, *, by: Actor) -> Repair:
    """The city decides, another person than took it in and than looked, with a 信用修复决定书. Granted, the entry
    leaves the list everywhere; refused, it stays, and a new application may follow.

    Raises ReasonMissing, RepairClosed, SamePersonTwice, RepairUninspected, RepairUnfounded.
    """
    act = _("决定信用修复")
    if not reason.strip():
        raise problems.ReasonMissing(act=act)
    with writing_on(repair.listing.case, Right.DECIDE_CITY, tuple(CaseState), act, by=by) as (case, held):
        fresh = _open(repair)
        entry, seen = public_listing(case, act), seen_at(fresh)
        another_than(by, fresh.taken_by_id, *_lookers(seen))
        if granted:
            _require_seen(seen)
        fresh.granted, fresh.reason = granted, reason.strip()
        fresh.decided_by_id, fresh.decided_at = by.person_id, now()
        fresh.notice = _paper(case, entry, fresh, seen, by, held)
        fresh.save()
        if fresh.task:
            close_one(fresh.task)
        for clock in case.clocks.filter(kind="repair.decide", fired_at=None, stopped_at=None):
            stop_clock(clock, str(_("已决定")), by=by)
        outcome = _("准予修复") if granted else _("不予修复")
        facts = {"outcome": outcome, "number": fresh.notice.number, "reason": reason}
        record_on(ListingVerb.REPAIR_DECIDED, case, by, held, **facts)
    # The step that takes the entry off locks and saves the case itself.
    if granted:
        take_off_by(case, str(_("信用修复")), by=by)
    repair.refresh_from_db()
    return repair


def _open(repair: Repair) -> Repair:
    rows = Repair.objects.select_for_update(of=("self",)).select_related("listing", "task")
    fresh = rows.get(pk=repair.pk)
    if fresh.decided_at:
        raise listing_problems.RepairClosed(who=fresh.decided_by, on=day_of(fresh.decided_at))
    return fresh


def _lookers(seen: Finding | None) -> tuple[int | None, ...]:
    return (seen.recorded_by_id, seen.reviewed_by_id) if seen else ()


def _require_seen(seen: Finding | None) -> None:
    if seen is None:
        raise listing_problems.RepairUninspected()
    if seen.measures:
        raise listing_problems.RepairUnfounded(found="；".join(measure["why"] for measure in seen.measures))


def _paper(
    case: Case, entry: Listing, repair: Repair, seen: Finding | None, by: Actor, held: Held | None
) -> Notice:
    law, office, number = the_law(today()), office_at(case.area[:4], today()), decision_number(case)
    return issue_document(
        case,
        NoticeKind.REPAIR_DECISION,
        lambda letter: RepairDecision(
            letter=letter,
            listed_number=number,
            listed_on=entry.decided_on or repair.applied_on,
            applied_on=repair.applied_on,
            granted=bool(repair.granted),
            evidence=(repair.evidence, repair.commitment),
            checked=(_checked(seen),),
            reasons=(repair.reason,),
            basis=cited_by(law["cite.repair"]),
            remedies=remedies_of(law, office),
            again_from=today(),
        ),
        by=by,
        held=held,
    )


def _checked(seen: Finding | None) -> str:
    if seen is None:
        return _("未作现场核查。")
    on = day_of(seen.visit.counts_at)
    found = "；".join(measure["why"] for measure in seen.measures) or _("未发现仍需整改的事项")
    return _("{on}现场核查：{found}。").format(on=on, found=found)
