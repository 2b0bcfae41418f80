"""Proposals that a person confirms, ten at a time: what the page asks, and what it does.

What is proposed comes from whoever reads addresses. Of those whose community is known it is told here from their placed
neighbours: who shares the most telling piece of their address lies, nearly always, in the same grid.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from grid.operations.actions import refuse_many
from grid.placing.batches.actions import Asked, place_rows, require_place
from grid.placing.batches.models import Way
from grid.placing.batches.rules import CITY, COMMUNITY
from grid.placing.bulk.actions import Outcome, sort_out
from grid.placing.bulk.queries import waiting_in
from grid.placing.queries import gazetteer
from grid.scope import Actor, in_area
from grid.subjects.models import Placement, Subject
from grid.territory.queries import names_of

AT_A_TIME: Final = 10
COMMUNITIES: Final = 20  # looked through for one page
LEAST_SURE: Final = 60  # of a hundred neighbours: below, nothing is proposed


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a subject may lie, why, and how sure that is, of a hundred."""

    subject: Subject
    area: str
    name: str
    why: str
    sure: int


def proposals_of(viewer: Actor, area: str, after: int = 0) -> list[Proposal]:
    """The next ten where the viewer places, in the order of their numbers behind `after`."""
    found: list[Proposal] = []
    waiting = waiting_in(viewer, area).alias(digits=Length("area"))
    rows = waiting.filter(digits=COMMUNITY, pk__gt=after)
    communities = rows.order_by("area").values_list("area").annotate(n=Count("pk"))[:COMMUNITIES]
    for community, _n in communities:
        found += _in_community(community, rows.filter(area=community))
    found.sort(key=lambda proposal: proposal.subject.pk)
    names = names_of({proposal.area for proposal in found[:AT_A_TIME]})
    return [Proposal(p.subject, p.area, names.get(p.area, p.area), p.why, p.sure) for p in found[:AT_A_TIME]]


def _in_community(community: str, waiting: QuerySet[Subject]) -> Iterator[Proposal]:
    index = gazetteer(community[:CITY])
    placed = Subject.objects.filter(in_area(community)).exclude(placement=Placement.UNPLACED)
    grids: dict[str, Counter[str]] = {}
    for area, address, code in placed.values_list("area", "address", "credit_code"):
        for piece in index.pieces(address, (code or "")[2:8])[:1]:
            grids.setdefault(piece, Counter())[area] += 1
    for subject in waiting:
        pieces = index.pieces(subject.address, (subject.credit_code or "")[2:8])
        counts = grids.get(pieces[0], Counter()) if pieces else Counter()
        if not counts:
            continue
        ((grid, n),) = counts.most_common(1)
        sure = 100 * n // counts.total()
        if sure >= LEAST_SURE:
            words = _("地址同含“{piece}”的 {total} 户中，{n} 户在这个网格")
            yield Proposal(subject, grid, "", words.format(piece=pieces[0], total=counts.total(), n=n), sure)


@transaction.atomic
def confirm_proposals(chosen: Mapping[int, str], *, by: Actor) -> Outcome:
    """Puts each of them where it was proposed, as one batch; who was placed meanwhile is named with who placed them.
    Raises TooManyAtOnce, NotHere, NotYourPost, UnknownArea, AreaNotCurrent, NotAGrid."""
    refuse_many(len(chosen))
    for to in sorted(set(chosen.values())):
        require_place(to, by)
    outcome = sort_out(chosen, by=by)
    if outcome.placed:
        pairs = [(subject, chosen[subject.pk]) for subject in outcome.placed]
        asked = Asked(Way.PROPOSED, _("确认建议 {n} 户").format(n=len(pairs)), _("确认系统的建议"))
        outcome.batch = place_rows(pairs, asked, by=by)
    return outcome
