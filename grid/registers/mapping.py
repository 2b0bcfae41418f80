"""What a sender's columns are: guessed, said by a person once, and known again with the next file of that header."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.registers.headers import NOTHING_CHOSEN, Chosen, missing_columns
from grid.registers.layouts import LAYOUTS
from grid.registers.models import ColumnMapping, Delivery, DeliveryState, Preview
from grid.registers.owners import ask_to_deliver, delivering
from grid.scope import Actor, person_of
from grid.territory.models import Person

MOST: Final = 200  # headers of one sender that are remembered
Columns = Mapping[str, int]


def sender_of(by: Actor, register: str, area: str) -> str:
    """In whose name it is delivered: the department of the posting, else the person."""
    held = [one for one in delivering(by.held, register, today()) if one.covers(area)]
    department = next((one.department for one in held if one.department), "")
    return (department or f"#{by.person_id}")[:100]


def recalled(register: str, sender: str) -> Chosen:
    """What was said of this sender's headers, the newest first."""
    rows = ColumnMapping.objects.filter(register=register, sender=sender).order_by("-said_at", "-pk")
    return Chosen(dict(rows.values_list("header", "columns")[:MOST]), {})


def chosen_of(delivery: Delivery) -> Chosen:
    """What was said of the columns of this file."""
    said = Preview.objects.filter(delivery=delivery).values_list("chosen", flat=True).first()
    return Chosen(said.get("by_header", {}), said.get("by_name", {})) if said else NOTHING_CHOSEN


def drop_sample(delivery: Delivery) -> None:
    """Part of reading a file after all: what was kept of it for its page goes."""
    Preview.objects.filter(delivery=delivery).update(sample="")


def name_columns(delivery: Delivery, named: Mapping[str, str]) -> None:
    """Field → header, for a file that is read without a page: part of an import, which writes the entry.

    Raises ColumnUnknown for a field this register does not have.
    """
    layout = LAYOUTS[delivery.register]
    known = {one.name for one in layout.fields}
    if strange := [name for name in named if name not in known]:
        raise problems.ColumnUnknown(names="、".join(strange), known="、".join(sorted(known)))
    Preview.objects.update_or_create(
        delivery=delivery, defaults={"chosen": {"by_header": {}, "by_name": dict(named)}}
    )


@transaction.atomic
def say_columns(delivery: Delivery, tables: Sequence[tuple[str, Columns]], *, by: Actor) -> Delivery:
    """A person has said of each header (its fingerprint) which column holds which fact; the file is read now. A header
    without any column is one of a sheet that is left out. Remembered for the sender.

    Raises NotHere, NotYourPost, NotYourRegister, NoColumnsToSay, ColumnsMissing.
    """
    from grid.registers.jobs import read_kept

    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    ask_to_deliver(by, delivery.register, delivery.area, today())
    person_id = person_of(by)
    if delivery.state != DeliveryState.PREVIEW:
        raise problems.NoColumnsToSay(state=delivery.get_state_display())
    layout = LAYOUTS[delivery.register]
    wanted = [(header, columns) for header, columns in tables if columns]
    for _header, columns in wanted or [("", {})]:
        if lacking := missing_columns(layout, columns):
            raise problems.ColumnsMissing(name=delivery.file_name, columns="、".join(lacking))
    said = {header: dict(columns) for header, columns in tables}
    Preview.objects.update_or_create(
        delivery=delivery, defaults={"sample": "", "chosen": {"by_header": said, "by_name": {}}}
    )
    sender = sender_of(by, delivery.register, delivery.area)
    _remember(delivery.register, sender, wanted, person_id)
    delivery.state = DeliveryState.READING
    delivery.save(update_fields=["state"])
    labels = sorted({layout.field(name).label for _header, columns in wanted for name in columns})
    data = {
        "register": delivery.register,
        "register_name": str(layout.label),
        "delivery": delivery.pk,
        "file": delivery.file_name,
        "columns": "、".join(labels),
    }
    record(Verb.REGISTER_COLUMNS_SAID, by=by, area=delivery.area, data=data)
    read_kept.enqueue(delivery.pk, person_id)
    hint("delivery", delivery.area)
    return delivery


def _remember(register: str, sender: str, tables: Sequence[tuple[str, Columns]], person_id: int) -> None:
    for header, columns in tables:
        ColumnMapping.objects.update_or_create(
            register=register,
            sender=sender,
            header=header,
            defaults={
                "columns": dict(columns),
                "said_by": Person.objects.get(pk=person_id),
                "said_at": now(),
            },
        )
