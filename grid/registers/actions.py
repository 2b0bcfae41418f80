"""Importing a register: a file becomes a delivery, its lines become versions of facts with their provenance."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.placing.queries import gazetteer
from grid.placing.rules import Gazetteer
from grid.registers.intake import Batch, take_batch
from grid.registers.layouts import LAYOUTS
from grid.registers.models import Delivery, DeliveryState, Register
from grid.registers.readers import read_table, sha256_of
from grid.registers.rules import Layout, Line, columns_of, missing_columns
from grid.scope import Actor, Right, ask
from grid.territory.models import Area
from grid.territory.queries import current_area

BATCH = 2000


def import_delivery(
    register: str, path: Path, *, by: Actor, as_of: date, area: str, name: str = "", is_sample: bool = False
) -> Delivery:
    """Reads a CSV or XLSX file of one register about `area`, as it stood on `as_of`.

    The same bytes again change nothing; a read cut off by a crash goes on where its last batch ended. Lines that
    cannot be taken are kept with their reason and stop nothing. Each batch is one transaction.
    Raises WrongFile, WrongEncoding, EmptyFile, ColumnsMissing, OlderDelivery, FutureDelivery, UnknownArea, NotHere.
    """
    delivery = open_delivery(
        register, name or path.name, sha256_of(path), by=by, as_of=as_of, area=area, is_sample=is_sample
    )
    return read_delivery(delivery, path, by=by)


@transaction.atomic
def open_delivery(
    register: str, name: str, sha256: str, *, by: Actor, as_of: date, area: str, is_sample: bool = False
) -> Delivery:
    """The delivery of these bytes: the known one, or a new one that waits to be read.

    Part of an import, whose entry is written once the file has been read.
    """
    ask(by, Right.IMPORT, area)
    place = current_area(area)
    _take_turn(area)
    known = Delivery.objects.select_for_update().filter(register=register, sha256=sha256).first()
    if known and known.state == DeliveryState.DONE:
        ask(by, Right.IMPORT, known.area)
        return known
    _refuse_wrong_day(register, place, as_of)
    if known:
        ask(by, Right.IMPORT, known.area)
        known.state, known.trouble = DeliveryState.READING, ""
        if not known.lines:
            known.as_of, known.area = as_of, area
        known.save(update_fields=["state", "trouble", "as_of", "area"])
        return known
    return Delivery.objects.create(
        register=Register(register).value,
        area=area,
        file_name=name[:200],
        sha256=sha256,
        as_of=as_of,
        delivered_at=now(),
        delivered_by_id=by.person_id,
        is_sample=is_sample,
    )


def _refuse_wrong_day(register: str, area: Area, as_of: date) -> None:
    if as_of > today():
        raise problems.FutureDelivery(as_of=as_of)
    # A wider delivery covers this area, a narrower one lies inside it: both hold newer facts of it.
    done = Delivery.objects.filter(register=register, state=DeliveryState.DONE, as_of__gt=as_of)
    newer = [d.as_of for d in done if d.area.startswith(area.code) or area.code.startswith(d.area)]
    if newer:
        raise problems.OlderDelivery(
            area=area.name, newest=max(newer), register=Register(register).label, as_of=as_of
        )


def read_delivery(delivery: Delivery, path: Path, *, by: Actor) -> Delivery:
    """Reads what is not yet settled. A file that cannot be read at all marks the delivery failed, with the reason."""
    if delivery.state == DeliveryState.DONE:
        return delivery
    layout = LAYOUTS[delivery.register]
    try:
        header, lines = _opened(layout, path, delivery.file_name)
        _take_all(delivery.pk, layout, header, lines, by)
    except problems.Problem as problem:
        _fail(delivery, problem)
        raise
    return _finish(delivery, by)


def _opened(layout: Layout, path: Path, name: str) -> tuple[Sequence[str], Iterator[Line]]:
    def is_header(cells: Sequence[str]) -> bool:
        return not missing_columns(layout, columns_of(layout, cells))

    header, lines = read_table(path, name, is_header)
    if lacking := missing_columns(layout, columns_of(layout, header)):
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    return header, lines


def _take_all(pk: int, layout: Layout, header: Sequence[str], lines: Iterable[Line], by: Actor) -> None:
    columns, source, start = columns_of(layout, header), iter(lines), 0
    delivery = Delivery.objects.get(pk=pk)
    index = gazetteer(delivery.area[:4])
    while batch := list(islice(source, BATCH)):
        _take(pk, layout, columns, len(header), start, batch, index, by)
        start += len(batch)
    if not start:
        raise problems.EmptyFile(name=delivery.file_name)


@transaction.atomic
def _take(
    pk: int, layout: Layout, columns: dict[str, int], wanted: int, start: int, lines: list[Line],
    index: Gazetteer, by: Actor,
) -> None:  # fmt: skip
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    lines = lines[max(0, delivery.lines - start) :]
    if not lines:
        return
    _take_turn(delivery.area)
    count = take_batch(Batch(delivery, layout, index, by), columns, wanted, lines)
    Delivery.objects.filter(pk=pk).update(
        lines=F("lines") + len(lines),
        **{name: F(name) + count[name] for name in ("accepted", "unchanged", "refused", "unplaced")},
    )
    hint("delivery", delivery.area)


def _take_turn(area: str) -> None:
    """Imports of one city wait for each other, so that two never open one file or add one subject twice."""
    Area.objects.select_for_update().filter(pk=area[:4]).first()


@transaction.atomic
def _finish(delivery: Delivery, by: Actor) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state == DeliveryState.DONE:
        return delivery
    delivery.state = DeliveryState.DONE
    delivery.save(update_fields=["state"])
    record(
        Verb.REGISTER_IMPORTED,
        by=by,
        area=delivery.area,
        data={
            "register": delivery.register,
            "register_name": str(LAYOUTS[delivery.register].label),
            "delivery": delivery.pk,
            "file": delivery.file_name,
            "sha256": delivery.sha256,
            "as_of": delivery.as_of,
            **{n: getattr(delivery, n) for n in ("lines", "accepted", "unchanged", "refused", "unplaced")},
        },
    )
    hint("delivery", delivery.area)
    return delivery


def _fail(delivery: Delivery, problem: problems.Problem) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.FAILED, trouble=problem.detail[:300]
        )
        hint("delivery", delivery.area)


# --- uploads ------------------------------------------------------------------------------------------


def kept_at(delivery: Delivery) -> Path:
    """Where an uploaded file waits until it has been read."""
    return Path(settings.FILES) / "deliveries" / f"{delivery.register}-{delivery.sha256}"


def receive_upload(
    register: str, name: str, chunks: Iterable[bytes], *, by: Actor, as_of: date, area: str
) -> Delivery:
    """Keeps an uploaded file and queues its reading; the page watches the counts of the delivery grow."""
    from grid.registers.jobs import read_kept

    held, person_id = ask(by, Right.IMPORT, area), by.person_id
    if held is None or person_id is None:
        raise ValueError("a machine imports from the disk, it does not upload")
    folder = Path(settings.FILES) / "deliveries"
    folder.mkdir(parents=True, exist_ok=True)
    arriving = folder / f".arriving-{register}-{person_id}"
    with arriving.open("wb") as file:
        file.writelines(chunks)
    with transaction.atomic():
        delivery = open_delivery(register, name, sha256_of(arriving), by=by, as_of=as_of, area=area)
        if delivery.state == DeliveryState.DONE:
            arriving.unlink()
        else:
            arriving.replace(kept_at(delivery))
            read_kept.enqueue(delivery.pk, person_id)
    return delivery
