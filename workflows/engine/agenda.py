"""The engine's agenda as a whole: what is open everywhere, since when, and whether it still fits our state.

Beside procedures.py, which takes single steps: this looks at all of them, for the sweeps that find what is late
or stuck, and opens a step again whose row was lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from viewflow.workflow import PROCESS, STATUS, Token
from viewflow.workflow.models import Task

from grid.calendar.now import now
from grid.scope import Actor, Right
from workflows.engine.kind import kind_named

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that has not ended, with the process that holds its agenda."""

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
    kind = kind_named(flow)
    rows = kind.rows().filter(**{f"{kind.link}__isnull": False}).exclude(state__in=kind.ended)
    if process is not None:
        rows = rows.filter(**{kind.link: process})
    columns = rows.values_list(kind.link, "code", "area", "state", kind.owned_by)
    for pk, code, area, state, owner in columns.iterator(BATCH):
        label = str(kind.states(state).label)
        is_round = kind.owner == "round"
        yield Matter(
            flow, pk, code, area, state, label, None if is_round else owner, owner if is_round else None
        )


def open_steps(flow: str, before: datetime | None = None, process: int | None = None) -> Iterator[OpenStep]:
    """Every unfinished step of a flow, or of one process of it; those opened before a moment only where one is given.
    One query."""
    rows = Task.objects.filter(process__flow_class=kind_named(flow).flow, finished=None)
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


def pass_step(flow: str, name: str, processes: Sequence[int], state: str, *, by: Actor) -> None:
    """Part of an act on many matters: takes the step `name` of their processes at once to the one that stands for
    `state`, with rows equal to those the engine itself would write. For a step that leads straight there, whose
    processes the caller has locked.

    Raises RuntimeError when one of them does not stand at that step.
    """
    kind = kind_named(flow)
    node, following = kind.flow.instance.node(name), kind.node_at(state)
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
    """Part of a repair: opens the step that belongs to the state of the matter, where none is open. Its title; empty
    when all is well.

    Whatever else is open does not belong to the state and is cancelled: our state is the truth, the agenda follows.
    What a proceeding stands beside is locked by the caller, as every act locks it first.
    """
    kind = kind_named(flow)
    with kind.flow.lock(process_id):
        matter = next(matters(flow, process_id), None)
        node = kind.node_at(matter.state) if matter else None
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
        kind.flow.process_class.objects.filter(pk=process_id).update(status=PROCESS.NEW, finished=None)
        return str(node.task_title)


def _fits(task: Task, state: str) -> bool:
    node = task.flow_task
    return task.status != STATUS.ERROR and state in getattr(node, "at", ())
