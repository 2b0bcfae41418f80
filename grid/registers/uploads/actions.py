"""An uploaded file: kept, looked at, and read once a person has said which column holds what."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.keeping import arriving, move_into_place, need_room, refusing_when_full, write_whole
from grid.ledger.actions import Line, record
from grid.registers import problems as registers_problems
from grid.registers.actions import SETTLED, Meaning, fail_delivery, open_delivery, read_kept
from grid.registers.actions.kept import drop_kept, kept_at
from grid.registers.actions.mapping import sender_of
from grid.registers.actions.preview import look_through
from grid.registers.models import ColumnMapping, Delivery, DeliveryState, Preview
from grid.registers.queries.owners import require_deliverer
from grid.registers.rules.headers import missing_columns
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor, require_person
from grid.tables.reading import sha256_of
from grid.territory.models import Person

Columns = Mapping[str, int]


def receive_upload(
    meaning: Meaning, name: str, chunks: Iterable[bytes], *, by: Actor, look_first: bool = False
) -> Delivery:
    """Keeps an uploaded file and has it looked at; nothing is taken of it before somebody has checked its columns
    (`choose_columns`). A reading that was cut off goes on by what was said then."""
    require_deliverer(by, meaning.register, meaning.area, today())
    person_id = require_person(by)
    need_room(0)
    # A file of its own for each upload: two at once of the same person do not meet.
    with refusing_when_full(), arriving() as beside:
        write_whole(beside, chunks)
        with transaction.atomic():
            delivery = open_delivery(meaning, name, sha256_of(beside), by=by, look_first=look_first)
            if delivery.state not in SETTLED:
                move_into_place(beside, kept_at(delivery))
                if not delivery.lines:
                    delivery.state = DeliveryState.PREVIEW
                    delivery.save(update_fields=["state"])
                (read_kept if delivery.lines else look_at).enqueue(delivery.pk, person_id)
    return delivery


@task()
def look_at(delivery_id: int, person_id: int) -> None:
    """Looks at an uploaded file for the page on which its columns are checked. May run again after a crash."""
    delivery = Delivery.objects.get(pk=delivery_id)
    path = kept_at(delivery)
    if delivery.state != DeliveryState.PREVIEW or not path.exists():
        return
    try:
        look_through(delivery, path)
    except problems.Problem as problem:
        fail_delivery(delivery, f"{problem.detail}{problem.advice}")
        drop_kept(delivery)
        raise


@transaction.atomic
def choose_columns(delivery: Delivery, tables: Sequence[tuple[str, Columns]], *, by: Actor) -> Delivery:
    """A person has said of each header (its fingerprint) which column holds which fact; the file is read now. A header
    without any column is one of a sheet that is left out. Remembered for the sender.

    Raises NotHere, NotYourPost, NotYourRegister, NoColumnsToSay, ColumnsMissing.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    require_deliverer(by, delivery.register, delivery.area, today())
    person_id = require_person(by)
    if delivery.state != DeliveryState.PREVIEW:
        raise registers_problems.NoColumnsToSay(state=delivery.get_state_display())
    layout = LAYOUTS[delivery.register]
    wanted = [(header, columns) for header, columns in tables if columns]
    for _header, columns in wanted or [("", {})]:
        if lacking := missing_columns(layout, columns):
            raise problems.ColumnsMissing(name=delivery.file_name, columns="、".join(lacking))
    said = {header: dict(columns) for header, columns in tables}
    Preview.objects.update_or_create(
        delivery=delivery, defaults={"sample": "", "chosen": {"by_header": said, "by_name": {}}}
    )
    sender = sender_of(by, delivery.register, delivery.area)
    _remember(delivery.register, sender, wanted, person_id)
    delivery.state = DeliveryState.READING
    delivery.save(update_fields=["state"])
    labels = sorted({layout.field(name).label for _header, columns in wanted for name in columns})
    data = {
        "register": delivery.register,
        "register_name": str(layout.label),
        "delivery": delivery.pk,
        "file": delivery.file_name,
        "columns": "、".join(labels),
    }
    record(RegisterVerb.REGISTER_COLUMNS_SAID, Line(delivery.area, data=data), by=by)
    read_kept.enqueue(delivery.pk, person_id)
    hint("delivery", delivery.area)
    return delivery


def _remember(register: str, sender: str, tables: Sequence[tuple[str, Columns]], person_id: int) -> None:
    for header, columns in tables:
        ColumnMapping.objects.update_or_create(
            register=register,
            sender=sender,
            header=header,
            defaults={
                "columns": dict(columns),
                "said_by": Person.objects.get(pk=person_id),
                "said_at": now(),
            },
        )


@transaction.atomic
def withdraw_upload(delivery: Delivery, *, by: Actor) -> Delivery:
    """Who uploaded it, or a colleague who may deliver it, takes the file back before anything was read.

    Raises NotHere, NotYourPost, NotYourRegister, NoColumnsToSay.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    require_deliverer(by, delivery.register, delivery.area, today())
    if delivery.state != DeliveryState.PREVIEW:
        raise registers_problems.NoColumnsToSay(state=delivery.get_state_display())
    fail_delivery(delivery, str(_("交来的人撤回了文件，没有读取。")))
    Preview.objects.filter(delivery=delivery).delete()
    data = {
        "register": delivery.register,
        "register_name": str(LAYOUTS[delivery.register].label),
        "delivery": delivery.pk,
        "file": delivery.file_name,
    }
    record(RegisterVerb.REGISTER_WITHDRAWN, Line(delivery.area, data=data), by=by)
    transaction.on_commit(lambda: drop_kept(delivery))
    return delivery
