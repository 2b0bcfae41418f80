"""Every change to a round and every hand-over of its doors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, Role, in_areas, machine, require, require_person
from grid.subjects.actions.moves import Move
from grid.territory.models import Posting
from grid.territory.queries import current_area, valid_on
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.forms import problems as forms_problems
from tasks.rounds import problems as rounds_problems
from tasks.rounds import rules, states
from tasks.rounds.joining.models import Joining
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import TO_VISIT, nobodys, settled_holders
from tasks.rounds.verbs import RoundVerb

CHUNK = 2_000
NEAR = 20  # communities that a query names one by one
CLEANER = machine("轮次收尾")
SETTLER = machine("任务归属")


def plan_round(
    *, title: str, area: str, lead_rules: Sequence[str], due_on: date, per_worker: int, by: Actor
) -> Round:
    """Drafts a round over `area`. `lead_rules` empty: every active subject of the area.

    Raises NotHere/NotYourPost, UnknownArea, AreaNotCurrent, DeadlinePast.
    """
    with transaction.atomic():
        held = require(by, Right.PLAN, area)
        current_area(area)
        _require_deadline(due_on)
        round = Round.objects.create(
            code=uuid4().hex[:20],
            title=title,
            area=area,
            rules=sorted(lead_rules),
            due_on=due_on,
            per_worker=per_worker,
            planned_by_id=require_person(by),
            planned_at=now(),
        )
        round.code = f"LC-{today().year}-{round.pk:06d}"
        round.save(update_fields=["code"])
        _record(round, RoundVerb.ROUND_PLANNED, by, held, **_terms(round))
    return round


def change_round(
    round: Round, *, title: str, lead_rules: Sequence[str], due_on: date, per_worker: int, by: Actor
) -> Round:
    """Changes a draft, or one that was returned. Whoever changes it answers for it, so may not approve it."""
    with _act_on(round, Right.PLAN, by) as (fresh, held):
        if fresh.state not in states.DRAFTS:
            raise states.out_of_order(fresh, _("修改"))
        _require_deadline(due_on)
        fresh.title, fresh.rules, fresh.due_on = title, sorted(lead_rules), due_on
        fresh.per_worker, fresh.planned_by_id = per_worker, require_person(by)
        _record(fresh, RoundVerb.ROUND_CHANGED, by, held, **_terms(fresh))
    return round


def submit_round(round: Round, *, by: Actor) -> None:
    """Sends a draft on the path of approvals its area and its planner ask for."""
    with _act_on(round, Right.PLAN, by) as (fresh, held):
        _require_deadline(fresh.due_on)
        fresh.path = rules.approval_path(fresh.area, str(held.role) if held else "")
        fresh.planned_by_id, fresh.returned_why = require_person(by), ""
        states.move(fresh, "submit")
        _record(fresh, RoundVerb.ROUND_SUBMITTED, by, held, path=fresh.path, **_terms(fresh))


def approve_round(round: Round, remark: str = "", *, by: Actor, held: Held | None) -> None:
    """One level's yes, of which the engine's step asked the right; the level above says it for those below as well. Never
    by the planner."""
    with _locked(round) as fresh:
        _require_another(fresh, by)
        step, before = fresh.path[0], fresh.path
        needed = rules.after_yes(before, str(held.role) if held else "")
        settled = [RoundState(state).label for state in before if state not in needed]
        fresh.path = [step, *needed]
        states.move(fresh, "approve")
        fresh.path = needed
        _record(fresh, RoundVerb.ROUND_APPROVED, by, held, step="、".join(map(str, settled)), remark=remark)


def return_round(round: Round, why: str, *, by: Actor, held: Held | None) -> None:
    """Back to the planner, with the reason; never by the planner, who withdraws it."""
    if not why.strip():
        raise problems.ReasonMissing(act=_("退回修改"))
    with _locked(round) as fresh:
        _require_another(fresh, by)
        step = RoundState(fresh.state).label
        states.move(fresh, "send_back")
        fresh.returned_why = why
        _record(fresh, RoundVerb.ROUND_RETURNED, by, held, step=str(step), reason=why)


def withdraw_round(round: Round, why: str, *, by: Actor) -> None:
    """Takes a round back before anything was dispatched."""
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤回"))
    with _act_on(round, Right.PLAN, by) as (fresh, held):
        states.move(fresh, "withdraw")
        fresh.closed_at = now()
        _record(fresh, RoundVerb.ROUND_WITHDRAWN, by, held, reason=why)


def start_dispatch(round: Round, *, by: Actor, held: Held | None) -> None:
    """Marks the round as being dispatched; the job that writes the tasks is enqueued by the caller."""
    with _locked(round) as fresh:
        states.move(fresh, "dispatch")
        _record(fresh, RoundVerb.ROUND_DISPATCH_STARTED, by, held)


def resume_dispatch(round: Round, *, by: Actor) -> None:
    """Somebody starts a dispatch that stopped half-way again; the caller enqueues the job."""
    with _act_on(round, Right.DISPATCH, by) as (fresh, held):
        if fresh.state != RoundState.DISPATCHING:
            raise states.out_of_order(fresh, _("继续派发"))
        _record(fresh, RoundVerb.ROUND_DISPATCH_STARTED, by, held, done=fresh.dispatch_done)


def close_round(round: Round, why: str, *, by: Actor, held: Held | None) -> None:
    """Ends the field work. Doors nobody went to are taken back by `clear_doors`, in chunks of their own."""
    with _locked(round) as fresh:
        states.move(fresh, "close")
        fresh.closed_at = now()
        tasks = CheckTask.objects.filter(round=fresh)
        unvisited = tasks.filter(state__in=TO_VISIT).count()
        done = tasks.exclude(state__in=(*TO_VISIT, TaskState.CANCELLED)).count()
        Joining.objects.filter(round=fresh).delete()
        _record(fresh, RoundVerb.ROUND_CLOSED, by, held, reason=why, done=done, open=unvisited)
        clear_closed.enqueue(fresh.pk)


def clear_closed_rounds() -> int:
    """Periodic: takes back what a lost job left, and the doors kept for a document served since. How many."""
    rounds = _to_take_back().values_list("round", flat=True).distinct()
    return sum(clear_doors(round_id, by=CLEANER) for round_id in list(rounds))


@task()
def clear_closed(round_id: int) -> int:
    """The background job behind `close_round`."""
    return clear_doors(round_id, by=CLEANER)


def clear_doors(round_id: int, *, by: Actor) -> int:
    """Takes back the doors of a closed round that nobody went to; how many. Repeating finds nothing more.

    A door at which a document is still to be handed over stays on the phone until that is done.
    """
    cleared = 0
    while ids := list(
        _to_take_back().filter(round=round_id).order_by("posting", "pk").values_list("pk", flat=True)[:CHUNK]
    ):
        cleared += take_back(ids, {}, by=by)
    return cleared


def _to_take_back() -> QuerySet[CheckTask]:
    return CheckTask.objects.filter(round__state=RoundState.CLOSED, state__in=TO_VISIT, notices=0)


@transaction.atomic
def take_back(ids: Sequence[int], why: Mapping[int, str], *, by: Actor) -> int:
    """Part of ending a round, or of a subject's leaving it: doors nobody went to are nobody's any more; how many. `why`:
    subject → the reason, where it is not that the round is over."""
    tasks = _raised(ids)
    for check_task in tasks:
        check_task.state = TaskState.CANCELLED
    CheckTask.objects.bulk_update(tasks, ["state", "feed"], batch_size=500)
    subjects = [check_task.subject_id for check_task in tasks]
    Lead.objects.filter(subject__in=subjects, state=LeadState.TASKED).update(state=LeadState.OPEN)
    mark_state(subjects, CoverState.NOT_SENT, by=by)
    over = _("轮次已结束")
    lines = (
        Line(
            check_task.area,
            check_task.subject_id,
            "",
            {"task": check_task.pk, "reason": why.get(check_task.subject_id, over)},
        )
        for check_task in tasks
    )
    record_many(RoundVerb.TASK_WITHDRAWN, lines, by=by)
    return len(tasks)


def hand_over_tasks(task_ids: Iterable[int], to: Posting, why: str, *, by: Actor) -> int:
    """Gives doors still to be visited to another worker's posting; how many. What was visited meanwhile stays.

    Raises NotHere/NotYourPost for any door outside the territory, NotAWorker, ReasonMissing.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=Right.ASSIGN.value)
    with transaction.atomic():
        _require_worker(to, by)
        tasks = _raised(sorted(set(task_ids)), also=[to.pk])
        for area in {check_task.area for check_task in tasks}:
            require(by, Right.ASSIGN, area)
        return _give(
            tasks,
            {check_task.pk: to.pk for check_task in tasks},
            {check_task.pk: why for check_task in tasks},
            by,
        )


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """Subjects changed their grid (a re-cut, a placing): their open doors go where `rules.holders` has them."""
    moved = {move.subject_id: move for move in moves if move.old}
    seen = list(
        CheckTask.objects.filter(subject__in=list(moved), state__in=TO_VISIT).select_related("posting")
    )
    if not seen:
        return
    doors = [_door(check_task, moved[check_task.subject_id]) for check_task in seen]
    found = settled_holders(doors)
    receivers = {task: holder.posting for task, holder in found.items() if holder.posting is not None}
    tasks = _raised([check_task.pk for check_task in seen], also=receivers.values())
    for check_task in tasks:
        check_task.area = moved[check_task.subject_id].new
    CheckTask.objects.bulk_update(tasks, ["area", "feed"], batch_size=500)
    _give(
        tasks, receivers, {task: _("网格调整") + _because(holder.words) for task, holder in found.items()}, by
    )


def _door(check_task: CheckTask, move: Move) -> rules.OpenDoor:
    given = move.is_recut and not check_task.area.startswith(check_task.posting.area_id)
    return rules.OpenDoor(check_task.pk, move.new, check_task.posting_id, check_task.posting.person_id, given)


def _because(words: str) -> str:
    return f"：{words}" if words else ""


def follow_posting(postings: Sequence[Posting], by: Actor) -> None:
    """Workers came or left: doors that are nobody's go to who may have them now."""
    if workers := [posting for posting in postings if posting.role == Role.WORKER]:
        settle_doors(by=by, near=workers)


def settle_nobodys() -> int:
    """Periodic: the doors of postings that ended with yesterday, or begin today."""
    return settle_doors(by=SETTLER)


@transaction.atomic
def settle_doors(*, by: Actor, near: Sequence[Posting] = ()) -> int:
    """Gives the doors whose posting is over to whoever has them by `rules.holders`; how many. The rest stays where it
    is, and the round says why. `near`: those of these postings, and those of their communities; all where there are
    many of them, as the sweep would take them."""
    rows = nobodys()
    communities = {posting.area_id[: rules.COMMUNITY] for posting in near}
    if near and len(communities) <= NEAR:
        rows = rows.filter(Q(posting__in=[posting.pk for posting in near]) | in_areas(communities))
    doors = [
        rules.OpenDoor(*row) for row in rows.values_list("pk", "area", "posting_id", "posting__person_id")
    ]
    found = settled_holders(doors) if doors else {}
    receivers = {task: holder.posting for task, holder in found.items() if holder.posting is not None}
    if not receivers:
        return 0
    tasks = _raised(sorted(receivers), also=receivers.values())
    return _give(
        tasks,
        receivers,
        {task: _("原岗位已结束") + _because(holder.words) for task, holder in found.items()},
        by,
    )


def _raised(ids: Sequence[int], also: Iterable[int] = ()) -> list[CheckTask]:
    """The tasks still to be visited, their postings and `also` locked and their feed raised, all at once:
    taking these locks in two goes could deadlock."""
    rows = CheckTask.objects.filter(pk__in=ids)
    postings = set(rows.values_list("posting_id", flat=True))
    feeds = raise_feeds(postings.union(also)) if postings else {}
    tasks = list(
        rows.filter(state__in=TO_VISIT, posting__in=postings).select_related("posting__person", "round")
    )
    for check_task in tasks:
        check_task.feed = feeds[check_task.posting_id]
    return tasks


def _give(tasks: Sequence[CheckTask], receivers: Mapping[int, int], why: Mapping[int, str], by: Actor) -> int:
    """The receivers' feeds are raised already; their new numbers are read here, under that lock."""
    moving = [
        check_task
        for check_task in tasks
        if receivers.get(check_task.pk, check_task.posting_id) != check_task.posting_id
    ]
    posts = {p.pk: p for p in Posting.objects.filter(pk__in=set(receivers.values())).select_related("person")}
    Gone.objects.bulk_create(
        Gone(posting_id=check_task.posting_id, task=check_task, feed=check_task.feed) for check_task in moving
    )
    lines = [
        _handed(check_task, posts[receivers[check_task.pk]], why[check_task.pk]) for check_task in moving
    ]
    for check_task in moving:
        check_task.posting = posts[receivers[check_task.pk]]
        check_task.feed = check_task.posting.feed
    CheckTask.objects.bulk_update(moving, ["posting", "feed"], batch_size=500)
    record_many(RoundVerb.TASK_HANDED_OVER, lines, by=by)
    for area in {check_task.area for check_task in moving}:
        hint("round", area)
    return len(moving)


def _handed(check_task: CheckTask, to: Posting, why: str) -> Line:
    data = {
        "task": check_task.pk, "round": check_task.round.code,
        "from": str(check_task.posting.person), "from_posting": check_task.posting_id,
        "to": str(to.person), "to_posting": to.pk, "reason": why,
    }  # fmt: skip
    return Line(check_task.area, check_task.subject_id, "", data)


def _require_worker(to: Posting, by: Actor) -> None:
    if not by.can(Right.SEE, to.area_id):
        raise problems.NotHere()
    in_force = Posting.objects.filter(valid_on(today()), pk=to.pk, role=Role.WORKER, person__is_active=True)
    if not in_force.exists():
        raise rounds_problems.NotAWorker(name=str(to.person))


@contextmanager
def _locked(round: Round) -> Iterator[Round]:
    """The round as it stands, locked; saved afterwards, and the caller's copy brought up to date."""
    with transaction.atomic():
        fresh = Round.objects.select_for_update().get(pk=round.pk)
        yield fresh
        fresh.save()
    round.refresh_from_db()


@contextmanager
def _act_on(round: Round, right: Right, by: Actor) -> Iterator[tuple[Round, Held | None]]:
    with _locked(round) as fresh:
        yield fresh, require(by, right, fresh.area)


def _require_deadline(due_on: date) -> None:
    if due_on < today():
        raise forms_problems.DeadlinePast(due_on=due_on)


def _require_another(round: Round, by: Actor) -> None:
    """Four eyes: whoever planned a round, or changed it last, neither approves nor returns it."""
    if by.person_id == round.planned_by_id:
        raise problems.SamePersonTwice(first=str(round.planned_by))


def _terms(round: Round) -> dict[str, object]:
    return {"rules": round.rules, "due_on": round.due_on.isoformat(), "per_worker": round.per_worker}


def _record(round: Round, verb: Verb, by: Actor, held: Held | None, **facts: object) -> None:
    data = {"round": round.code, "title": round.title, "state": str(round.state), **facts}
    # The round's code stands where a case's does: its entries are numbered, and read as one story.
    record(verb, Line(round.area, case=round.code, data=data), by=by, held=held)
    hint("round", round.area)
    hint("inbox", round.area)
