"""A unit met on the street that no register knows becomes a subject."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.placing import problems as placing_problems
from grid.placing.adding.actions import Local, add_locals, add_subject
from grid.scope import Actor, Right, require
from grid.subjects.models import PERSONS, Subject
from grid.subjects.rules import plain
from tasks.arrivals.actions.claiming import attach, locked_stray
from tasks.claims.actions import place_asked
from tasks.claims.queries import in_pool
from tasks.claims.rules import GRID
from tasks.visits.models import Visit
from tasks.visits.rules import Unlisted


@transaction.atomic
def accept_candidate(visit: Visit, said: Unlisted, why: str, *, by: Actor) -> Subject:
    """A unit met on the street becomes a subject of the grid where it was met, and the visit is about it.

    `said` is the worker's word as the reviewer corrected it. Raises ReasonMissing, SamePersonTwice for whoever
    made the visit, OutOfOrder when it belongs to somebody already, SubjectKnown for a code that is known (also
    outside the territory), and what add_subject raises of codes and names.
    """
    held = require(by, Right.REVIEW, visit.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("纳入名册"))
    visit = locked_stray(visit, _("纳入名册"))
    if visit.person_id == by.person_id:
        raise problems.SamePersonTwice(first=visit.person)
    subject = _known_in_pool(visit, said, why, by) or _added(visit, said, by)
    if visit.premise_id:
        subject.premise_id = visit.premise_id
        subject.save(update_fields=["premise"])
    facts = {"visit": visit.code, "chosen": _("新纳入：{name}").format(name=subject.name), "reason": why}
    attach(visit, subject, None, facts, held, by=by)
    return subject


def _known_in_pool(visit: Visit, said: Unlisted, why: str, by: Actor) -> Subject | None:
    """A unit that only waited for a grid is no second one: it lies where it was met."""
    found = in_pool(said, visit.area)
    if found is None or len(visit.area) != GRID:
        return found
    return place_asked(found, visit.area, why, by=by)


def _added(visit: Visit, said: Unlisted, by: Actor) -> Subject:
    """A unit without any code is known by the number of the visit that found it; a person by their own number, and by
    nothing else. Raises LocalCodeMissing for a person without one."""
    try:
        with transaction.atomic():
            if said.kind in PERSONS:
                person = Local(said.kind, said.name, plain(said.credit_code), visit.area, said.address)
                return add_locals([person], area=visit.area, by=by)[0]
            if plain(said.credit_code):
                return add_subject(
                    name=said.name, code=said.credit_code, area=visit.area, address=said.address,
                    kind=said.kind, by=by,
                )  # fmt: skip
            row = Local(said.kind or "sole_trader", said.name, visit.code, visit.area, said.address)
            return add_locals([row], area=visit.area, by=by)[0]
    except IntegrityError as error:
        # Accepted by a colleague between our look and our writing.
        raise placing_problems.SubjectKnown(value=plain(said.credit_code)) from error
