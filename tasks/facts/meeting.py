"""A visit that comes to a door where somebody else was already."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tasks.facts.reading import counted, merged_of, said_of
from tasks.facts.rules import Decided, Version, established, meet, merge, waiting_in
from tasks.forms import tables
from tasks.visits.models import Visit
from tasks.visits.rules import NOBODY_IN, Earlier, Standing
from tasks.visits.rules.believing import NEWEST


def met(
    visit: Visit, standing: Standing, earlier: Sequence[Earlier], decisions: Sequence[Decided]
) -> Standing:
    """What a visit that would speak is among those of others, field by field.

    It clashes where somebody said otherwise and neither knew the other's word; it is silent where it adds nothing;
    else it speaks, with the facts of all of them.
    """
    own = _own(visit, standing)
    before = [_version(one) for one in earlier if one.told and one.outcome != NOBODY_IN]
    waiting = frozenset(one.client_id for one in earlier if one.waits)
    meeting = meet(own, before, waiting, decisions)
    if meeting.clashes:
        return replace(standing, speaks=False, clash=True, clashes=meeting.clashes)
    form = tables.known(visit.form, visit.form_version)
    knew = counted(merge(established(before, waiting), decisions), form)
    if standing.replaces is None and counted(meeting.facts, form) == knew:
        return Standing(speaks=False)
    still = waiting_in(merge([*before, own], decisions), waiting)
    ends = tuple(one.id for one in earlier if one.client_id not in still)
    codes = {one.client_id: one.told.code for one in earlier if one.told}
    return replace(standing, merged=merged_of(meeting.facts, own, visit, codes), ends=ends)


def _own(visit: Visit, standing: Standing) -> Version:
    claimed = visit.claim.get("replaces")
    replaces = standing.replaces.client_id if standing.replaces else UUID(claimed) if claimed else None
    form = tables.known(visit.form, visit.form_version)
    return Version(
        key=visit.client_id,
        person=visit.person_id,
        at=visit.counts_at,
        said=said_of(form, visit.outcome, visit.answers),
        shown=visit.shown,
        replaces=replaces,
        nth=visit.pk or NEWEST,
        doubted=bool(visit.doubt),
    )


def _version(one: Earlier) -> Version:
    told = one.told
    assert told is not None
    form = tables.known(told.form, told.form_version)
    return Version(
        key=one.client_id,
        person=one.person_id,
        at=one.at,
        said=said_of(form, one.outcome, told.answers),
        shown=told.shown,
        replaces=told.replaces,
        nth=one.id,
        doubted=one.doubted,
    )
