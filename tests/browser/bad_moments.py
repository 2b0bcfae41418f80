"""What the journeys of a hard week share: many doors, pictures that differ, and the comparison at the end."""

import struct
import zlib
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from playwright.sync_api import expect

from grid.calendar.now import today
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.doors.models import CheckTask
from tasks.visits.models import Evidence, Visit
from tests.doors import make_round, make_task
from tests.journeys.people import Walker
from tests.patience import until


def picture(number: int, width: int = 120, height: int = 90) -> dict[str, Any]:
    """A PNG that looks like no other, as a file chosen on the phone."""
    noise = Random(number)
    lines = b"".join(b"\0" + noise.randbytes(width * 3) for _line in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b"")]
    body = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in pieces
    )
    return {"name": f"{number}.png", "mimeType": "image/png", "buffer": body}


def many_doors(cast: Any, make_employer: Any, count: int) -> list[CheckTask]:
    """wang's doors, all open for three weeks."""
    round = make_round(cast.qian, due_on=today() + timedelta(days=20))
    subjects = [make_employer(f"示例商户{number:03d}号") for number in range(count)]
    subjects_moved([Move(subject.pk, "", subject.area) for subject in subjects], by=cast.by.wu)
    return [make_task(round, subject, cast.post.wang) for subject in subjects]


def is_refused(walker: Walker, task: CheckTask, photos: list[int]) -> None:
    """Somebody does not let the worker in: the outcome, its photos, and nothing else."""
    page = walker.page
    page.evaluate(f"location.hash = '#/fill/{task.pk}:refused'")
    part = walker.question("拒访现场照片")
    for at, number in enumerate(photos, 1):
        part.locator("input[type=file]").first.set_input_files(picture(number))
        expect(part.locator("figure img")).to_have_count(at)
    walker.saves()


def arrived(tasks: list[CheckTask], photos: int) -> None:
    """Each of these doors has one visit on the server, with that many photos, byte for byte what was promised.

    The line of the outbox may still be that of before, so what is missing is waited for.
    """
    until(lambda: _came(tasks) >= (len(tasks), len(tasks) * photos), lambda: _came(tasks))
    visits = list(Visit.objects.filter(task__in=tasks))
    assert sorted(visit.task_id or 0 for visit in visits) == sorted(task.pk for task in tasks)
    promised = Evidence.objects.filter(visit__in=visits)
    assert promised.count() == len(tasks) * photos
    for evidence in promised:
        assert evidence.received_at, f"photo {evidence.sha256} of visit {evidence.visit_id} never came"
        content = (Path(settings.FILES) / evidence.path).read_bytes()
        assert sha256(content).hexdigest() == evidence.sha256 and len(content) == evidence.size


def _came(tasks: list[CheckTask]) -> tuple[int, int]:
    """Visits and their photos."""
    held = Evidence.objects.filter(visit__task__in=tasks, received_at__isnull=False)
    return Visit.objects.filter(task__in=tasks).count(), held.count()


def names(tasks: list[CheckTask]) -> list[str]:
    return list(Subject.objects.filter(tasks__in=tasks).values_list("name", flat=True))
