"""Every place where a value lies encrypted under PRIVACY_KEY, and how it is written anew under the newest key.

A stored value names its key, so what is left to do is asked of the values themselves: a run that was killed is simply
run again. Each slice is one transaction, and a value is replaced only while it is still the one that was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt as factor_opened
from allauth.mfa.utils import encrypt as factor_sealed
from django.apps import apps
from django.db import connection, transaction

from grid import privacy
from grid.ledger.models import SubjectKey
from grid.privacy import CannotDecrypt, EncryptedTextField

SLICE = 500
# So many of the newest rows are looked at for one that holds something: whole tables may have an empty column.
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """One column of values. `belongs` holds what is authenticated with each; `{pk}` in it is the row's number."""

    table: str
    pk: str
    column: str
    belongs: str
    is_bytes: bool = False

    def anew(self, pk: object, stored: Any) -> str | bytes:
        """The same value under the newest key. Raises CannotDecrypt."""
        fresh = privacy.encrypt(self.opened(pk, stored), self.belongs.format(pk=pk))
        return fresh.encode() if self.is_bytes else fresh

    def opened(self, pk: object, stored: Any) -> bytes:
        """Raises CannotDecrypt."""
        return privacy.decrypt(
            bytes(stored).decode() if self.is_bytes else stored, self.belongs.format(pk=pk)
        )


def places() -> list[Place]:
    found = [
        Place(model._meta.db_table, str(model._meta.pk.column), str(field.column), field.belongs())
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField) and model._meta.managed and not model._meta.proxy
    ]
    return [
        *found,
        Place(SubjectKey._meta.db_table, "subject", "wrapped", "ledger subject {pk}", is_bytes=True),
    ]


def rewrite() -> Iterator[tuple[int, int]]:
    """After each slice: how many values were written anew, and how many could not be opened with any key."""
    for place in places():
        last: int | str | None = None
        while rows := _slice(place, last):
            yield _replace(place, rows)
            last = rows[-1][0]
    yield from _rewrite_factors()


def remaining() -> int:
    """Values that are not yet under the newest key; while there are any, the old key is needed."""
    total = 0
    for place in places():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{place.table}" WHERE {_old(place)}', [_prefix(place)])
            total += cursor.fetchone()[0]
    return total + sum(_is_old(text) for row in Authenticator.objects.all() for text in _texts(row.data))


def strange() -> Iterator[Place]:
    """Places whose newest value no key opens: cheap, and what a restored or mistyped PRIVACY_KEY leaves."""
    for place in places():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT * FROM (SELECT "{place.pk}", "{place.column}" FROM "{place.table}" '
                f'ORDER BY "{place.pk}" DESC LIMIT {NEWEST}) AS newest WHERE LENGTH("{place.column}") > 0 LIMIT 1'
            )
            row = cursor.fetchone()
        try:
            if row:
                place.opened(*row)
        except CannotDecrypt:
            yield place


def _prefix(place: Place) -> str | bytes:
    text = f"v1:{privacy.key_ids()[0]}:"
    return text.encode() if place.is_bytes else text


def _old(place: Place) -> str:
    """Takes the prefix of the newest key as its parameter."""
    return f'LENGTH("{place.column}") > 0 AND SUBSTR("{place.column}", 1, 12) <> %s'


def _slice(place: Place, last: int | str | None) -> list[tuple[Any, Any]]:
    beyond = "" if last is None else f'AND "{place.pk}" > %s '
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{place.pk}", "{place.column}" FROM "{place.table}" WHERE {_old(place)} {beyond}'
            f'ORDER BY "{place.pk}" LIMIT {SLICE}',
            [_prefix(place)] if last is None else [_prefix(place), last],
        )
        return list(cursor.fetchall())


def _replace(place: Place, rows: list[tuple[Any, Any]]) -> tuple[int, int]:
    fresh = []
    for pk, stored in rows:
        try:
            fresh.append((place.anew(pk, stored), pk, stored))
        except CannotDecrypt:
            continue
    statement = (
        f'UPDATE "{place.table}" SET "{place.column}" = %s WHERE "{place.pk}" = %s AND "{place.column}" = %s'
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, fresh)
    return len(fresh), len(rows) - len(fresh)


# --- second factors: texts within the JSON of the library's own table --------------------------------


def _rewrite_factors() -> Iterator[tuple[int, int]]:
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None or not any(_is_old(text) for text in _texts(row.data)):
                continue
            try:
                row.data = {name: _fresh(value) for name, value in row.data.items()}
                row.save(update_fields=["data"])
                outcome = (1, 0)
            except CannotDecrypt:
                outcome = (0, 1)
        yield outcome


def _texts(data: dict[str, object]) -> list[str]:
    flat = [item for value in data.values() for item in (value if isinstance(value, list) else [value])]
    return [item for item in flat if isinstance(item, str)]


def _is_old(text: str) -> bool:
    return text.startswith("v1:") and not text.startswith(f"v1:{privacy.key_ids()[0]}:")


def _fresh(value: object) -> object:
    if isinstance(value, list):
        return [_fresh(item) for item in value]
    return factor_sealed(factor_opened(value)) if isinstance(value, str) and _is_old(value) else value
