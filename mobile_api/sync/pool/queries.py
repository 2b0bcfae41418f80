"""The pool on phones: what waits for a grid where a worker goes about, kept for when there is no network.

What a phone lacks is told by buckets: a subject is in the bucket of its number, a bucket has a fingerprint, and only
those come whose fingerprint the phone does not have. So a difference costs what differs, and the server keeps nothing
of what which phone knows: a re-cut or another posting is a difference like any other.
"""

import json
from collections.abc import Iterable, Sequence
from functools import reduce
from hashlib import blake2b
from operator import or_
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Length

from grid.spelling import folded
from grid.subjects.rules import match_name, plain
from grid.territory.queries import place_words
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import live_postings
from tasks.arrivals.rules import likeness
from tasks.claims.queries import claimable, grids_near, refused_of

BUCKETS: Final = 64
MOST: Final = 2_000  # a phone holds so many; the rest is found by asking
FOUND: Final = 30
_PRINT: Final = 8  # characters of a fingerprint
EMPTY: Final = "0" * _PRINT
KNOWN_PATTERN: Final = rf"^([0-9a-f]{{{_PRINT}}}){{{BUCKETS}}}$|^$"
_COLUMNS: Final = (
    "pk",
    "name",
    "initials",
    "credit_code",
    "legacy_code",
    "local_code",
    "address",
    "kind",
    "area",
)
# What stands on a sign is rarely the name in the register: alike from here on.
_ALIKE: Final = 0.4
_LIKELY: Final = 500

Row = dict[str, object]


def pool_changes(device: Device, known: str, budget: int) -> dict[str, object]:
    """The buckets whose fingerprint is not among `known` (64 of eight characters, or nothing), as far as `budget` bytes
    reach, at least one; the grids of the worker's communities, and which of the worker's claims were refused."""
    areas = [posting.area_id for posting in live_postings(device)]
    held = _held(areas)
    prints = [known[at : at + _PRINT] for at in range(0, len(known), _PRINT)] or [EMPTY] * BUCKETS
    told: list[dict[str, object]] = []
    more = False
    for number, rows in enumerate(held):
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        mark = blake2b(text.encode(), digest_size=_PRINT // 2).hexdigest() if rows else EMPTY
        if mark == prints[number]:
            continue
        budget -= len(text.encode())
        if told and budget < 0:
            more = True
            break
        told.append({"number": number, "print": mark, "rows": rows})
    return {
        "buckets": told,
        "more": more,
        "grids": [{"code": code, "name": name} for code, name in grids_near(areas)],
        "refused": refused_of(device.posting.person_id),
    }


def _held(areas: Sequence[str]) -> list[list[Row]]:
    """What a phone may hold, the surest ground first, by bucket."""
    nearest = claimable(areas).order_by(Length("area").desc(), "pk")
    buckets: list[list[Row]] = [[] for _bucket in range(BUCKETS)]
    for row in nearest.values(*_COLUMNS)[:MOST]:
        buckets[row["pk"] % BUCKETS].append(_row_of(row))
    return buckets


def _row_of(row: Row) -> Row:
    return {
        "subject_id": row["pk"],
        "name": row["name"],
        "initials": row["initials"],
        "credit_code": row["credit_code"] or row["legacy_code"] or row["local_code"] or "",
        "address": row["address"],
        "kind": row["kind"],
        "area": row["area"],
    }


def pool_search(device: Device, words: str) -> list[Row]:
    """What waits where the worker goes about and agrees with every word typed: name, its initials, address, code; else
    what is most like what stands on a sign. Two queries, or three."""
    rows = claimable([posting.area_id for posting in live_postings(device)])
    typed = [word for word in words.split() if word][:6]
    if not typed:
        return []
    exact = rows
    for word in typed:
        exact = exact.filter(_has(word))
    found = list(exact.order_by(Length("area").desc(), "pk").values(*_COLUMNS)[:FOUND])
    if not found:
        found = _alike(rows.filter(_any_pair(words)).values(*_COLUMNS)[:_LIKELY], words)
    return [_row_of(row) for row in found]


def _has(word: str) -> Q:
    code, name = plain(word), match_name(word)
    has = Q(name__contains=word) | Q(address__contains=word) | Q(initials__contains=folded(word))
    has |= Q(match_name__contains=name) if name else Q()
    return has | Q(credit_code__contains=code) | Q(legacy_code__contains=code) if len(code) > 3 else has


def _any_pair(words: str) -> Q:
    name = match_name(words)[:30]
    pairs = {name[at : at + 2] for at in range(len(name) - 1)} or {name}
    return reduce(or_, (Q(match_name__contains=pair) for pair in sorted(pairs)))


def _alike(rows: Iterable[Row], words: str) -> list[Row]:
    places = place_words(settings.CITY)
    weighed = [(likeness(words, str(row["name"]), places), row) for row in rows]
    near = [(weight, row) for weight, row in weighed if weight >= _ALIKE]
    return [row for _weight, row in sorted(near, key=lambda pair: (-pair[0], str(pair[1]["pk"])))[:FOUND]]
