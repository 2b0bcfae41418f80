"""The database away, the disk full: answers in words that say when to come again, said once in the log."""

import errno
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from django.test import Client

from grid import problems
from grid.outages import outage_of
from mobile_api.batches import taken


def raised_from(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def of_postgres(code: str) -> Exception:
    cause = psycopg.OperationalError("secret")
    cause.sqlstate = code or None
    return raised_from(OperationalError("secret"), cause)


@pytest.mark.parametrize(
    ("error", "answered"),
    [
        (of_postgres(""), problems.DatabaseAway),  # never reached the server
        (of_postgres("08006"), problems.DatabaseAway),
        (of_postgres("53300"), problems.DatabaseAway),
        (of_postgres("57P01"), problems.DatabaseAway),
        (of_postgres("57P03"), problems.DatabaseAway),
        (of_postgres("53100"), problems.NoRoom),
        (of_postgres("40P01"), problems.Busy),
        (of_postgres("25006"), problems.DatabaseAway),  # a standby that only reads
        (of_postgres("53200"), problems.DatabaseAway),
        (of_postgres("XX000"), problems.DatabaseAway),
        (of_postgres("42P01"), problems.SchemaBehind),
        (raised_from(ProgrammingError("x"), of_postgres("42703").__cause__), problems.SchemaBehind),
        (OperationalError("no such table: grid_new"), problems.SchemaBehind),
        (ProgrammingError("can't adapt type"), None),
        (raised_from(InternalError("x"), psycopg.errors.InFailedSqlTransaction("x")), None),
        (of_postgres("57014"), None),  # a statement that took too long is somebody's fault
        (InterfaceError("the connection is closed"), problems.DatabaseAway),
        (OSError(errno.ENOSPC, "No space left on device"), problems.NoRoom),
        (OSError(errno.EACCES, "Permission denied"), None),
        (DataError("value too long"), None),
        (raised_from(RuntimeError("while saving"), of_postgres("57P01")), problems.DatabaseAway),
        (ValueError("a fault"), None),
        (None, None),
    ],
)
def test_what_is_an_outage_and_what_is_a_fault(error: Any, answered: Any) -> None:
    assert type(outage_of(error)) is (answered or type(None))


PLACES = [
    "/",
    "/accounts/login/",
    "/cases/HBW-2026-000001/",
    "/api/v1/changes",
    "/openrosa/key-of-a-phone/formList",
]


def test_everybody_is_told_when_to_come_again_and_the_log_says_it_once(
    away: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "of-somebody-signed-in"
    heads = {"Authorization": "Bearer of-a-phone"}
    answers = {path: client.get(path, headers=heads) for path in PLACES for _ in range(3)}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PLACES, 503)
    assert {answer["Retry-After"] for answer in answers.values()} == {"10"}
    assert all("数据库" in answers[path].content.decode() for path in PLACES)
    assert answers["/api/v1/changes"].json()["code"] == "database-away"
    assert answers["/api/v1/changes"]["Content-Type"] == "application/problem+json"
    said = [line for line in caplog.messages if "database does not answer" in line]
    # Once until it is over: another thread of this process may have come through in between.
    over = [line for line in said if "works again" in line]
    assert len(said) == 1 + 2 * len(over)
    # The server that an earlier test started in this process asks its database too.
    names = [record.name for record in caplog.records if record.name != "grid.outages"]
    assert names in ([], ["project.live"]), "nobody else complains of it"


def test_when_it_is_back_that_is_said(
    away: Callable[[], None], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "of-somebody-signed-in"
    assert client.get("/accounts/login/").status_code == 503
    away()
    assert client.get("/accounts/login/").status_code == 200
    assert any("the database does not answer: works again" in line for line in caplog.messages)


def test_a_full_disk_refuses_no_item_of_a_batch_for_ever() -> None:
    def take(items: Any) -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError):
        taken(["a", "b"], take, lambda item: "refused")


@pytest.mark.parametrize(
    "error",
    [
        ProgrammingError("x"),
        OperationalError("x"),
        InternalError("x"),
        InterfaceError("x"),
        of_postgres("40P01"),
        of_postgres("53100"),
        problems.Busy(),
        RuntimeError("while saving"),
    ],
    ids=repr,
)
def test_what_the_database_could_not_do_refuses_no_item_of_a_batch_for_ever(error: Exception) -> None:
    """Each kind at the second of three: the phone hears nothing of any of them, keeps all and sends them again."""
    if isinstance(error, RuntimeError):
        error.__cause__ = OperationalError("the connection is lost")

    def take(items: Any) -> list[str]:
        if "b" in items:
            raise error
        return [f"took {item}" for item in items]

    with pytest.raises(type(error)):
        taken(["a", "b", "c"], take, lambda item: "refused")


@pytest.mark.parametrize("error", [DataError("too long"), IntegrityError("twice"), ValueError("a fault")])
def test_what_one_item_breaks_costs_that_item_alone(error: Exception) -> None:
    def take(items: Any) -> list[str]:
        if "b" in items:
            raise error
        return [f"took {item}" for item in items]

    assert taken(["a", "b", "c"], take, lambda item: "refused") == ["took a", "refused", "took c"]


@pytest.fixture
def full(client: Client, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The disk on which requests wait is full: a device that always is."""
    client.force_login(cast.wu)
    client.raise_request_exception = False

    def no_room(*given: Any, **facts: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", no_room)
    return client


def test_a_form_that_found_no_room_is_told_so(full: Client, settings: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    answer = full.post("/registers/", {"file": SimpleUploadedFile("a.csv", b"x" * 100)})
    assert answer.status_code == 507
    assert "磁盘空间不足" in answer.content.decode() and answer["Retry-After"] == "600"
