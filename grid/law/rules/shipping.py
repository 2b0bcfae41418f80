"""What a city that loaded an older table still has to take over from the one shipped today, and how. Pure.

A release may word a row anew under the day it always had. In a city that loaded it before, what is in force is never
rewritten: the new wording begins as a version of its own, today or later. What the city itself entered or passed
stays: a file does not know better than the city's lawyers. Only what is over and was passed by nobody is put right in
its place, for nothing that was told a party outside a demonstration rests on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a row. `at`: its key in the database, or its place in the file. `is_citys`: entered or passed here."""

    at: int
    valid_from: date
    valid_to: date | None
    said: Mapping[str, object]
    is_citys: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One version of the file to be written. `ends`: the stored one that ends the day before; `follows`: that one was in
    force, and reads otherwise; `corrects`: the stored one that is put right in its place."""

    at: int
    valid_from: date
    valid_to: date | None
    ends: int | None = None
    corrects: int | None = None
    follows: bool = False


def steps_for(stored: Sequence[Version], shipped: Sequence[Version], today: date) -> list[Step]:
    """What loading has to do about one row; nothing once it was done."""
    days = {version.valid_from for version in stored}
    new = [version for version in shipped if version.valid_from not in days]
    found = [_among(stored, version.at, version.valid_from, version.valid_to) for version in new]
    found += _corrected(stored, shipped, today)
    now, meant = in_force([*stored, *new], today), in_force(shipped, today)
    if now and meant and differs(now, meant) and not _was_ended(now, meant, stored):
        begins = max(today, now.valid_from + DAY)
        if begins not in days:
            found.append(_among(stored, meant.at, begins, meant.valid_to, follows=True))
    return found


def differs(now: Version, meant: Version) -> bool:
    return not now.is_citys and now.said != meant.said


def _was_ended(now: Version, meant: Version, stored: Sequence[Version]) -> bool:
    """Whether the city ended it with nothing after it, where the file knows of no end."""
    return (
        now.valid_to is not None
        and meant.valid_to is None
        and now.valid_from == max(v.valid_from for v in stored)
    )


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    begun = [v for v in versions if v.valid_from <= day and (v.valid_to is None or v.valid_to >= day)]
    return max(begun, key=lambda version: version.valid_from, default=None)


def _among(
    stored: Sequence[Version], at: int, begins: date, ends_on: date | None, *, follows: bool = False
) -> Step:
    """A version from `begins` on: the one before it ends the day before, the next one ends it."""
    before = max(
        (v for v in stored if v.valid_from < begins), key=lambda version: version.valid_from, default=None
    )
    later = min((v.valid_from for v in stored if v.valid_from > begins), default=None)
    last = later - DAY if later and (ends_on is None or ends_on >= later) else ends_on
    is_open = before is not None and (before.valid_to is None or before.valid_to >= begins)
    return Step(at, begins, last, ends=before.at if before and is_open else None, follows=follows)


def _corrected(stored: Sequence[Version], shipped: Sequence[Version], today: date) -> Iterator[Step]:
    twins = {version.valid_from: version for version in stored}
    for meant in shipped:
        twin = twins.get(meant.valid_from)
        if twin is None or not (_is_over(meant, today) and _is_over(twin, today)):
            continue
        came = any(v.said == meant.said for v in stored if v.valid_from > twin.valid_from)
        if differs(twin, meant) and not twin.said.get("reviewed") and not came:
            yield Step(meant.at, twin.valid_from, twin.valid_to, corrects=twin.at)


def _is_over(version: Version, today: date) -> bool:
    return version.valid_to is not None and version.valid_to < today
