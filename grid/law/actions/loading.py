"""Loading what is shipped: what is new is added, what reads otherwise today begins as a version of its own.

One law for every shipped table of the law: the parameters here, the grounds for listing and the measures in their rooms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from grid import outside
from grid.calendar.now import today
from grid.hints import hint
from grid.law.models import Provision
from grid.law.rules.mandate import SHIPPED, read_shipped
from grid.law.rules.shipping import DAY, Step, Version, steps_for
from grid.law.verbs import LawVerb
from grid.ledger.actions import Line, record
from grid.scope import machine

RELEASE = machine("随系统更新")
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of dated rows. `key`: the field by which versions are of one row; `says`: the fields that make it another
    version; `is_citys`: whether somebody here entered or passed it."""

    model: type[Model]
    key: str
    says: tuple[str, ...]
    is_citys: Callable[[Fields], bool]


PROVISIONS = Table(
    Provision, "key", ("title", "value", "unit", "basis", "reviewed"),
    lambda row: bool(row["entered_by_id"] or row["reviewed_by_id"]),
)  # fmt: skip


@transaction.atomic
def load_shipped_provisions() -> int:
    """Takes over the shipped provisions. Never overwrites what the desk changed or passed. Returns how many versions were
    added."""
    return take_over(PROVISIONS, read_shipped(SHIPPED))


def take_over(table: Table, shipped: Sequence[Fields]) -> int:
    """Part of loading: writes what `steps_for` finds, and tells the ledger of each that takes another's place. Returns how
    many versions were added. Raises ValidationError for a row no field would take."""
    for fields in shipped:
        table.model(**fields).clean_fields()
    stored = _versions(table, list(table.model._default_manager.values()), "id")
    meant = _versions(table, [dict(fields) | {"at": at} for at, fields in enumerate(shipped)], "at")
    done = [step for key, rows in meant.items() for step in steps_for(stored.get(key, []), rows, today())]
    new = []
    for step in done:
        fields = {name: value for name, value in shipped[step.at].items() if not name.startswith("valid_")}
        if step.corrects is not None:
            table.model._default_manager.filter(pk=step.corrects).update(**fields)
        else:
            _end(table, step)
            span = {"valid_from": step.valid_from, "valid_to": step.valid_to}
            new.append(table.model(**fields, **span))
        _record(step, fields, table)
    table.model._default_manager.bulk_create(new)
    return len(new)


def _end(table: Table, step: Step) -> None:
    if step.ends is not None:
        table.model._default_manager.filter(pk=step.ends).update(valid_to=step.valid_from - DAY)


def _versions(table: Table, rows: Sequence[Fields], at: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    defaults = {field.name: field.get_default() for field in table.model._meta.fields}
    for row in rows:
        said = {name: row.get(name, defaults[name]) for name in table.says}
        is_citys = at == "id" and table.is_citys(row)
        last = row.get("valid_to")
        version = Version(
            int(str(row[at])), _day(row["valid_from"]), _day(last) if last else None, said, is_citys
        )
        found.setdefault(str(row[table.key]), []).append(version)
    return found


def _day(given: object) -> date:
    return given if isinstance(given, date) else outside.day(str(given))


def _record(step: Step, fields: Fields, table: Table) -> None:
    """What takes the place of another version, or puts one right, is told; what nobody had before is no change."""
    if not step.follows and step.corrects is None:
        return
    data = {
        "key": str(fields[table.key]), "title": str(fields["title"]), "from": step.valid_from.isoformat(),
        "basis": str(fields["basis"]),
        "reason": _("更正从未审核、已经终止的版本") if step.corrects is not None else _("随系统更新，原版本在前一日终止"),
    }  # fmt: skip
    record(LawVerb.LAW_CARRIED, Line(settings.CITY, data=data), by=RELEASE)
    hint("inbox", settings.CITY)
