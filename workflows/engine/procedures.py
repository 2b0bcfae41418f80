"""The only door to the engine: opening a procedure, taking a step of it, breaking it off, asking what is open.

The engine holds the agenda; the legal state stays in our own column. If the engine vanished, no legal fact
would be lost. Everything here runs in the transaction of the action that calls it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from viewflow.workflow import PROCESS, STATUS, Flow, Token
from viewflow.workflow.models import Process, Task

from grid import problems
from grid.calendar.now import now
from grid.scope import Actor, Held, Right
from workflows.clocks.followers import OfCase
from workflows.clocks.models import Clock
from workflows.engine.actions import matters
from workflows.engine.kind import kind_of_flow
from workflows.engine.nodes import HumanNode, StepNode, WaitingNode
from workflows.engine.signing.actions import gate as signing
from workflows.engine.signing.actions.opinions import stop_term

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """An open step: what it is, which rights take it (none: the machine waits), since when and until when."""

    name: str
    title: str
    rights: tuple[Right, ...]
    since: datetime
    due: date | None


class Seen(str):
    """The state a page showed, and when. A matter that was sent back and came again stands in the same state with
    another file: a page from before that decides nothing."""

    shown: datetime | None

    def __new__(cls, state: str, shown: datetime | None = None) -> "Seen":
        seen = super().__new__(cls, state)
        seen.shown = shown
        return seen


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a process is about, as far as deciding a step needs it."""

    code: str
    area: str
    state: str
    label: str


def open_procedure(flow: type[Flow], *, by: Actor) -> Any:
    """Part of opening a matter: a process standing at the first step of its kind."""
    return open_procedures(flow, 1, by=by)[0]


def open_procedures(flow: type[Flow], count: int, *, by: Actor) -> list[Any]:
    """Part of opening matters: `count` processes at once, in four inserts: rows equal to those the engine itself would write."""
    name = kind_of_flow(flow).first
    with transaction.atomic():
        at = now()
        processes: Any = flow.process_class
        made: list[Any] = processes.objects.bulk_create(
            (processes(flow_class=flow, created=at) for _ in range(count)), BATCH
        )
        starts = Task.objects.bulk_create((_start_of(process, by, at) for process in made), BATCH)
        firsts = Task.objects.bulk_create((_first_of(process, name, at) for process in made), BATCH)
        Task.previous.through.objects.bulk_create(
            (
                Task.previous.through(from_task_id=first.pk, to_task_id=start.pk)
                for start, first in zip(starts, firsts, strict=True)
            ),
            BATCH,
        )
    return made


def _start_of(process: Process, by: Actor, at: datetime) -> Task:
    node = process.flow_class.instance.node("start")
    return Task(
        process=process, flow_task=node, flow_task_type=node.task_type, status=STATUS.DONE, token=Token("start"),
        created=at, started=at, finished=at, owner_id=by.person_id, data={"by": by.name},
    )  # fmt: skip


def _first_of(process: Process, name: str, at: datetime) -> Task:
    node = process.flow_class.instance.node(name)
    return Task(
        process=process, flow_task=node, flow_task_type=node.task_type, token=Token("start"), created=at
    )


def begin_procedure(flow: type[Flow], state: str, *, by: Actor) -> Any:
    """Part of submitting a matter: a process that stands at the step for its `state`."""
    return flow.instance.node("start").run(state=state, _task_data={"by": by.name})


@contextmanager
def step(process: Process, name: str, *, by: Actor) -> Iterator[Held | None]:
    """Takes the step `name`: lock, ask, then the body changes OUR state, then the flow follows that state.

    Yields the posting acted under (None for a machine). While the state still belongs to this step when the
    body ends, the step stays open: a note was added, nothing was decided.
    Raises NotHere/NotYourPost; AlreadyDone with who and when if somebody was faster; OutOfOrder otherwise; what the
    gate of workflows/signing says of a step that is in other hands or waits for opinions.
    """
    with _taken(process, name, by, lambda node, area: node.require(by, area)) as held:
        yield held


@contextmanager
def followed(process: Process, name: str, *, by: Actor, held: Held | None) -> Iterator[Held | None]:
    """The step of a matter that waits for a proceeding beside it, taken by what that came to. Who may do that
    was asked there: `held` is the posting acted under."""
    with _taken(process, name, by, lambda node, area: held):
        yield held


@contextmanager
def _taken(
    process: Process, name: str, by: Actor, ask: Callable[[StepNode, str], Held | None]
) -> Iterator[Held | None]:
    flow = process.flow_class
    node = flow.instance.node(name, no_obsolete=True)
    with flow.lock(process.pk):
        matter = _matter(process)
        if not isinstance(node, HumanNode | WaitingNode):
            raise _no_step(matter, by)
        held = ask(node, matter.area)
        task = _open_task(process, node, matter, getattr(name, "shown", None))
        moves = signing.gate(process.pk, node, matter.area, by) if node.task_type == "HUMAN" else []
        yield held
        process.state = _matter(process).state
        if process.state not in node.at:
            returns = kind_of_flow(flow).returns.get(node.name, frozenset())
            _stop_terms(signing.release(moves, returns, process.state, by), by)
            task.process = process
            node.activation_class(task).finish(by, held)


def _stop_terms(cases: Iterable[OfCase], by: Actor) -> None:
    for case in cases:
        stop_term(case, by=by)


def _no_step(matter: _Matter, by: Actor) -> problems.Problem:
    """A name nobody takes a step under: an end, or whatever a form sent. Outside the territory not even that is told."""
    if not by.can(Right.SEE, matter.area):
        return problems.NotHere()
    return problems.OutOfOrder(thing=matter.code, state=matter.label, act=_("这一步"))


@contextmanager
def step_back(process: Process, name: str, to: str, *, by: Actor) -> Iterator[None]:
    """Gives the open step `name` up, with whatever bound it, and opens the earlier `to` again; the body changes OUR state.

    Who may do that is asked by the caller. Raises OutOfOrder, AlreadyDone.
    """
    flow = process.flow_class
    node, earlier = flow.instance.node(name), flow.instance.node(to)
    with flow.lock(process.pk):
        task = _open_task(process, node, _matter(process))
        yield
        task.process = process
        given_up = node.activation_class(task)
        given_up.drop(by)
        _stop_terms(signing.cancel(process.pk, by), by)
        earlier.activation_class.create(earlier, given_up, task.token)


def close_procedure(process: Process, *, by: Actor) -> None:
    """Breaks the procedure off, whatever is open: the case was withdrawn or healed. Repeating changes nothing.

    Who may do that is asked by the action that ends the case or round.
    """
    flow = process.flow_class
    with flow.lock(process.pk):
        for task in Task.objects.filter(process=process, finished=None):
            task.process = process
            task.flow_task.activation_class(task).drop(by)
        _stop_terms(signing.cancel(process.pk, by), by)
        open_still = flow.process_class.objects.filter(pk=process.pk, status=PROCESS.NEW)
        open_still.update(status=PROCESS.CANCELED, finished=now())


def open_steps(process: Process) -> list[Step]:
    """What is open now, with the earliest running term; two queries."""
    tasks = list(Task.objects.filter(process=process, finished=None).order_by("pk"))
    due = _due(process) if tasks else None
    return [
        Step(task.flow_task.name, str(task.flow_task.task_title), task.flow_task.rights, task.created, due)
        for task in tasks
    ]


def _matter(process: Process) -> _Matter:
    """One query: the code, area and state of what is behind a process."""
    kind = kind_of_flow(process.flow_class)
    code, area, state = matters.shown_by(kind, process.pk)
    return _Matter(code, area, state, str(kind.states(state).label))


def _open_task(process: Process, node: StepNode, matter: _Matter, shown: datetime | None = None) -> Task:
    """The newest visit to a step, or the newest that was open when the page was `shown`, which must still be open."""
    visits = Task.objects.filter(process=process, flow_task=node)
    newest = (visits.filter(created__lte=shown) if shown else visits).order_by("-pk").first()
    if newest is None or newest.status == STATUS.CANCELED:
        raise problems.OutOfOrder(thing=matter.code, state=matter.label, act=node.task_title)
    if newest.status == STATUS.DONE:
        when = f"{localtime(newest.finished):%Y-%m-%d %H:%M}"
        raise problems.AlreadyDone(who=newest.data.get("by", ""), when=when)
    return newest


def _due(process: Process) -> date | None:
    kind = kind_of_flow(process.flow_class)
    whose = {f"{kind.owner}__in": kind.behind(process.pk).values(kind.owned_by)}
    running = Clock.objects.filter(fired_at=None, stopped_at=None, **whose)
    return running.order_by(F("due_on").asc()).values_list("due_on", flat=True).first()


def lock_processes(pks: Iterable[int] | QuerySet[Any, Any]) -> None:
    """Locks the processes of several matters, always in the same order: before anything that stands after them."""
    processes = Process.objects.select_for_update().filter(pk__in=pks)
    list(processes.order_by("pk").values_list("pk"))
