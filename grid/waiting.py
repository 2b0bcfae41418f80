"""What a room puts into somebody's inbox. Each room says so in its `waiting.py`; whoever shows the inbox sorts."""

from datetime import date
from typing import NamedTuple


class Waiting(NamedTuple):
    """One line: a kind of work, what it is about and why it waits, where and since when. `href` leads to it."""

    kind: str
    label: str
    title: str
    why: str
    area: str
    href: str
    since: date
    due_on: date | None = None
    state: str = ""
