"""异议: what is public is verified again and answered within a term (国办发〔2020〕49号 四(八)).

An objection by itself suspends nothing; the entry is marked 异议核查中 wherever it is shown.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.law.queries import the_law
from grid.offices.queries import office_at
from grid.scope import Actor, Right, require_person
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import start_clock, stop_clock
from workflows.engine.actions.steps import another_than, record_on, writing_on
from workflows.listing import problems as listing_problems
from workflows.listing.actions.public_feed import bump_feed
from workflows.listing.actions.removing import Revoked, listing_of
from workflows.listing.actions.revoking import revoke
from workflows.listing.documents import ObjectionAnswer
from workflows.listing.models import Listing
from workflows.listing.models.appeals import Objection, Verdict
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import issue_document
from workflows.notices.documents.composing import cited_by, remedies_of
from workflows.notices.models import Notice, NoticeKind
from workflows.sanctions import problems as sanctions_problems
from workflows.sanctions.actions.lifting import correct_all


def taking_right(by: Actor, area: str) -> Right:
    """Asks by which right `by` takes in what a subject hands in: the inspector of the district's, or the city's that
    listed it."""
    return Right.INSPECT if by.can(Right.INSPECT, area) else Right.DECIDE_CITY


def file_objection(listing: Listing, text: str, *, by: Actor) -> Objection:
    """Takes in an objection to a public entry and starts the term of its answer.

    Raises ReasonMissing, ListingNotPublic, ObjectionOpen.
    """
    act = _("登记异议")
    if not text.strip():
        raise problems.ReasonMissing(act=act)
    right = taking_right(by, listing.area)
    with writing_on(listing.case, right, tuple(CaseState), act, by=by) as (case, held):
        fresh = public_listing(case, act)
        if open_one := fresh.objections.filter(answered_at=None).first():
            raise listing_problems.ObjectionOpen(code=fresh.code, on=open_one.filed_on)
        objection = Objection.objects.create(
            listing=fresh, text=text.strip(), filed_on=today(), filed_by_id=require_person(by)
        )
        term = the_law(today())["listing.objection"]
        clock = start_clock("listing.objection", by=by, case=case, provision=term, from_day=today())
        bump_feed(fresh)
        record_on(ListingVerb.OBJECTION_FILED, case, by, held, until=clock.due_on.isoformat())
    return objection


@transaction.atomic
def answer_objection(
    objection: Objection, verdict: str, checked: str, answer: str, *, by: Actor, correction: str = ""
) -> Objection:
    """Answers by the city, by another person than who took it in, with a 异议处理答复书.

    CORRECTED shows `correction` beside the entry, everywhere; REVOKED takes it off the list for good.
    Raises ReasonMissing, ObjectionClosed, SamePersonTwice.
    """
    act = _("答复异议")
    lacks_correction = verdict == Verdict.CORRECTED and not correction.strip()
    if not answer.strip() or not checked.strip() or lacks_correction:
        raise problems.ReasonMissing(act=act)
    listing = objection.listing
    with writing_on(listing.case, Right.DECIDE_CITY, tuple(CaseState), act, by=by) as (case, held):
        fresh = _open(objection)
        another_than(by, fresh.filed_by_id)
        fresh.verdict, fresh.checked, fresh.answer = Verdict(verdict), checked.strip(), answer.strip()
        fresh.answered_by_id, fresh.answered_at = by.person_id, now()
        fresh.notice = _paper(case, fresh, correction.strip(), by)
        fresh.save()
        _stop_term(case, by)
        entry = listing_of(case)
        if verdict == Verdict.CORRECTED:
            _correct(entry, correction.strip(), by)
        if entry.removed_at is None:
            bump_feed(entry)
        record_on(ListingVerb.OBJECTION_ANSWERED, case, by, held, verdict=str(fresh.get_verdict_display()))
    # The step that takes the entry off locks and saves the case itself.
    if verdict == Verdict.REVOKED:
        revoked = Revoked(answer.strip(), cited_by(the_law(today())["cite.objection"]))
        revoke(listing, revoked, by=by)
    objection.refresh_from_db()
    return objection


def _open(objection: Objection) -> Objection:
    fresh = Objection.objects.select_for_update(of=("self",)).select_related("listing").get(pk=objection.pk)
    if fresh.answered_at:
        raise listing_problems.ObjectionClosed(who=fresh.answered_by, on=day_of(fresh.answered_at))
    return fresh


def _correct(listing: Listing, correction: str, by: Actor) -> None:
    listing.correction, listing.corrected_at = correction, now()
    listing.save(update_fields=["correction", "corrected_at"])
    correct_all(listing, by=by)
    record_on(ListingVerb.LISTING_CORRECTED, listing.case, by, None, correction=correction)


def _stop_term(case: Case, by: Actor) -> None:
    clocks = case.clocks.filter(kind="listing.objection", fired_at=None, stopped_at=None)
    for clock in clocks.select_related("case"):
        stop_clock(clock, str(_("已答复")), by=by)


def _paper(case: Case, objection: Objection, correction: str, by: Actor) -> Notice:
    law, office = the_law(today()), office_at(case.area[:4], today())
    listing = objection.listing
    number = decision_number(case)
    return issue_document(
        case,
        NoticeKind.OBJECTION_ANSWER,
        lambda letter: ObjectionAnswer(
            letter=letter,
            about_number=number,
            about_on=listing.decided_on or objection.filed_on,
            filed_on=objection.filed_on,
            objection=(objection.text,),
            checked=(objection.checked,),
            upheld=objection.verdict != Verdict.REJECTED,
            outcome=str(objection.get_verdict_display()),
            reasons=(objection.answer,),
            basis=cited_by(law["cite.objection"]),
            effects=_effects(objection, number, correction),
            remedies=remedies_of(law, office),
        ),
        by=by,
    )


def _effects(objection: Objection, number: str, correction: str) -> tuple[str, ...]:
    """What becomes of the entry, and of what it said."""
    if objection.verdict == Verdict.REVOKED:
        words = _(
            "撤销《{title}》（{number}），该决定自始无效；停止公示、共享和使用该条信息，解除依据该条信息采取的措施。"
        )
        return (words.format(title=NoticeKind.LISTING_DECISION.label, number=number),)
    if objection.verdict == Verdict.CORRECTED:
        words = _(
            "公示的主要事实“{facts}”更正如下：{correction}。更正后的信息同步至信用平台和采取措施的单位。"
        )
        facts = objection.listing.facts.rstrip("。")
        return (words.format(facts=facts, correction=correction.rstrip("。")),)
    return (_("该条信息继续公示，内容不变。"),)


def decision_number(case: Case) -> str:
    """The number of the decision that listed the subject of `case`."""
    decision = case.notices.filter(kind=NoticeKind.LISTING_DECISION).order_by("-pk").first()
    return decision.number if decision else ""


def public_listing(case: Case, act: str) -> Listing:
    """The listing of a locked case, while it is published. Raises ListingNotPublic."""
    listing = listing_of(case)
    if listing.published_at is None or listing.removed_at:
        raise sanctions_problems.ListingNotPublic(code=listing.code, act=act)
    return listing
