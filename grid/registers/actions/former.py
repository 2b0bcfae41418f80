"""What a delivery changed about subjects, kept as it was: so that the delivery can be undone to the letter."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from grid.ledger.bulk import insert_models
from grid.registers.models import Delivery, Former
from grid.subjects.models import Subject

# Whatever a line of a register may change about a subject.
KEPT = (
    "name", "match_name", "standing", "address", "kind", "industry", "established_on", "credit_code", "initials",
    "area", "placement", "placement_why", "premise_id",
)  # fmt: skip
PLACED = ("area", "placement", "placement_why", "premise_id")
Facts = dict[str, Any]


def facts_of(subject: Subject) -> Facts:
    """Its changeable fields in the form of JSON; a day as its number."""
    return {name: _plain(getattr(subject, name)) for name in KEPT}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.toordinal()
    # Choices are texts of a class of their own.
    return str(value) if isinstance(value, str) else value


def changed_since(subject: Subject, before: Mapping[str, object]) -> dict[str, list[object]]:
    """Field → [before, now], of those that differ."""
    now = facts_of(subject)
    return {name: [before[name], now[name]] for name in KEPT if before[name] != now[name]}


def keep_former(
    delivery: Delivery, added: Iterable[Subject], changed: Mapping[int, dict[str, list[object]]]
) -> None:
    """Keeps what this batch changed beside what earlier batches of the delivery did: the first "before" stays.

    Part of a batch."""
    earlier = delivery.formers.filter(subject__in=list(changed)) if delivery.lines else ()
    known = {former.subject_id: former for former in earlier}
    for pk, fields in changed.items():
        former = known.setdefault(pk, Former(delivery=delivery, subject_id=pk))
        for name, (before, now) in fields.items():
            former.fields[name] = [former.fields.get(name, [before])[0], now]
    fresh = [Former(delivery=delivery, subject=subject, is_new=True) for subject in added]
    own = {former.subject_id: former for former in fresh}
    for pk, former in known.items():
        if pk in own:
            own[pk].fields = former.fields
    Former.objects.bulk_update([former for former in known.values() if former.pk], ["fields"])
    fresh += [former for pk, former in known.items() if not former.pk and pk not in own]
    insert_models(fresh)


def value_of(name: str, kept: Any) -> Any:
    """A kept value in the form the subject holds it."""
    return date.fromordinal(kept) if kept and name == "established_on" else kept
