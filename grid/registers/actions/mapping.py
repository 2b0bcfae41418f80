"""What a sender's columns are: guessed, said by a person once, and known again with the next file of that header."""

from collections.abc import Mapping
from typing import Final

from grid.calendar.now import today
from grid.registers import problems as registers_problems
from grid.registers.models import ColumnMapping, Delivery, Preview
from grid.registers.queries.owners import delivering
from grid.registers.rules.headers import NOTHING_CHOSEN, Chosen
from grid.registers.rules.layouts import LAYOUTS
from grid.scope import Actor

MOST: Final = 200  # headers of one sender that are remembered


def sender_of(by: Actor, register: str, area: str) -> str:
    """Asks in whose name it is delivered: the department of the posting, else the person."""
    held = [post for post in delivering(by.held, register, today()) if post.covers(area)]
    department = next((post.department for post in held if post.department), "")
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
    known = {field.name for field in layout.fields}
    if strange := [name for name in named if name not in known]:
        raise registers_problems.ColumnUnknown(names="、".join(strange), known="、".join(sorted(known)))
    Preview.objects.update_or_create(
        delivery=delivery, defaults={"chosen": {"by_header": {}, "by_name": dict(named)}}
    )
