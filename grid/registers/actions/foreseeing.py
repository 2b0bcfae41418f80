"""What a delivery would change, end or heal, reckoned before anything of it is taken.

A line can end a unit (注销, 吊销, 停保) or heal what is open about one: leads and cases close by themselves when the
register no longer bears them out. A complete file does it by silence: whom it does not name has left. A wrong file does
that by the hundred. So a delivery that would end or heal more than a share waits for a second person, who sees what
would change (persons.md names the share; it is a row of the law); and so does a complete one that names somebody in
lines nobody can read, while others are missing from it.

The grid knows no leads and no cases: rooms above say what they would close, by `foretell`, with the very rules by
which they close it later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db.models import QuerySet

from grid.law.queries import the_law
from grid.registers.actions.absence import current_in, recognised
from grid.registers.actions.changes import Change, What, Write, change_of
from grid.registers.actions.intake import Known, stands
from grid.registers.models import Delivery, Register, Row
from grid.registers.rules import Data, Entry, Layout, Refused, is_braked, older, read_line
from grid.registers.standing import insured_heads, is_in_force
from grid.scope import in_area
from grid.subjects.models import Standing, Subject
from grid.tables.rules import Line

BATCH = 2000
NAMED = 50


@dataclass(frozen=True, slots=True)
class Provider:
    """What one room above holds open: `open_in(area)` gives the subjects about which something is open, and
    `closed_by(register, subject → new line or None, day)` those of them about which new lines, or having none any
    more, would close something."""

    open_in: Callable[[str], set[int]]
    closed_by: Callable[[str, Mapping[int, Data | None], date], set[int]]


_providers: list[Provider] = []


def foretell(provider: Provider) -> None:
    """Asking twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many units a delivery would add to the register and change in it; how many are not in a complete one any more
    (`left`; `silenced` of them were in force), and how many lines nobody can tell about (`unread`). How many it would
    end, by its lines or by silence, of those in force; about how many it would close something, of those with something
    open; and the first of them by name, in all (`names`) and by what becomes of them (`first`)."""

    ends: int = 0
    in_force: int = 0
    heals: int = 0
    open: int = 0
    names: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    left: int = 0
    silenced: int = 0
    unread: int = 0
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def said_ended(self) -> int:
        """Units that lines end, beside those that silence ends."""
        return self.ends - self.silenced

    def count(self, what: What) -> int:
        return {
            What.ADDED: self.added,
            What.CHANGED: self.changed,
            What.ENDED: self.said_ended,
            What.LEFT: self.left,
            What.HEALED: self.heals,
        }[what]

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.left + self.ends + self.heals

    @staticmethod
    def of(delivery: Delivery) -> "Foreseen":
        """As kept with the delivery, also by an older version of us."""
        return Foreseen(**(delivery.foreseen or {}))

    def is_above_brake(self, on: date, ends_before: int = 0, heals_before: int = 0) -> bool:
        """`…_before`: what the same hand has taken lately, so that a large step in small ones is still a large one."""
        law = the_law(on)
        share, floor = float(law["registers.brake_share"].value), int(law["registers.brake_rows"].value)
        sides = ((self.ends + ends_before, self.in_force), (self.heals + heals_before, self.open))
        doubtful = self.left > 0 and self.unread >= int(law["registers.unread_rows"].value)
        return doubtful or any(is_braked(count, of, share, floor) for count, of in sides)


@dataclass
class _Foresight:
    """What is foreseen for each unit so far; a unit counts once for each kind of change."""

    write: Write
    units: dict[What, set[object]] = field(default_factory=dict)
    first: dict[str, dict[str, None]] = field(default_factory=dict)

    def foresee(self, what: What, key: object, change: Change) -> None:
        known = self.units.setdefault(what, set())
        if key in known:
            return
        known.add(key)
        self.write(change)
        names = self.first.setdefault(what.value, {})
        if len(names) < NAMED:
            names[change.name] = None

    def count(self, *what: What) -> int:
        return len(set[object]().union(*(self.units.get(kind, ()) for kind in what)))

    def named(self, *what: What) -> tuple[str, ...]:
        return tuple(
            islice(dict.fromkeys(name for kind in what for name in self.first.get(kind.value, ())), NAMED)
        )


def foresee(delivery: Delivery, layout: Layout, lines: Iterable[Line], write: Write) -> Foreseen:
    """Reads every line and writes nothing but the list of changes. What will be refused changes nothing."""
    opened = {pk for provider in _providers for pk in provider.open_in(delivery.area)}
    in_force = _in_force(delivery)
    if not (in_force or opened or delivery.look_first or current_in(delivery).exists()):
        return Foreseen()
    source, foresight, present, unread = iter(lines), _Foresight(write), set[int](), 0
    while batch := list(islice(source, BATCH)):
        read = _Batch.of(delivery, layout, batch)
        present |= read.newest.keys()
        if delivery.is_complete:
            meant, unclear = recognised(read.refused, delivery.area)
            present |= meant
            unread += unclear
        _foresee_batch(delivery, read, foresight)
    left = _foresee_absent(delivery, present, foresight) if delivery.is_complete else 0
    return Foreseen(
        ends=foresight.count(What.ENDED) + left,
        in_force=in_force,
        heals=foresight.count(What.HEALED),
        open=len(opened),
        names=foresight.named(What.ENDED, What.LEFT, What.HEALED),
        added=foresight.count(What.ADDED),
        changed=foresight.count(What.CHANGED),
        left=foresight.count(What.LEFT),
        silenced=left,
        unread=unread,
        first={what: tuple(names) for what, names in foresight.first.items()},
    )


def _in_force(delivery: Delivery) -> int:
    """What may end: units in business, or lines of the register in force."""
    if delivery.register == Register.MARKET:
        return Subject.objects.filter(in_area(delivery.area), standing=Standing.ACTIVE).count()
    return current_in(delivery).count()


@dataclass
class _Batch:
    """Known units with the newest of these lines about each, units nobody knows yet, and lines to be refused."""

    newest: dict[int, tuple[Subject, Entry]] = field(default_factory=dict)
    unknown: dict[str, Entry] = field(default_factory=dict)
    refused: list[Line] = field(default_factory=list)

    @staticmethod
    def of(delivery: Delivery, layout: Layout, lines: list[Line]) -> "_Batch":
        batch = _Batch()
        entries = batch._readable(layout, lines)
        known = Known(entries, delivery.area)
        for entry in entries:
            try:
                subject = known.subject(entry)
            except Refused:
                batch.refused.append(entry.line)
                continue
            if subject is None:
                batch.unknown.setdefault(entry.code.text, entry)
            elif subject.area.startswith(delivery.area):
                before = batch.newest.get(subject.pk)
                if before is None or not older(entry.data, before[1].data):
                    batch.newest[subject.pk] = subject, entry
        return batch

    def _readable(self, layout: Layout, lines: list[Line]) -> list[Entry]:
        entries = []
        for line in lines:
            try:
                entries.append(read_line(layout, line))
            except Refused:
                self.refused.append(line)
        return entries


def _foresee_batch(delivery: Delivery, batch: _Batch, foresight: _Foresight) -> None:
    rows = Row.objects.filter(register=delivery.register, subject__in=batch.newest, until=None)
    held = {row.subject_id: row for row in rows}
    changed: dict[int, Data | None] = {}
    for pk, (subject, entry) in batch.newest.items():
        row = held.get(pk)
        if row and stands(row, entry, delivery.as_of):
            continue
        changed[pk] = entry.data
        foresight.foresee(
            What.CHANGED if row else What.ADDED, pk, change_of(What.CHANGED if row else What.ADDED, subject)
        )
        if _is_ended(delivery.register, subject, row, entry.data):
            foresight.foresee(What.ENDED, pk, change_of(What.ENDED, subject))
    for code, entry in batch.unknown.items():
        foresight.foresee(What.ADDED, code, Change(What.ADDED.value, code, entry.name))
    for pk in _closed(delivery, changed):
        foresight.foresee(What.HEALED, pk, change_of(What.HEALED, batch.newest[pk][0]))


def _closed(delivery: Delivery, lines: Mapping[int, Data | None]) -> set[int]:
    return {
        pk for provider in _providers for pk in provider.closed_by(delivery.register, lines, delivery.as_of)
    } & lines.keys()


def _foresee_absent(delivery: Delivery, present: set[int], foresight: _Foresight) -> int:
    """Whom a complete file does not name; how many of them were in force until now."""
    ended = 0
    for rows in _parts(current_in(delivery), present):
        gone = {row.subject_id: row.subject for row in rows}
        for row in rows:
            foresight.foresee(What.LEFT, row.subject_id, change_of(What.LEFT, row.subject))
            ended += counts(delivery.register, row.data)
        for pk in _closed(delivery, dict.fromkeys(gone)):
            foresight.foresee(What.HEALED, pk, change_of(What.HEALED, gone[pk]))
    return ended


def _parts(rows: QuerySet[Row], present: set[int]) -> Iterator[list[Row]]:
    ids = (row for row, who in rows.values_list("pk", "subject").iterator(BATCH) if who not in present)
    while some := list(islice(ids, BATCH)):
        yield list(Row.objects.filter(pk__in=some).select_related("subject").order_by("pk"))


def counts(register: str, data: Data) -> bool:
    """Whether a line says of its unit what the register is there to say: in business, insured, declaring."""
    return insured_heads(data) > 0 if register == Register.SOCIAL else is_in_force(register, data)


def _is_ended(register: str, subject: Subject, held: Row | None, data: Data) -> bool:
    if register == Register.MARKET:
        return subject.standing == Standing.ACTIVE and not is_in_force(register, data)
    return held is not None and counts(register, held.data) and not counts(register, data)
