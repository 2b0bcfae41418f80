"""The engine's agenda as a whole: what is open everywhere, since when, and whether it still fits our state.

Beside procedures.py, which takes single steps: this looks at all of them, for the sweeps that find what is late
or stuck, and opens a step again whose row was lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from viewflow.workflow import PROCESS, STATUS, Flow, Token
from viewflow.workflow.models import Task

from grid.calendar.now import now
from grid.scope import Actor, Right
from tasks.rounds.models import RoundState
from workflows.audits import models as audits
from workflows.cases import models as cases
from workflows.engine.procedures import MATTERS
from workflows.flows import AuditFlow, CaseFlow, InspectionFlow, RoundFlow
from workflows.inspections import models as inspections

FLOWS: dict[str, type[Flow]] = {
    "case": CaseFlow, "inspection": InspectionFlow, "audit": AuditFlow, "round": RoundFlow,
}  # fmt: skip
ENDED: dict[str, tuple[str, ...]] = {
    "case": cases.ENDED,
    "inspection": inspections.ENDED,
    "audit": audits.ENDED,
    "round": (RoundState.CLOSED, RoundState.WITHDRAWN),
}
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Matter:
    """A case, inspection, audit or round that has not ended, with the process that holds its agenda."""

    flow: str
    process: int
    code: str
    area: str
    state: str
    label: str
    case: int | None
    round: int | None


@dataclass(frozen=True, slots=True)
class OpenStep:
    """An unfinished row of the engine. `rights` of who takes it; `waits` where a term or other work is awaited."""

    task: int
    process: int
    name: str
    title: str
    rights: tuple[Right, ...]
    waits: bool
    since: datetime
    in_error: bool
    at: tuple[str, ...]


def matters(flow: str, process: int | None = None) -> Iterator[Matter]:
    """Everything under way in a flow, or what is behind one process. One query."""
    model, link, states = MATTERS[FLOWS[flow]]
    rows = model._default_manager.filter(**{f"{link}__isnull": False}).exclude(state__in=ENDED[flow])
    if process is not None:
        rows = rows.filter(**{link: process})
    owner = {"case": "pk", "round": "pk"}.get(flow, "case_id")
    for pk, code, area, state, owned in rows.values_list(link, "code", "area", "state", owner).iterator(
        BATCH
    ):
        label = str(states(state).label)
        is_round = flow == "round"
        yield Matter(
            flow, pk, code, area, state, label, None if is_round else owned, owned if is_round else None
        )


def open_steps(flow: str, before: datetime | None = None, process: int | None = None) -> Iterator[OpenStep]:
    """Every unfinished step of a flow, or of one process of it; those opened before a moment only where one is given.
    One query."""
    rows = Task.objects.filter(process__flow_class=FLOWS[flow], finished=None)
    if process is not None:
        rows = rows.filter(process=process)
    if before is not None:
        rows = rows.filter(created__lt=before)
    for task in rows.order_by("pk").iterator(BATCH):
        node = task.flow_task
        if node is None or not hasattr(node, "at"):
            # A switch, or a node of an older version: it has no state of ours to stand for.
            yield OpenStep(task.pk, task.process_id, "", "", (), False, task.created, _failed(task), ())
        else:
            yield OpenStep(
                task.pk, task.process_id, node.name, str(node.task_title), node.rights, node.task_type == "WAIT",
                task.created, _failed(task), node.at,
            )  # fmt: skip


def _failed(task: Task) -> bool:
    return bool(task.status == STATUS.ERROR)


def still_open() -> Exists:
    """For rows that keep the number of a step in `task`: whether it is unfinished."""
    return Exists(Task.objects.filter(pk=OuterRef("task"), finished=None))


def node_for(flow: str, state: str) -> Any:
    """The step at which a matter in this state stands; None when there is none."""
    steps = (node for node in FLOWS[flow].instance.nodes() if node.task_type in ("HUMAN", "WAIT"))
    return next((node for node in steps if state in node.at), None)


def pass_step(flow: str, name: str, processes: Sequence[int], state: str, *, by: Actor) -> None:
    """Takes the step `name` of many processes at once to the one that stands for `state`: rows equal to those the
    engine itself would write. For a step that leads straight there, whose processes the caller has locked.

    Raises RuntimeError when one of them does not stand at that step.
    """
    node, following = FLOWS[flow].instance.node(name), node_for(flow, state)
    tasks = list(Task.objects.filter(process__in=processes, flow_task=node, finished=None).order_by("pk"))
    if len(tasks) != len(processes) or following is None:
        raise RuntimeError(f"{len(processes) - len(tasks)} processes do not stand at {name}")
    at = now()
    for task in tasks:
        task.status, task.started, task.finished = STATUS.DONE, at, at
        task.data = task.data | {"by": by.name, "posting": None}
    Task.objects.bulk_update(tasks, ["status", "started", "finished", "data"], BATCH)
    opened = Task.objects.bulk_create(
        (
            Task(
                process_id=task.process_id, flow_task=following, flow_task_type=following.task_type,
                token=task.token, created=at,
            )
            for task in tasks
        ),
        BATCH,
    )  # fmt: skip
    follows = Task.previous.through
    follows.objects.bulk_create(
        (follows(from_task_id=new.pk, to_task_id=old.pk) for new, old in zip(opened, tasks, strict=True)),
        BATCH,
    )


@transaction.atomic
def reopen_step(flow: str, process_id: int, *, by: Actor) -> str:
    """Opens the step that belongs to the state of the matter, where none is open. Its title; empty when all is well.

    Whatever else is open does not belong to the state and is cancelled: our state is the truth, the agenda follows.
    The case of an inspection or audit is locked by the caller, as every act locks it first.
    """
    kind = FLOWS[flow]
    with kind.lock(process_id):
        matter = next(matters(flow, process_id), None)
        node = node_for(flow, matter.state) if matter else None
        if matter is None or node is None:
            return ""
        tasks = list(Task.objects.filter(process=process_id, finished=None))
        if any(_fits(task, matter.state) for task in tasks):
            return ""
        at, last = now(), Task.objects.filter(process=process_id).order_by("-pk").first()
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(status=STATUS.CANCELED, finished=at)
        opened = Task.objects.create(
            process_id=process_id, flow_task=node, flow_task_type=node.task_type, token=Token("start"),
            created=at, data={"reopened_by": by.name},
        )  # fmt: skip
        if last:
            opened.previous.add(last)
        kind.process_class.objects.filter(pk=process_id).update(status=PROCESS.NEW, finished=None)
        return str(node.task_title)


def _fits(task: Task, state: str) -> bool:
    node = task.flow_task
    return task.status != STATUS.ERROR and state in getattr(node, "at", ())
