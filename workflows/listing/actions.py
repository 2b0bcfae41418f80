"""Listing with its whole due process. Every gate is asked here and once more by the database (models.py).

proposed → notice served → defence (term by the clock) → legal review → district → city → service
→ publication → removal when the period is over
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.law.queries import Law, the_law
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.offices.queries import office_at
from grid.scope import Actor, Right, ask, person_of
from tasks.visits.models import Visit
from workflows.cases import states
from workflows.cases.models import Case, CaseState
from workflows.cases.steps import another_than, spare_door
from workflows.clocks.actions import start_clock, stop_clocks
from workflows.clocks.models import Clock
from workflows.clocks.terms import ending_with
from workflows.engine.steps import end_of, locked, note, note_on, step_of
from workflows.listing import rules
from workflows.listing.documents import ListingDecision, ListingNotice
from workflows.listing.feeding import next_place
from workflows.listing.models import Ground, Listing, Route
from workflows.listing.removing import LISTING, listing_of, take_off
from workflows.notices.actions import Receipt, file_service, issue_document, withdraw_documents
from workflows.notices.composing import remedies_of
from workflows.notices.documents import Letterhead, citation
from workflows.notices.letters import falling_with
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.remedies.models import Remedy

# What a changed file has to go through again from its notice on.
GATES = (
    "noticed_on", "defence_on", "defence_closed_on", "reviewed_by", "reviewed_at", "district_by", "district_at",
    "city_by", "city_at", "decided_on",
)  # fmt: skip


def propose_listing(
    case: Case,
    ground: Ground,
    facts: str,
    *,
    by: Actor,
    at: str = "",
    circumstances: Mapping[str, Any] | None = None,
) -> Listing:
    """The inspector proposes to list a penalised subject on a ground in force whose conditions are met by facts on
    file. `circumstances`: what the inspector found besides, by the names of rules.FOUND.

    Raises GroundNotInForce, GroundNotForListing, GroundUnfit, PenaltyFirst, AlreadyRectified, ConditionsUnmet,
    ReasonMissing.
    """
    if not facts.strip():
        raise problems.ReasonMissing(act=states.label_of("propose"))
    found = {name: value for name, value in (circumstances or {}).items() if name in rules.FOUND and value}
    with step_of(case, "propose", by=by, at=at) as (fresh, held):
        number = (fresh.penalty or {}).get("number", "")
        check_ground(ground, number, fresh, found)
        listing = Listing.objects.create(
            code=fresh.code,
            case=fresh,
            subject_id=fresh.subject_id,
            area=fresh.area,
            ground=ground,
            facts=facts.strip(),
            needs_penalty=ground.needs_penalty,
            penalty_number=number,
            circumstances=json.loads(json.dumps(found, default=str)),
            proposed_at=now(),
            proposed_by_id=person_of(by),
        )
        note(
            Verb.LISTING_PROPOSED, fresh, by, held, ground=ground.title, basis=ground.basis, code=ground.code
        )
    return listing


def check_ground(ground: Ground, penalty_number: str, case: Case, circumstances: Mapping[str, Any]) -> None:
    """Whether `ground` lists this subject today: its law, its kind of subject, and its conditions."""
    if not rules.in_force(ground.valid_from, ground.valid_to, today()):
        raise problems.GroundNotInForce(ground=ground.title, on=today())
    if ground.route != Route.LIST:
        raise problems.GroundNotForListing(ground=ground.title)
    if not rules.fits(ground.subject_kinds, case.subject.kind):
        raise problems.GroundUnfit(ground=ground.title, kind=case.subject.get_kind_display())
    if rules.lacks_penalty(ground.needs_penalty, penalty_number):
        raise problems.PenaltyFirst(ground=ground.title)
    if case.healed_on:
        raise problems.AlreadyRectified(on=case.healed_on)
    facts = rules.facts_on_file(penalty_number, case.healed_on, circumstances)
    if lacking := rules.unmet(ground.conditions, facts):
        raise problems.ConditionsUnmet(conditions="；".join(lacking))


def give_listing_notice(case: Case, *, by: Actor) -> Notice:
    """Issues the 列入告知书: facts, ground, consequences and the right to be heard. Served, it opens the defence."""
    act = NoticeKind.LISTING_NOTICE.label
    with note_on(case, Right.INSPECT, (CaseState.LISTING_PROPOSED,), act, by=by) as (fresh, held):
        law, listing = the_law(today()), listing_of(fresh)
        return issue_document(
            fresh,
            NoticeKind.LISTING_NOTICE,
            lambda letter: _notice(letter, listing, law),
            by=by,
            held=held,
        )


def _notice(letter: Letterhead, listing: Listing, law: Law) -> ListingNotice:
    ground = listing.ground
    return ListingNotice(
        letter=letter,
        ground=ground.title,
        found=(listing.facts,),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        period=_("自决定列入之日起{months}个月").format(months=ground.months),
        defence=law["listing.defence"],
    )


def serve_listing_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The served 列入告知书: the term of defence runs."""
    with step_of(notice.case, "give_notice", by=by, at=CaseState.LISTING_PROPOSED) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        listing, on = listing_of(fresh), service.effective_on
        listing.noticed_on = on
        listing.save(update_fields=["noticed_on"])
        clock = start_clock(
            "listing.defence", by=by, case=fresh, provision=law["listing.defence"], from_day=on
        )
        note(Verb.LISTING_NOTICED, fresh, by, None, until=clock.due_on.isoformat())
        return service


def record_defence(case: Case, text: str, *, by: Actor) -> Listing:
    """Keeps what the subject said within the term. Raises ReasonMissing, DefenceRecorded."""
    if not text.strip():
        raise problems.ReasonMissing(act=_("记录陈述申辩"))
    with note_on(case, Right.INSPECT, (CaseState.DEFENCE,), _("记录陈述申辩"), by=by) as (fresh, held):
        listing = listing_of(fresh)
        if listing.defence_on:
            raise problems.DefenceRecorded(on=listing.defence_on)
        listing.defence, listing.defence_on = text.strip(), today()
        listing.save(update_fields=["defence", "defence_on"])
        note(Verb.DEFENCE_RECORDED, fresh, by, held, on=today().isoformat())
    return listing


def answer_defence(case: Case, text: str, *, by: Actor) -> Listing:
    """Answers the defence; the reviewer refuses a file in which one is unanswered. Raises DefenceMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=_("答复陈述申辩"))
    answering = (CaseState.DEFENCE, CaseState.LISTING_REVIEW)
    with note_on(case, Right.INSPECT, answering, _("答复陈述申辩"), by=by) as (fresh, held):
        listing = listing_of(fresh)
        if not listing.defence_on:
            raise problems.DefenceMissing()
        listing.defence_answer = text.strip()
        listing.save(update_fields=["defence_answer"])
        note(Verb.DEFENCE_ANSWERED, fresh, by, held)
    return listing


def close_defence(clock: Clock, *, by: Actor) -> None:
    """The term of defence is over. Nothing when the case ended meanwhile."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if not states.may(case, "close_defence"):
        return
    with step_of(case, "close_defence", by=by) as (fresh, held):
        listing = listing_of(fresh)
        listing.defence_closed_on = clock.due_on
        listing.save(update_fields=["defence_closed_on"])
        note(
            Verb.DEFENCE_CLOSED, fresh, by, held, on=clock.due_on.isoformat(), heard=bool(listing.defence_on)
        )


# --- review and decisions ------------------------------------------------------------------------


def review_listing(case: Case, opinion: str, *, by: Actor, at: str = "") -> Listing:
    """The legal review, by somebody who did not propose. Raises DefenceUnanswered, SamePersonTwice."""
    if not opinion.strip():
        raise problems.ReasonMissing(act=states.label_of("review"))
    with step_of(case, "review", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        another_than(by, listing.proposed_by_id)
        if listing.defence_on and not listing.defence_answer:
            raise problems.DefenceUnanswered()
        listing.reviewed_by_id, listing.reviewed_at = by.person_id, now()
        listing.review_opinion = opinion.strip()
        listing.save(update_fields=["reviewed_by", "reviewed_at", "review_opinion"])
        note(Verb.LISTING_REVIEWED, fresh, by, held, opinion=opinion)
    return listing


def decide_district(case: Case, *, by: Actor, remark: str = "", at: str = "") -> Listing:
    with step_of(case, "decide_district", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        another_than(by, listing.proposed_by_id, listing.reviewed_by_id)
        listing.district_by_id, listing.district_at = by.person_id, now()
        listing.save(update_fields=["district_by", "district_at"])
        step = str(CaseState.LISTING_DISTRICT.label)
        note(Verb.LISTING_APPROVED, fresh, by, held, step=step, reason=remark)
    return listing


def decide_city(case: Case, *, by: Actor, at: str = "") -> Listing:
    """The city decides, and its decision is issued with the day it ends.

    The ground must still be lawful on this day. Raises SamePersonTwice, RemedyPending while the penalty it stands
    on is under review or in court, and what `propose_listing` raises.
    """
    with step_of(case, "decide_city", by=by, at=at) as (fresh, held):
        listing, law = listing_of(fresh), the_law(today())
        another_than(by, listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id)
        check_ground(listing.ground, listing.penalty_number, fresh, listing.circumstances)
        _ask_no_remedy(listing)
        listing.city_by_id, listing.city_at, listing.decided_on = by.person_id, now(), today()
        listing.save(update_fields=["city_by", "city_at", "decided_on"])
        notice = issue_document(
            fresh,
            NoticeKind.LISTING_DECISION,
            lambda letter: _decision(letter, fresh, listing, law),
            by=by,
            held=held,
        )
        note(Verb.LISTING_DECIDED, fresh, by, held, number=notice.number)
    return listing


def _decision(letter: Letterhead, case: Case, listing: Listing, law: Law) -> ListingDecision:
    ground = listing.ground
    return ListingDecision(
        letter=letter,
        ground=ground.title,
        found=(listing.facts,),
        heard=_heard(listing),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        starts_on=letter.issued_on,
        ends_on=_end_of(listing),
        published=(f"{settings.ORIGIN}/public/listings/", _("“信用中国”网站（按规定共享）")),
        remedies=remedies_of(law, office_at(case.area[:4], today())),
    )


def _heard(listing: Listing) -> tuple[str, ...]:
    notice = _("列入告知书已于{on}送达，并告知了陈述、申辩的权利。").format(on=listing.noticed_on)
    if not listing.defence_on:
        return (notice, _("在规定期限内没有提出陈述、申辩。"))
    return (
        notice,
        _("于{on}提出陈述、申辩：{text}").format(on=listing.defence_on, text=listing.defence),
        _("答复：{text}").format(text=listing.defence_answer),
    )


def _ask_no_remedy(listing: Listing) -> None:
    """A penalty that is being reviewed, or fell, carries no listing."""
    if not listing.needs_penalty:
        return
    against = Remedy.objects.filter(case=listing.case_id, target="penalty")
    decided_on = (listing.case.penalty or {}).get("decided_on", "")
    if not decided_on or against.filter(outcome="quashed", filed_on__gte=decided_on).exists():
        raise problems.PenaltyFirst(ground=listing.ground.title)
    if pending := against.filter(decided_on=None).first():
        raise problems.RemedyPending(kind=pending.get_kind_display(), body=pending.body)


def _end_of(listing: Listing) -> date:
    """The last day of publication, counted from the decision; the law of that day bounds it."""
    assert listing.decided_on is not None
    law = the_law(listing.decided_on)
    shortest, longest = (int(law[f"listing.{end}"].value) for end in ("shortest", "longest"))
    return rules.last_public_day(listing.decided_on, rules.period(listing.ground.months, shortest, longest))


def serve_listing_decision(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The served decision; publication waits until its service counts."""
    with step_of(notice.case, "serve_decision", by=by, at=CaseState.LISTING_SERVICE) as (fresh, held):
        service = file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)
        listing = listing_of(fresh)
        listing.served_on = service.effective_on
        listing.save(update_fields=["served_on"])
        way = str(service.get_way_display())
        note(Verb.LISTING_SERVED, fresh, by, None, way=way, on=service.effective_on.isoformat())
        return service


def publish_listing(case: Case, *, by: Actor, at: str = "") -> Listing:
    """Puts the entry on the public list until its last day.

    Raises NotServedYet, RemedyPending while its execution is stayed, and AlreadyRectified for a subject the
    register meanwhile shows in order: the city then drops the listing.
    """
    with step_of(case, "publish", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        assert listing.served_on is not None
        if listing.served_on > today():
            raise problems.NotServedYet(on=listing.served_on)
        if fresh.healed_on:
            raise problems.AlreadyRectified(on=fresh.healed_on)
        _ask_no_stay(fresh)
        listing.published_at, listing.ends_on = now(), _end_of(listing)
        listing.feed = next_place()
        listing.save(update_fields=["published_at", "ends_on", "feed"])
        _start_period(fresh, listing, by)
        note(Verb.LISTING_PUBLISHED, fresh, by, held, until=listing.ends_on.isoformat())
    return listing


@transaction.atomic
def review_ground(ground: Ground, why: str, *, by: Actor) -> Ground:
    """法制审核 of a shipped ground: the mark 待法制审核 goes from every paper that rests on it from now on.

    Raises LawReviewedAlready, ReasonMissing, NotYourPost.
    """
    held = ask(by, Right.LEGAL_REVIEW, settings.CITY)
    if not why.strip():
        raise problems.ReasonMissing(act=Right.LEGAL_REVIEW.value)
    fresh = Ground.objects.select_for_update().get(pk=ground.pk)
    if fresh.reviewed:
        raise problems.LawReviewedAlready(title=fresh.title)
    fresh.reviewed = True
    fresh.save(update_fields=["reviewed"])
    data = {
        "key": fresh.code, "title": fresh.title, "from": fresh.valid_from.isoformat(), "basis": fresh.basis,
        "reason": why.strip(),
    }  # fmt: skip
    record(Verb.LAW_REVIEWED, Line(settings.CITY, data=data), by=by, held=held)
    return fresh


def _ask_no_stay(case: Case) -> None:
    if first := Remedy.objects.staying("listing").filter(case=case).first():
        raise problems.RemedyPending(kind=first.get_kind_display(), body=first.body)


def _start_period(case: Case, listing: Listing, by: Actor) -> None:
    """The clock of the publication. It ends on its day, day off or not: rolling on would lengthen a sanction."""
    ground = listing.ground
    period = Provision(value=ground.months, unit="m", basis=ground.basis, reviewed=ground.reviewed)
    assert listing.decided_on is not None
    start_clock(
        "listing.period",
        by=by,
        case=case,
        provision=period,
        from_day=listing.decided_on,
        due=listing.ends_on,
    )


def remove_listing(clock: Clock, *, by: Actor) -> None:
    """The period is over: the entry leaves the public list, by a 移出决定书. Nothing when it has left already."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if states.may(case, "remove"):
        take_off(case, str(_("公示期满")), by=by)


# --- ways out and back ---------------------------------------------------------------------------


def drop_listing(case: Case, why: str, *, by: Actor, at: str = "") -> Case:
    """不予列入: ends a penalised case without a listing, with the reason. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("drop"))
    with end_of(case, "drop", dropping_right(case), by=by, at=at) as (fresh, held):
        Listing.objects.filter(case=fresh).update(dropped_at=now(), dropped_why=why)
        fresh.closed_at, fresh.closed_why = now(), why
        stop_clocks(fresh, str(_("不予列入")), by=by, kinds=ending_with(LISTING))
        withdraw_documents(fresh, why, by=by, kinds=falling_with(Listing))
        spare_door(fresh, by=by)
        note(Verb.LISTING_DROPPED, fresh, by, held, reason=why)
    return case


def dropping_right(case: Case) -> Right:
    """Whoever decides next may decide against it."""
    if case.state == CaseState.LISTING_REVIEW:
        return Right.LEGAL_REVIEW
    city = (CaseState.LISTING_CITY, CaseState.LISTING_SERVICE, CaseState.PUBLICATION)
    return Right.DECIDE_CITY if case.state in city else Right.DECIDE_DISTRICT


def correct_listing(case: Case, facts: str, remark: str, *, by: Actor, at: str = "") -> Listing:
    """Mends a file that was sent back. Changed facts go the whole way again, beginning with the notice:
    nobody is listed for what they were not heard on. Raises ReasonMissing, NotYourPost.
    """
    if not remark.strip() or not facts.strip():
        raise problems.ReasonMissing(act=states.label_of("correct"))
    ask(by, Right.INSPECT, case.area)
    with transaction.atomic():
        returned_to = locked(Case, case.pk).returned_to
        listing = listing_of(case)
        changed = facts.strip() != listing.facts
        to = CaseState.LISTING_PROPOSED if changed else returned_to
        with step_of(case, "correct", by=by, at=at, to=to) as (fresh, held):
            if changed:
                _begin_again(listing, facts.strip(), by)
            spare_door(fresh, by=by)
            fresh.returned_to = fresh.returned_why = ""
            fields = ["facts"] if changed else []
            note(Verb.CASE_CORRECTED, fresh, by, held, fields=fields, reason=remark)
    return listing


def _begin_again(listing: Listing, facts: str, by: Actor) -> None:
    for gate in GATES:
        setattr(listing, gate, None)
    listing.defence = listing.defence_answer = listing.review_opinion = ""
    listing.facts, listing.proposed_at, listing.proposed_by_id = facts, now(), person_of(by)
    listing.save()
    why = str(_("事实变更，重新告知"))
    withdraw_documents(listing.case, why, by=by, kinds=falling_with(Listing))
