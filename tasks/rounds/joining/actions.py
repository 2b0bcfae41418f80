"""Who is placed while a round runs joins it; who is out of business leaves it.

What moves or ends a subject only notes it (locks on doors are taken before those on subjects, here as in a dispatch); a
job does the work under the lock of the round, so that two of them, or one beside a dispatch, send nobody twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.bulk import among
from grid.scope import Actor, Right, machine, require
from grid.subjects.actions.moves import Move
from grid.subjects.models import Standing
from grid.territory.succession.queries import ground_now
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.doors.states import move
from tasks.rounds import states
from tasks.rounds.actions import take_back
from tasks.rounds.dispatch import names_in, record_sent, write_doors
from tasks.rounds.joining import queries
from tasks.rounds.joining.models import Joining
from tasks.rounds.models import Round
from tasks.rounds.queries.drafting import candidates_of
from tasks.rounds.rules import Assigned, LeftOver, Plan, Why
from tasks.rounds.verbs import RoundVerb

CHUNK = 1_000
AGAIN = timedelta(minutes=10)  # before somebody nobody could be given is looked at once more
JOINER = machine("轮次补派")


# --- noted where it happens ------------------------------------------------------------------------------


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """Part of the action that placed, moved or added them: running rounds over their areas look at them. Ground that only
    got another name brings nobody."""
    came = [move for move in moves if not move.is_recut]
    if not came:
        return
    for round in queries.open_to_newcomers():
        ground = tuple(ground_now(round.area))
        _note(round, [move.subject_id for move in came if move.new.startswith(ground)])


def follow_changes(subject_ids: Sequence[int], by: Actor) -> None:
    """Part of the action that changed them: rounds look again at those that are out of business while their door is open,
    and at those whose door was taken back by a mistake."""
    changed = among(subject_ids)
    _note_doors(queries.ended_doors().filter(subject__in=changed))
    _note_doors(queries.taken_back_doors().filter(subject__in=changed))


def _note_doors(doors: QuerySet[CheckTask]) -> None:
    rounds: dict[Round, list[int]] = defaultdict(list)
    for door in doors.select_related("round"):
        rounds[door.round].append(door.subject_id)
    for round, subjects in rounds.items():
        _note(round, subjects)


def _note(round: Round, subjects: Sequence[int]) -> None:
    at = now()
    rows = (Joining(round=round, subject_id=subject, at=at) for subject in subjects)
    Joining.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


# --- leaving -------------------------------------------------------------------------------------------


def take_back_ended() -> int:
    """Periodic: takes back the doors of running rounds behind which nobody is in business any more; how many. Repeating
    finds nothing more."""
    return _take_all(queries.ended_doors())


def _take_all(doors: QuerySet[CheckTask]) -> int:
    taken, shown = 0, ("pk", "subject_id", "subject__standing", "subject__same_as__name")
    while rows := list(doors.order_by("posting", "pk").values_list(*shown)[:CHUNK]):
        taken += _take_back(rows)
    return taken


@transaction.atomic
def _take_back(rows: Sequence[tuple[int, int, str, str | None]]) -> int:
    ids = [pk for pk, *_rest in rows]
    why = {subject: _because(standing, same) for _pk, subject, standing, same in rows}
    count = take_back(ids, why, by=JOINER)
    # The subjects are locked by now: whoever came back into business in the meantime is seen, and later ones note it.
    _note_doors(queries.taken_back_doors().filter(pk__in=among(ids)))
    return count


def _because(standing: str, same: str | None) -> str:
    if same:
        return _("与“{name}”是同一户").format(name=same)
    return _("登记状态已是“{standing}”").format(standing=Standing(standing).label)


# --- joining -------------------------------------------------------------------------------------------


def join_newcomers() -> int:
    """Periodic: gives doors to those who came later, and back to those whom a register had wrong; how many. Of those
    noted, the doors of whoever is out of business are taken back first."""
    _take_all(queries.noted(queries.ended_doors()))
    rounds = queries.being_worked().filter(_to_try("joinings__")).distinct().values_list("pk", flat=True)
    joined = 0
    # Each pass strikes off or dates whom it looked at, so that the next one finds fewer.
    while found := list(rounds.all()):
        joined += sum(join(round_id, by=JOINER) for round_id in found)
    return joined


def _to_try(prefix: str = "") -> Q:
    return Q(**{f"{prefix}id__isnull": False, f"{prefix}tried_at": None}) | Q(
        **{f"{prefix}tried_at__lt": now() - AGAIN}
    )


@transaction.atomic
def join(round_id: int, *, by: Actor) -> int:
    """Sends doors of a running round to some of those who came later; how many. Who is another round's, or none of this
    one's, is struck off; whom nobody can be given waits with the reason."""
    round = queries.being_worked().select_for_update(no_key=True).filter(pk=round_id).first()
    if round is None:
        return 0
    order = F("tried_at").asc(nulls_first=True)
    rows = list(Joining.objects.filter(_to_try(), round=round).order_by(order, "pk")[:CHUNK])
    plan = queries.plan_for(round, [row.subject_id for row in rows], today())
    if plan.assigned:
        _send(round, plan, by)
    _settle(rows, plan.left_over)
    return len(plan.assigned)


def _send(round: Round, plan: Plan, by: Actor) -> None:
    back = {
        door.subject_id: door
        for door in CheckTask.objects.filter(
            round=round, subject__in=[assigned.candidate.subject for assigned in plan.assigned]
        )
    }
    mark_state([assigned.candidate.subject for assigned in plan.assigned], CoverState.TO_CHECK, by=by)
    postings = {assigned.posting for assigned in plan.assigned}
    feeds = raise_feeds(postings | {door.posting_id for door in back.values()})
    new = [assigned for assigned in plan.assigned if assigned.candidate.subject not in back]
    write_doors(round, new, feeds)
    for assigned in plan.assigned:
        if door := back.get(assigned.candidate.subject):
            _send_again(door, assigned, feeds)
    record_sent(RoundVerb.TASK_JOINED, round, plan.assigned, names_in(plan), by=by)
    round.dispatch_done += len(new)
    round.dispatch_total += len(new)
    round.save(update_fields=["dispatch_done", "dispatch_total"])
    hint("round", round.area)


def _send_again(door: CheckTask, assigned: Assigned, feeds: dict[int, int]) -> None:
    if door.posting_id != assigned.posting:
        # A phone that has not heard yet that the door was taken back must not keep it.
        Gone.objects.create(posting_id=door.posting_id, task=door, feed=feeds[door.posting_id])
    move(door, "send_again")
    door.posting_id, door.area = assigned.posting, assigned.candidate.area
    door.feed, door.dispatched_at = feeds[assigned.posting], now()
    door.save(update_fields=["state", "posting", "area", "feed", "dispatched_at"])


def _settle(rows: Sequence[Joining], left_over: Sequence[LeftOver]) -> None:
    waiting = {door.candidate.subject: door.words for door in left_over if door.why != Why.BUSY}
    Joining.objects.filter(pk__in=[row.pk for row in rows if row.subject_id not in waiting]).delete()
    kept = [row for row in rows if row.subject_id in waiting]
    for row in kept:
        row.words, row.tried_at = waiting[row.subject_id][:200], now()
    Joining.objects.bulk_update(kept, ["words", "tried_at"], batch_size=CHUNK)


# --- the switch ----------------------------------------------------------------------------------------


@transaction.atomic
def let_join(round: Round, joins: bool, *, by: Actor) -> None:
    """Says of a running round whether who comes later joins it. Switched on late, whoever came since its dispatch is looked
    at as well. Raises NotHere/NotYourPost, OutOfOrder."""
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    held = require(by, Right.DISPATCH, fresh.area)
    if fresh.state not in queries.RUNNING or bool(fresh.joins) == joins:
        raise states.out_of_order(fresh, _("接收后来归格的") if joins else _("不再接收后来归格的"))
    fresh.joins = joins
    fresh.save(update_fields=["joins"])
    Joining.objects.filter(round=fresh).delete()
    if joins:
        _note(fresh, _came_since(fresh))
    data = {"round": fresh.code, "title": fresh.title, "joining": _("接收") if joins else _("不再接收")}
    record(RoundVerb.ROUND_JOINING, Line(fresh.area, case=fresh.code, data=data), by=by, held=held)
    hint("round", fresh.area)
    round.refresh_from_db()


def _came_since(round: Round) -> list[int]:
    """Whom the round chooses by now and has no door for, without those another round has had since it was sent out."""
    began = (
        CheckTask.objects.filter(round=round).order_by("pk").values_list("dispatched_at", flat=True).first()
    )
    if began is None:
        return []
    subjects = [
        candidate.subject
        for candidate in candidates_of(round, today(), ground_now(round.area))
        if not candidate.busy
    ]
    others = CheckTask.objects.filter(subject__in=among(subjects), dispatched_at__gte=began)
    had = set(others.exclude(state=TaskState.CANCELLED).values_list("subject", flat=True))
    return [subject for subject in subjects if subject not in had]
