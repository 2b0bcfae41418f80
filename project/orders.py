"""Who ordered a background job, and what becomes of an order that is given up: nobody waits for it in vain.

A job that ended failed sets right what it left in the middle, is told in the ledger, and stands in the inbox of
whoever ordered it until the same order succeeds or a week has passed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.calendar.now import day_of
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.operations.actions import fail_operation
from grid.operations.models import Operation
from grid.problems import Problem
from grid.registers.actions import fail_delivery
from grid.registers.actions.kept import drop_kept
from grid.registers.models import Delivery, DeliveryState
from grid.scope import Actor, Right, machine
from grid.territory.models import Person
from project.inbox import Item, placed
from project.verbs import ProjectVerb
from tasks.comparison.models import Comparison
from tasks.rounds.models import Round

TOLD_FOR: Final = timedelta(days=7)
# The row of a job: what it is called with, and what it answers, differ from job to job.
Job = DBTaskResult[..., object]
OPERATION: Final = "grid.operations.jobs.carry_out"
WORKER: Final = machine("后台任务")


@dataclass(frozen=True, slots=True)
class Order:
    """`thing` names what was asked for, `why` is set where the thing itself knows why it failed. `person` None: the
    system asked by itself, and whoever compares there is to know."""

    person: int | None
    area: str
    thing: str
    href: str
    case: str = ""
    why: str = ""


def _reading(delivery_id: int, person_id: int) -> Order:
    delivery = Delivery.objects.get(pk=delivery_id)
    name = _("导入 {file}").format(file=delivery.file_name)
    return Order(
        person_id, delivery.area, name, reverse("delivery", args=[delivery.pk]), why=delivery.trouble
    )


def _comparison(area: str, person_id: int) -> Order:
    return Order(person_id, area, _("比对名册"), reverse("leads"))


def _comparison_after(delivery_id: int) -> Order:
    """Whoever delivered a register, or took it back, has set it off; every night looks at everything again."""
    delivery = Delivery.objects.get(pk=delivery_id)
    name = _("比对 {file} 改变的单位").format(file=delivery.file_name)
    person = delivery.undone_by_id or delivery.delivered_by_id
    return Order(person, delivery.area, name, reverse("delivery", args=[delivery.pk]))


def _comparison_laid_down(comparison_id: int) -> Order:
    comparison = Comparison.objects.get(pk=comparison_id)
    return Order(comparison.run_by_id, comparison.area, _("每夜比对名册"), reverse("leads"))


def _dispatch(round_id: int, person_id: int) -> Order:
    round = Round.objects.get(pk=round_id)
    name = _("派发 {round}").format(round=round.title)
    return Order(person_id, round.area, name, reverse("round", args=[round.code]), case=round.code)


def _operation(operation_id: int, person_id: int) -> Order:
    operation = Operation.objects.get(pk=operation_id)
    href = reverse("operation", args=[operation.pk])
    return Order(person_id, operation.area, operation.title, href, why=operation.trouble)


def _clearing(round_id: int) -> Order:
    """The hourly sweep takes these doors back all the same; who made the round learns that it is late."""
    round = Round.objects.get(pk=round_id)
    name = _("收回 {round} 未走访的任务").format(round=round.title)
    return Order(round.planned_by_id, round.area, name, reverse("round", args=[round.code]), case=round.code)


ORDERS: Mapping[str, Callable[..., Order]] = {
    OPERATION: _operation,
    "grid.registers.uploads.actions.look_at": _reading,
    "grid.registers.actions.read_kept": _reading,
    "tasks.comparison.actions.compare_area": _comparison,
    "tasks.comparison.actions.compare_after": _comparison_after,
    "tasks.comparison.actions.compare_on": _comparison_laid_down,
    "tasks.rounds.dispatch.write_tasks": _dispatch,
    "tasks.rounds.actions.clear_closed": _clearing,
}


# Where a job that an earlier version laid down is found today: it is done after the change of versions all the same.
MOVED: Mapping[str, str] = {
    "grid.registers.jobs.look_at": "grid.registers.uploads.actions.look_at",
    "grid.registers.jobs.read_kept": "grid.registers.actions.read_kept",
    "tasks.comparison.jobs.compare_area": "tasks.comparison.actions.compare_area",
    "tasks.comparison.jobs.compare_after": "tasks.comparison.actions.compare_after",
    "tasks.comparison.jobs.compare_on": "tasks.comparison.actions.compare_on",
}


def path_of(job: Job) -> str:
    """The function of a job in this version."""
    return MOVED.get(job.task_path, job.task_path)


def order_of(job: Job) -> Order | None:
    """None for a job that is nobody's order."""
    asked = job.args_kwargs
    known = ORDERS.get(path_of(job))
    return known(*asked["args"], **asked["kwargs"]) if known else None


@transaction.atomic
def give_up(job: Job, error: BaseException) -> None:
    """Part of the end of a failed job: what it left in the middle is set right, and its failure is told."""
    words = words_for(f"{type(error).__module__}.{type(error).__qualname__}", error)
    if ORDERS.get(path_of(job)) is _reading:
        _give_up_reading(job.args_kwargs["args"][0], words)
    if job.task_path == OPERATION:
        fail_operation(Operation.objects.get(pk=job.args_kwargs["args"][0]), words)
    order = order_of(job)
    if order is None:
        return
    by = Person.objects.get(pk=order.person) if order.person else WORKER.name
    data = {"thing": order.thing, "reason": order.why or words, "ordered_by": str(by)}
    record(ProjectVerb.JOB_GIVEN_UP, Line(order.area, case=order.case, data=data), by=WORKER)
    hint("inbox", order.area)
    if order.case:
        hint("round", order.area)


def _give_up_reading(delivery_id: int, words: str) -> None:
    delivery = Delivery.objects.get(pk=delivery_id)
    if delivery.state in (DeliveryState.PREVIEW, DeliveryState.READING):
        fail_delivery(delivery, words)
    drop_kept(delivery)


def words_for(path: str, error: BaseException | None = None) -> str:
    """Why a job failed, for whoever ordered it. `path` is the class of its error."""
    if isinstance(error, Problem):
        return f"{error.detail}{error.advice}"
    if path == "project.jobs.WorkerLost":
        return _("处理时系统进程两次中断，已停止重试。请再试一次；仍然如此的，请联系系统管理员。")
    kind: Any = import_string(path)
    if issubclass(kind, Problem):
        return f"{kind.title}。{kind.advice}"
    return _("处理时系统出错，多次重试未成。请联系系统管理员。")


# --- the inbox ----------------------------------------------------------------------------------------


def failed_orders(viewer: Actor) -> list[Item]:
    """What the viewer ordered in the last week and did not get. One query where all went well."""
    since = datetime.now(UTC) - TOLD_FOR
    failed = [
        job
        for job in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=since)
        if path_of(job) in ORDERS
    ]
    return placed([item for job in failed if (item := _item(job, viewer))])


def _item(job: Job, viewer: Actor) -> Item | None:
    order = order_of(job)
    if order is None or not _is_for(order, viewer) or _came_true(job):
        return None
    why = order.why or words_for(job.exception_class_path)
    return Item(
        "job",
        _("未能完成"),
        order.thing,
        why,
        order.area,
        order.href,
        day_of(job.finished_at or job.enqueued_at),
        state="failed",
    )


def _is_for(order: Order, viewer: Actor) -> bool:
    if order.person is None:
        return viewer.person_id is not None and viewer.can(Right.COMPARE, order.area)
    return order.person == viewer.person_id


def _came_true(job: Job) -> bool:
    """The same was ordered again and is under way or done."""
    again = DBTaskResult.objects.filter(
        ~Q(status=TaskResultStatus.FAILED), task_path=job.task_path, enqueued_at__gt=job.enqueued_at,
        args_kwargs__args__0=job.args_kwargs["args"][0],
    )  # fmt: skip
    return again.exists()
