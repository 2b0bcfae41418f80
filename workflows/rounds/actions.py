"""A round on its way through the engine: submitted, approved, dispatched, closed.

What changes of the round itself is in tasks/rounds/actions; here the step that asks the post is taken around it.
"""

from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Held, Right, machine, require, require_person
from tasks.doors.models import CheckTask
from tasks.rounds import actions as rounds
from tasks.rounds import states
from tasks.rounds.dispatch import write_tasks
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import LIVE, refuse_empty
from workflows.clocks.actions import start_clock_until, stop_clock
from workflows.clocks.models import Clock
from workflows.engine.procedures import begin_procedure, close_procedure, step
from workflows.rounds import problems as rounds_problems
from workflows.rounds.flow import RoundFlow
from workflows.rounds.models import RoundAgenda
from workflows.rounds.queries import file_of, may_resume

DEADLINE = "round.due"
FINISHER = machine(_("轮次收尾"))


def submit_round(round: Round, *, by: Actor) -> None:
    """Submits a draft and opens its procedure, or resubmits one that was returned. Raises DeadlinePast."""
    with transaction.atomic():
        agenda = RoundAgenda.objects.select_related("process").filter(round=round).first()
        if agenda is None:
            rounds.submit_round(round, by=by)
            process = begin_procedure(RoundFlow, round.state, by=by)
            RoundAgenda.objects.create(round=round, process=process)
        else:
            with step(agenda.process, "correction", by=by):
                rounds.submit_round(round, by=by)


def approve_round(round: Round, remark: str = "", *, by: Actor, at: str = "") -> None:
    """The yes of the level whose turn it is. `at` is the state the person was looking at.

    Raises AlreadyDone with who and when if a colleague was faster, SamePersonTwice for the planner.
    """
    with transaction.atomic(), _approval(round, by, at) as held:
        rounds.approve_round(round, remark, by=by, held=held)


def return_round(round: Round, why: str, *, by: Actor, at: str = "") -> None:
    """Back to the planner. Raises as `approve_round`, and ReasonMissing."""
    with transaction.atomic(), _approval(round, by, at) as held:
        rounds.return_round(round, why, by=by, held=held)


def withdraw_round(round: Round, why: str, *, by: Actor) -> None:
    """Takes a round back before dispatch, wherever it stands."""
    with transaction.atomic():
        agenda = RoundAgenda.objects.select_related("process").filter(round=round).first()
        if agenda:
            close_procedure(agenda.process, by=by)
        rounds.withdraw_round(round, why, by=by)


def dispatch_round(round: Round, *, by: Actor) -> None:
    """Orders the dispatch: the tasks are written by a background job, the deadline's clock runs. Raises NothingPlaced,
    NothingToDispatch for one that would end without a task."""
    require(by, Right.DISPATCH, round.area)
    if round.state == RoundState.APPROVED:
        refuse_empty(round, today())  # before the transaction: a large round is planned for a second
    with transaction.atomic(), step(_agenda(round).process, "dispatch", by=by) as held:
        rounds.start_dispatch(round, by=by, held=held)
        # The deadline is the planner's; the provision lends its basis. On the day itself work may still go on.
        term = the_law(today())["dispatch.term"]
        start_clock_until(round.due_on, DEADLINE, by=by, matter=round, provision=term, from_day=today())
        _enqueue(round, by)


def resume_dispatch(round: Round, *, by: Actor) -> None:
    """Starts the job of a dispatch that stopped half-way again; what was written stays. Harmless while one runs.

    Raises NothingLeftToSend where all is written and its end is on its way.
    """
    with transaction.atomic():
        rounds.resume_dispatch(round, by=by)
        if not may_resume(file_of(by, round)):
            raise rounds_problems.NothingLeftToSend(round=round.title)
        _enqueue(round, by)


def close_round(round: Round, why: str, *, by: Actor) -> None:
    """Ends a round by hand, by its deadline or because everything is done."""
    process = _agenda(round).process
    with transaction.atomic():
        # The clock first, as when it fires: the other order would deadlock with it.
        for clock in Clock.objects.filter(round=round, fired_at=None, stopped_at=None):
            stop_clock(clock, why, by=by)
        with step(process, "work", by=by) as held:
            rounds.close_round(round, why, by=by, held=held)


def close_overdue_round(clock: Clock, *, by: Actor) -> None:
    """What follows when a round's clock fires. A dispatch that still runs then is closed by the sweep later."""
    assert clock.round is not None
    if clock.round.state == RoundState.WORKED:
        close_round(clock.round, str(_("截止日期已到")), by=by)


def close_finished_rounds() -> int:
    """Periodic: closes rounds whose every door is settled, and those whose deadline passed unnoticed."""
    closed = 0
    # A round without an agenda is a single door that somebody's decision waits for, and is closed with it.
    for round in Round.objects.filter(state=RoundState.WORKED, agenda__isnull=False):
        why = _reason_to_close(round)
        if why:
            closed += _close_once(round, why)
    return closed


def _reason_to_close(round: Round) -> str:
    if round.due_on < today() - timedelta(days=1):
        return str(_("截止日期已到"))
    # One that takes whoever comes later waits for them until its last day.
    if not round.joins and not CheckTask.objects.filter(round=round, state__in=LIVE).exists():
        return str(_("全部办结"))
    return ""


def _close_once(round: Round, why: str) -> bool:
    try:
        close_round(round, why, by=FINISHER)
    except (problems.AlreadyDone, problems.OutOfOrder):
        return False  # another clock, or a person, closed it in this moment
    return True


def _agenda(round: Round) -> RoundAgenda:
    agenda = RoundAgenda.objects.select_related("process").filter(round=round).first()
    if agenda is None:
        raise states.out_of_order(round, _("办理"))
    return agenda


def _approval(round: Round, by: Actor, at: str) -> AbstractContextManager[Held | None]:
    round.refresh_from_db()
    name = at or round.state
    if name not in states.APPROVALS:
        raise states.out_of_order(round, _("审批"))
    return step(_agenda(round).process, name, by=by)


def _enqueue(round: Round, by: Actor) -> None:
    write_tasks.enqueue(round.pk, require_person(by))
