"""Undoing a delivery: after it the register reads as before, on every day, and the ledger tells both.

Possible while no later delivery changed or confirmed what it said, and while nothing legal rests on it. The grid knows
no leads, findings, cases or documents: rooms above say what of theirs rests on a delivery, by `rest_on`.

Nothing is deleted. Rows it opened keep their line and get an empty span; rows it closed are open again; of subjects,
what it changed goes back, unless somebody has changed it since. A subject that only it ever spoke of is withdrawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.registers import problems as registers_problems
from grid.registers.actions import followers
from grid.registers.actions.former import KEPT, PLACED, facts_of, value_of
from grid.registers.actions.turns import take_turn
from grid.registers.models import Delivery, DeliveryState, Former, Row
from grid.registers.queries.owners import delivering, require_deliverer
from grid.registers.rules import overlap
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor, Right, require_person
from grid.subjects.actions.moves import save_moves
from grid.subjects.followers import TOLD, subjects_changed
from grid.subjects.models import Standing, Subject

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Resting:
    """What of one kind rests on a delivery: how many, and the first of them by name."""

    label: str
    count: int
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        named = "、".join(self.names)
        more = _("等") if self.count > len(self.names) else ""
        return _("{label} {count} 件").format(label=self.label, count=self.count) + (
            f"（{named}{more}）" if named else ""
        )


Rester = Callable[[Delivery], list[Resting]]
_resters: list[Rester] = []


def rest_on(rester: Rester) -> Rester:
    """Registers a question of a room above; asking twice changes nothing."""
    if rester not in _resters:
        _resters.append(rester)
    return rester


def changed_by(delivery: Delivery) -> QuerySet[Row, Any]:
    """The subjects about whom the register says something else since a delivery, as a subquery of their keys."""
    return Row.objects.filter(Q(delivery=delivery) | Q(ended_by=delivery)).values_list("subject")


def what_rests(delivery: Delivery) -> list[Resting]:
    return [resting for rester in _resters for resting in rester(delivery) if resting.count]


def later_than(delivery: Delivery) -> list[Delivery]:
    """Deliveries since, of the same register about the same area, that changed or confirmed what this one said."""
    since = Delivery.objects.filter(register=delivery.register, pk__gt=delivery.pk)
    begun = Q(state=DeliveryState.DONE) | Q(
        lines__gt=0, state__in=(DeliveryState.READING, DeliveryState.FAILED)
    )
    after = [newer for newer in since.filter(begun).order_by("pk") if overlap(newer.area, delivery.area)]
    touched = _touched(delivery)
    confirmed = delivery.rows.filter(until=None, seen_in__isnull=False).exclude(seen_in=delivery).exists()
    silent = delivery.ended_rows.exclude(delivery=delivery).exists()
    # Which of them last had a line is known, which had one before it is not: each may have. And a complete one that
    # does not name whom this one ended says the same.
    return [
        newer
        for newer in after
        if newer.pk in touched or (confirmed and newer.unchanged) or (silent and newer.is_complete)
    ]


def _touched(delivery: Delivery) -> set[int | None]:
    """Deliveries that closed a row of this one, or spoke again of a unit that it had ended."""
    closed = delivery.rows.exclude(until=None).exclude(ended_by=delivery).values_list("ended_by", flat=True)
    own = delivery.ended_rows.exclude(delivery=delivery).values("subject")
    back = Row.objects.filter(register=delivery.register, subject__in=own, until=None)
    found = set(closed.distinct()) | set(back.exclude(delivery=delivery).values_list("delivery", flat=True))
    return set(found)


def refuse_undoing(delivery: Delivery) -> None:
    """Raises DeliveryNotUndoable, DeliveryReplaced, DeliveryInUse."""
    if why := why_never(delivery):
        raise registers_problems.DeliveryNotUndoable(why=why)
    if later := later_than(delivery):
        raise registers_problems.DeliveryReplaced(
            later="、".join(f"{newer.as_of:%Y-%m-%d} {newer.file_name}" for newer in later[:5])
        )
    if None in _touched(delivery):
        raise registers_problems.DeliveryNotUndoable(why=_("其中有单位已与别的单位合并"))
    if resting := what_rests(delivery):
        raise registers_problems.DeliveryInUse(what="；".join(map(str, resting)))


def why_never(delivery: Delivery) -> str:
    """Why this one can never be undone; empty when it may be."""
    taken = delivery.state == DeliveryState.DONE or (
        delivery.state == DeliveryState.FAILED and delivery.lines
    )
    if not taken:
        return _("它现在是“{state}”").format(state=delivery.get_state_display())
    return "" if delivery.keeps_former else _("它导入时还没有保存改动前的内容")


def require_undoer(delivery: Delivery, by: Actor) -> int:
    """Asks whose name stands under it: somebody of the department that keeps the register, or the city office in its name,
    and there another than who delivered it. Raises NotHere, NotYourPost, NotYourRegister, SamePersonTwice."""
    require_deliverer(by, delivery.register, delivery.area, today())
    person_id = require_person(by)
    owns = any(
        held.covers(delivery.area) and not held.grants(Right.IMPORT_FOR_OTHERS)
        for held in delivering(by.held, delivery.register, today())
    )
    if not owns and person_id == delivery.delivered_by_id:
        raise problems.SamePersonTwice(first=by.name)
    return person_id


@transaction.atomic
def undo_delivery(delivery: Delivery, reason: str, *, by: Actor) -> Delivery:
    """The register reads as before it, to the letter.

    Raises NotHere, NotYourPost, NotYourRegister, SamePersonTwice, ReasonMissing, DeliveryNotUndoable, DeliveryReplaced,
    DeliveryInUse.
    """
    person_id = require_undoer(delivery, by)
    if not reason.strip():
        raise problems.ReasonMissing(act=_("撤回名册"))
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    take_turn(delivery.area)
    refuse_undoing(delivery)
    own = Row.objects.filter(delivery=delivery)
    # First these end, then those begin again: of one subject only one may be in force.
    taken_back = own.update(until=F("since"), ended_by=delivery)
    reopened = _reopen(delivery)
    restored = _restore(delivery, by)
    delivery.state, delivery.undone_by_id = DeliveryState.UNDONE, person_id
    delivery.undone_at, delivery.undone_why = now(), reason.strip()[:200]
    delivery.save(update_fields=["state", "undone_by", "undone_at", "undone_why"])
    facts = {
        "register": delivery.register, "register_name": str(LAYOUTS[delivery.register].label),
        "delivery": delivery.pk, "file": delivery.file_name, "sha256": delivery.sha256, "as_of": delivery.as_of,
        "taken_back": taken_back, "reopened": reopened, "restored": restored, "reason": delivery.undone_why,
    }  # fmt: skip
    record(RegisterVerb.REGISTER_UNDONE, Line(delivery.area, data=facts), by=by)
    for follower in followers():
        follower(delivery, by)
    hint("delivery", delivery.area)
    return delivery


def _reopen(delivery: Delivery) -> int:
    """Closed rows did not follow their subject; open again they stand where it stands now."""
    here = Subject.objects.filter(pk=OuterRef("subject")).values("area")[:1]
    closed = Row.objects.filter(ended_by=delivery).exclude(delivery=delivery)
    return closed.update(area=Subquery(here), until=None, ended_by=None)


def _restore(delivery: Delivery, by: Actor) -> int:
    """Subjects become again what they were; how many."""
    formers = iter(delivery.formers.order_by("pk").iterator(BATCH))
    restored = 0
    while some := list(islice(formers, BATCH)):
        subjects = {
            subject.pk: subject
            for subject in Subject.objects.filter(pk__in=[former.subject_id for former in some])
        }
        spoken_of = _spoken_of(subjects)
        before = {pk: subject.area for pk, subject in subjects.items()}
        changed = {
            former.subject_id: fields
            for former in some
            if (
                fields := _restore_fields(subjects[former.subject_id], former, former.subject_id in spoken_of)
            )
        }
        _save(subjects, changed, before, by)
        told = _lines(delivery, subjects, changed)
        restored += record_many(RegisterVerb.SUBJECT_CHANGED, told, by=by)
    return restored


def _spoken_of(subjects: dict[int, Subject]) -> set[int]:
    rows = Row.objects.filter(subject__in=list(subjects), until=None)
    return set(rows.values_list("subject", flat=True))


def _restore_fields(subject: Subject, former: Former, is_spoken_of: bool) -> list[str]:
    """Names of the fields that went back. What somebody else has changed since stays as it is now."""
    now_is, changed = facts_of(subject), []
    for name, (before, after) in former.fields.items():
        if now_is[name] == after and before != after:
            setattr(subject, name, value_of(name, before))
            changed.append(name)
    if former.is_new and not is_spoken_of and subject.same_as_id is None:
        subject.standing = Standing.WITHDRAWN
        changed.append("standing")
    return changed


def _save(
    subjects: dict[int, Subject], changed: dict[int, list[str]], before: dict[int, str], by: Actor
) -> None:
    going = [subjects[pk] for pk, fields in changed.items() if set(fields) & set(PLACED)]
    # Codes are unique: those that go are written before any that come.
    fields = [name.removesuffix("_id") for name in KEPT if name not in PLACED]
    Subject.objects.bulk_update([subjects[pk] for pk in changed], fields, batch_size=BATCH)
    subjects_changed([pk for pk, names in changed.items() if TOLD.intersection(names)], by=by)
    if going:
        save_moves(going, [before[subject.pk] for subject in going], by=by)


def _lines(delivery: Delivery, subjects: dict[int, Subject], changed: dict[int, list[str]]) -> Iterator[Line]:
    for pk, fields in changed.items():
        subject = subjects[pk]
        data = {"name": subject.name, "fields": fields, "delivery": delivery.pk}
        yield Line(subject.area, pk, data=data)
