"""The table of terms: each line takes what is past its term, leaves what is not, and no line is without a test."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.accounts.models import Reset, Tries
from grid.calendar.now import day_of, now, today
from grid.operations.models import Operation
from grid.people.models import PeopleSheet
from mobile_api.devices.actions import enrol_phone, invite_phone
from mobile_api.devices.models import Enrolment
from mobile_api.uploads.actions import start_upload
from mobile_api.uploads.models import Allowance, Upload
from project import sweeping
from project.backup import reports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "arriving"
    for folder in ("files/arriving", "files/deliveries", "arriving"):
        (tmp_path / folder).mkdir(parents=True)
    return settings.FILES


def aged(file: Path, at: datetime) -> None:
    file.write_bytes(b"x")
    os.utime(file, (at.timestamp(),) * 2)


# Path of a line → makes one thing of its kind that ended at this moment; and counts those that are there.
Make = Callable[[Any, Path, datetime], None]


def _half(cast: Any, files: Path, at: datetime) -> None:
    aged(files / f"arriving/.arriving-{at.timestamp()}", at)


def _register(cast: Any, files: Path, at: datetime) -> None:
    aged(files / f"deliveries/market-1-{at.timestamp()}", at)


def _people(cast: Any, files: Path, at: datetime) -> None:
    PeopleSheet.objects.create(file="人员.csv", by=cast.qian, at=at, lines=[{"phone": "13800000001"}])


def _operation(cast: Any, files: Path, at: datetime) -> None:
    Operation.objects.create(kind="pool", area="150302", title="示例", by=cast.qian, at=at, ended_at=at)


def _upload(cast: Any, files: Path, at: datetime) -> None:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, _token = enrol_phone(code, "手机", "0.1.0")
    made = start_upload(device, uuid4(), "a" * 64, "door", 10)
    Upload.objects.filter(pk=made.pk).update(started_at=at)


def _allowance(cast: Any, files: Path, at: datetime) -> None:
    _upload(cast, files, now())
    Upload.objects.all().delete()
    Allowance.objects.filter(day=today()).update(day=day_of(at))


def _session(cast: Any, files: Path, at: datetime) -> None:
    Session.objects.create(session_key=uuid4().hex, session_data="", expire_date=at)


def _tries(cast: Any, files: Path, at: datetime) -> None:
    Tries.objects.create(key=uuid4().hex, counted_at=at, next_at=at)


def _sign_in(cast: Any, files: Path, at: datetime) -> None:
    row = AccessLog.objects.create(username="wu")
    AccessLog.objects.filter(pk=row.pk).update(attempt_time=at)


def _reset(cast: Any, files: Path, at: datetime) -> None:
    Reset.objects.create(
        person=cast.wang, what="password", by=cast.zhao, reason="忘记", at=at, digest="d", expires_at=at
    )


def _enrolment(cast: Any, files: Path, at: datetime) -> None:
    invited, _code = invite_phone(cast.post.wang, by=cast.by.zhao)
    Enrolment.objects.filter(pk=invited.pk).update(expires_at=at)


def _job(status: str) -> Make:
    def make(cast: Any, files: Path, at: datetime) -> None:
        row = DBTaskResult.objects.create(
            task_path="project.jobs.x", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", status=status,
            exception_class_path="", traceback="", worker_ids=[],
        )  # fmt: skip
        DBTaskResult.objects.filter(pk=row.pk).update(finished_at=at)

    return make


def _files_in(folder: str) -> Callable[[Path], int]:
    return lambda files: len(os.listdir(files / folder))


LINES: dict[str, tuple[Make, Callable[[Path], int]]] = {
    "project.sweeping.clear_halves": (_half, _files_in("arriving")),
    "mobile_api.uploads.sweeping.give_up_uploads": (_upload, lambda _files: Upload.objects.count()),
    "grid.registers.sweeping.clear_unread": (_register, _files_in("deliveries")),
    "grid.people.sweeping.forget_lists": (_people, lambda _files: PeopleSheet.objects.count()),
    "grid.operations.sweeping.forget_operations": (_operation, lambda _files: Operation.objects.count()),
    "mobile_api.uploads.sweeping.forget_allowances": (_allowance, lambda _files: Allowance.objects.count()),
    "grid.accounts.sweeping.end_old_sessions": (_session, lambda _files: Session.objects.count()),
    "grid.accounts.sweeping.forget_tries": (_tries, lambda _files: Tries.objects.count()),
    "grid.accounts.sweeping.forget_sign_ins": (_sign_in, lambda _files: AccessLog.objects.count()),
    "grid.accounts.sweeping.forget_codes": (_reset, lambda _files: Reset.objects.exclude(digest="").count()),
    "mobile_api.devices.sweeping.forget_codes": (_enrolment, lambda _files: Enrolment.objects.count()),
    "project.sweeping.forget_done_jobs": (
        _job(TaskResultStatus.SUCCESSFUL), lambda _files: DBTaskResult.objects.count(),
    ),
    "project.sweeping.forget_failed_jobs": (
        _job(TaskResultStatus.FAILED), lambda _files: DBTaskResult.objects.count(),
    ),
}  # fmt: skip
# It needs an employer at the window: tests/workflows/counter/test_door.py.
ELSEWHERE = {"workflows.counter.sweeping.forget_codes"}


def test_every_line_has_its_test() -> None:
    assert {sweep.path for sweep in sweeping.SWEEPS} == LINES.keys() | ELSEWHERE


@pytest.mark.once
@pytest.mark.parametrize(
    "line", [sweep for sweep in sweeping.SWEEPS if sweep.path in LINES], ids=lambda sweep: sweep.path
)
def test_past_its_term_it_goes_and_not_before(line: sweeping.Sweep, cast: Any, files: Path) -> None:
    make, count = LINES[line.path]
    before = count(files)
    # Days, for what is counted by days.
    make(cast, files, now() - timedelta(days=line.term) + timedelta(hours=1))
    sweeping.sweep_all()
    assert count(files) == before + 1
    make(cast, files, now() - timedelta(days=line.term + 1, hours=1))
    assert count(files) == before + 2
    assert sweeping.sweep_all()[str(line.what)] >= 1
    assert count(files) == before + 1
    noted = reports.last("sweep")
    assert noted is not None and noted["failed"] == []


def test_the_code_of_a_reset_goes_and_who_reset_stays(cast: Any, files: Path) -> None:
    _reset(cast, files, now() - timedelta(days=3))
    sweeping.sweep_all()
    assert Reset.objects.get().reason == "忘记"


def test_one_that_fails_stops_no_other(cast: Any, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _session(cast, files, now() - timedelta(days=1))
    broken = sweeping.Sweep("坏的", 1, "", "project.sweeping.nowhere")
    monkeypatch.setattr(sweeping, "SWEEPS", (broken, *sweeping.SWEEPS))
    with pytest.raises(sweeping.SweepFailed, match="nowhere"):
        sweeping.sweep_all()
    assert Session.objects.count() == 0


def test_the_command_closes_what_others_could_read_and_lists_the_terms(files: Path) -> None:
    aged(files / "photo", datetime.now(UTC))
    (files / "photo").chmod(0o644)
    said = StringIO()
    call_command("sweep", stdout=said)
    assert (files / "photo").stat().st_mode & 0o007 == 0 and "收紧权限" in said.getvalue()
    call_command("sweep", "--terms", stdout=said)
    assert "登录日志：200 天" in said.getvalue()
