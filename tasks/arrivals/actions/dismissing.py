"""Laying aside a visit that is about nobody: the other end of claiming it."""

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require, require_person
from tasks.facts.verbs import FactVerb
from tasks.visits.models import LaidAside, Route, Visit


@transaction.atomic
def dismiss_visit(visit: Visit, why: str, *, by: Actor) -> LaidAside:
    """Says that an unclaimed visit is about no subject of the canvass. The visit and its photos stay.

    Raises ReasonMissing, SamePersonTwice for whoever made the visit, OutOfOrder when it was claimed, or laid
    aside, before.
    """
    require(by, Right.REVIEW, visit.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("搁置走访"))
    visit = Visit.objects.select_for_update(of=("self",)).select_related("person").get(pk=visit.pk)
    if visit.person_id == by.person_id:
        raise problems.SamePersonTwice(first=visit.person)
    former = LaidAside.objects.filter(visit=visit).exists()
    if former or visit.subject_id is not None or visit.route != Route.UNKNOWN_TASK:
        state = _("已搁置") if former else _("已有对应单位")
        raise problems.OutOfOrder(thing=visit.code, state=state, act=_("搁置走访"))
    aside = LaidAside.objects.create(visit=visit, by_id=require_person(by), at=now(), why=why.strip()[:300])
    facts = {"visit": visit.code, "chosen": _("搁置，不对应任何单位"), "reason": why}
    record(FactVerb.VISIT_DECIDED, Line(visit.area, data=facts), by=by)
    hint("inbox", visit.area)
    return aside
