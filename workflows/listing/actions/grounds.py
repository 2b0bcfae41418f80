"""A shipped ground, once the legal office has reviewed it."""

from django.conf import settings
from django.db import transaction

from grid import problems
from grid.law import problems as law_problems
from grid.law.verbs import LawVerb
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require
from workflows.listing.models import Ground


@transaction.atomic
def review_ground(ground: Ground, why: str, *, by: Actor) -> Ground:
    """法制审核 of a shipped ground: from now on papers that rest on it may be issued, and entries published.

    Raises LawReviewedAlready, ReasonMissing, NotYourPost.
    """
    held = require(by, Right.CONFIRM_LAW, settings.CITY)
    if not why.strip():
        raise problems.ReasonMissing(act=Right.CONFIRM_LAW.value)
    fresh = Ground.objects.select_for_update().get(pk=ground.pk)
    if fresh.reviewed:
        raise law_problems.LawReviewedAlready(title=fresh.title)
    fresh.reviewed = True
    fresh.save(update_fields=["reviewed"])
    data = {
        "key": fresh.code, "title": fresh.title, "from": fresh.valid_from.isoformat(), "basis": fresh.basis,
        "reason": why.strip(),
    }  # fmt: skip
    record(LawVerb.LAW_REVIEWED, Line(settings.CITY, data=data), by=by, held=held)
    return fresh
