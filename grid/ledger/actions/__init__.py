"""Writing the ledger. `record` is the last line of every action, in the action's own transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from grid.ledger.actions import exports, personal, times
from grid.ledger.bulk import insert_row, insert_rows
from grid.ledger.canonical import Facts, canonical, json_text, salts, time_text
from grid.ledger.models import Entry
from grid.ledger.queries.checkpoints import newest
from grid.ledger.verbs import LedgerVerb, Verb
from grid.scope import Actor, Held, Right, require

CHUNK = 5_000
COLUMNS = ("at", *Facts._fields, "canonical")
DATA = COLUMNS.index("data")


class Line(NamedTuple):
    """What an entry is about: where, whom, which case, and the facts.

    `data` holds facts and no personal data; `personal` is encrypted under the key of `subject`.
    """

    area: str
    subject: int | None = None
    case: str = ""
    data: Mapping[str, object] | None = None
    personal: Mapping[str, object] | None = None


def record(verb: Verb, line: Line, *, by: Actor, held: Held | None = None) -> Entry:
    """Writes one entry. `held` names the posting acted under; left out, it is the narrowest over the line's area.

    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    at, row = _written([(verb, line)], by, held)[0]
    number = insert_row("grid_entry", COLUMNS, row)
    facts = dict(zip(COLUMNS, row, strict=True)) | {"id": number, "at": at, "data": json.loads(row[DATA])}
    entry = Entry(**facts)
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def record_many(verb: Verb, rows: Iterable[Line], *, by: Actor, held: Held | None = None) -> int:
    """Writes one entry for each line, in order, and answers how many. Streams: `rows` may be a generator."""
    return record_acts(((verb, line) for line in rows), by=by, held=held)


def record_acts(told: Iterable[tuple[Verb, Line]], *, by: Actor, held: Held | None = None) -> int:
    """The same for an action that has several things to tell: one insert for all of them."""
    source, written = iter(told), 0
    while lines := list(islice(source, CHUNK)):
        insert_rows("grid_entry", COLUMNS, (row for _at, row in _written(lines, by, held)))
        written += len(lines)
    return written


def _written(
    told: Sequence[tuple[Verb, Line]], by: Actor, held: Held | None
) -> list[tuple[datetime, tuple[Any, ...]]]:
    """The time of each line told, and its column values in the database's form."""
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written inside the transaction of the act it tells of")
    lines = [line for _, line in told]
    known = {_subject_of(line) for line in lines if line.personal}
    # Before the time is read: a key younger than its entry would say that the entry was forgotten.
    keys = personal.keys_for(known) if known else {}
    at = times.time_of_writing()
    places, lifted = _places(lines, at)
    post = _posting(by, held)
    stamp, name = _stamps(at, lifted), by.name
    rows = []
    for (verb, line), nth, salt in zip(told, places, salts(len(told)), strict=True):
        posting, role = post(line.area)
        here, stored, text = stamp(line.case)
        data, subject, kept = json_text(line.data), line.subject, None
        if line.personal and subject is not None:
            kept = personal.sealed(line.personal, subject, keys[subject])
        facts = Facts(
            verb.value, by.person_id, name, posting, role, line.area, subject, line.case, nth, data, kept
        )
        rows.append((here, (stored, *facts, canonical(text, facts, salt))))
    return rows


def _stamps(at: datetime, lifted: dict[str, datetime]) -> Callable[[str], tuple[datetime, Any, str]]:
    """case → its time, the same for the database, and for the bytes. All share one but those in `lifted`."""

    def forms(moment: datetime) -> tuple[datetime, Any, str]:
        return moment, connection.ops.adapt_datetimefield_value(moment), time_text(moment)

    common = forms(at)
    own = {case: forms(moment) for case, moment in lifted.items()}
    return (lambda case: own.get(case, common)) if own else (lambda case: common)


def _subject_of(line: Line) -> int:
    if line.subject is None:
        raise ValueError("personal data needs a subject, or it could never be forgotten")
    return line.subject


def _posting(by: Actor, held: Held | None) -> Callable[[str], tuple[int | None, str]]:
    """area → (posting, role): the one named, else the narrowest posting over the area. Remembers areas."""
    known: dict[str, tuple[int | None, str]] = {}

    def of(area: str) -> tuple[int | None, str]:
        if area not in known:
            covering = [post for post in by.held if post.covers(area)]
            post = held or max(covering, key=lambda post: len(post.area), default=None)
            known[area] = (post.posting_id, str(post.role)) if post else (None, "")
        return known[area]

    return of


def _places(lines: Sequence[Line], at: datetime) -> tuple[Iterator[int | None], dict[str, datetime]]:
    """Each line's running number within its case, None without one; and the cases whose last entry was written by a
    clock a little ahead, with its time. Locks the counters of these cases. Raises ClockBehind."""
    wanted = Counter(line.case for line in lines if line.case)
    upto, lifted = _count_up(wanted, at) if wanted else ({}, {})
    following = {case: upto[case] - wanted[case] for case in wanted}

    def place(line: Line) -> int | None:
        if not line.case:
            return None
        following[line.case] += 1
        return following[line.case]

    return (place(line) for line in lines), lifted


# SQLite's MAX of two values is null when one is, GREATEST of PostgreSQL is not.
_LATER = {
    "postgresql": 'GREATEST("grid_casecounter"."at", EXCLUDED."at")',
    "sqlite": 'MAX(COALESCE("grid_casecounter"."at", EXCLUDED."at"), EXCLUDED."at")',
}


def _count_up(wanted: dict[str, int], at: datetime) -> tuple[dict[str, int], dict[str, datetime]]:
    """Adds to each case's counter and answers the new counts, and the times of cases that were ahead of `at`.

    In sorted order, so that two cannot deadlock. The counter keeps the case's last time: whoever waited here for the
    lock asked for the time before, and must not be older than the entry that was waited for.
    """
    counts: dict[str, int] = {}
    lifted: dict[str, datetime] = {}
    stored = connection.ops.adapt_datetimefield_value(at)
    todo = iter(sorted(wanted.items()))
    with connection.cursor() as cursor:
        while some := list(islice(todo, 400)):
            cursor.execute(
                'INSERT INTO "grid_casecounter" ("case", "count", "at") VALUES '
                f"{', '.join(['(%s, %s, %s)'] * len(some))} "
                'ON CONFLICT ("case") DO UPDATE SET "count" = "grid_casecounter"."count" + EXCLUDED."count", '
                f'"at" = {_LATER[connection.vendor]} RETURNING "case", "count", "at"',
                [value for case, more in some for value in (case, more, stored)],
            )
            for case, count, last in cursor.fetchall():
                counts[case] = count
                if (own := times.not_before(at, times.time_of(last) or at)) > at:
                    lifted[case] = own
    return counts, lifted


def export_case(case: str, *, by: Actor, known: int | None = None) -> bytes:
    """A case's export for an auditor (see exports.py), and an entry that it was taken.

    Outside a transaction, where the clock signs it. Raises NotHere, NotSealedYet, SealerSilent.
    """
    area, content = exports.case_export(case, by, known)
    with transaction.atomic():
        record(LedgerVerb.EXPORT_MADE, Line(area, data={"what": case}), by=by)
    return content


@transaction.atomic
def export_everything(*, by: Actor) -> Iterator[bytes]:
    """The whole sealed ledger in pieces, and an entry that it was taken."""
    require(by, Right.RETELL, settings.CITY)
    pieces = exports.full_export(newest())
    record(LedgerVerb.EXPORT_MADE, Line(settings.CITY, data={"what": _("整本台账")}), by=by)
    return pieces
