"""The way in and out: refusals that are documents, tags, compression, and limits nobody honest meets."""

import gzip
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from grid import limits as counting
from grid.calendar.now import now
from mobile_api import limits
from mobile_api.answers import is_known
from mobile_api.devices.actions import enrol_phone, invite_phone
from mobile_api.devices.queries import device_of
from tests.doors import make_task
from tests.mobile_api.phones import API, Phone, visit_json

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_minute_of_its_own() -> Any:
    cache.clear()
    limits._count = counting.Count()
    yield
    cache.clear()
    limits._count = counting.Count()


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("get", "nothing", 404, "not-here"), ("get", "", 404, "not-here"), ("delete", "visits", 405, "method-not-allowed"),
    ("get", "uploads/", 405, "method-not-allowed"), ("get", "me", 401, "device-unknown"),
    ("post", "visits", 401, "device-unknown"),
])  # fmt: skip
def test_every_refusal_is_a_document(client: Any, method: str, path: str, status: int, code: str) -> None:
    answer = getattr(client, method)(API + path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    if status == 405:
        assert answer["Allow"]


def test_an_answer_costs_no_session_and_sets_no_cookie(phone: Phone) -> None:
    answer = phone.get("me")
    assert not answer.cookies and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize("path", ["changes", "me", "forms"])
def test_what_did_not_change_is_not_sent_again(phone: Phone, path: str) -> None:
    first = phone.get(path)
    again = phone.get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "no-store" and first.json()["server_time"]
    assert phone.get(path, **{"If-None-Match": '"other", W/"else"'}).status_code == 200


def test_a_change_changes_the_tag(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    make_task(round, make_employer(), cast.post.wang)
    first = phone.get("changes")
    make_task(round, make_employer(), cast.post.wang)
    assert phone.get("changes", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_the_document_has_a_tag(client: Any) -> None:
    first = client.get(API + "openapi.json")
    again = client.get(API + "openapi.json", headers={"If-None-Match": first["ETag"]})
    assert first.status_code == 200 and (again.status_code, again.content) == (304, b"")


def test_tags_are_compared_weakly(rf: Any) -> None:
    for header, known in (
        ('W/"a"', True),
        ('"a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
    ):
        assert is_known(rf.get("/", headers={"If-None-Match": header}), 'W/"a"') is known


def test_large_answers_are_packed_and_small_ones_are_not(phone: Phone) -> None:
    packed = phone.get("forms", **{"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert json.loads(gzip.decompress(packed.content))["forms"]
    assert packed["Content-Length"] == str(len(packed.content)) and len(packed.content) < 40_000
    assert "Content-Encoding" not in phone.get("me", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in phone.get("forms")


def test_a_phone_that_asks_too_often_waits_and_another_does_not(
    cast: Any, phone: Phone, client: Any, one_minute: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        limits, "LIMITS", {**limits.LIMITS, "me": counting.STEP, "changes": 2 * counting.STEP}
    )
    assert {phone.get("me").status_code for _ in range(counting.STEP)} == {200}
    refused = phone.get("me")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert 1 <= int(refused["Retry-After"]) <= counting.SECONDS + 1
    assert phone.get("changes").status_code == 200
    _invited, code = invite_phone(cast.post.li, by=cast.by.zhao)
    device, token = enrol_phone(code, "a", "1")
    assert Phone(client, token, device).get("me").status_code == 200


def test_processes_count_together(monkeypatch: Any) -> None:
    """Two of them, each with its own numbers, and the cache between them."""
    monkeypatch.setattr(counting.time, "time", lambda: 1_000_000_000.0)
    one, other = counting.Count(), counting.Count()
    limit = 4 * counting.STEP
    taken = 0
    while not (one.take("7:me", limit) or other.take("7:me", limit)):
        taken += 2
        assert taken < 1000
    assert limit - counting.STEP <= taken <= limit + 2 * counting.STEP


def test_a_new_minute_starts_from_nothing(monkeypatch: Any) -> None:
    count, at = counting.Count(), [1_000_000_000.0]
    monkeypatch.setattr(counting.time, "time", lambda: at[0])
    for _ in range(counting.STEP):
        assert count.take("7:me", counting.STEP) == 0
    assert count.take("7:me", counting.STEP) == 60 - int(at[0]) % 60 + 1
    at[0] += counting.SECONDS
    assert count.take("7:me", counting.STEP) == 0


def test_a_cache_that_does_not_answer_stops_nobody(monkeypatch: Any) -> None:
    def fails(*_given: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(counting.cache, "add", fails)
    count = counting.Count()
    assert {count.take("7:me", counting.STEP) for _ in range(200)} == {0}


def test_a_week_off_line_never_meets_a_limit() -> None:
    """120 visits sent one by one, each with two photos of eight pieces, and every one of them twice."""
    assert limits.LIMITS["visits"] >= 2 * 120 and limits.LIMITS["uploads"] >= 2 * 120 * 2 * (1 + 1 + 8)


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024)
def test_a_batch_too_large_is_refused_in_words(phone: Phone) -> None:
    answer = phone.push(visit_json(answers={"remark": "x" * 1_100_000}))
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


def test_odd_requests_are_no_faults(phone: Phone) -> None:
    headers = {"Authorization": f"Bearer {phone.token}"}
    for body in (
        b"",
        b"{",
        b"[]",
        b'{"visits":{}}',
        b"\xff\xfe",
        b"[" * 5000,
        b'{"visits":[' + b"[" * 900 + b"]}",
    ):
        answer = phone.client.post(API + "visits", body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed-request"), body[:20]
    assert phone.get("doors/a%00b").status_code == 404
    assert phone.get(f"doors/{'x' * 5000}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_that_died_costs_no_request(phone: Phone) -> None:
    """The database was restarted meanwhile: the first query of a request finds that out, and asks again."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could go away")
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    other = connection.copy("other")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    other.close()
    assert device_of(phone.token) == phone.device
    assert phone.results(visit_json(client_id=str(uuid4()), recorded_at=now().isoformat()))
