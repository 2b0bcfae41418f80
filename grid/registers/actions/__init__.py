"""Importing a register: a file becomes a delivery, its lines become versions of facts with their provenance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record
from grid.placing.queries import gazetteer
from grid.placing.rules import Gazetteer
from grid.registers import problems as registers_problems
from grid.registers.actions.absence import end_absentees
from grid.registers.actions.changes import changes_file
from grid.registers.actions.foreseeing import Foreseen, foresee
from grid.registers.actions.intake import Batch, take_batch
from grid.registers.actions.kept import changes_at, drop_kept, keep, kept_at
from grid.registers.actions.mapping import chosen_of, drop_sample, name_columns
from grid.registers.actions.turns import refuse_wrong_day, take_turn
from grid.registers.models import Delivery, DeliveryState, Extent, Register
from grid.registers.queries.owners import require_deliverer
from grid.registers.reading import Reading, read_tables
from grid.registers.rules import Layout, overlap
from grid.registers.rules.headers import Chosen
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor, Right, require, require_person
from grid.tables.reading import sha256_of
from grid.tables.rules import Line
from grid.territory.models import Person
from grid.territory.queries import actor_of, current_area
from grid.texts import Text

BATCH = 2000
REMARKS = 200  # of one file that are kept
COUNTS = ("accepted", "unchanged", "refused", "unplaced", "noted", "doubted", "unread")
EXTENT_WORDS: Mapping[str, Text] = {Extent.COMPLETE: _("完整名册"), Extent.PARTIAL: _("部分名册")}
TOGETHER = timedelta(days=7)
# The same bytes again change nothing: they were taken, or somebody decides or has decided about them.
SETTLED = (DeliveryState.DONE, DeliveryState.READY, DeliveryState.WAITING, DeliveryState.DROPPED)
# Nothing of it has been taken; somebody is to decide.
OPEN = (DeliveryState.READY, DeliveryState.WAITING)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a file says it is: which register, of which area, as it stood on which day, complete or partial.
    A sample is made up, for a demo city."""

    register: str
    area: str
    as_of: date
    extent: str = Extent.PARTIAL
    is_sample: bool = False


Follower = Callable[[Delivery, Actor], None]
_followers: list[Follower] = []


def on_delivery(follower: Follower) -> Follower:
    """Registers a function called with each delivery that was taken, in the transaction of its end, and with each that
    was undone; asking twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def followers() -> Sequence[Follower]:
    return tuple(_followers)


def import_delivery(
    meaning: Meaning, path: Path, *, by: Actor, columns: Mapping[str, str] | None = None
) -> Delivery:
    """Reads a CSV or XLSX file of one register. `columns`: field → header, where what is guessed would be wrong.

    The same bytes again change nothing; a read cut off by a crash goes on where its last batch ended. Lines that
    cannot be taken are kept with their reason and stop nothing. Each batch is one transaction. At the end of a
    complete file the rows of whoever it does not name end on its day.
    What would end or heal more than the brake allows is not taken: the delivery is kept and waits (`decide_delivery`).
    Raises what `read_tables` raises, and ColumnUnknown, OlderDelivery, FutureDelivery, UnknownArea, NotHere,
    NotYourRegister.
    """
    delivery = open_delivery(meaning, path.name, sha256_of(path), by=by)
    if columns and not delivery.lines:
        name_columns(delivery, columns)
    return read_delivery(delivery, path, by=by)


@transaction.atomic
def open_delivery(
    meaning: Meaning, name: str, sha256: str, *, by: Actor, look_first: bool = False
) -> Delivery:
    """The delivery of these bytes: the known one, or a new one that waits to be read. `look_first`: nothing of it is
    taken before somebody has seen what it would change.

    Part of an import, whose entry is written once the file has been read.
    """
    require_deliverer(by, meaning.register, meaning.area, today())
    current_area(meaning.area)
    take_turn(meaning.area)
    known = _known(meaning, sha256)
    if known:
        require(by, Right.IMPORT, known.area)
    if known and known.state in SETTLED:
        return known
    refuse_wrong_day(meaning.register, meaning.area, meaning.as_of, known)
    if known:
        known.state, known.trouble = DeliveryState.READING, ""
        drop_sample(known)
        if not known.lines:
            known.as_of, known.area = meaning.as_of, meaning.area
            known.extent, known.look_first, known.foreseen = meaning.extent, look_first, None
        known.save(update_fields=["state", "trouble", "as_of", "area", "extent", "look_first", "foreseen"])
        return known
    return Delivery.objects.create(
        register=Register(meaning.register).value,
        area=meaning.area,
        file_name=name[:200],
        sha256=sha256,
        as_of=meaning.as_of,
        extent=Extent(meaning.extent).value,
        look_first=look_first,
        delivered_at=now(),
        delivered_by_id=by.person_id,
        keeps_former=True,
        is_sample=meaning.is_sample,
    )


def _known(meaning: Meaning, sha256: str) -> Delivery | None:
    """The delivery that these bytes already are.

    What somebody still decides, and what was read in part, goes on as what it is. Settled, the same bytes are another
    delivery when they mean something else: another area, complete instead of partial; or a later day, where nothing
    came in between. (After newer facts, an old file under a new day is a mistake.)
    """
    same = Delivery.objects.select_for_update().filter(register=meaning.register, sha256=sha256)
    found = list(same.exclude(state=DeliveryState.UNDONE).order_by("-as_of", "-pk"))
    unsettled = next(
        (delivery for delivery in found if delivery.state not in (DeliveryState.DONE, DeliveryState.DROPPED)),
        None,
    )
    if unsettled:
        return unsettled
    alike = [
        delivery for delivery in found if (delivery.area, delivery.extent) == (meaning.area, meaning.extent)
    ]
    newest = alike[0] if alike else None
    if newest is None or meaning.as_of <= newest.as_of or newest.state == DeliveryState.DROPPED:
        return newest
    since = Delivery.objects.filter(register=meaning.register, state=DeliveryState.DONE, pk__gt=newest.pk)
    return newest if any(overlap(delivery.area, meaning.area) for delivery in since) else None


def read_delivery(delivery: Delivery, path: Path, *, by: Actor) -> Delivery:
    """Reads what is not yet settled. A file that cannot be read at all marks the delivery failed, with the reason."""
    if delivery.state in SETTLED:
        return delivery
    layout, chosen = LAYOUTS[delivery.register], chosen_of(delivery)
    try:
        if delivery.foreseen is None and _is_held(delivery, layout, path, chosen, by):
            return delivery
        _take_all(delivery.pk, layout, read_tables(path, delivery.file_name, layout, chosen), by)
        end_absentees(delivery)
    except problems.Problem as problem:
        fail_delivery(delivery, f"{problem.detail}{problem.advice}")
        raise
    return _finish(delivery, by)


def _is_held(delivery: Delivery, layout: Layout, path: Path, chosen: Chosen, by: Actor) -> bool:
    """Looks ahead; above the brake the file is kept and the delivery waits for another person, and with `look_first`
    for whoever looks at it. Before the first line only: what was begun goes on."""
    if delivery.lines:
        return False
    reading = read_tables(path, delivery.file_name, layout, chosen)
    with changes_file(delivery) as write:
        foreseen = foresee(delivery, layout, reading.lines, write)
    delivery.foreseen = asdict(foreseen)
    braked = foreseen.is_above_brake(today(), *_taken_lately(delivery))
    held = braked or delivery.look_first
    with transaction.atomic():
        if held:
            if path != kept_at(delivery):
                keep(path, delivery)
            delivery.state = DeliveryState.READY
        delivery.save(update_fields=["foreseen", "state"])
        if braked:
            _hold(delivery, by)
        hint("delivery", delivery.area)
    if not held:
        changes_at(delivery).unlink(missing_ok=True)
    return held


def _hold(delivery: Delivery, by: Actor) -> Delivery:
    """Above the brake: it waits for a second person. Part of an import."""
    foreseen = Foreseen.of(delivery)
    delivery.state = DeliveryState.WAITING
    delivery.save(update_fields=["state"])
    facts = {
        "ends": foreseen.ends,
        "heals": foreseen.heals,
        "in_force": foreseen.in_force,
        "open": foreseen.open,
    }
    facts |= {"unread": foreseen.unread} if foreseen.unread else {}
    record(RegisterVerb.REGISTER_HELD, Entered(delivery.area, data=_named(delivery) | facts), by=by)
    hint("delivery", delivery.area)
    return delivery


def _taken_lately(delivery: Delivery) -> tuple[int, int]:
    """What deliveries of this register by the same person ended and healed this week without a second one."""
    alone = Delivery.objects.filter(
        register=delivery.register,
        delivered_by=delivery.delivered_by_id,
        delivered_at__gte=now() - TOGETHER,
        state=DeliveryState.DONE,
        decided_by=None,
    )
    lately = [foreseen for foreseen in alone.values_list("foreseen", flat=True) if foreseen]
    return sum(foreseen["ends"] for foreseen in lately), sum(foreseen["heals"] for foreseen in lately)


def _named(delivery: Delivery) -> dict[str, object]:
    return {
        "register": delivery.register,
        "register_name": str(LAYOUTS[delivery.register].label),
        "delivery": delivery.pk,
        "file": delivery.file_name,
    }


@transaction.atomic
def decide_delivery(delivery: Delivery, *, take: bool, reason: str, by: Actor) -> Delivery:
    """Has it taken after all, or dropped with its file: above the brake by a second person who may deliver this
    register, with a reason; where it was only to be looked at, by whoever may deliver it.

    Raises NotYourRegister, NotYourPost, NotHere, SamePersonTwice, ReasonMissing, DeliveryNotWaiting, OlderDelivery,
    DeliveryFileGone.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    require_deliverer(by, delivery.register, delivery.area, today())
    person_id = require_person(by)
    if delivery.state not in OPEN:
        raise registers_problems.DeliveryNotWaiting(state=delivery.get_state_display())
    is_braked = delivery.state == DeliveryState.WAITING
    if is_braked and person_id == delivery.delivered_by_id:
        raise problems.SamePersonTwice(first=by.name)
    if is_braked and not reason.strip():
        raise problems.ReasonMissing(act=str(DeliveryState.WAITING.label))
    if take:
        _refuse_too_late(delivery)
        if not is_braked and Foreseen.of(delivery).is_above_brake(today(), *_taken_lately(delivery)):
            return _hold(delivery, by)
    if person_id != delivery.delivered_by_id:
        delivery.decided_by_id = person_id
    delivery.decided_at, delivery.decision = now(), reason.strip()[:200]
    delivery.state = DeliveryState.READING if take else DeliveryState.DROPPED
    delivery.save(update_fields=["decided_by", "decided_at", "decision", "state"])
    verb = RegisterVerb.REGISTER_CONFIRMED if take else RegisterVerb.REGISTER_DROPPED
    record(verb, Entered(delivery.area, data=_named(delivery) | {"reason": delivery.decision}), by=by)
    if take:
        read_kept.enqueue(delivery.pk, person_id)
    else:
        transaction.on_commit(lambda: drop_kept(delivery))
    hint("delivery", delivery.area)
    return delivery


def _refuse_too_late(delivery: Delivery) -> None:
    """While it waited, newer facts may have come, and its file may have been swept away."""
    take_turn(delivery.area)
    refuse_wrong_day(delivery.register, delivery.area, delivery.as_of, delivery)
    if not kept_at(delivery).exists():
        raise registers_problems.DeliveryFileGone(name=delivery.file_name)


def _take_all(pk: int, layout: Layout, reading: Reading, by: Actor) -> None:
    start = 0
    delivery = Delivery.objects.get(pk=pk)
    index = gazetteer(delivery.area[:4])
    while batch := list(islice(reading.lines, BATCH)):
        _take(pk, layout, start, batch, index, by)
        start += len(batch)
    if reading.remarks:
        Delivery.objects.filter(pk=pk).update(remarks=reading.remarks[:REMARKS])


@transaction.atomic
def _take(pk: int, layout: Layout, start: int, lines: list[Line], index: Gazetteer, by: Actor) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    lines = lines[max(0, delivery.lines - start) :]
    if not lines:
        return
    take_turn(delivery.area)
    refuse_wrong_day(delivery.register, delivery.area, delivery.as_of, delivery)
    count = take_batch(Batch(delivery, layout, index, by), lines)
    Delivery.objects.filter(pk=pk).update(
        lines=F("lines") + len(lines),
        **{name: F(name) + count[name] for name in COUNTS},
    )
    hint("delivery", delivery.area)


@transaction.atomic
def _finish(delivery: Delivery, by: Actor) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state == DeliveryState.DONE:
        return delivery
    delivery.state = DeliveryState.DONE
    delivery.save(update_fields=["state"])
    record(
        RegisterVerb.REGISTER_IMPORTED,
        Entered(
            delivery.area,
            data={
                **_named(delivery),
                "sha256": delivery.sha256,
                "as_of": delivery.as_of,
                "extent": delivery.extent,
                "extent_name": str(EXTENT_WORDS[delivery.extent]),
                **{n: getattr(delivery, n) for n in ("lines", *COUNTS)},
                **({"ended": delivery.ended} if delivery.is_complete else {}),
            },
        ),
        by=by,
    )
    for follower in _followers:
        follower(delivery, by)
    hint("delivery", delivery.area)
    return delivery


def fail_delivery(delivery: Delivery, why: str) -> None:
    """The file could not be read, or its reading was given up: its page says why. What was taken before stays."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.DONE).update(
            state=DeliveryState.FAILED, trouble=why[:300]
        )
        hint("delivery", delivery.area)


@task()
def read_kept(delivery_id: int, person_id: int) -> None:
    """May run again after a crash: settled lines are skipped."""
    delivery = Delivery.objects.get(pk=delivery_id)
    path = kept_at(delivery)
    if path.exists():
        read = read_delivery(delivery, path, by=actor_of(Person.objects.get(pk=person_id)))
        if read.state not in OPEN:
            drop_kept(delivery)
    elif delivery.state == DeliveryState.READING:
        fail_delivery(delivery, str(_("文件已清除，没有读完。请报送部门重新交来。")))
