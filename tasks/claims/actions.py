"""Settling the grid of what waits in the pool: by a worker's word, by the answer of those asked, and back again."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.models import Entry
from grid.placing import problems as placing_problems
from grid.placing.batches.actions import placing_facts
from grid.scope import Actor, Held, Right, require, require_person
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Area, Level
from grid.territory.queries import current_area, names_of
from tasks.claims import rules
from tasks.claims.models import Claim, ClaimState, PoolReply, Reply, Way
from tasks.claims.queries import grids_meant, own_grids
from tasks.claims.verbs import ClaimVerb
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.models import CheckTask
from tasks.visits.models import Visit

LOST = "claimed-by-another"
UNCLEAR = "grid-unclear"


class Settled(NamedTuple):
    """What became of a worker's word, for the phone: nothing to tell where it holds as said."""

    code: str = ""
    words: str = ""


def settle_grid(visit: Visit, said: str, way: Way, held: Held, *, by: Actor) -> Settled:
    """Part of taking a visit: its worker said in which grid the subject lies. The first word counts; of a later one its
    worker hears who was faster. Nothing here is a refusal of the visit."""
    subject = Subject.objects.select_for_update().get(pk=visit.subject_id or 0)
    own = own_grids(by.person_id or 0) | {held.area}
    grid = rules.meant_grid(said, grids_meant(said), own)
    if subject.is_placed:
        return _too_late(visit, subject, grid, way, by)
    if not grid or not rules.may_settle(subject.area, grid, own):
        return Settled(UNCLEAR, _("所定网格已调整或不在您的社区，仍待归格，请再选一次。"))
    before, office = subject.area, held if by.person_id == visit.person_id else None
    words = {Way.POOL: _("{who}认领"), Way.DOOR: _("{who}上门定格"), Way.MET: _("{who}走访册外单位时认出")}
    _place(subject, grid, words[way].format(who=by.name), by, office)
    Claim.objects.create(
        visit=visit, subject=subject, area=grid, pool=before, way=way, state=ClaimState.STANDING, at=now()
    )
    return Settled("", _("已归入{grid}。").format(grid=names_of([grid]).get(grid, grid)))


def _too_late(visit: Visit, subject: Subject, grid: str, way: Way, by: Actor) -> Settled:
    entry = Entry.objects.filter(subject=subject.pk, verb=SubjectVerb.SUBJECT_PLACED).order_by("-id").first()
    if grid == subject.area and (entry is None or entry.actor == by.person_id):
        return Settled()
    where = names_of([subject.area]).get(subject.area, subject.area)
    who, when = (entry.actor_name, _shown(entry.at)) if entry else (_("他人"), "")
    Claim.objects.create(
        visit=visit, subject=subject, area=grid or visit.area, pool=subject.area, way=way,
        state=ClaimState.LOST, at=now(),
    )  # fmt: skip
    facts = {"visit": visit.code, "name": subject.name, "who": who, "grid": where}
    record(ClaimVerb.CLAIM_LOST, Line(subject.area, subject=subject.pk, data=facts), by=by)
    return Settled(LOST, _("此户已由{who}于 {when} 归入{grid}。").format(who=who, when=when, grid=where))


def _shown(at: datetime) -> str:
    return f"{at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"


def _place(subject: Subject, grid: str, why: str, by: Actor, held: Held | None) -> None:
    """The locked subject leaves the pool; its open door goes to whoever has that grid."""
    before = subject.area
    subject.area, subject.placement, subject.placement_why = grid, Placement.HAND, why[:200]
    save_moves([subject], [before], by=by)
    # Doors that were visited stay with who was there, and are of the grid from now on.
    CheckTask.objects.filter(subject=subject, area=before).update(area=grid)
    facts = placing_facts(subject, before)
    record(SubjectVerb.SUBJECT_PLACED, Line(grid, subject=subject.pk, data=facts), by=by, held=held)
    hint("coverage", grid)


@transaction.atomic
def refuse_claim(claim: Claim, why: str, *, by: Actor) -> None:
    """The subject goes back to where it waited, and its worker hears why.

    Raises ReasonMissing, SamePersonTwice for whoever claimed it, AlreadyDone, OutOfOrder for a claim that never held,
    or when the subject was placed anew meanwhile.
    """
    held = require(by, Right.PLACE, claim.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("退回认领"))
    subject = Subject.objects.select_for_update().get(pk=claim.subject_id)
    rows = Claim.objects.select_for_update(of=("self",)).select_related("visit__person", "decided_by")
    claim = rows.get(pk=claim.pk)
    if claim.decided_by and claim.decided_at:
        raise problems.AlreadyDone(who=claim.decided_by, when=_shown(claim.decided_at))
    if claim.visit.person_id == by.person_id:
        raise problems.SamePersonTwice(first=claim.visit.person)
    if claim.state != ClaimState.STANDING or subject.area != claim.area or not subject.is_placed:
        raise problems.OutOfOrder(thing=subject.name, state=subject.placement_why, act=_("退回认领"))
    subject.area, subject.placement = claim.pool, Placement.UNPLACED
    subject.placement_why = _("{who}退回认领：{why}").format(who=by.name, why=why.strip())[:200]
    save_moves([subject], [claim.area], by=by)
    claim.state, claim.why, claim.decided_at = ClaimState.REFUSED, why.strip()[:300], now()
    claim.decided_by_id = require_person(by)
    claim.save(update_fields=["state", "why", "decided_at", "decided_by"])
    facts = {"name": subject.name, "who": claim.visit.person.full_name, "reason": why, "to": claim.pool}
    record(ClaimVerb.CLAIM_REFUSED, Line(claim.area, subject=subject.pk, data=facts), by=by, held=held)
    hint("coverage", claim.area)
    hint("inbox", claim.area)


# --- those who are asked ------------------------------------------------------------------------------


@transaction.atomic
def place_asked(subject: Subject, grid: str, why: str, *, by: Actor) -> Subject:
    """Those who were asked know the grid: also of a subject of which only their street or district was known.

    Raises NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid, AlreadyDone when somebody was faster.
    """
    held = require(by, Right.PLACE, grid)
    area: Area = current_area(grid)
    if area.level != Level.GRID:
        raise placing_problems.NotAGrid(area=area.name)
    subject = _waiting(subject)
    if not grid.startswith(subject.area):
        raise problems.NotHere()
    _place(subject, grid, _("{who}答复归格询问").format(who=by.name) + (f"：{why}" if why else ""), by, held)
    return subject


def _waiting(subject: Subject) -> Subject:
    fresh = Subject.objects.select_for_update().get(pk=subject.pk)
    if fresh.is_placed:
        rows = Entry.objects.filter(subject=fresh.pk, verb=SubjectVerb.SUBJECT_PLACED).order_by("-id")
        entry = rows.first()
        when = _shown(entry.at if entry else now())
        raise problems.AlreadyDone(who=entry.actor_name if entry else "", when=when)
    return fresh


@transaction.atomic
def answer_asked(subject: Subject, area: str, reply: Reply, why: str, *, by: Actor) -> PoolReply:
    """`area`, a community or street, does not have it, or nobody finds it anywhere. What is not theirs waits a step
    further up, where the others are asked; what does not exist is a gap with a name (查无) in the account.

    Raises ReasonMissing, NotHere, NotYourPost, AlreadyDone when it was placed, or answered by a colleague.
    """
    held = require(by, Right.PLACE, area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("答复归格询问"))
    subject = _waiting(subject)
    if not (area.startswith(subject.area) or subject.area.startswith(area)):
        raise problems.NotHere()
    former = PoolReply.objects.select_related("by").filter(subject=subject, area=area).first()
    if former:
        raise problems.AlreadyDone(who=former.by, when=_shown(former.at))
    person = require_person(by)
    made = PoolReply.objects.create(
        subject=subject, area=area, reply=reply, why=why.strip()[:300], by_id=person, at=now()
    )
    if reply == Reply.NOT_THERE:
        mark_state([subject.pk], CoverState.NOT_FOUND, by=by)
    elif subject.area.startswith(area):
        before = subject.area
        subject.area = rules.parent_of(area)
        words = _("{who}答复：不在本辖区：{why}").format(who=by.name, why=made.why)
        subject.placement_why = words[:200]
        save_moves([subject], [before], by=by)
    facts = {"name": subject.name, "reply": str(Reply(reply).label), "reason": made.why}
    record(ClaimVerb.POOL_ANSWERED, Line(area, subject=subject.pk, data=facts), by=by, held=held)
    hint("coverage", area)
    hint("inbox", area)
    return made
