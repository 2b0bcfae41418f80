"""Writing the ledger. `record` is the last line of every action, in the action's own transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.ledger import exports, personal
from grid.ledger.bulk import insert_row, insert_rows
from grid.ledger.canonical import canonical, json_text, salts, time_text
from grid.ledger.models import Entry, SubjectKey
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask

CHUNK = 5_000
COLUMNS = (
    "at", "verb", "actor", "actor_name", "posting", "role", "area", "subject", "case", "nth", "data",
    "personal", "canonical",
)  # fmt: skip
DATA = COLUMNS.index("data")


class Line(NamedTuple):
    """What differs between the entries of one bulk act."""

    area: str
    subject: int | None = None
    case: str = ""
    data: dict[str, Any] | None = None
    personal: dict[str, Any] | None = None


def record(
    verb: Verb,
    *,
    by: Actor,
    area: str,
    subject: int | None = None,
    case: str = "",
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    held: Held | None = None,
) -> Entry:
    """Writes one entry. `held` names the posting acted under; left out, it is the narrowest over `area`.

    `data` holds facts and no personal data; `personal` is encrypted under the key of `subject`.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    at, (row,) = _written([(verb, Line(area, subject, case, data, personal))], by, held)
    stored = connection.ops.adapt_datetimefield_value(at)
    number = insert_row("grid_entry", COLUMNS, (stored, *row[1:]))
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
        at, made = _written(lines, by, held)
        stored = connection.ops.adapt_datetimefield_value(at)
        insert_rows("grid_entry", COLUMNS, ((stored, *row[1:]) for row in made))
        written += len(lines)
    return written


def _written(
    told: Sequence[tuple[Verb, Line]], by: Actor, held: Held | None
) -> tuple[datetime, list[tuple[Any, ...]]]:
    """Column values for the lines told, all but `at` in the database's form."""
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written inside the transaction of the act it tells of")
    lines = [line for _, line in told]
    places = _places(lines)
    known = {_subject_of(line) for line in lines if line.personal}
    keys = personal.keys_for(known) if known else {}
    # Read after the case's counter is locked: within a case, time runs in the order of the entries.
    at = now()
    post = _posting(by, held)
    text, name = time_text(at), by.name
    rows = []
    for (verb, line), nth, salt in zip(told, places, salts(len(told)), strict=True):
        posting, role = post(line.area)
        data, subject, kept = json_text(line.data), line.subject, None
        if line.personal and subject is not None:
            kept = personal.sealed(line.personal, subject, keys[subject])
        content = canonical(
            at=text, verb=verb.value, actor=by.person_id, actor_name=name, posting=posting, role=role,
            area=line.area, subject=subject, case=line.case, nth=nth, data=data, personal=kept, salt=salt,
        )  # fmt: skip
        rows.append((
            None, verb.value, by.person_id, name, posting, role, line.area, subject, line.case, nth, data, kept,
            content,
        ))  # fmt: skip
    return at, rows


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


def _places(lines: Sequence[Line]) -> Iterator[int | None]:
    """Each line's running number within its case, None without one. Locks the counters of these cases."""
    wanted = Counter(line.case for line in lines if line.case)
    upto = _count_up(wanted) if wanted else {}
    following = {case: upto[case] - wanted[case] for case in wanted}

    def place(line: Line) -> int | None:
        if not line.case:
            return None
        following[line.case] += 1
        return following[line.case]

    return (place(line) for line in lines)


def _count_up(wanted: dict[str, int]) -> dict[str, int]:
    """Adds to each case's counter and answers the new counts. In sorted order, so that two cannot deadlock."""
    counts: dict[str, int] = {}
    todo = iter(sorted(wanted.items()))
    with connection.cursor() as cursor:
        while some := list(islice(todo, 400)):
            cursor.execute(
                f'INSERT INTO "grid_casecounter" ("case", "count") VALUES {", ".join(["(%s, %s)"] * len(some))} '
                'ON CONFLICT ("case") DO UPDATE SET "count" = "grid_casecounter"."count" + EXCLUDED."count" '
                'RETURNING "case", "count"',
                [value for pair in some for value in pair],
            )
            counts |= dict(cursor.fetchall())
    return counts


@transaction.atomic
def reveal_personal(entry: Entry, reason: str, *, by: Actor) -> dict[str, Any] | None:
    """Opens an entry's personal data, and records who looked and why. None once it was forgotten."""
    ask(by, Right.SEE_CASES, entry.area)
    if not reason.strip():
        raise problems.ReasonMissing(act=str(Right.SEE_CASES.value))
    if entry.personal is None or entry.subject is None:
        return None
    facts = personal.opened(bytes(entry.personal), entry.subject)
    record(
        Verb.PERSONAL_REVEALED,
        by=by,
        area=entry.area,
        subject=entry.subject,
        case=entry.case,
        data={"entry": entry.pk, "fields": sorted(facts or {}), "reason": reason},
    )
    return facts


@transaction.atomic
def forget_personal(subject: int, area: str, reason: str, *, by: Actor) -> bool:
    """Deletes the subject's key: its personal data in all entries is unreadable for ever, hashes still hold."""
    ask(by, Right.LEGAL_REVIEW, area)
    if not reason.strip():
        raise problems.ReasonMissing(act=str(Right.LEGAL_REVIEW.value))
    gone, _ = SubjectKey.objects.filter(pk=subject).delete()
    record(Verb.PERSONAL_FORGOTTEN, by=by, area=area, subject=subject, data={"reason": reason})
    return gone > 0


@transaction.atomic
def export_case(case: str, *, by: Actor, known: int | None = None) -> bytes:
    """A case's export for an auditor (see exports.py), and an entry that it was taken."""
    area, content = exports.case_export(case, by, known)
    record(Verb.EXPORT_MADE, by=by, area=area, data={"what": case})
    return content


@transaction.atomic
def export_everything(*, by: Actor) -> Iterator[bytes]:
    """The whole sealed ledger in pieces, and an entry that it was taken."""
    ask(by, Right.RETELL, settings.CITY)
    pieces = exports.full_export(exports.newest())
    record(Verb.EXPORT_MADE, by=by, area=settings.CITY, data={"what": _("整本台账")})
    return pieces
