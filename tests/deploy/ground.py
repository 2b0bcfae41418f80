"""A worker with doors and a phone, for the traffic.

Written into the tables: thousands of doors come from registers and rounds, which this is not about.
"""

import json
from datetime import date, timedelta
from typing import Any

from tests.deploy.machine import Machine

GRID, TOKEN = "150399001002001", "token of the traffic"


def phone_with_doors(machine: Machine, doors: int) -> dict[str, Any]:
    """{token, tasks}: so many doors, one visit each."""
    ask = f"from tests.deploy import ground; import json; print(json.dumps(ground.fill({doors})))"
    said = machine.manage("shell", "-v", "0", "-c", ask)
    told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return told


def fill(doors: int) -> dict[str, Any]:
    """In the installed city: one grid, one worker, one phone."""
    from grid.calendar.now import now, today
    from grid.scope import Role
    from grid.subjects.models import Placement, Subject, SubjectKind
    from grid.territory.models import Area, Level, Person, Posting
    from mobile_api.devices.actions import digest
    from mobile_api.devices.models import Device
    from tasks.doors.models import CheckTask
    from tests.doors import make_round, make_task

    day = today() - timedelta(days=1)
    fixed = {"kind": "基础网格", "name": "第一网格", "short_name": "一", "valid_from": date(2020, 1, 1)}
    Area.objects.create(code=GRID, level=Level.GRID, **fixed)
    person = Person.objects.create(username="verkehr", full_name="王建国")
    posting = Posting.objects.create(person=person, role=Role.WORKER, area_id=GRID, valid_from=day)
    Device.objects.create(
        posting=posting, area=GRID, label="手机", token_hash=digest(TOKEN), enrolled_at=now(), seen_at=now()
    )
    subjects = Subject.objects.bulk_create(
        Subject(
            kind=SubjectKind.ENTERPRISE, name=f"示例{n}", match_name=f"示例{n}", legacy_code=f"9{n:014d}", area=GRID,
            placement=Placement.HAND, placement_why="测试", added_at=now(),
        )
        for n in range(doors)
    )  # fmt: skip
    round = make_round(person)
    first = make_task(round, subjects[0], posting)
    fields = {
        f.attname: getattr(first, f.attname) for f in CheckTask._meta.concrete_fields if not f.primary_key
    }
    # What is unique to a door is its subject.
    rest = [CheckTask(**{**fields, "subject_id": subject.pk}) for subject in subjects[1:]]
    tasks = [first, *CheckTask.objects.bulk_create(rest)]
    return {"token": TOKEN, "tasks": [task.pk for task in tasks]}
