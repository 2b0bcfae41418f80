"""The only door to the engine: opening a procedure, taking a step of it, breaking it off, asking what is open.

The engine holds the agenda; the legal state stays in our own column. If the engine vanished, no legal fact
would be lost. Everything here runs in the transaction of the action that calls it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model, TextChoices
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from viewflow.workflow import PROCESS, STATUS, Flow, Token
from viewflow.workflow.models import Process, Task

from grid import problems
from grid.calendar.now import now
from grid.scope import Actor, Held, Right
from tasks.rounds.models import Round, RoundState
from workflows.audits.models import Audit, AuditProcess, AuditState
from workflows.cases.models import Case, CaseProcess, CaseState
from workflows.clocks.models import Clock
from workflows.engine.nodes import HumanNode, WaitingNode
from workflows.engine.signing import gate as signing
from workflows.flows import AuditFlow, CaseFlow, InspectionFlow, RoundFlow
from workflows.inspections.models import Inspection, InspectionProcess, InspectionState
from workflows.rounds.models import RoundAgenda, RoundProcess

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


def open_case_procedure(*, by: Actor, area: str) -> CaseProcess:
    """A process standing at the street's approval, for a case about to be made in `area`."""
    return open_case_procedures(1, by=by, area=area)[0]


def open_case_procedures(count: int, *, by: Actor, area: str) -> list[CaseProcess]:
    """`count` processes at once, in four inserts: rows equal to those the engine itself would write."""
    made: list[CaseProcess] = _open(CaseFlow, "street_approval", count, by)
    return made


def open_inspection_procedure(*, by: Actor) -> InspectionProcess:
    """A process standing at the approval of its filing, for an inspection about to be made."""
    made: InspectionProcess = _open(InspectionFlow, "filing", 1, by)[0]
    return made


def open_audit_procedure(*, by: Actor) -> AuditProcess:
    """A process standing at the service of its notice, for an audit about to be made."""
    made: AuditProcess = _open(AuditFlow, "noticed", 1, by)[0]
    return made


def _open(flow: type[Flow], first: str, count: int, by: Actor) -> list[Any]:
    with transaction.atomic():
        at = now()
        processes: Any = flow.process_class
        made: list[Any] = processes.objects.bulk_create(
            (processes(flow_class=flow, created=at) for _ in range(count)), BATCH
        )
        starts = Task.objects.bulk_create((_start_of(process, by, at) for process in made), BATCH)
        firsts = Task.objects.bulk_create((_first_of(process, first, at) for process in made), BATCH)
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


def open_round_procedure(round: Round, *, by: Actor) -> RoundProcess:
    """The process of a submitted round, standing at the approval its state names."""
    with transaction.atomic():
        process: RoundProcess = RoundFlow.instance.node("start").run(
            state=round.state, _task_data={"by": by.name}
        )
        RoundAgenda.objects.create(round=round, process=process)
    return process


@contextmanager
def step(process: Process, name: str, *, by: Actor) -> Iterator[Held | None]:
    """Takes the step `name`: lock, ask, then the body changes OUR state, then the flow follows that state.

    Yields the posting acted under (None for a machine). While the state still belongs to this step when the
    body ends, the step stays open: a note was added, nothing was decided.
    Raises NotHere/NotYourPost; AlreadyDone with who and when if somebody was faster; OutOfOrder otherwise; what the
    gate of workflows/signing says of a step that is in other hands or waits for opinions.
    """
    with _taken(process, name, by, lambda node, area: node.ask(by, area)) as held:
        yield held


@contextmanager
def followed(process: Process, name: str, *, by: Actor, held: Held | None) -> Iterator[Held | None]:
    """The step of a case that waits for its audit or inspection, taken by what that came to. Who may do that
    was asked there: `held` is the posting acted under."""
    with _taken(process, name, by, lambda node, area: held):
        yield held


@contextmanager
def _taken(
    process: Process, name: str, by: Actor, ask: Callable[[Any, str], Held | None]
) -> Iterator[Held | None]:
    flow = process.flow_class
    node = flow.instance.node(name, no_obsolete=True)
    with flow.lock(process.pk):
        matter = _matter(process)
        if not isinstance(node, HumanNode | WaitingNode):
            raise _no_step(matter, by)
        held = ask(node, matter.area)
        task = _open_task(process, node, matter, getattr(name, "shown", None))
        moves = signing.gate(process, node, matter.area, by) if node.task_type == "HUMAN" else []
        yield held
        process.state = _matter(process).state
        if process.state not in node.at:
            signing.settle(moves, process.state, by)
            task.process = process
            node.activation_class(task).finish(by, held)


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
        signing.drop(process, by)
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
        signing.drop(process, by)
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


def case_steps_with(right: Right) -> list[str]:
    """Case states at which somebody with `right` has to act: what an inbox looks for."""
    return _steps_with(right, CaseFlow)


def inspection_steps_with(right: Right) -> list[str]:
    """States of an inspection at which somebody with `right` has to act."""
    return _steps_with(right, InspectionFlow)


def audit_steps_with(right: Right) -> list[str]:
    """States of an audit at which somebody with `right` has to act."""
    return _steps_with(right, AuditFlow)


def _steps_with(right: Right, flow: type[Flow]) -> list[str]:
    human = (node for node in flow.instance.nodes() if node.task_type == "HUMAN")
    return [state for node in human if right in node.rights for state in node.at]


# What stands behind the process of a flow: its rows by their process, and its states.
MATTERS: dict[type[Flow], tuple[type[Model], str, type[TextChoices]]] = {
    CaseFlow: (Case, "process", CaseState),
    InspectionFlow: (Inspection, "process", InspectionState),
    AuditFlow: (Audit, "process", AuditState),
    RoundFlow: (Round, "agenda__process", RoundState),
}


def _matter(process: Process) -> _Matter:
    """One query: the code, area and state of what is behind a process."""
    model, link, states = MATTERS[process.flow_class]
    rows = model._default_manager.values_list("code", "area", "state")
    code, area, state = rows.get(**{link: process.pk})
    return _Matter(code, area, state, str(states(state).label))


def _open_task(process: Process, node: Any, matter: _Matter, shown: datetime | None = None) -> Task:
    """The newest visit to a step, or the newest that was open when the page was `shown`, which must still be open."""
    visits = Task.objects.filter(process=process, flow_task=node)
    newest = (visits.filter(created__lte=shown) if shown else visits).order_by("-pk").first()
    if newest is None or newest.status == STATUS.CANCELED:
        raise problems.OutOfOrder(thing=matter.code, state=matter.label, act=node.task_title)
    if newest.status == STATUS.DONE:
        when = f"{localtime(newest.finished):%Y-%m-%d %H:%M}"
        raise problems.AlreadyDone(who=newest.data.get("by", ""), when=when)
    return newest


# How a term of a matter is found from its process; an audit and an inspection run the terms of their case.
TERMS: dict[type[Flow], str] = {
    CaseFlow: "case__process",
    InspectionFlow: "case__inspections__process",
    AuditFlow: "case__audits__process",
    RoundFlow: "round__agenda__process",
}


def _due(process: Process) -> date | None:
    mine = {TERMS[process.flow_class]: process.pk}
    running = Clock.objects.filter(fired_at=None, stopped_at=None, **mine)
    return running.order_by(F("due_on").asc()).values_list("due_on", flat=True).first()
