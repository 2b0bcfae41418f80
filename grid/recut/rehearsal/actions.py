"""A rehearsal is the change itself, told and taken back: nothing it says can differ from what comes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grid.recut.followers import labels
from grid.texts import Text

Told = TypeVar("Told")

OWN: Mapping[str, Text] = {
    "grids": _("网格"),
    "subjects": _("对象"),
    "premises": _("点位"),
    "posts": _("随之任岗的岗位"),
    "posts_left": _("承接区划已有人任的岗位（由管理岗位的人安排）"),
}


class Line(NamedTuple):
    """One thing a change touches: as rehearsed, and as it came out."""

    label: Text
    rehearsed: int | None
    result: int | None = None

    @property
    def differs(self) -> bool:
        return self.rehearsed is not None and self.result is not None and self.rehearsed != self.result


class _TakenBackError(Exception):
    """Ends a rehearsal: what was done is undone."""


def taken_back(act: Callable[[], Told]) -> Told:
    """What an act would tell, the act undone."""
    told: list[Told] = []
    try:
        with transaction.atomic():
            told.append(act())
            raise _TakenBackError
    except _TakenBackError:
        return told[0]


def fingerprint(told: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def lines_of(before: Mapping[str, int], after: Mapping[str, int] | None = None) -> list[Line]:
    """What was rehearsed beside what came out, of everything that is touched at all."""
    came = after or {}
    return [
        Line(label, before.get(key), came.get(key))
        for key, label in {**OWN, **labels()}.items()
        if before.get(key) or came.get(key)
    ]
