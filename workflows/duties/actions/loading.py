"""Loading the departments, their duties, and the goals that may be planned, shipped in this room."""

from pathlib import Path
from typing import Any

from django.db import transaction

from grid.law.rules.mandate import read_shipped
from workflows.duties.models import Department, Duty
from workflows.duties.targets.models import Goal

DEPARTMENTS = Path(__file__).parent.parent / "departments.json"
GOALS = Path(__file__).parent.parent / "targets/goals.json"


@transaction.atomic
def load_shipped_duties() -> tuple[int, int, int]:
    """Adds what is not there yet and never overwrites what the desk changed: (departments, duties, goals) added."""
    shipped: list[dict[str, Any]] = read_shipped(DEPARTMENTS)
    departments = _load_departments(shipped)
    duties = _load_duties(shipped)
    return departments, duties, _load_goals()


def _load_departments(shipped: list[dict[str, Any]]) -> int:
    known = {department.code: department for department in Department.objects.all()}
    before = len(known)
    # From the end of each chain, for a department that ended needs its successor to be there.
    waiting = {one["code"]: (place, one) for place, one in enumerate(shipped) if one["code"] not in known}
    while waiting:
        for code, (place, one) in list(waiting.items()):
            if one["successor"] in waiting:
                continue
            fields = {key: value for key, value in one.items() if key not in ("duties", "successor")}
            after = known[one["successor"]] if one["successor"] else None
            known[code] = Department.objects.create(**fields, successor=after, order=place)
            del waiting[code]
    return len(known) - before


def _load_duties(shipped: list[dict[str, Any]]) -> int:
    ids = dict(Department.objects.values_list("code", "pk"))
    known = set(Duty.objects.values_list("code", flat=True))
    rows = [
        Duty(
            **duty, department_id=ids[one["code"]], valid_from=duty.get("valid_from", one["valid_from"])
        )
        for one in shipped
        for duty in one["duties"]
        if duty["code"] not in known
    ]  # fmt: skip
    return len(Duty.objects.bulk_create(rows))


def _load_goals() -> int:
    """A definition is changed by a new version; only one that nobody has confirmed yet is put right where it stands,
    for it has to say how the goal is counted."""
    known = set(Goal.objects.values_list("code", flat=True))
    shipped = read_shipped(GOALS)
    for one in shipped:
        unconfirmed = Goal.objects.filter(code=one["code"], valid_from=one["valid_from"], reviewed=False)
        unconfirmed.exclude(definition=one["definition"]).update(definition=one["definition"])
    rows = [Goal(**one, order=place) for place, one in enumerate(shipped) if one["code"] not in known]
    return len(Goal.objects.bulk_create(rows))
