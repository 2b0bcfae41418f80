"""Run against a served database: `fill` makes one worker with doors and prints them, `invite` a code for a phone,
`count` and `photos` what is there."""

import json
import os
import sys
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

DOORS = 60


def fill() -> dict[str, object]:
    from grid.calendar.now import now, today
    from grid.scope import Role
    from grid.subjects.models import Placement, Subject, SubjectKind
    from grid.territory.models import Area, Level, Person, Posting
    from mobile_api.devices.actions import digest
    from mobile_api.devices.models import Device
    from tests.doors import make_round, make_task

    grid = "150302001002001"
    Area.objects.create(
        code=grid,
        level=Level.GRID,
        kind="基础网格",
        name="第一网格",
        short_name="一",
        valid_from=date(2020, 1, 1),
    )
    person = Person.objects.create(username="wang", full_name="王建国")
    posting = Posting.objects.create(
        person=person, role=Role.WORKER, area_id=grid, valid_from=today() - timedelta(days=1)
    )
    Device.objects.create(
        posting=posting, area=grid, label="手机", token_hash=digest("token"), enrolled_at=now(), seen_at=now()
    )
    round = make_round(person)
    tasks = [
        make_task(
            round,
            Subject.objects.create(
                kind=SubjectKind.ENTERPRISE, name=f"示例{n}", match_name=f"示例{n}", legacy_code=f"{n:015d}", area=grid,
                placement=Placement.HAND, placement_why="测试", added_at=now(),
            ),
            posting,
        )
        for n in range(DOORS)
    ]  # fmt: skip
    return {"token": "token", "tasks": [task.pk for task in tasks]}


def count() -> dict[str, object]:
    from django.db.models import Count

    from grid.ledger.models import Entry
    from tasks.coverage.models import Span
    from tasks.doors.models import CheckTask
    from tasks.findings.models import Finding
    from tasks.visits.models import Visit

    return {
        "visits": sorted(str(number) for number in Visit.objects.values_list("client_id", flat=True)),
        "findings": Finding.objects.filter(state="open").count(),
        "entries": Entry.objects.filter(verb="visit.recorded").count(),
        "visited": CheckTask.objects.filter(state="visited").count(),
        "twice": Span.objects.filter(until=None)
        .values("subject")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .count(),
        "to_review": Span.objects.filter(until=None, state="to_review").count(),
    }


def invite() -> dict[str, object]:
    """A code with which one more phone of the worker is enrolled."""
    from grid.scope import Role
    from grid.territory.models import Area, Level, Posting
    from grid.territory.queries import actor_of
    from mobile_api.devices.actions import invite_phone

    posting, day = Posting.objects.get(), date(2020, 1, 1)
    community = Area.objects.create(
        code=posting.area_id[:12],
        level=Level.COMMUNITY,
        kind="居委会",
        name="社区",
        short_name="社区",
        valid_from=day,
    )
    Posting.objects.create(person=posting.person, role=Role.COMMUNITY, area=community, valid_from=day)
    return {"code": invite_phone(posting, by=actor_of(posting.person))[1]}


def photos() -> dict[str, object]:
    """What the server promised of photos: for each its hash, and the hash of the bytes it holds."""
    from hashlib import sha256
    from pathlib import Path

    from django.conf import settings

    from tasks.visits.models import Evidence

    held = {
        evidence.sha256: sha256((Path(settings.FILES) / evidence.path).read_bytes()).hexdigest()
        if evidence.received_at
        else ""
        for evidence in Evidence.objects.all()
    }
    return {"photos": held}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"fill": fill, "count": count, "invite": invite, "photos": photos}[sys.argv[1]]()))
