"""The party is told what it is to be listed for, and heard: notice, defence, answer."""

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Right
from tasks.visits.models import Visit
from workflows.cases import states
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import hearers_at
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.engine import procedures
from workflows.engine.actions.steps import act_on, another_than, locked, record_on, step_of
from workflows.engine.acts import word_of
from workflows.listing import problems as listing_problems
from workflows.listing.actions.lasting import is_period_reviewed, months_of
from workflows.listing.actions.proposing import check_ground
from workflows.listing.actions.proving import proven_by
from workflows.listing.actions.removing import listing_of
from workflows.listing.documents import ListingNotice
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Letterhead, citation
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.sanctions.queries import measures_meant


def give_listing_notice(case: Case, *, by: Actor) -> Notice:
    """Issues the 列入告知书 of the city, which decides (国办发〔2020〕49号 四(八)): facts and their proof, ground, measures,
    and the right to be heard. Served, it opens the defence. Raises what `check_ground` raises."""
    with act_on(case, "notice", by=by) as (fresh, held):
        law, listing = the_law(today()), listing_of(fresh)
        check_ground(listing.ground, listing.penalty_number, fresh, listing.circumstances)
        return issue_document(
            fresh,
            NoticeKind.LISTING_NOTICE,
            lambda letter: _notice(letter, listing, law),
            by=by,
            held=held,
        )


def _notice(letter: Letterhead, listing: Listing, law: Law) -> ListingNotice:
    ground, (measures, passed) = listing.ground, measures_meant()
    return ListingNotice(
        letter=letter,
        ground=ground.title,
        found=(listing.facts, *proven_by(listing)),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        measures=measures,
        period=_("自决定列入之日起{months}个月").format(months=months_of(listing, law)),
        defence=law["listing.defence"],
        period_reviewed=is_period_reviewed(law),
        measures_reviewed=passed,
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
        record_on(ListingVerb.LISTING_NOTICED, fresh, by, None, until=clock.due_on.isoformat())
        return service


def record_defence(case: Case, text: str, *, by: Actor) -> Listing:
    """Keeps what the subject said, whenever it is said before the city decides. Said after the review, it goes before
    the reviewer again. Raises ReasonMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(case, "defence"))
    with act_on(case, "defence", by=by) as (fresh, held):
        _require_body(fresh, by)
        listing = listing_of(fresh)
        while fresh.state in (CaseState.LISTING_CITY, CaseState.LISTING_DISTRICT):
            _review_again(fresh, listing, by)
        # What was said before stays; what is added comes after it, and all of it is answered.
        listing.defence = "\n".join(part for part in (listing.defence, text.strip()) if part)
        listing.defence_on, listing.defence_answer = today(), ""
        listing.save()
        record_on(ListingVerb.DEFENCE_RECORDED, fresh, by, held, on=today().isoformat())
    return listing


def _require_body(case: Case, by: Actor) -> None:
    """The party is heard by the body that decides, the city's (国办发〔2020〕49号 四(八)). Raises NotYourPost."""
    if by.person_id not in hearers_at(case.area):
        raise problems.NotYourPost(right=Right.LEGAL_REVIEW.value)


def _review_again(case: Case, listing: Listing, by: Actor) -> None:
    """Part of taking a defence: the file goes one step back, and what was decided of it there is done again."""
    is_city = case.state == CaseState.LISTING_CITY
    earlier = CaseState.LISTING_DISTRICT if is_city else CaseState.LISTING_REVIEW
    with procedures.step_back(case.process, case.state, earlier, by=by):
        states.move(case, "take_back")
        if is_city:
            listing.district_by = listing.district_at = None
        else:
            listing.reviewed_by = listing.reviewed_at = None
            listing.review_opinion = ""
        case.save()


def answer_defence(case: Case, text: str, *, by: Actor) -> Listing:
    """Answers the defence, by the city, which decides; the reviewer refuses a file in which one is unanswered. Raises
    DefenceMissing, SamePersonTwice for whoever proposed."""
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(case, "answer"))
    with act_on(case, "answer", by=by) as (fresh, held):
        _require_body(fresh, by)
        listing = listing_of(fresh)
        another_than(by, listing.proposed_by_id)
        if not listing.defence_on:
            raise listing_problems.DefenceMissing()
        listing.defence_answer = text.strip()
        listing.save(update_fields=["defence_answer"])
        record_on(ListingVerb.DEFENCE_ANSWERED, fresh, by, held)
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
        record_on(
            ListingVerb.DEFENCE_CLOSED,
            fresh,
            by,
            held,
            on=clock.due_on.isoformat(),
            heard=bool(listing.defence_on),
        )
