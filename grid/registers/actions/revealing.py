"""Looking at what a register holds of persons: with a reason, within the day's limit, and with an entry of who looked."""

import json

from django.db import transaction

from grid.calendar.now import today
from grid.ledger.actions import Line, record
from grid.personal.actions import may_reveal
from grid.personal.models import RevealReason
from grid.personal.verbs import PersonalVerb
from grid.registers.models import RefusedLine, Row
from grid.registers.queries.owners import require_deliverer
from grid.registers.rules import labels_of
from grid.registers.rules.layouts import LAYOUTS
from grid.scope import Actor
from grid.subjects.models import Subject


def reveal_row(row: Row, reason: str, *, by: Actor) -> list[tuple[str, str]]:
    """(label, value in full) of the facts of persons on a row.

    Raises NotHere, NotYourPost, ReasonMissing for a reason that is not on the list, TooManyReveals.
    """
    held = may_reveal(row.area, reason, by=by)
    facts = json.loads(row.personal or "{}")
    labels = labels_of(LAYOUTS[row.register])
    data = {
        "row": row.pk,
        "fields": [labels.get(name, name) for name in sorted(facts)],
        "reason": str(RevealReason(reason).label),
    }
    with transaction.atomic():
        record(
            PersonalVerb.PERSONAL_REVEALED,
            Line(row.area, subject=row.subject_id, data=data),
            by=by,
            held=held,
        )
    return [(labels.get(name, name), str(value)) for name, value in facts.items()]


def reveal_line(line: RefusedLine, reason: str, *, by: Actor) -> str:
    """A refused line as it came. Raises as reveal_row does, and NotYourRegister."""
    delivery = line.delivery
    require_deliverer(by, delivery.register, delivery.area, today())
    held = may_reveal(delivery.area, reason, by=by)
    data = {
        "delivery": delivery.pk,
        "line": line.line,
        "fields": ["raw_line"],
        "reason": str(RevealReason(reason).label),
    }
    with transaction.atomic():
        record(PersonalVerb.PERSONAL_REVEALED, Line(delivery.area, data=data), by=by, held=held)
    raw: str = line.raw
    return raw


def forget_in_rows(subject: Subject) -> int:
    """Part of forgetting a subject: what registers said of its persons goes, in every version; how many rows."""
    return Row.objects.filter(subject=subject, personal__isnull=False).update(personal=None)
