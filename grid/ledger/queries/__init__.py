"""Reading the ledger: always within the viewer's territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME
from grid.ledger import keys, merkle
from grid.ledger.actions import exports
from grid.ledger.canonical import json_text
from grid.ledger.models import Checkpoint, Entry, Leaf
from grid.ledger.queries.checkpoints import newest, note_of
from grid.ledger.tree import StoredTree
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, in_area, within

PAGE = 50


def history(
    viewer: Actor, *, case: str = "", subject: int | None = None, limit: int = 200
) -> QuerySet[Entry, Entry]:
    """Entries of a case (in its order), or of a subject (newest first), as far as `viewer` reaches.

    With `leaf` joined, so that a page can mark each entry as sealed without asking again.
    """
    rows = within(Entry.objects.select_related("leaf"), viewer)
    if case:
        # `nth` is named so that both engines use the partial index.
        rows = rows.filter(case=case, nth__isnull=False).order_by("nth")
        return rows.filter(subject=subject)[:limit] if subject is not None else rows[:limit]
    if subject is None:
        raise ValueError("history of what?")
    return rows.filter(subject=subject).order_by("-id")[:limit]


@dataclass(frozen=True, slots=True)
class Sought:
    """What the auditor asks for; empty means any. `since` is included, `until` is not."""

    case: str = ""
    subject: int | None = None
    verbs: tuple[Verb, ...] = ()
    area: str = ""
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    following: int | None  # pass as `before` for the next page; None on the last


def search(viewer: Actor, sought: Sought, *, before: int | None = None, size: int = PAGE) -> Page:
    """Newest first, `size` at a time; paged by id, so page 1,000 costs what page 1 costs."""
    rows = within(Entry.objects.select_related("leaf"), viewer, Right.RETELL)
    rows = _matching(rows, sought)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def _matching(rows: QuerySet[Entry], sought: Sought) -> QuerySet[Entry]:
    if sought.case:
        rows = rows.filter(case=sought.case, nth__isnull=False)
    if sought.verbs:
        rows = rows.filter(verb__in=sought.verbs)
    if sought.area:
        rows = rows.filter(in_area(sought.area))
    exact = {
        "subject": sought.subject,
        "actor": sought.person,
        "at__gte": sought.since,
        "at__lt": sought.until,
    }
    return rows.filter(**{field: value for field, value in exact.items() if value is not None})


def export(viewer: Actor, case: str, known: int | None = None) -> bytes:
    """A case as a file that verify.py checks off line. Raises NotHere, NotSealedYet."""
    return exports.case_export(case, viewer, known)[1]


def checkpoint_note() -> str:
    """The newest checkpoint as a signed note: for the public page, and for whoever keeps one to compare."""
    return note_of(newest())


def handover_notes() -> str:
    """How each signing key handed over to the next, oldest first: empty while the first one signs."""
    return "\n".join(keys.ring().used)


def sealed_until(entry: Entry) -> Checkpoint | None:
    """The first checkpoint that covers the entry; None while it waits."""
    leaf = Leaf.objects.filter(entry=entry).first()
    return Checkpoint.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf else None


@dataclass(frozen=True, slots=True)
class Proof:
    """The one-click check of an entry. `faults` say in words what is wrong; without any, and sealed, it is proven."""

    checkpoint: Checkpoint | None
    faults: list[str]

    @property
    def is_proven(self) -> bool:
        return self.checkpoint is not None and not self.faults


def proof_of(entry: Entry) -> Proof:
    """Do the entry's bytes lead to the newest signed root, and do its columns say what its bytes say?"""
    leaf = Leaf.objects.filter(entry=entry).first()
    head = Checkpoint.objects.order_by("-size").first()
    if leaf is None or head is None or leaf.index >= head.size:
        return Proof(None, _column_faults(entry))
    faults = _column_faults(entry)
    if not keys.is_signed(head, keys.ring()):
        faults.append(_("最新封存点的签名与公钥不符，封存本身不可信"))
    if not _leads_to(head, leaf.index, bytes(entry.canonical)):
        faults.append(_("这一条的原文与封存的不符：写入之后被改动，或者封存树被改动"))
    return Proof(sealed_until(entry), faults)


def _leads_to(head: Checkpoint, index: int, content: bytes) -> bool:
    try:
        path = merkle.inclusion_proof(index, head.size, StoredTree())
    except LookupError:
        return False
    return merkle.included(merkle.leaf_hash(content), index, head.size, path, bytes(head.root))


def _column_faults(entry: Entry) -> list[str]:
    """Of each altered column what it says now and what was sealed; of personal data only that it differs."""
    if not entry.is_readable:
        return [_("这一条的封存原文无法读取，页面上显示的内容不可采信")]
    told = []
    for name, (column, sealed) in entry.differing.items():
        title = Entry.title_of(name)
        if name == "personal":
            told.append(_("检索栏“{title}”与封存原文不符").format(title=title))
        else:
            words = _("检索栏“{title}”被改成“{column}”，封存原文是“{sealed}”")
            told.append(words.format(title=title, column=_short(column), sealed=_short(sealed)))
    return told


def _short(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else json_text(value) if isinstance(value, dict) else str(value)
    return text[:200]
