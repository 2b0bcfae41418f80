"""Stored fingerprints, and how each is made anew from the value it stands for where the system still has that.

A fingerprint does not name its key: it is compared with what each key makes of the value. A citizen's number is kept
nowhere, so the fingerprint by which its bearer is recognised stays under the key it was made with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

log = logging.getLogger(__name__)
SLICE = 500
FEW = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One column of fingerprints; `made` answers what each key makes of a row, newest first."""

    model: type[models.Model]
    column: str
    made: Callable[[Any], list[str]]


_kept: list[Kept] = []


def register_fingerprints(kept: Kept) -> None:
    """Makes a room's fingerprints known (called when the apps are ready)."""
    if kept not in _kept:
        _kept.append(kept)


def rewrite() -> Iterator[tuple[int, int]]:
    """After each slice: how many were made anew, and how many no key explains: values that
    were forgotten by decision, or all of them when a key is missing."""
    for kept in _kept:
        last = 0
        while rows := list(kept.model._base_manager.filter(pk__gt=last).order_by("pk")[:SLICE]):
            yield _replace(kept, rows)
            last = rows[-1].pk


def newest_fits() -> bool:
    """Whether the keys are those the newest fingerprints were made with. One value may be gone, forgotten by decision."""
    for kept in _kept:
        rows = list(kept.model._base_manager.order_by("-pk")[:FEW])
        if rows and not any(getattr(row, kept.column) in kept.made(row) for row in rows):
            return False
    return True


def _replace(kept: Kept, rows: list[models.Model]) -> tuple[int, int]:
    done = strange = 0
    with transaction.atomic():
        for row in rows:
            stored, made = getattr(row, kept.column), kept.made(row)
            if stored in made[1:]:
                same = kept.model._base_manager.filter(pk=row.pk, **{kept.column: stored})
                try:
                    with transaction.atomic():
                        done += same.update(**{kept.column: made[0]})
                except IntegrityError:
                    # A process that knew only the old key stored the same value again; both are found while it stays.
                    log.warning(
                        "%s %s stands there twice, its old fingerprint stays",
                        kept.model._meta.db_table,
                        row.pk,
                    )
                    strange += 1
            elif stored != made[0]:
                strange += 1
    return done, strange
