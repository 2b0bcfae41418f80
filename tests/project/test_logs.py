"""Lines one can follow, and in none of them what was answered at a door or what opens something."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from grid.complaints import REPEAT_SECONDS, Complaints
from grid.territory.models import Person
from project.access import access
from project.logs import Discreet

pytestmark = pytest.mark.once

SAID = "低保户，长期服药"


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Discreet().format(record))
    return told


def lines_of(caplog: pytest.LogCaptureFixture, logger: str) -> list[dict[str, Any]]:
    return [line_of(record) for record in caplog.records if record.name == logger]


def failing(raise_it: Callable[[], Any]) -> logging.LogRecord:
    try:
        raise_it()
    except Exception:
        return logging.LogRecord("x", logging.ERROR, "", 1, "broken", None, sys.exc_info())
    raise AssertionError("did not fail")


def test_a_line_says_when_with_its_zone_how_bad_and_who_says_it() -> None:
    line = line_of(logging.LogRecord("grid.x", logging.WARNING, "", 1, "%s left", (3,), None))
    assert (line["level"], line["logger"], line["event"]) == ("WARNING", "grid.x", "3 left")
    assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 8 * 3600  # type: ignore[union-attr]


def test_an_error_of_the_database_is_told_without_the_row(db: None) -> None:
    """Whatever engine: the message, and neither DETAIL nor a value."""

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO grid_person (username, full_name) VALUES (%s, %s)", ["x", SAID])

    record = failing(write)
    assert record.exc_info and isinstance(record.exc_info[1], IntegrityError)
    line = line_of(record)
    assert SAID not in json.dumps(line, ensure_ascii=False)
    assert "grid_person" in line["traceback"] or "null value in column" in line["traceback"]
    assert "test_logs.py" in line["traceback"]


@given(st.text(min_size=1).map(lambda text: f"⟦{text}⟧"))
def test_no_detail_however_it_is_written_reaches_the_log(value: str) -> None:
    row = f'null value in column "weather"\nDETAIL:  Failing row contains (7, {value}).\nHINT: {value}'

    def chained() -> None:
        try:
            raise OperationalError(row)
        except OperationalError as error:
            raise RuntimeError(f"not kept: {row}") from error

    record = failing(chained)
    record.msg, record.args = "%s: failed: %s", ("visits", record.exc_info[1])  # type: ignore[index]
    record.__dict__["facts"] = {"why": [row]}
    for text in (Discreet().format(record), Discreet(as_json=False).format(record)):
        assert value not in text and json.dumps(value, ensure_ascii=False)[1:-1] not in text
        assert "null value in column" in text


def test_a_value_that_could_not_be_read_is_not_repeated() -> None:
    class Answer(BaseModel):
        employees: int

    syntax = OperationalError(f'invalid input syntax for type integer: "{SAID}"')
    for broken in (lambda: Answer(employees=SAID), lambda: (_ for _ in ()).throw(syntax)):  # type: ignore[arg-type]
        assert SAID not in line_of(failing(broken))["traceback"]


def test_objects_a_package_puts_beside_its_line_are_left_out(rf: RequestFactory) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Not Found: %s", ("/x",), None)
    record.__dict__ |= {"request": rf.get("/openrosa/geheim/formList"), "status_code": 404}
    line = line_of(record)
    assert "request" not in line and line["status_code"] == 404


def test_one_line_for_each_request_and_its_number_is_answered(
    client: Client, cast: SimpleNamespace, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    caplog.set_level(logging.INFO, "access")
    client.force_login(cast.sun)
    heads = {"X-Request-ID": "0123456789abcdef0123456789abcdef", "X-Forwarded-For": "192.0.2.7"}
    answer = client.get("/cases/HBW-2026-000001/", headers=heads)
    (line,) = lines_of(caplog, "access")
    assert (
        answer["X-Request-ID"] == heads["X-Request-ID"]
        and f"：{heads['X-Request-ID'][:10]}<" in answer.content.decode()
    )
    assert line["status"] == 404 and line["ms"] > 0 and line["address"] == "192.0.2.7"


def test_the_line_says_who_under_which_post_and_about_what(
    rf: RequestFactory, cast: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    """While the request lasts, every line of whoever logs carries the same."""
    from django.http import HttpResponse
    from django.urls import resolve

    def view(request: Any) -> HttpResponse:
        request.resolver_match = resolve(request.path)
        request._cached_user = cast.sun
        request.actor = SimpleNamespace(_wrapped=cast.by.sun)
        for record in (logging.LogRecord("workflows.x", logging.INFO, "", 1, "approved", None, None),):
            told.append(line_of(record))
        return HttpResponse()

    told: list[dict[str, Any]] = []
    access(view)(rf.post("/cases/HBW-2026-000001/approve/"))
    assert told[0]["person"] == cast.sun.pk and told[0]["posting"] == cast.post.sun.pk
    assert told[0]["matter"] == "cases/HBW-2026-000001"
    assert (told[0]["method"], told[0]["path"]) == ("POST", "/cases/HBW-2026-000001/approve/")
    assert "person" not in line_of(logging.LogRecord("x", logging.INFO, "", 1, "later", None, None))


@pytest.mark.parametrize("told", ["", "short", "a" * 65, "with space and more", "geheim\nINFO forged line"])
def test_a_number_that_is_none_is_not_taken_over(rf: RequestFactory, told: str, settings: Any) -> None:
    from django.http import HttpResponse

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = rf.get("/")
    request.META["HTTP_X_REQUEST_ID"] = told
    number = access(lambda request: HttpResponse())(request)["X-Request-ID"]
    assert number != told and len(number) == 32


def test_without_a_proxy_a_callers_number_is_not_believed(rf: RequestFactory) -> None:
    from django.http import HttpResponse

    request = rf.get("/", headers={"X-Request-ID": "0123456789abcdef"})
    assert access(lambda request: HttpResponse())(request)["X-Request-ID"] != "0123456789abcdef"


def test_check_codes_and_keys_stand_in_no_line(
    client: Client, caplog: pytest.LogCaptureFixture, db: None
) -> None:
    caplog.set_level(logging.INFO)
    for path in ("/v/GEHEIM-1", "/v/GEHEIM-1/unit/", "/openrosa/GEHEIM-2/formList"):
        client.get(path)
    assert caplog.records
    assert "GEHEIM" not in "".join(Discreet().format(record) for record in caplog.records)


def test_a_failure_that_lasts_is_said_once_and_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [1000.0]
    monkeypatch.setattr("grid.complaints.time.monotonic", lambda: at[0])
    complaints = Complaints("sealing", logging.getLogger("x"))
    for _ in range(500):
        complaints.failed(OperationalError("away"))
    at[0] += REPEAT_SECONDS
    complaints.failed(OperationalError("away"))
    at[0] += 5
    complaints.went_well()
    complaints.went_well()
    assert caplog.messages == [
        "sealing: failed: away", "sealing: failed 500 times more: away", "sealing: works again after 65 s",
    ]  # fmt: skip
    assert [record.exc_info is None for record in caplog.records] == [False, True, True]


def test_the_demo_has_lines_for_people() -> None:
    record = logging.LogRecord("grid.x", logging.WARNING, "", 1, "disk: %d MB free", (7,), None)
    record.__dict__["seconds"] = 2
    text = Discreet(as_json=False).format(record)
    assert text.endswith("WARNING grid.x disk: 7 MB free seconds=2")


@pytest.fixture
def broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    def gone(request: Any) -> None:
        raise RuntimeError(SAID)

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", gone)
    client.raise_request_exception = False
    return client


def test_the_page_of_a_fault_shows_the_number_it_stands_under(
    broken: Client, caplog: pytest.LogCaptureFixture, db: None
) -> None:
    answer = broken.get("/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"][:10] in answer.content.decode()
    (line,) = lines_of(caplog, "django.request")
    assert "RuntimeError" in line["traceback"]
    assert not Person.objects.filter(full_name=SAID).exists()
