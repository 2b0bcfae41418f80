"""Whose register it is: the department that keeps it delivers it, and the city office in its name.

乌政〔2020〕17号 五（二）7: each department hands in what it keeps. A line of a register heals leads and closes cases, so
that whoever may deliver it decides of them; somebody else's liaison may not. Departments change their names and
duties: `owners.json` is dated, with the act that changed them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from grid.law.rules.mandate import read_shipped
from grid.registers import problems as registers_problems
from grid.registers.models import Register
from grid.scope import Actor, Held, Right, require

FILE = Path(__file__).parent.with_name("owners.json")


@cache
def _owners() -> tuple[Mapping[str, Any], ...]:
    return tuple(read_shipped(FILE))


def owners_on(register: str, day: date) -> list[Mapping[str, Any]]:
    """The departments that keep a register on a day, with `stems` by which their names are known."""
    text = day.isoformat()
    return [
        owner
        for owner in _owners()
        if owner["register"] == register and owner["since"] <= text and (owner["until"] or text) >= text
    ]


def is_kept_by(department: str, register: str, day: date) -> bool:
    """
    >>> is_kept_by("市税务局", "tax", date(2026, 1, 1)), is_kept_by("市税务局", "social", date(2026, 1, 1))
    (True, False)
    """
    return any(stem in department for owner in owners_on(register, day) for stem in owner["stems"])


def delivering(held: Iterable[Held], register: str, day: date) -> list[Held]:
    """The postings under which a register may be delivered, wherever."""
    return [
        post
        for post in held
        if post.grants(Right.IMPORT_FOR_OTHERS)
        or (post.grants(Right.IMPORT) and is_kept_by(post.department, register, day))
    ]


def areas_to_deliver(viewer: Actor, register: str, day: date) -> list[str]:
    return [held.area for held in delivering(viewer.held, register, day)]


def may_deliver(viewer: Actor, register: str, area: str, day: date) -> bool:
    return bool(viewer.machine) or any(held.covers(area) for held in delivering(viewer.held, register, day))


def require_deliverer(by: Actor, register: str, area: str, day: date) -> None:
    """Asks whose register it is. Raises NotHere and NotYourPost as `ask` does, NotYourRegister for another department's."""
    require(by, Right.IMPORT, area)
    if not may_deliver(by, register, area, day):
        keepers = "、".join(owner["department"] for owner in owners_on(register, day))
        raise registers_problems.NotYourRegister(register=Register(register).label, keepers=keepers)
