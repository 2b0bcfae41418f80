"""Writing the check tasks of a round, in chunks, each complete in itself.

A chunk is one transaction: tasks, feed numbers, leads, coverage, ledger, progress. A kill at any point leaves
whole chunks behind; the next run plans again and leaves out what has a task. A run that was taken for dead, but
was only slow, finds a higher `dispatch_run` and stops: two runs never write for one round. The round is locked so
that other rows may go on naming it: whoever is being placed holds its subject while it notes that it joins.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django_tasks import task

from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.ledger.bulk import among, insert_rows
from grid.scope import Actor, Held
from grid.subjects.actions.moves import Move
from grid.subjects.models import Subject
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds.actions import follow_moves
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import draft
from tasks.rounds.rules import Assigned, Plan
from tasks.rounds.states import move
from tasks.rounds.verbs import RoundVerb

CHUNK = 5_000
EXAMPLES = 20
COLUMNS = (
    "round_id", "subject_id", "area", "posting_id", "state", "why", "form", "due_on", "question",
    "question_fields", "feed", "dispatched_at", "notices",
)  # fmt: skip


@task()
def write_tasks(round_id: int, person_id: int) -> int:
    """The background job behind `dispatch_round`: in the name of whoever pressed the button."""
    return send_out(round_id, by=actor_of(Person.objects.get(pk=person_id)))


def send_out(round_id: int, *, by: Actor) -> int:
    """Writes what is still missing of a round that is being dispatched; how many tasks. Repeating is safe.

    The right was asked when the dispatch was ordered; an order given in office is carried out.
    """
    run = _take_over(round_id)
    if run is None:
        return 0
    round = Round.objects.get(pk=round_id)
    plan = draft(round, today())
    names, written = names_in(plan), 0
    if not _show_progress(round_id, run, len(plan.assigned)):
        return 0
    for chunk in _chunks(plan.assigned):
        if not _write_chunk(round_id, run, chunk, names, by):
            return written
        written += len(chunk)
    _finish(round_id, run, plan, by)
    return written


def _take_over(round_id: int) -> int | None:
    """The number of this run, or None when there is nothing to dispatch (any more)."""
    with transaction.atomic():
        round = Round.objects.select_for_update(no_key=True).get(pk=round_id)
        if round.state != RoundState.DISPATCHING:
            return None
        round.dispatch_run += 1
        round.save(update_fields=["dispatch_run"])
        return round.dispatch_run


def _held_by(round_id: int, run: int) -> Round | None:
    """The locked round while `run` is its newest run; None once another has taken over."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    mine = round.state == RoundState.DISPATCHING and round.dispatch_run == run
    return round if mine else None


def _show_progress(round_id: int, run: int, missing: int) -> bool:
    with transaction.atomic():
        round = _held_by(round_id, run)
        if round is None:
            return False
        round.dispatch_done = CheckTask.objects.filter(round=round).count()
        round.dispatch_total = round.dispatch_done + missing
        round.save(update_fields=["dispatch_done", "dispatch_total"])
        hint("round", round.area)
        return True


def names_in(plan: Plan) -> dict[int, str]:
    """Posting → whose it is, of all that a plan gives doors to."""
    postings = {door.posting for door in plan.assigned}
    return {
        post.pk: str(post.person) for post in Posting.objects.filter(pk__in=postings).select_related("person")
    }


def _chunks(assigned: Sequence[Assigned]) -> Iterator[list[Assigned]]:
    """Worker by worker, so that a chunk locks few postings and a phone gets its doors at once."""
    ordered = sorted(assigned, key=lambda door: door.posting)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _write_chunk(
    round_id: int, run: int, chunk: Sequence[Assigned], names: dict[int, str], by: Actor
) -> bool:
    with transaction.atomic():
        round = _held_by(round_id, run)
        if round is None:
            return False
        # The subjects before the postings, as whoever moves subjects locks them: the other way round two could wait for
        # each other for ever.
        mark_state([assigned.candidate.subject for assigned in chunk], CoverState.TO_CHECK, by=by)
        write_doors(round, chunk, raise_feeds(assigned.posting for assigned in chunk))
        record_sent(RoundVerb.TASK_DISPATCHED, round, chunk, names, by=by)
        _follow_ground(chunk, by)
        round.dispatch_done += len(chunk)
        round.save(update_fields=["dispatch_done"])
        hint("round", round.area)
        return True


def _follow_ground(chunk: Sequence[Assigned], by: Actor) -> None:
    """Of those whose ground was cut anew between the plan and now, locked as they are: the door goes where it would have
    gone had it been sent before. Part of writing the chunk."""
    planned = {assigned.candidate.subject: assigned.candidate.area for assigned in chunk}
    rows = Subject.objects.filter(pk__in=among(list(planned))).values_list("pk", "area")
    moves = [Move(pk, planned[pk], area, is_recut=True) for pk, area in rows if area != planned[pk]]
    follow_moves(moves, by)


def record_sent(
    verb: RoundVerb, round: Round, sent: Sequence[Assigned], names: dict[int, str], *, by: Actor
) -> None:
    """Part of sending doors out, once they are written and the account is marked: leads and ledger hear of it."""
    leads = [assigned.candidate.subject for assigned in sent if assigned.candidate.urgent]
    Lead.objects.filter(subject__in=among(leads), state=LeadState.OPEN).update(state=LeadState.TASKED)
    lines = (_line(round, assigned, names) for assigned in sent)
    record_many(verb, lines, by=by, held=_held(by, round))


def write_doors(round: Round, chunk: Sequence[Assigned], feeds: dict[int, int]) -> None:
    """Part of sending doors out: their tasks, under the feeds their postings were raised to."""
    at = connection.ops.adapt_datetimefield_value(now())
    due = connection.ops.adapt_datefield_value(round.due_on)
    state = TaskState.OPEN.value
    rows = (
        (
            round.pk,
            c.subject,
            c.area,
            posting,
            state,
            c.why[:200],
            c.form,
            due,
            "",
            "[]",
            feeds[posting],
            at,
            0,
        )
        for c, posting, _how in chunk
    )
    insert_rows("tasks_checktask", COLUMNS, rows)


def _line(round: Round, assigned: Assigned, names: dict[int, str]) -> Line:
    candidate, posting, how = assigned
    data = {
        "round": round.code, "posting": posting, "worker": names[posting], "why": candidate.why, "how": how,
        "due_on": round.due_on.isoformat(),
    }  # fmt: skip
    return Line(candidate.area, candidate.subject, "", data)


def _held(by: Actor, round: Round) -> Held | None:
    """The posting the dispatch was ordered under, for every entry, instead of a search per area."""
    return max(
        (held for held in by.held if held.covers(round.area)), key=lambda held: len(held.area), default=None
    )


def _finish(round_id: int, run: int, plan: Plan, by: Actor) -> None:
    with transaction.atomic():
        round = _held_by(round_id, run)
        if round is None:
            return
        move(round, "finish_dispatch")
        round.left_over = _left_over(plan)
        round.save(update_fields=["state", "left_over"])
        data = {
            "round": round.code, "title": round.title, "tasks": round.dispatch_done,
            "left_over": {group["why"]: group["count"] for group in round.left_over},
        }  # fmt: skip
        record(
            RoundVerb.ROUND_DISPATCHED,
            Line(round.area, case=round.code, data=data),
            by=by,
            held=_held(by, round),
        )
        hint("round", round.area)
        hint("inbox", round.area)


def _left_over(plan: Plan) -> list[dict[str, object]]:
    """What nobody was given, by reason, with a few examples; the round's page lists all of it afresh."""
    counts = Counter((door.why.value, door.words) for door in plan.left_over)
    examples: dict[tuple[str, str], list[int]] = {}
    for door in plan.left_over:
        some = examples.setdefault((door.why.value, door.words), [])
        if len(some) < EXAMPLES:
            some.append(door.candidate.subject)
    return [
        {"why": why, "words": words, "count": count, "examples": examples[why, words]}
        for (why, words), count in counts.most_common()
    ]
