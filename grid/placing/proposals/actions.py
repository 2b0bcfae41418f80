"""Proposals: made by the placer where it is unsure, confirmed or refused by a person, many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from grid.calendar.now import now
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record, record_many
from grid.operations.actions import refuse_many
from grid.placing.batches.actions import Asked, place_rows
from grid.placing.batches.models import Way
from grid.placing.models import Proposal
from grid.placing.proposals.queries import proposals_waiting
from grid.placing.rules import Guess
from grid.placing.verbs import PlacingVerb
from grid.scope import Actor, require_person
from grid.subjects.models import Subject


@dataclass(frozen=True)
class Decided:
    """What became of proposals: the subjects they moved, or of those refused their number; `passed_over` were settled
    by somebody else meanwhile, or lie outside one's reach."""

    subjects: list[Subject]
    refused: int
    passed_over: int


def propose(guesses: Sequence[tuple[Subject, Guess]], *, by: Actor) -> int:
    """Keeps what may be so of subjects that wait. A newer guess takes the place of the one that waits; what a person
    refused is not proposed again. Answers how many are new.

    Part of reading a pool again, which holds the subjects' rows.
    """
    if not guesses:
        return 0
    subjects = [subject.pk for subject, _guess in guesses]
    known = Proposal.objects.select_for_update().filter(subject__in=subjects).order_by("pk")
    refused = {(row.subject_id, row.area) for row in known if row.state == Proposal.State.REFUSED}
    waiting = {row.subject_id: row for row in known if row.state == Proposal.State.WAITING}
    fresh: list[Proposal] = []
    changed: list[Proposal] = []
    for subject, guess in guesses:
        if (subject.pk, guess.area) in refused:
            continue
        row = waiting.get(subject.pk) or Proposal(subject=subject)
        if row.area == guess.area:
            continue
        row.area, row.how, row.sure, row.why, row.made_at = (
            guess.area,
            guess.how,
            guess.sure,
            guess.why,
            now(),
        )
        (changed if row.pk else fresh).append(row)
    Proposal.objects.bulk_create(fresh, batch_size=500)
    Proposal.objects.bulk_update(changed, ["area", "how", "sure", "why", "made_at"], batch_size=500)
    if fresh or changed:
        area = min((row.area for row in (*fresh, *changed)), key=len)[:6]
        record(PlacingVerb.PLACES_PROPOSED, Entered(area, data={"count": len(fresh) + len(changed)}), by=by)
    return len(fresh) + len(changed)


@transaction.atomic
def confirm_proposals(proposals: Iterable[int], *, by: Actor) -> Decided:
    """Puts each subject where its proposal says, as one batch: into the grid, or into the pool of the community or
    street. One that was settled meanwhile, or is not the viewer's to place, is passed over and counted. Raises
    TooManyAtOnce."""
    rows, missed = _locked(proposals, by)
    subjects = Subject.objects.select_for_update().in_bulk([row.subject_id for row in rows])
    pairs = [
        (subject, row.area)
        for row in rows
        if not (subject := subjects[row.subject_id]).is_placed
        and row.area.startswith(subject.area)
        and row.area != subject.area
    ]
    _end(rows, Proposal.State.CONFIRMED, by)
    if pairs:
        asked = Asked(Way.PROPOSED, _("确认建议 {n} 户").format(n=len(pairs)), _("确认系统的建议"))
        place_rows(pairs, asked, by=by)
    return Decided([subject for subject, _area in pairs], 0, missed + len(rows) - len(pairs))


@transaction.atomic
def refuse_proposals(proposals: Iterable[int], *, reason: str = "", by: Actor) -> Decided:
    """Notes that the subjects are not there: the same is not proposed again, and they wait on. Raises TooManyAtOnce."""
    rows, missed = _locked(proposals, by)
    _end(rows, Proposal.State.REFUSED, by)
    names = dict(Subject.objects.filter(pk__in=[row.subject_id for row in rows]).values_list("pk", "name"))
    lines = (
        Entered(row.area, row.subject_id, data={"name": names[row.subject_id], "reason": reason[:100]})
        for row in rows
    )
    record_many(PlacingVerb.PROPOSAL_REFUSED, lines, by=by)
    return Decided([], len(rows), missed)


def _locked(proposals: Iterable[int], by: Actor) -> tuple[list[Proposal], int]:
    """Those of them that wait where the viewer places, locked, and how many do not."""
    require_person(by)
    wanted = set(proposals)
    refuse_many(len(wanted))
    rows = list(
        proposals_waiting(by).filter(pk__in=wanted).select_for_update(of=("self",)).select_related(None)
    )
    return rows, len(wanted) - len(rows)


def _end(rows: Sequence[Proposal], state: str, by: Actor) -> None:
    for row in rows:
        row.state, row.ended_at, row.ended_by_id = state, now(), by.person_id
    Proposal.objects.bulk_update(rows, ["state", "ended_at", "ended_by"], batch_size=500)
