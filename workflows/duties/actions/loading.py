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
    waiting = {
        department["code"]: (place, department)
        for place, department in enumerate(shipped)
        if department["code"] not in known
    }
    while waiting:
        for code, (place, department) in list(waiting.items()):
            if department["successor"] in waiting:
                continue
            fields = {key: value for key, value in department.items() if key not in ("duties", "successor")}
            after = known[department["successor"]] if department["successor"] else None
            known[code] = Department.objects.create(**fields, successor=after, order=place)
            del waiting[code]
    return len(known) - before


def _load_duties(shipped: list[dict[str, Any]]) -> int:
    ids = dict(Department.objects.values_list("code", "pk"))
    known = set(Duty.objects.values_list("code", flat=True))
    rows = [
        Duty(
            **duty, department_id=ids[department["code"]], valid_from=duty.get("valid_from", department["valid_from"])
        )
        for department in shipped
        for duty in department["duties"]
        if duty["code"] not in known
    ]  # fmt: skip
    return len(Duty.objects.bulk_create(rows))


def _load_goals() -> int:
    """A definition is changed by a new version; only one that nobody has confirmed yet is put right where it stands,
    for it has to say how the goal is counted."""
    known = set(Goal.objects.values_list("code", flat=True))
    shipped = read_shipped(GOALS)
    for goal in shipped:
        unconfirmed = Goal.objects.filter(code=goal["code"], valid_from=goal["valid_from"], reviewed=False)
        unconfirmed.exclude(definition=goal["definition"]).update(definition=goal["definition"])
    rows = [Goal(**goal, order=place) for place, goal in enumerate(shipped) if goal["code"] not in known]
    return len(Goal.objects.bulk_create(rows))
