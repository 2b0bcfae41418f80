"""What a room puts into somebody's inbox."""

from datetime import date
from typing import NamedTuple


class Waiting(NamedTuple):
    """One line of the inbox."""

    kind: str
    label: str
    title: str
    why: str
    area: str
    href: str
    since: date
    due_on: date | None = None
    state: str = ""
