"""Taking one batch of a delivery's lines: to subjects, to versions of rows, to refusals.

A handful of queries for a batch, whatever its size. Runs inside the transaction of the batch, under the lock of
the delivery and of the city: imports take turns, so two of them never add the same subject.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from grid.calendar.now import now
from grid.discreet import without_numbers
from grid.ledger.actions import Line as Told
from grid.ledger.actions import record_many
from grid.ledger.bulk import insert_models
from grid.placing.actions import set_place
from grid.placing.rules import Gazetteer
from grid.placing.verbs import PlacingVerb
from grid.registers.actions.absence import mark_seen, recognised, see
from grid.registers.actions.former import Facts, changed_since, facts_of, keep_former
from grid.registers.models import Delivery, RefusedLine, Register, Row
from grid.registers.rules import (
    UNREAD,
    Data,
    Entry,
    Layout,
    Refused,
    hashes_of,
    older,
    read_line,
    shown_of,
    supersedes,
)
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor
from grid.subjects.actions.moves import Move, save_moves, subjects_moved
from grid.subjects.followers import TOLD, subjects_changed
from grid.subjects.models import Placement, Standing, Subject, SubjectKind
from grid.subjects.rules import industry_of, initials_of, kind_of, match_name, standing_of
from grid.subjects.verbs import SubjectVerb
from grid.tables.rules import Line

RAW_KEPT = 2000
SHEET = 100  # letters of a sheet's name that are kept
# Facts of the subject itself that the business register decides; other registers only fill a new subject.
OWN = ("name", "match_name", "standing", "address", "kind", "industry", "established_on", "credit_code",
       "initials")  # fmt: skip


@dataclass
class Batch:
    """What the batch has come to so far; written at its end."""

    delivery: Delivery
    layout: Layout
    index: Gazetteer
    by: Actor
    taken: list[tuple[Entry, Subject]] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    added: list[tuple[Entry, Subject]] = field(default_factory=list)
    changed: list[tuple[Subject, list[str]]] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)

    def refuse(self, line: Line, why: Refused) -> None:
        self.refused.append(
            RefusedLine(
                delivery=self.delivery, sheet=line.sheet[:SHEET], line=line.number, code=why.code,
                reason=why.reason[:300], raw=without_numbers(line.raw[:RAW_KEPT]),
                shown=shown_of(self.layout, line, why.code)[:RAW_KEPT],
            )
        )  # fmt: skip


def take_batch(batch: Batch, lines: Sequence[Line]) -> Counter[str]:
    """Writes everything the lines lead to; answers accepted, unchanged, refused, unplaced, noted, doubted, unread."""
    entries = _understood(batch, lines)
    _resolve(batch, entries)
    _add_subjects(batch)
    accepted = _write_rows(batch)
    _change_subjects(batch, accepted)
    if batch.delivery.is_complete:
        _keep_present(batch, lines)
    RefusedLine.objects.bulk_create(batch.refused)
    batch.count["refused"] = len(batch.refused)
    batch.count["doubted"] = sum("doubts" in entry.data for entry, _ in accepted)
    batch.count["noted"] = sum(UNREAD in entry.data for entry, _ in accepted)
    batch.count["unplaced"] = sum(not subject.is_placed for _, subject in accepted)
    return batch.count


def _keep_present(batch: Batch, lines: Sequence[Line]) -> None:
    """Whom refused lines are about stands in the file all the same."""
    refused = {(refusal.sheet, refusal.line) for refusal in batch.refused}
    own = [line for line in lines if (line.sheet[:SHEET], line.number) in refused]
    present, unread = recognised(own, batch.delivery.area)
    mark_seen(batch.delivery, present)
    batch.count["unread"] = unread


def _understood(batch: Batch, lines: Sequence[Line]) -> list[Entry]:
    entries = []
    for line in lines:
        try:
            entries.append(read_line(batch.layout, line))
        except Refused as why:
            batch.refuse(line, why)
    return entries


# --- whose line is it ---------------------------------------------------------------------------------


class Known:
    """The subjects the entries may mean: by credit code, by legacy number, by name where there is no code."""

    def __init__(self, entries: Iterable[Entry], area: str) -> None:
        entries = list(entries)
        credits = {e.code.credit for e in entries if e.code.credit}
        legacies = {e.code.legacy for e in entries if e.code.legacy}
        names = {match_name(e.name) for e in entries if not e.code.text}
        self.by_credit = {s.credit_code: s for s in Subject.objects.filter(credit_code__in=credits)}
        # One object for one subject, however it was found: changes to it must not be lost.
        seen = {s.pk: s for s in self.by_credit.values()}
        found = Subject.objects.filter(legacy_code__in=legacies)
        self.by_legacy = {s.legacy_code: seen.setdefault(s.pk, s) for s in found}
        self.by_name: dict[str, list[Subject]] = {}
        for subject in Subject.objects.filter(match_name__in=names, area__startswith=area) if names else ():
            self.by_name.setdefault(subject.match_name, []).append(seen.setdefault(subject.pk, subject))

    def subject(self, entry: Entry) -> Subject | None:
        """Code first, then the normalised name. Raises Refused when neither decides."""
        if entry.code.text:
            return self.by_credit.get(entry.code.credit) or self.by_legacy.get(entry.code.legacy)
        alike = self.by_name.get(match_name(entry.name), [])
        if not alike:
            raise Refused("missing-code")
        if len(alike) > 1:
            raise Refused("name-ambiguous", value=entry.name, count=len(alike))
        return alike[0]

    def remember(self, subject: Subject) -> None:
        if subject.credit_code:
            self.by_credit[subject.credit_code] = subject
        if subject.legacy_code:
            self.by_legacy[subject.legacy_code] = subject


def _resolve(batch: Batch, entries: Sequence[Entry]) -> None:
    known = Known(entries, batch.delivery.area)
    for entry in entries:
        try:
            subject = known.subject(entry)
            if subject is None:
                subject = _new_subject(batch, entry)
                known.remember(subject)
                batch.added.append((entry, subject))
            elif not subject.area.startswith(batch.delivery.area):
                raise Refused("outside-area", value=subject.name)
        except Refused as why:
            batch.refuse(entry.line, why)
        else:
            batch.taken.append((entry, subject))


def _new_subject(batch: Batch, entry: Entry) -> Subject:
    subject = Subject(
        credit_code=entry.code.credit or None,
        legacy_code=entry.code.legacy or None,
        is_sample=batch.delivery.is_sample,
        added_at=now(),
        initials=initials_of(entry.name),
        **_own_facts(entry, ""),
    )
    set_place(subject, batch.index.locate(subject.address, entry.code.district))
    if not subject.area.startswith(batch.delivery.area):
        raise Refused("outside-area", value=entry.name)
    return subject


def _own_facts(entry: Entry, kind_before: str) -> Data:
    data = entry.data
    text = f"{data.get('org_category', '')}{data.get('kind', '')}"
    kind = kind_of(entry.code, text, _staff(data))
    if (kind_before, kind) == (SubjectKind.SOLE_TRADER_EMPLOYING, SubjectKind.SOLE_TRADER):
        kind = kind_before  # another register has seen the staff
    return {
        "name": entry.name,
        "match_name": match_name(entry.name),
        "standing": standing_of(data.get("standing", "")),
        "address": data.get("address", "")[:300],
        "kind": kind,
        "industry": industry_of(data.get("industry", "")),
        "established_on": _day(data.get("established_on")),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _staff(data: Data) -> int:
    return max(data.get(name) or 0 for name in ("employees", "heads", "insured", "pension", "injury"))


def _add_subjects(batch: Batch) -> None:
    subjects = [subject for _, subject in batch.added]
    insert_models(subjects)
    subjects_moved([Move(s.pk, "", s.area) for s in subjects], by=batch.by)
    record_many(
        PlacingVerb.SUBJECT_ADDED,
        (
            Told(
                subject.area,
                subject.pk,
                data={
                    "name": subject.name,
                    "code": subject.code,
                    "source": f"{batch.layout.label} 第{entry.line.number}行",
                    "delivery": batch.delivery.pk,
                    "why": subject.placement_why,
                },
            )
            for entry, subject in batch.added
        ),
        by=batch.by,
    )


# --- versions -----------------------------------------------------------------------------------------


def _write_rows(batch: Batch) -> list[tuple[Entry, Subject]]:
    """Opens versions for what is new or different, closes those they replace. Answers what was accepted."""
    delivery = batch.delivery
    ids = {subject.pk for _, subject in batch.taken}
    current = {
        row.subject_id: row
        for row in Row.objects.filter(register=delivery.register, subject__in=ids, until=None)
    }
    fresh: list[Row] = []
    closing: list[int] = []
    seen: list[int] = []
    accepted = []
    for entry, subject in batch.taken:
        old = current.get(subject.pk)
        if old and stands(old, entry, delivery.as_of):
            batch.count["unchanged"] += 1
            seen += [old.pk] if old.pk and old.delivery_id != delivery.pk else []
        elif old and old.delivery_id == delivery.pk and not supersedes(entry.data, old.data):
            batch.refuse(entry.line, Refused("repeated-code", value=entry.code.text or entry.name))
            continue
        else:
            if old and old.pk:
                closing.append(old.pk)
            elif old:
                old.until, old.ended_by = delivery.as_of, delivery
            current[subject.pk] = _row(delivery, entry, subject)
            fresh.append(current[subject.pk])
        accepted.append((entry, subject))
    see(delivery, Row.objects.filter(pk__in=seen))
    Row.objects.filter(pk__in=closing).update(until=delivery.as_of, ended_by=delivery)
    insert_models(fresh)
    batch.count["accepted"] = len(accepted)
    return accepted


def stands(old: Row, entry: Entry, as_of: date) -> bool:
    """Whether the line held stays: it says the same, is about a later month, or is of a later day (the unit came here
    from another area, with newer facts)."""
    same = old.hash == entry.hash or old.hash in hashes_of(entry.data, entry.personal)
    return same or older(entry.data, old.data) or old.since > as_of


def hashes_of_row(row: Row) -> list[str]:
    """What each key makes of a row as it is stored, newest first."""
    return hashes_of(row.data, json.loads(row.personal) if row.personal else None)


def _row(delivery: Delivery, entry: Entry, subject: Subject) -> Row:
    return Row(
        register=delivery.register,
        subject=subject,
        area=subject.area,
        delivery=delivery,
        sheet=entry.line.sheet[:SHEET],
        line=entry.line.number,
        data=entry.data,
        personal=json.dumps(entry.personal, ensure_ascii=False) if entry.personal else None,
        hash=entry.hash,
        since=delivery.as_of,
    )


# --- what the register says of the subject itself ---------------------------------------------------


def _change_subjects(batch: Batch, accepted: Sequence[tuple[Entry, Subject]]) -> None:
    new = {id(subject) for _, subject in batch.added}
    before: dict[int, tuple[Subject, Facts]] = {}
    moved: dict[int, tuple[Subject, str]] = {}
    for entry, subject in accepted:
        if id(subject) in new and batch.delivery.register == Register.MARKET:
            continue
        before.setdefault(subject.pk, (subject, facts_of(subject)))
        fields = _apply(batch.delivery.register, entry, subject)
        if (
            "address" in fields
            and subject.placement != Placement.HAND
            and subject.placement != Placement.RECUT
        ):
            moved.setdefault(subject.pk, (subject, subject.area))
            set_place(subject, batch.index.locate(subject.address, entry.code.district))
        if fields:
            batch.changed.append((subject, fields))
    if batch.changed:
        Subject.objects.bulk_update({s.pk: s for s, _ in batch.changed}.values(), OWN)
        subjects_changed([s.pk for s, fields in batch.changed if TOLD.intersection(fields)], by=batch.by)
    record_many(
        RegisterVerb.SUBJECT_CHANGED,
        (
            Told(s.area, s.pk, data={"name": s.name, "fields": fields, "delivery": batch.delivery.pk})
            for s, fields in batch.changed
        ),
        by=batch.by,
    )
    _move(batch, list(moved.values()))
    changes = {pk: changed_since(subject, facts) for pk, (subject, facts) in before.items()}
    added = [subject for _, subject in batch.added]
    keep_former(batch.delivery, added, {pk: fields for pk, fields in changes.items() if fields})


def _apply(register: str, entry: Entry, subject: Subject) -> list[str]:
    """Takes over what this register decides; answers the names of the fields that changed."""
    facts = (
        _own_facts(entry, subject.kind) if register == Register.MARKET else _seen_elsewhere(entry, subject)
    )
    if entry.code.credit and not subject.credit_code:
        facts["credit_code"] = entry.code.credit
    changed = []
    for name, value in facts.items():
        if getattr(subject, name) != value and value not in ("", None):
            setattr(subject, name, value)
            changed.append(name)
    if "name" in changed:
        subject.initials = initials_of(subject.name)
    return changed


def _seen_elsewhere(entry: Entry, subject: Subject) -> Data:
    """What tax and insurance may add: that a sole trader employs, an address where there was none, and that there is
    such a unit after all."""
    facts: Data = {}
    if subject.standing == Standing.WITHDRAWN:
        facts["standing"] = Standing.ACTIVE
    if subject.kind == SubjectKind.SOLE_TRADER and _staff(entry.data) > 0:
        facts["kind"] = SubjectKind.SOLE_TRADER_EMPLOYING
    if not subject.address and entry.data.get("address"):
        facts["address"] = entry.data["address"][:300]
    return facts


def _move(batch: Batch, moved: Sequence[tuple[Subject, str]]) -> None:
    going = [(subject, old) for subject, old in moved if subject.area != old]
    save_moves([s for s, _ in going], [old for _, old in going], by=batch.by)
    record_many(
        SubjectVerb.SUBJECT_PLACED,
        (
            Told(s.area, s.pk, data={"name": s.name, "why": s.placement_why, "from": old, "to": s.area})
            for s, old in going
        ),
        by=batch.by,
    )
