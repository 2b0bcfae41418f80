"""重大劳动保障违法行为社会公布: proposed once the case was handled, decided by another, published by the quarter."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.law.queries import require_reviewed, the_law
from grid.offices.models import Part
from grid.offices.queries import office_at
from grid.scope import Actor, Held, Right, require, require_person
from workflows.announcements import problems as announcements_problems
from workflows.announcements import queries, rules
from workflows.announcements.models import Announcement, Batch
from workflows.announcements.verbs import AnnouncementVerb
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock, stop_clock
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import another_than, locked, record_on
from workflows.inspections import problems as inspections_problems
from workflows.listing import problems as listing_problems
from workflows.listing.models import Ground, Route
from workflows.listing.rules import facts_on_file, fits, in_force, unmet
from workflows.notices.actions import take_number
from workflows.notices.rules import number_text
from workflows.remedies.followers import Room
from workflows.remedies.models import Remedy, RemedyOutcome, RemedyTarget
from workflows.sanctions import problems as sanctions_problems

WORD = "公布"


def propose_announcement(
    case: Case, ground: Ground, head: str, facts: str, handling: str, *, by: Actor
) -> Announcement:
    """The inspector proposes to publish a violation whose case was handled: the penalty is decided.

    Name, code and address come from the subject as registered today and stay as they are now.
    Raises NotHandledYet, AnnouncementThere, AnnouncementIncomplete, GroundNotInForce, GroundUnfit,
    ConditionsUnmet.
    """
    if not head.strip() or not facts.strip() or not handling.strip():
        raise announcements_problems.AnnouncementIncomplete()
    with transaction.atomic():
        case = locked(Case, case.pk)
        held = require(by, Right.INSPECT, case.area)
        _check(case, ground)
        subject = case.subject
        entry = Announcement.objects.create(
            code=case.code,
            case=case,
            subject=subject,
            area=case.area,
            ground=ground,
            name=subject.name,
            credit_code=subject.code,
            address=subject.address,
            head=head.strip(),
            facts=facts.strip(),
            handling=handling.strip(),
            proposed_by_id=require_person(by),
            proposed_at=now(),
        )
        record_on(AnnouncementVerb.ANNOUNCEMENT_PROPOSED, case, by, held, ground=ground.title)
        hint("inbox", case.area)
    return entry


def _check(case: Case, ground: Ground) -> None:
    if Announcement.objects.filter(case=case).exists():
        raise announcements_problems.AnnouncementThere(case=case.code)
    if ground.route != Route.ANNOUNCE or not in_force(ground.valid_from, ground.valid_to, today()):
        raise listing_problems.GroundNotInForce(ground=ground.title, on=today())
    if not fits(ground.subject_kinds, case.subject.kind):
        raise listing_problems.GroundUnfit(ground=ground.title, kind=case.subject.get_kind_display())
    _require_standing(case, _("提请公布"))
    assert case.penalty is not None
    if lacking := unmet(ground.conditions, facts_on_file(case.penalty["number"], case.healed_on, {})):
        raise listing_problems.ConditionsUnmet(conditions="；".join(lacking))


def _require_standing(case: Case, act: str) -> None:
    """Raises NotHandledYet once the penalty fell, PenaltyChallenged while it is stayed."""
    if queries.fallen(case):
        raise announcements_problems.NotHandledYet(case=case.code)
    if stay := queries.stays().filter(case=case).first():
        raise inspections_problems.PenaltyChallenged(kind=stay.get_kind_display(), body=stay.body, act=act)


def decide_announcement(entry: Announcement, *, by: Actor) -> Announcement:
    """The district, or the city, decides to publish.

    Raises SamePersonTwice, OutOfOrder, NotHandledYet, PenaltyChallenged.
    """
    with transaction.atomic():
        fresh, held = _locked(entry, by)
        _require_undecided(fresh, _("决定公布"))
        another_than(by, fresh.proposed_by_id)
        _require_standing(fresh.case, _("决定公布"))
        fresh.decided_by_id, fresh.decided_at = by.person_id, now()
        fresh.save(update_fields=["decided_by", "decided_at"])
        record_on(AnnouncementVerb.ANNOUNCEMENT_DECIDED, fresh.case, by, held)
    return fresh


def refuse_announcement(entry: Announcement, why: str, *, by: Actor) -> Announcement:
    """Not serious enough, or otherwise not to be published. Raises ReasonMissing, OutOfOrder."""
    if not why.strip():
        raise problems.ReasonMissing(act=_("不予公布"))
    with transaction.atomic():
        fresh, held = _locked(entry, by)
        _require_undecided(fresh, _("不予公布"))
        fresh.refused_at, fresh.refused_why = now(), why.strip()
        fresh.save(update_fields=["refused_at", "refused_why"])
        record_on(AnnouncementVerb.ANNOUNCEMENT_REFUSED, fresh.case, by, held, reason=why)
    return fresh


def publish_batch(office: str, media: str = "", *, by: Actor) -> Batch:
    """Publishes all that `office` (a district, or the city) has decided and not yet published, as one batch, called after
    the quarter of its matters. Who publishes is posted at that office; what rests on a stayed penalty waits.

    Raises NotYourPost, BatchEmpty, LawUnreviewed outside demo mode while no lawyer has passed a ground.
    """
    with transaction.atomic():
        held = _require_deciding(by, office)
        if held is None or held.area != office:
            raise problems.NotYourPost(right=Right.DECIDE_DISTRICT.value)
        rows = queries.to_publish(office)
        # Cases first, in one order, as every act on them.
        for case_id in rows.order_by("case__process_id").values_list("case_id", flat=True):
            locked(Case, case_id)
        waiting = list(rows.select_for_update(of=("self",)).select_related("case", "ground").order_by("pk"))
        if not waiting:
            raise announcements_problems.BatchEmpty(quarter=_quarter_in_words(*rules.quarter_of(today())))
        year, quarter = max(rules.quarter_of(queries.handled_on(row)) for row in waiting)
        require_reviewed((row.ground.title for row in waiting if not row.ground.reviewed), _("社会公布"))
        series = office_at(office, today()).word(Part.AUTHORITY) + WORD
        batch = Batch.objects.create(
            number=number_text(series, today().year, take_number(series, today().year)),
            office=office,
            year=year,
            quarter=quarter,
            published_at=now(),
            published_by_id=require_person(by),
            media=media.strip(),
        )
        Announcement.objects.filter(pk__in=[row.pk for row in waiting]).update(batch=batch)
        for row in waiting:
            record_on(AnnouncementVerb.ANNOUNCEMENT_PUBLISHED, row.case, by, held, number=batch.number)
    return batch


def _quarter_in_words(year: int, quarter: int) -> str:
    return _("{year} 年第 {n} 季度").format(year=year, n=quarter)


def object_to_announcement(entry: Announcement, text: str, *, by: Actor) -> Announcement:
    """Takes in an objection to a published entry; the term of its answer runs.

    Raises ReasonMissing, ListingNotPublic, ObjectionOpen.
    """
    act = _("登记异议")
    if not text.strip():
        raise problems.ReasonMissing(act=act)
    with transaction.atomic():
        case = locked(Case, entry.case_id)
        held = require(by, Right.INSPECT, case.area)
        fresh = _row(entry)
        _require_public(fresh, act)
        if fresh.objected_on and not fresh.answered_at:
            raise listing_problems.ObjectionOpen(code=fresh.code, on=fresh.objected_on)
        term = the_law(today())["announcement.objection"]
        clock = start_clock("announcement.objection", by=by, case=case, provision=term, from_day=today())
        fresh.objection, fresh.objected_on, fresh.objection_by_id = text.strip(), today(), require_person(by)
        fresh.objection_due_on = clock.due_on
        fresh.objection_answer, fresh.answered_at, fresh.answered_by = "", None, None
        fresh.save()
        record_on(AnnouncementVerb.ANNOUNCEMENT_OBJECTED, case, by, held, until=clock.due_on.isoformat())
    return fresh


def answer_announcement(
    entry: Announcement, answer: str, *, by: Actor, correction: str = "", remove: bool = False
) -> Announcement:
    """Answers an objection; `correction` is shown with the entry, `remove` takes it down.

    Raises ReasonMissing, SamePersonTwice, OutOfOrder without an open objection.
    """
    act = _("答复异议")
    if not answer.strip():
        raise problems.ReasonMissing(act=act)
    with transaction.atomic():
        fresh, held = _locked(entry, by)
        if not fresh.objected_on or fresh.answered_at or fresh.removed_at:
            raise problems.OutOfOrder(thing=fresh.code, state=_("没有待答复的异议"), act=act)
        another_than(by, fresh.objection_by_id)
        fresh.objection_answer, fresh.answered_at, fresh.answered_by_id = answer.strip(), now(), by.person_id
        fresh.correction = correction.strip() or fresh.correction
        fresh.save()
        _stop_term(fresh.case, str(_("已答复")), by)
        record_on(AnnouncementVerb.ANNOUNCEMENT_ANSWERED, fresh.case, by, held)
        if remove:
            _remove(fresh, answer.strip()[:300], by, held)
    return fresh


def remove_announcement(entry: Announcement, why: str, *, by: Actor) -> Announcement:
    """Takes a published entry down: its decision fell or was wrong. Raises ReasonMissing, ListingNotPublic."""
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤下公布"))
    with transaction.atomic():
        fresh, held = _locked(entry, by)
        _require_public(fresh, _("撤下公布"))
        _remove(fresh, why.strip(), by, held)
    return fresh


def follow_remedy(remedy: Remedy, fine: Decimal | None, by: Actor, held: Held | None) -> None:
    """Part of closing a remedy: what was published on a penalty that fell, or was changed."""
    if remedy.target != RemedyTarget.PENALTY:
        return
    if remedy.outcome == RemedyOutcome.QUASHED:
        take_back_fallen(
            remedy.case, _("处罚决定被撤销：{number}").format(number=remedy.outcome_number), by=by
        )
    if remedy.outcome == RemedyOutcome.CHANGED:
        words = _("处罚决定经{kind}变更，罚款为 {fine} 元（{number}）")
        sentence = words.format(kind=remedy.get_kind_display(), fine=fine, number=remedy.outcome_number)
        follow_change(remedy.case, sentence, by=by)


def take_back_fallen(case: Case, why: str, *, by: Actor) -> None:
    """The penalty fell: what was published on it is taken down, and what was not yet is not (处理决定被撤销的，撤下).

    Part of entering the outcome of a remedy, which asks who may.
    """
    entry = Announcement.objects.select_for_update(of=("self",)).filter(case=case, refused_at=None).first()
    if entry is None or entry.removed_at:
        return
    fresh = _row(entry)
    if fresh.batch_id:
        _remove(fresh, why[:300], by, None)
        return
    fresh.refused_at, fresh.refused_why = now(), why[:300]
    fresh.save(update_fields=["refused_at", "refused_why"])
    record_on(AnnouncementVerb.ANNOUNCEMENT_REFUSED, fresh.case, by, None, reason=why)


def follow_change(case: Case, text: str, *, by: Actor) -> None:
    """The penalty was changed: what is published, or will be, says so (处理决定变更的，更正公布的内容).

    Part of entering the outcome of a remedy, which asks who may.
    """
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("case")
    entry = rows.filter(case=case, refused_at=None, removed_at=None).first()
    if entry is None:
        return
    entry.correction = "；".join(filter(None, (entry.correction, text)))[-500:]
    entry.save(update_fields=["correction"])
    record_on(AnnouncementVerb.ANNOUNCEMENT_CORRECTED, entry.case, by, None, text=text)


def report_to_superior(clock: Clock, *, by: Actor) -> None:
    """The term of an objection is over without an answer: reported once, for the clock fires once."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    record_on(AnnouncementVerb.ANNOUNCEMENT_LATE, case, by, None, due_on=clock.due_on.isoformat())
    hint("inbox", case.area[:4])


def _remove(entry: Announcement, why: str, by: Actor, held: Held | None) -> None:
    entry.removed_at, entry.removed_why = now(), why
    entry.save(update_fields=["removed_at", "removed_why"])
    _stop_term(entry.case, why, by)
    record_on(AnnouncementVerb.ANNOUNCEMENT_REMOVED, entry.case, by, held, reason=why)


def _stop_term(case: Case, why: str, by: Actor) -> None:
    for clock in case.clocks.filter(kind="announcement.objection", fired_at=None, stopped_at=None):
        stop_clock(clock, why, by=by)


def _require_deciding(by: Actor, area: str) -> Held | None:
    city = by.allowing(Right.DECIDE_CITY, area)
    return city or require(by, Right.DECIDE_DISTRICT, area)


def _locked(entry: Announcement, by: Actor) -> tuple[Announcement, Held | None]:
    case = locked(Case, entry.case_id)
    held = _require_deciding(by, case.area)
    return _row(entry), held


def _row(entry: Announcement) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).select_related("case").get(pk=entry.pk)


def _require_undecided(entry: Announcement, act: str) -> None:
    if entry.decided_at or entry.refused_at:
        state = _("已决定公布") if entry.decided_at else _("已决定不予公布")
        raise problems.OutOfOrder(thing=entry.code, state=state, act=act)


def _require_public(entry: Announcement, act: str) -> None:
    if not entry.is_published:
        raise sanctions_problems.ListingNotPublic(code=entry.code, act=act)


CHALLENGED = Room(RemedyTarget.PENALTY, ended=follow_remedy)
