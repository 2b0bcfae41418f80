"""What a delivery changes, unit by unit: foreseen before it is taken, and read from its rows afterwards."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from grid.keeping import arriving, move_into_place, refusing_when_full
from grid.registers.actions.kept import changes_at
from grid.registers.models import Delivery, DeliveryState, Row
from grid.subjects.models import Subject


class What(TextChoices):
    ADDED = "added", _("新增")
    CHANGED = "changed", _("变更")
    ENDED = "ended", _("注销、停保等终止")
    LEFT = "left", _("不再在册")
    HEALED = "healed", _("线索、案件消除或办结")


class Change(NamedTuple):
    what: str
    code: str
    name: str


Write = Callable[[Change], None]


@contextmanager
def changes_file(delivery: Delivery) -> Iterator[Write]:
    """Takes changes one by one, whatever their number, to the file beside the delivery."""
    with refusing_when_full(), arriving() as beside:
        with beside.open("w", encoding="utf8") as file:

            def write(change: Change) -> None:
                file.write(json.dumps(change, ensure_ascii=False) + "\n")

            yield write
        move_into_place(beside, changes_at(delivery))


def changes_of(delivery: Delivery) -> Iterator[Change]:
    """One line for each unit and what becomes or became of it."""
    if delivery.state in (DeliveryState.READY, DeliveryState.WAITING):
        return _foreseen(delivery)
    return _taken(delivery)


def _foreseen(delivery: Delivery) -> Iterator[Change]:
    place = changes_at(delivery)
    if not place.exists():
        return
    with place.open(encoding="utf8") as file:
        yield from (Change(*json.loads(line)) for line in file)


def _taken(delivery: Delivery) -> Iterator[Change]:
    """From the rows it opened and closed, also where they were taken back. Each unit once: in the row it kept last."""
    earlier = Row.objects.filter(
        register=delivery.register, subject=OuterRef("subject"), pk__lt=OuterRef("pk")
    )
    later = delivery.rows.filter(subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    opened = delivery.rows.filter(~Exists(later)).annotate(was=Exists(earlier.exclude(delivery=delivery)))
    shown = ("subject__credit_code", "subject__legacy_code", "subject__name")
    for was, *who in opened.order_by("pk").values_list("was", *shown).iterator(2_000):
        yield _change(What.CHANGED if was else What.ADDED, who)
    own = delivery.rows.filter(subject=OuterRef("subject"))
    left = delivery.ended_rows.exclude(delivery=delivery).filter(~Exists(own))
    for who in left.order_by("pk").values_list(*shown).iterator(2_000):
        yield _change(What.LEFT, who)


def _change(what: What, who: list[str | None] | tuple[str | None, ...]) -> Change:
    credit, legacy, name = who
    return Change(what.value, credit or legacy or "", name or "")


def change_of(what: What, subject: Subject) -> Change:
    return Change(what.value, subject.code, subject.name)
