"""A named person's word on a visit that came after its phone was revoked or its posting had ended."""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Held, Right, require, require_person
from tasks.arrivals.actions.settling import settle
from tasks.arrivals.actions.taking import PLACED, DecidedVisit, Entry, fields_answered, placed, write
from tasks.arrivals.queries.batch import context_for, tasks_named
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask
from tasks.facts.verbs import FactVerb
from tasks.visits.models import AfterEnd, Route, Verdict, Visit
from tasks.visits.rules import Arrival, Unlisted
from tasks.visits.rules.believing import Counted, Receipt

ACT = _("核定停用或离岗后所报")


@transaction.atomic
def accept_word(visit: Visit, why: str = "", *, by: Actor) -> Visit:
    """The word counts: from here the visit goes its way by its own time, among all that are here now, and its finding is
    reviewed like any other. Its mark stays.

    Raises SamePersonTwice for whoever made it, AlreadyDone when a colleague was faster, OutOfOrder when it never
    waited.
    """
    reviewer = require(by, Right.REVIEW, visit.area)
    feeds = _locked_feeds(visit)
    late = _undecided(visit, by)
    visit = late.visit
    held = _held(visit)
    arrival = _arrival(visit)
    tasks = [task for task in tasks_named([arrival], held) if task.posting_id in feeds]
    receipt = Receipt(visit.received_at, visit.skew_seconds)
    context = context_for([arrival], tasks, held, visit.person_id, receipt)
    (door,) = context.doors
    door.word = Counted(visit.counts_at, visit.doubt)
    taken = placed(visit, door, context, held)
    visit.save(update_fields=PLACED)
    late.area = visit.area
    _decide(late, Verdict.ACCEPTED, why, by)
    write([taken], context, feeds, lambda decided_visit: _accepted(decided_visit, why), reviewer, by=by)
    settle([taken], held, by=by)
    return visit


@transaction.atomic
def dismiss_words(visits: Sequence[Visit], why: str, *, by: Actor) -> int:
    """These words do not count; the visits and their photos stay. Answers how many.

    Raises ReasonMissing, and what accept_word raises.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=ACT)
    for visit in sorted(visits, key=lambda visit: visit.pk):
        require(by, Right.REVIEW, visit.area)
        late = _undecided(visit, by)
        _decide(late, Verdict.ASIDE, why, by)
        facts = {"visit": visit.code, "chosen": str(Verdict.ASIDE.label), "reason": why.strip()}
        record(FactVerb.VISIT_DECIDED, Line(late.area, data=facts), by=by)
        hint("inbox", late.area)
    return len(visits)


def _locked_feeds(visit: Visit) -> dict[int, int]:
    """The postings first, as wherever a visit is written: the worker's own, and those whose task it may answer."""
    arrival, held = _arrival(visit), _held(visit)
    while True:
        wanted = _postings(tasks_named([arrival], held)) | {visit.posting_id}
        feeds = raise_feeds(wanted)
        # Handed over between the two reads: lock the new holder's feed as well.
        if _postings(tasks_named([arrival], held)) <= feeds.keys():
            return feeds


def _postings(tasks: Iterable[CheckTask]) -> set[int]:
    return {task.posting_id for task in tasks}


def _held(visit: Visit) -> Held:
    posting = visit.posting
    return Held(posting.pk, posting.role, posting.area_id, posting.department)


def _undecided(visit: Visit, by: Actor) -> AfterEnd:
    rows = AfterEnd.objects.select_for_update(of=("self",))
    late = rows.select_related("visit__person", "visit__posting", "decided_by").filter(visit=visit).first()
    if late is None or late.verdict in (Verdict.TAKEN, Verdict.AT_SERVICE):
        raise problems.OutOfOrder(thing=visit.code, state=Route(visit.route).label, act=ACT)
    if late.decided_by is not None and late.decided_at is not None:
        when = late.decided_at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
        raise problems.AlreadyDone(who=late.decided_by, when=when)
    if late.visit.person_id == by.person_id:
        raise problems.SamePersonTwice(first=late.visit.person)
    return late


def _decide(late: AfterEnd, verdict: Verdict, why: str, by: Actor) -> None:
    late.verdict, late.why = verdict, why.strip()[:300]
    late.decided_by_id, late.decided_at = require_person(by), now()
    late.save(update_fields=["area", "verdict", "why", "decided_by", "decided_at"])


def _accepted(decided_visit: DecidedVisit, why: str) -> Entry:
    visit = decided_visit.visit
    facts: dict[str, object] = {"visit": visit.code, "chosen": str(Verdict.ACCEPTED.label)}
    facts["route"] = str(visit.route)
    if decided_visit.door.task:
        facts["task"] = decided_visit.door.task.pk
    if why.strip():
        facts["reason"] = why.strip()
    return FactVerb.VISIT_DECIDED, Line(
        visit.area, visit.subject_id, "", facts | fields_answered(decided_visit)
    )


def _arrival(visit: Visit) -> Arrival:
    """What the phone handed in, from what was kept of it. Its photos are here already, or promised."""
    claim = visit.claim
    premise = visit.premise.code if visit.premise else claim.get("premise")
    return Arrival(
        client_id=visit.client_id,
        task_id=claim.get("task"),
        subject_id=claim.get("subject"),
        premise_code=premise,
        form=visit.form,
        form_version=visit.form_version,
        outcome=visit.outcome,
        answers=visit.answers,
        recorded_at=visit.recorded_at,
        position=visit.position,
        photos=(),
        replaces=UUID(claim["replaces"]) if "replaces" in claim else None,
        shown=visit.shown,
        unlisted=Unlisted(**json.loads(visit.unlisted)) if visit.unlisted else None,
        come_again_on=visit.come_again_on,
        grid=claim.get("grid", ""),
    )
