"""Registers that wait: for a second person, for somebody to look, or to be delivered at all."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.registers.actions.foreseeing import Foreseen
from grid.registers.actions.rhythm import Expected, late_for
from grid.registers.models import Delivery, DeliveryState
from grid.registers.queries import waiting_for
from grid.scope import Actor, Right
from grid.waiting import Waiting


def deliveries_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Registers above the brake that somebody else delivered, those to be looked at, and those that are late."""
    if not viewer.has(Right.IMPORT):
        return []
    waiting = [
        Waiting(
            "delivery", _("确认名册"), str(delivery), _delivery_words(delivery), delivery.area,
            reverse("delivery", args=[delivery.pk]), day_of(delivery.delivered_at), state=delivery.state,
        )
        for delivery in waiting_for(viewer)[:limit]
    ]  # fmt: skip
    return waiting + [_late_register(expected) for expected in late_for(viewer)[:limit]]


def _late_register(late: Expected) -> Waiting:
    last = _("最近一次数据日期 {day}").format(day=late.newest) if late.newest else _("还没有送达过")
    why = _("应于 {due} 前送达，由{keepers}提供；{last}").format(
        due=late.due_on, keepers=late.keepers, last=last
    )
    title = _("{register}名册未送达").format(register=late.label)
    return Waiting(
        "register", _("催交名册"), title, why, late.area, reverse("registers"), late.due_on, late.due_on,
        state="late",
    )  # fmt: skip


def _delivery_words(delivery: Delivery) -> str:
    foreseen = Foreseen.of(delivery)
    lines = (
        (_("终止 {n} 户"), foreseen.ends),
        (_("其中不再在册 {n} 户"), foreseen.left),
        (_("办结 {n} 户"), foreseen.heals),
        (_("新增 {n} 户"), foreseen.added),
        (_("变更 {n} 户"), foreseen.changed),
    )
    what = "、".join(words.format(n=n) for words, n in lines if n) or _("不改变任何内容")
    if delivery.state == DeliveryState.WAITING:
        return _("采用后将{what}，须第二人确认").format(what=what)
    return _("采用后将{what}，请查看后决定").format(what=what)
