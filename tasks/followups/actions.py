"""Carrying out what follows from the outcome of a visit: bulk where visits come in bulk, one by one at a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import outside, problems
from grid.calendar.now import day_of, now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.placing.actions import set_place
from grid.placing.batches.actions import placing_facts
from grid.placing.queries import gazetteer
from grid.placing.rules import DISTRICT
from grid.scope import Actor, require, require_person
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Subject
from grid.subjects.verbs import SubjectVerb
from grid.texts import Text
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions import moves
from tasks.followups.models import FollowKind, FollowState, FollowUp
from tasks.followups.queries import RIGHT_OF, subject_named
from tasks.followups.verbs import FollowVerb
from tasks.forms.rules import Answers
from tasks.outcomes import rules
from tasks.outcomes.rules import Row
from tasks.visits.models import Visit
from tasks.visits.rules.believing import believed_try

CITY = 4


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What came of a visit at its subject's door, by a row of the law, with the answers that hold there."""

    visit: Visit
    row: Row
    answers: Answers

    def day(self) -> date | None:
        """When somebody is to come again, as far as a calendar can have meant it."""
        return believed_try(day_in(self.answers), day_of(self.visit.counts_at))


def day_in(answers: Answers) -> date | None:
    """The day given with a reason; None where none was, or what was given is no day."""
    try:
        return outside.day(rules.thing_in(answers, rules.BACK))
    except outside.Unreadable:
        return None


def note_again(conclusions: Iterable[Conclusion]) -> list[tuple[Verb, Line]]:
    """Of doors at which nobody was met, whose visits nobody reviews: when somebody goes there again. Answers what the
    ledger has to keep of them.

    Part of taking the visits.
    """
    found = [conclusion for conclusion in conclusions if rules.AGAIN in conclusion.row.follows]
    if not found:
        return []
    rows = [_follow(conclusion, FollowKind.AGAIN, due_on=conclusion.day()) for conclusion in found]
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)
    return [_line(conclusion) for conclusion in found]


def carry_out(conclusion: Conclusion, *, by: Actor) -> list[FollowUp]:
    """All that follows from a visit that was confirmed; a thing that was done before is not done again.

    Part of confirming it.
    """
    visit, subject = conclusion.visit, conclusion.visit.subject
    if subject is None or not conclusion.row.is_reason:
        return []
    known = set(FollowUp.objects.filter(visit=visit).values_list("kind", flat=True))
    done = (_DOING[kind](conclusion, subject, by) for kind in conclusion.row.follows if kind not in known)
    made = [follow for follow in done if follow is not None]
    FollowUp.objects.bulk_create(made)
    verb, line = _line(conclusion)
    record(verb, line, by=by)
    hint("inbox", visit.area)
    return made


def _line(conclusion: Conclusion) -> tuple[Verb, Line]:
    visit, row = conclusion.visit, conclusion.row
    follows = "、".join(str(FollowKind(kind).label) for kind in row.follows)
    state = str(CoverState(rules.state_of(row, visit.outcome)).label)
    facts = {"visit": visit.code, "reason": row.code, "title": row.title, "state": state, "basis": row.basis}
    facts |= {"follows": follows} if follows else {}
    return FollowVerb.OUTCOME_FOLLOWED, Line(visit.area, visit.subject_id, "", facts)


def _follow(conclusion: Conclusion, kind: FollowKind, **fields: object) -> FollowUp:
    visit = conclusion.visit
    return FollowUp(
        visit=visit, subject_id=visit.subject_id or 0, area=visit.area, kind=kind, reason=conclusion.row.code, at=now(), **fields
    )  # fmt: skip


# --- one thing after another -------------------------------------------------------------------------------


def _again(conclusion: Conclusion, _subject: Subject, _by: Actor) -> FollowUp:
    """The door stays with its worker where it is open work still, with the day; else it waits to be sent out then."""
    day = conclusion.day()
    if conclusion.visit.task_id is not None:
        moves.come_again(conclusion.visit.task_id, day)
    return _follow(conclusion, FollowKind.AGAIN, due_on=day)


def _merge(conclusion: Conclusion, subject: Subject, _by: Actor) -> FollowUp | None:
    named = rules.thing_in(conclusion.answers, rules.OTHER)
    other = subject_named(named, subject.area[:CITY])
    return _follow(conclusion, FollowKind.MERGE, given=named, other=other if other != subject else None)


def _note(conclusion: Conclusion, subject: Subject, _by: Actor) -> FollowUp | None:
    """The register of businesses says otherwise than the door; of persons it says nothing."""
    if subject.is_person:
        return None
    given = rules.thing_in(conclusion.answers, rules.ADDRESS) or rules.thing_in(
        conclusion.answers, rules.OTHERS
    )
    return _follow(
        conclusion, FollowKind.NOTE, given=given or rules.thing_in(conclusion.answers, rules.OTHER)
    )


def _place(conclusion: Conclusion, subject: Subject, by: Actor) -> FollowUp | None:
    """The subject moves to where its new address is, or to the pool of as much of it as can be told."""
    address = rules.thing_in(conclusion.answers, rules.ADDRESS)
    if not address:
        return None
    moved = Subject.objects.select_for_update().get(pk=subject.pk)
    before = moved.area
    moved.address = address[:300]
    moved.premise = None
    spot = gazetteer(before[:CITY]).locate(moved.address)
    # An address that tells not even the district leaves the subject in the pool of the one it was in.
    set_place(moved, spot if len(spot.area) >= DISTRICT else spot._replace(area=before[:DISTRICT]))
    moved.save(update_fields=["address", "premise"])
    save_moves([moved], [before], by=by)
    line = Line(moved.area, moved.pk, data=placing_facts(moved, before))
    record(SubjectVerb.SUBJECT_PLACED, line, by=by)
    return _follow(
        conclusion, FollowKind.PLACE, given=address, state=FollowState.DONE, ended_at=now(),
        why=moved.placement_why[:300],
    )  # fmt: skip


_DOING = {rules.AGAIN: _again, rules.MERGE: _merge, rules.NOTE: _note, rules.PLACE: _place}


# --- ending them -------------------------------------------------------------------------------------------


@transaction.atomic
def drop_follow(follow: FollowUp, why: str, *, by: Actor) -> FollowUp:
    """What followed is not done, for a reason. Raises ReasonMissing, NotYourPost, NotHere when it waits no more."""
    held = require(by, RIGHT_OF[FollowKind(follow.kind)], follow.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("不办"))
    fresh = FollowUp.objects.select_for_update().filter(pk=follow.pk, state=FollowState.OPEN).first()
    if fresh is None:
        raise problems.NotHere()
    fresh.state, fresh.why, fresh.ended_at = FollowState.DROPPED, why.strip()[:300], now()
    fresh.ended_by_id = require_person(by)
    fresh.save(update_fields=["state", "why", "ended_at", "ended_by"])
    if fresh.kind == FollowKind.MERGE:
        # Not the same unit after all: somebody has to go there.
        mark_state([fresh.subject_id], CoverState.TO_CHECK, by=by)
    record(FollowVerb.FOLLOW_ENDED, _ended_line(fresh, _("不办"), why), by=by, held=held)
    hint("inbox", fresh.area)
    return fresh


def follow_merge(kept: Subject, dropped: Subject, by: Actor) -> None:
    """What was proposed of the two is done, and what follows for the duplicate follows for the one kept.

    Part of merging two subjects.
    """
    pair = (kept.pk, dropped.pk)
    both = Q(subject__in=pair) & (Q(other__in=pair) | Q(other=None))
    proposed = FollowUp.objects.filter(both, kind=FollowKind.MERGE, state=FollowState.OPEN)
    if proposed.filter(subject=kept).exists():
        # Of the one kept nobody has seen more than that it is the other.
        mark_state([kept.pk], CoverState.TO_CHECK, by=by)
    _end(proposed, by)
    FollowUp.objects.filter(subject=dropped).update(subject=kept)


def drop_corrected(visit_ids: Iterable[int], *, by: Actor) -> None:
    """What followed from visits that hold no more.

    Part of confirming the one that corrects them.
    """
    rows = FollowUp.objects.filter(visit__in=list(visit_ids), state=FollowState.OPEN)
    ended = {"ended_at": now(), "ended_by": by.person_id, "why": _("由后来的走访更正")}
    rows.update(state=FollowState.DROPPED, **ended)


def end_notes(subject_ids: Iterable[int | None], *, by: Actor) -> None:
    """Who keeps the register was written to about these.

    Part of referring the matter.
    """
    _end(FollowUp.objects.filter(subject__in=list(filter(None, subject_ids)), kind=FollowKind.NOTE), by)


def _end(rows: QuerySet[FollowUp], by: Actor) -> None:
    rows.filter(state=FollowState.OPEN).update(state=FollowState.DONE, ended_at=now(), ended_by=by.person_id)


def _ended_line(follow: FollowUp, how: Text, why: str) -> Line:
    facts = {"kind": str(FollowKind(follow.kind).label), "how": str(how), "reason": why.strip()}
    return Line(follow.area, follow.subject_id, "", facts | {"follow": follow.pk})
