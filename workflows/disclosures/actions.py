"""Publishing penalty decisions, withdrawing those that fell, and ending the publication by repair."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.law.queries import Law, require_reviewed, the_law
from grid.offices.models import Part
from grid.offices.queries import office_at
from grid.scope import Actor, Held, Right, require, require_person
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of
from workflows.disclosures import problems as disclosures_problems
from workflows.disclosures import queries
from workflows.disclosures.models import Disclosure
from workflows.disclosures.verbs import DisclosureVerb
from workflows.engine.actions.steps import locked, record_on, stop_terms
from workflows.inspections.models import Inspection
from workflows.inspections.queries import publicity
from workflows.notices.actions import take_number
from workflows.notices.queries.parties import party_of
from workflows.remedies.followers import Room
from workflows.remedies.models import Remedy, RemedyOutcome, RemedyTarget

SERIES = "public penalties"


def publish_penalty(inspection: Inspection, facts: str, *, by: Actor) -> Disclosure:
    """Publishes a penalty decision that binds (行政处罚法48条, 国办发〔2018〕118号), by the body that decided or the city.

    Raises ReasonMissing, DecisionNotServed, DecisionFallen, DisclosureThere; LawUnreviewed outside demo mode while no
    lawyer has passed how long it is shown.
    """
    act = _("公示处罚决定")
    if not facts.strip():
        raise problems.ReasonMissing(act=act)
    with _at(inspection, by) as (fresh, held):
        _require_publishable(fresh)
        law = the_law(today())
        require_reviewed(_waiting(fresh, law), act)
        entry = _publish(fresh, facts.strip(), law, by)
        stop_terms(fresh, "penalty.publish", why=act, by=by)
        facts_told = {"number": entry.number, "until": entry.ends_on.isoformat()}
        record_on(DisclosureVerb.PENALTY_PUBLISHED, fresh, by, held, **facts_told)
    return entry


def _require_publishable(inspection: Inspection) -> None:
    if inspection.served_on is None or inspection.served_on > today():
        raise disclosures_problems.DecisionNotServed(inspection=inspection.code)
    if inspection.disclosures.filter(withdrawn_at=None).exists():
        raise disclosures_problems.DisclosureThere(number=inspection.decision_number)
    if queries.fallen(inspection) or queries.stay_of(inspection):
        raise disclosures_problems.DecisionFallen(inspection=inspection.code)


def _waiting(inspection: Inspection, law: Law) -> Iterable[str]:
    """What of the law of the publication no lawyer has passed."""
    keys = ("penalty.publish", "penalty.serious", *publicity.keys_of(inspection, law))
    return (law[key].title for key in keys if not law[key].reviewed)


def _publish(inspection: Inspection, facts: str, law: Law, by: Actor) -> Disclosure:
    assert inspection.decided_on is not None
    period, party = publicity.period_in(inspection, law), party_of(inspection.case)
    earlier = inspection.disclosures.count()
    return Disclosure.objects.create(
        code=f"{inspection.code}-{earlier + 1}" if earlier else inspection.code,
        inspection=inspection, subject=inspection.case.subject, area=inspection.area,
        number=inspection.decision_number, decided_on=inspection.decided_on,
        authority=office_at(inspection.area, inspection.decided_on).name_of(Part.AUTHORITY),
        name=party.name, credit_code=party.code, head=party.representative, facts=facts,
        basis=queries.basis_of(inspection), content=queries.content_of(inspection),
        published_at=now(), published_by_id=require_person(by), ends_on=period.ends_on,
        repair_from=period.repair_from, feed=_next_place(),
    )  # fmt: skip


def _next_place() -> int:
    """The place of a change in the feed; the row stays locked until the transaction ends."""
    return take_number(SERIES, 0)


# --- taken back ------------------------------------------------------------------------------------


def withdraw_penalty(inspection: Inspection, why: str, *, by: Actor) -> Disclosure:
    """撤回 of what is published, with its reason for the public to read (行政处罚法48条2款). One that was changed and
    stands is to be published anew.

    Raises ReasonMissing, DisclosureNotStanding.
    """
    act = _("撤回公示")
    if not why.strip():
        raise problems.ReasonMissing(act=act)
    with _at(inspection, by) as (fresh, held):
        entry = _standing(fresh, act)
        entry.withdrawn_at, entry.withdrawn_by_id = now(), require_person(by)
        entry.withdrawn_why, entry.feed = why.strip(), _next_place()
        entry.save()
        stop_terms(fresh, "penalty.withdraw", why=act, by=by)
        if entry.fallen_at and not queries.fallen(fresh):
            _owe(fresh, "penalty.publish", today(), by)
        record_on(DisclosureVerb.PENALTY_WITHDRAWN, fresh, by, held, number=entry.number, reason=why)
    return entry


def repair_penalty(inspection: Inspection, why: str, *, by: Actor) -> Disclosure:
    """信用修复: the party has corrected and performed, and the shortest period is over; the publication ends at once
    (信用修复管理办法: 谁认定谁修复).

    Raises ReasonMissing, DisclosureNotStanding, DisclosureUnrepaired.
    """
    act = _("准予信用修复")
    if not why.strip():
        raise problems.ReasonMissing(act=act)
    with _at(inspection, by) as (fresh, held):
        entry = _standing(fresh, act)
        if entry.repaired_at or entry.fallen_at:
            raise disclosures_problems.DisclosureNotStanding(inspection=fresh.code, act=act)
        if not queries.is_repairable(fresh, entry):
            first = entry.repair_from or entry.ends_on
            raise disclosures_problems.DisclosureUnrepaired(first=first)
        entry.repaired_at, entry.repaired_by_id = now(), require_person(by)
        entry.repaired_why, entry.feed = why.strip(), _next_place()
        entry.save()
        record_on(DisclosureVerb.PENALTY_REPAIRED, fresh, by, held, number=entry.number)
    return entry


# --- when it is challenged -------------------------------------------------------------------------


def follow_stay(remedy: Remedy, by: Actor) -> None:
    """Part of noting a stay: what is stayed is not shown until the remedy ends, and the feed says so."""
    for entry in _bump(remedy):
        inspection, number = entry.inspection, remedy.stay_number
        record_on(DisclosureVerb.PENALTY_HIDDEN, inspection, by, None, number=entry.number, order=number)


def follow_remedy(remedy: Remedy, fine: Decimal | None, by: Actor, held: Held | None) -> None:
    """Part of closing a remedy: a penalty that was quashed or changed is shown no more from this moment, and is to be
    withdrawn within its term; one not yet published is not; what was stayed and stands is shown again."""
    if remedy.target != RemedyTarget.PENALTY:
        return
    if remedy.outcome not in (RemedyOutcome.QUASHED, RemedyOutcome.CHANGED):
        _bump(remedy)
        return
    why = _("{kind}{outcome}：{number}").format(
        kind=remedy.get_kind_display(), outcome=remedy.get_outcome_display(), number=remedy.outcome_number
    )
    for found in Inspection.objects.filter(case=remedy.case_id, served_on__isnull=False):
        inspection = locked(Inspection, found.pk)
        if remedy.outcome == RemedyOutcome.QUASHED:
            stop_terms(inspection, "penalty.publish", why=why, by=by)
        _fell(inspection, why, by)


def _fell(inspection: Inspection, why: str, by: Actor) -> None:
    entry = inspection.disclosures.filter(withdrawn_at=None, fallen_at=None).first()
    if entry is None:
        return
    entry.fallen_at, entry.fallen_why, entry.feed = now(), why[:300], _next_place()
    entry.save()
    _owe(inspection, "penalty.withdraw", today(), by)
    record_on(DisclosureVerb.PENALTY_FELL, inspection, by, None, reason=why)


def _bump(remedy: Remedy) -> list[Disclosure]:
    """Moves what stands of the penalty to the end of the feed."""
    if remedy.target != RemedyTarget.PENALTY:
        return []
    rows = Disclosure.objects.filter(inspection__case=remedy.case_id, withdrawn_at=None)
    entries = list(rows.select_related("inspection__case"))
    for entry in entries:
        entry.feed = _next_place()
        entry.save(update_fields=["feed"])
    return entries


# --- what they share -------------------------------------------------------------------------------


def report_to_superior(clock: Clock, *, by: Actor) -> None:
    """The days to publish or to withdraw are over, and it is not done: said once, for the clock fires once."""
    inspection = Inspection.objects.filter(case=clock.case_id, decided_on__isnull=False).order_by("pk").last()
    if inspection is None:
        return
    fresh = locked(Inspection, inspection.pk)
    told = {"term_name": str(name_of(clock.kind)), "due_on": clock.due_on.isoformat()}
    record_on(DisclosureVerb.DISCLOSURE_LATE, fresh, by, None, **told)
    hint("inbox", fresh.area[:4])


def _owe(inspection: Inspection, kind: str, since: date, by: Actor) -> None:
    start_clock(kind, by=by, case=inspection.case, provision=the_law(today())[kind], from_day=since)


def _standing(inspection: Inspection, act: str) -> Disclosure:
    rows = Disclosure.objects.select_for_update(of=("self",)).filter(inspection=inspection, withdrawn_at=None)
    entry = rows.first()
    if entry is None:
        raise disclosures_problems.DisclosureNotStanding(inspection=inspection.code, act=act)
    return entry


@contextmanager
def _at(inspection: Inspection, by: Actor) -> Iterator[tuple[Inspection, Held | None]]:
    """The decided inspection, locked, and the posting of the district's head or the city's under which it is acted on."""
    with transaction.atomic():
        fresh = locked(Inspection, inspection.pk)
        held = by.allowing(Right.DECIDE_CITY, fresh.area) or require(by, Right.DECIDE_DISTRICT, fresh.area)
        yield fresh, held
        hint("case", fresh.area)
        hint("inbox", fresh.area)


CHALLENGED = Room(RemedyTarget.PENALTY, stayed=follow_stay, ended=follow_remedy)
