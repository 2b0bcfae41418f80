"""Who still needs a person's data, and who else keeps some of it: each room says so for itself.

`needed_by` registers a question (called when the apps are ready): what of mine still runs or must be kept, in words
that name the matter? `forgotten_with` registers what is deleted along, in the transaction that forgets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from grid.subjects.models import Subject

Needed = Callable[[Subject, date], Iterable[str]]
Deleting = Callable[[Subject], int]
_needed: list[Needed] = []
_deleting: list[Deleting] = []


def needed_by(question: Needed) -> None:
    if question not in _needed:
        _needed.append(question)


def forgotten_with(deleting: Deleting) -> None:
    if deleting not in _deleting:
        _deleting.append(deleting)


def why_needed(subject: Subject, on: date) -> list[str]:
    return [why for question in _needed for why in question(subject, on)]


def delete_along(subject: Subject) -> int:
    """How many values of other rooms went with the key."""
    return sum(deleting(subject) for deleting in _deleting)
