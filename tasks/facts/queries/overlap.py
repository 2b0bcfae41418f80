"""A visit to a door where somebody else has been already."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tasks.facts.queries.reading import answers_of, counted, merged_of
from tasks.facts.rules import Decided, Version, established, merge, overlap_of, waiting_in
from tasks.forms import tables
from tasks.visits.models import Visit
from tasks.visits.rules import NOBODY_IN, Earlier, Precedence
from tasks.visits.rules.believing import NEWEST


def merge_with_earlier(
    visit: Visit, standing: Precedence, earlier: Sequence[Earlier], decisions: Sequence[Decided]
) -> Precedence:
    """How a visit that would hold relates to those of others, field by field.

    It clashes where somebody said otherwise and neither knew the other's word; it is silent where it adds nothing;
    else it speaks, with the facts of all of them.
    """
    own = _own(visit, standing)
    before = [
        _version(visit_before)
        for visit_before in earlier
        if visit_before.stored and visit_before.outcome != NOBODY_IN
    ]
    waiting = frozenset(visit_before.client_id for visit_before in earlier if visit_before.waits)
    overlap = overlap_of(own, before, waiting, decisions)
    if overlap.clashes:
        return replace(standing, speaks=False, clash=True, clashes=overlap.clashes)
    form = tables.known(visit.form, visit.form_version)
    knew = counted(merge(established(before, waiting), decisions), form)
    if standing.replaces is None and counted(overlap.facts, form) == knew:
        return Precedence(speaks=False)
    still = waiting_in(merge([*before, own], decisions), waiting)
    ends = tuple(visit_before.id for visit_before in earlier if visit_before.client_id not in still)
    codes = {
        visit_before.client_id: visit_before.stored.code for visit_before in earlier if visit_before.stored
    }
    return replace(standing, merged=merged_of(overlap.facts, own, visit, codes), ends=ends)


def _own(visit: Visit, standing: Precedence) -> Version:
    claimed = visit.claim.get("replaces")
    replaces = standing.replaces.client_id if standing.replaces else UUID(claimed) if claimed else None
    form = tables.known(visit.form, visit.form_version)
    return Version(
        key=visit.client_id,
        person=visit.person_id,
        at=visit.counts_at,
        said=answers_of(form, visit.outcome, visit.answers),
        shown=visit.shown,
        replaces=replaces,
        nth=visit.pk or NEWEST,
        doubted=bool(visit.doubt),
    )


def _version(earlier: Earlier) -> Version:
    told = earlier.stored
    assert told is not None
    form = tables.known(told.form, told.form_version)
    return Version(
        key=earlier.client_id,
        person=earlier.person_id,
        at=earlier.at,
        said=answers_of(form, earlier.outcome, told.answers),
        shown=told.shown,
        replaces=told.replaces,
        nth=earlier.id,
        doubted=earlier.doubted,
    )
