"""The inspector proposes to list a subject on a ground whose conditions the file meets."""

import json
from collections.abc import Mapping

from grid import problems
from grid.calendar.now import now, today
from grid.scope import Actor, require_person
from workflows.cases import states
from workflows.cases.models import Case
from workflows.engine.actions.steps import record_on, step_of
from workflows.listing import problems as listing_problems
from workflows.listing import rules
from workflows.listing.actions.proving import require_proven
from workflows.listing.models import Ground, Listing, Route
from workflows.listing.verbs import ListingVerb


def propose_listing(
    case: Case,
    ground: Ground,
    facts: str,
    *,
    by: Actor,
    at: str = "",
    circumstances: Mapping[str, object] | None = None,
) -> Listing:
    """The inspector proposes to list a penalised subject on a ground in force whose conditions are met by facts on
    file. `circumstances`: what the inspector found besides, by the names of rules.FOUND.

    Raises GroundNotInForce, GroundNotForListing, GroundUnfit, PenaltyFirst, AlreadyRectified, ConditionsUnmet,
    ReasonMissing, and what `require_proven` raises.
    """
    if not facts.strip():
        raise problems.ReasonMissing(act=states.label_of("propose"))
    found = {name: value for name, value in (circumstances or {}).items() if name in rules.FOUND and value}
    with step_of(case, "propose", by=by, at=at) as (fresh, held):
        number = (fresh.penalty or {}).get("number", "")
        check_ground(ground, number, fresh, found)
        listing = Listing.objects.create(
            code=fresh.code,
            case=fresh,
            subject_id=fresh.subject_id,
            area=fresh.area,
            ground=ground,
            facts=facts.strip(),
            needs_penalty=ground.needs_penalty,
            penalty_number=number,
            circumstances=json.loads(json.dumps(found, default=str)),
            proposed_at=now(),
            proposed_by_id=require_person(by),
        )
        about = {"ground": ground.title, "basis": ground.basis, "code": ground.code}
        record_on(ListingVerb.LISTING_PROPOSED, fresh, by, held, **about)
    return listing


def check_ground(
    ground: Ground, penalty_number: str, case: Case, circumstances: Mapping[str, object]
) -> None:
    """Whether `ground` lists this subject today: its law, its kind of subject, its conditions, and their proof."""
    if not rules.in_force(ground.valid_from, ground.valid_to, today()):
        raise listing_problems.GroundNotInForce(ground=ground.title, on=today())
    if ground.route != Route.LIST:
        raise listing_problems.GroundNotForListing(ground=ground.title)
    if not rules.fits(ground.subject_kinds, case.subject.kind):
        raise listing_problems.GroundUnfit(ground=ground.title, kind=case.subject.get_kind_display())
    if rules.lacks_penalty(ground.needs_penalty, penalty_number):
        raise listing_problems.PenaltyFirst(ground=ground.title)
    if case.healed_on:
        raise listing_problems.AlreadyRectified(on=case.healed_on)
    facts = rules.facts_on_file(penalty_number, case.healed_on, circumstances)
    if lacking := rules.unmet(ground.conditions, facts):
        raise listing_problems.ConditionsUnmet(conditions="；".join(lacking))
    require_proven(ground, case)
