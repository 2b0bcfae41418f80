"""Legal review, district, city, each by another person; then the decision is served."""

from django.conf import settings
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import Law, the_law
from grid.offices.queries import office_at
from grid.scope import Actor
from tasks.visits.models import Visit
from workflows.cases import states
from workflows.cases.models import Case, CaseState
from workflows.engine.actions.steps import another_than, record_on, step_of
from workflows.listing import problems as listing_problems
from workflows.listing.actions.lasting import is_period_reviewed, last_day_of, repair_words
from workflows.listing.actions.proposing import check_ground
from workflows.listing.actions.proving import proven_by
from workflows.listing.actions.removing import listing_of
from workflows.listing.documents import ListingDecision, RepairAdvice
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Letterhead, citation
from workflows.notices.documents.composing import cited_by, remedies_of
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.remedies.models import Remedy
from workflows.sanctions.queries import measures_meant


def review_listing(case: Case, opinion: str, *, by: Actor, at: str = "") -> Listing:
    """The legal review, by somebody who did not propose. Raises DefenceUnanswered, SamePersonTwice."""
    if not opinion.strip():
        raise problems.ReasonMissing(act=states.label_of("review"))
    with step_of(case, "review", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        another_than(by, listing.proposed_by_id)
        if listing.defence_on and not listing.defence_answer:
            raise listing_problems.DefenceUnanswered()
        listing.reviewed_by_id, listing.reviewed_at = by.person_id, now()
        listing.review_opinion = opinion.strip()
        listing.save(update_fields=["reviewed_by", "reviewed_at", "review_opinion"])
        record_on(ListingVerb.LISTING_REVIEWED, fresh, by, held, opinion=opinion)
    return listing


def decide_district(case: Case, *, by: Actor, remark: str = "", at: str = "") -> Listing:
    with step_of(case, "decide_district", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        another_than(by, listing.proposed_by_id, listing.reviewed_by_id)
        listing.district_by_id, listing.district_at = by.person_id, now()
        listing.save(update_fields=["district_by", "district_at"])
        step = str(CaseState.LISTING_DISTRICT.label)
        record_on(ListingVerb.LISTING_APPROVED, fresh, by, held, step=step, reason=remark)
    return listing


def decide_city(case: Case, *, by: Actor, at: str = "") -> Listing:
    """The city decides, and its decision is issued with the day it ends, together with how to be repaired.

    The ground must still be lawful on this day. Raises SamePersonTwice, RemedyPending while the penalty it stands
    on is under review or in court, and what `propose_listing` raises.
    """
    with step_of(case, "decide_city", by=by, at=at) as (fresh, held):
        listing, law = listing_of(fresh), the_law(today())
        another_than(by, listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id)
        check_ground(listing.ground, listing.penalty_number, fresh, listing.circumstances)
        _require_no_remedy(listing)
        listing.city_by_id, listing.city_at, listing.decided_on = by.person_id, now(), today()
        listing.save(update_fields=["city_by", "city_at", "decided_on"])
        notice = issue_document(
            fresh,
            NoticeKind.LISTING_DECISION,
            lambda letter: _decision(letter, fresh, listing, law),
            by=by,
            held=held,
        )
        issue_document(
            fresh,
            NoticeKind.REPAIR_ADVICE,
            lambda letter: _advice(letter, listing, notice.number, law),
            by=by,
            held=held,
        )
        record_on(ListingVerb.LISTING_DECIDED, fresh, by, held, number=notice.number)
    return listing


def _decision(letter: Letterhead, case: Case, listing: Listing, law: Law) -> ListingDecision:
    ground, (measures, passed) = listing.ground, measures_meant()
    return ListingDecision(
        letter=letter,
        ground=ground.title,
        found=(listing.facts, *proven_by(listing)),
        heard=_has_defence(listing),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        starts_on=letter.issued_on,
        ends_on=last_day_of(listing),
        measures=measures,
        repair=(repair_words(listing, law),),
        period_reviewed=is_period_reviewed(law),
        measures_reviewed=passed,
        published=(f"{settings.ORIGIN}/public/listings/", _("“信用中国”网站（按规定共享）")),
        remedies=remedies_of(law, office_at(case.area[:4], today())),
    )


def _advice(letter: Letterhead, listing: Listing, number: str, law: Law) -> RepairAdvice:
    return RepairAdvice(
        letter=letter,
        about_number=number,
        about_on=letter.issued_on,
        ends_on=last_day_of(listing),
        since=(repair_words(listing, law),),
        basis=cited_by(law["cite.repair"]),
    )


def _has_defence(listing: Listing) -> tuple[str, ...]:
    told = _("《{title}》已于{on}送达，并告知了陈述、申辩的权利。")
    notice = told.format(title=NoticeKind.LISTING_NOTICE.label, on=listing.noticed_on)
    if not listing.defence_on:
        return (notice, _("在规定期限内没有提出陈述、申辩。"))
    return (
        notice,
        _("于{on}提出陈述、申辩：{text}").format(on=listing.defence_on, text=listing.defence),
        _("答复：{text}").format(text=listing.defence_answer),
    )


def _require_no_remedy(listing: Listing) -> None:
    """A penalty that is being reviewed, or fell, carries no listing."""
    if not listing.needs_penalty:
        return
    against = Remedy.objects.filter(case=listing.case_id, target="penalty")
    decided_on = (listing.case.penalty or {}).get("decided_on", "")
    if not decided_on or against.filter(outcome="quashed", filed_on__gte=decided_on).exists():
        raise listing_problems.PenaltyFirst(ground=listing.ground.title)
    if pending := against.filter(decided_on=None).first():
        raise listing_problems.RemedyPending(kind=pending.get_kind_display(), body=pending.body)


def serve_listing_decision(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The served decision, and with it how to be repaired (两书同达); publication waits until its service counts."""
    with step_of(notice.case, "serve_decision", by=by, at=CaseState.LISTING_SERVICE) as (fresh, held):
        service = file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)
        for advice in fresh.notices.filter(kind=NoticeKind.REPAIR_ADVICE, withdrawn_at=None, service=None):
            file_service(advice, receipt, the_law(today()), by=by, held=held)
        listing = listing_of(fresh)
        listing.served_on = service.effective_on
        listing.save(update_fields=["served_on"])
        way = str(service.get_way_display())
        record_on(ListingVerb.LISTING_SERVED, fresh, by, None, way=way, on=service.effective_on.isoformat())
        return service
