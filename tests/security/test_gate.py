"""The gate before every request: what cannot be read is refused in the form each client understands."""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from project.gate import live_gate
from project.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE, API, COLLECT = "/public/listings/", "/api/v1/changes", "/openrosa/s3cret/formList"
# Codecs of Python that read no text, that let half a pair through, or that are none.
CHARSETS = ("rot13", "base64", "unicode_escape", "raw_unicode_escape", "utf-16", "utf-7", "idna", "nope")


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_charset_of_its_own_reads_neither_query_nor_form(charset: str, one_connection: None) -> None:
    """Asked of the server's own entrance: Django's Client makes its requests otherwise."""
    for method, address, kind in (
        ("GET", PAGE, "text/plain"),
        ("POST", "/accounts/login/", "application/x-www-form-urlencoded"),
        ("POST", "/accounts/login/", "multipart/form-data; boundary=x"),
    ):
        assert asked(method, address, f"{kind}; charset={charset}") == "422 Unprocessable Entity"
    assert asked("GET", PAGE, "text/plain; charset=UTF-8") == "200 OK"


def asked(method: str, address: str, kind: str) -> str:
    body, told = b"login=%5Cud800", []
    environ = RequestFactory()._base_environ(
        PATH_INFO=address, REQUEST_METHOD=method, QUERY_STRING="q=%5Cud800", CONTENT_TYPE=kind,
        CONTENT_LENGTH=str(len(body)), **{"wsgi.input": BytesIO(body)},
    )  # fmt: skip
    application(environ, lambda status, headers: told.append(status))
    return told[0]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The application itself closes its connection when an answer is out; here that would end the test's data."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("query", ["q=%00", "q=%1b", "%00=1", "q=" + "a" * 2_001, "a=1&" * 5_000])
def test_a_query_that_cannot_be_read(browser: Client, query: str) -> None:
    answers = {
        address: browser.get(f"{address}?{query}") for address in (PAGE, API, COLLECT, "/accounts/login/")
    }
    assert {answer.status_code for answer in answers.values()} <= {400, 422}
    if answers[PAGE].status_code == 422:
        assert "malformed-request" in answers[PAGE].content.decode()
        assert answers[API].json()["code"] == "malformed-request"
        assert b"OpenRosaResponse" in answers[COLLECT].content and answers[COLLECT]["X-OpenRosa-Version"]
    assert all(
        "no-store" in answer["Cache-Control"] for answer in answers.values() if answer.status_code == 422
    )


@pytest.mark.parametrize(
    "path",
    ["/v/%00", "/public/listings/a%00/", "/cases/%1b/", f"/notices/{'9' * 19}.pdf", f"/clocks/{'9' * 4400}/"],
)
def test_a_path_that_cannot_be_read_is_not_here(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_code_of_digits_alone_is_no_endless_number(browser: Client) -> None:
    assert "refused" not in str(browser.get("/v/911503007014012345").templates)


def test_headers_and_cookies(browser: Client) -> None:
    assert browser.get(PAGE, headers={"X-Any": "a\0b"}).status_code == 422
    browser.cookies.load('sessionid="aaaaaaaaaaaa\\000b"')
    assert browser.get("/").status_code == 302  # nobody, and no fault of the database
    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize("value", ["a\0b", "\x1b[31m"])
def test_a_form_that_cannot_be_kept(browser: Client, value: str) -> None:
    refused = browser.post("/accounts/login/", {"login": value, "password": "x"})
    assert refused.status_code == 422 and "含有无法识别的字符" in refused.content.decode()


@pytest.mark.parametrize(
    "name", ["filename*=nope''a", "filename*=rot13''a", 'filename="a\x01b"', "filename*=idna''a"]
)
def test_the_name_of_a_file(browser: Client, name: str) -> None:
    part = f'--x\r\nContent-Disposition: form-data; name="a"; {name}\r\n\r\nb\r\n--x--\r\n'.encode()
    sent = browser.generic("POST", "/accounts/login/", part, content_type="multipart/form-data; boundary=x")
    assert sent.status_code < 500


def test_the_live_channel() -> None:
    async def ask(query: bytes, cookies: dict[str, str], origin: str = "") -> list[Any]:
        told: list[Any] = []

        async def page(scope: Any, receive: Any, send: Any) -> None:
            told.append(scope["cookies"])

        async def send(message: Any) -> None:
            told.append(message["type"])

        headers = [(b"host", b"grid.test"), *([(b"origin", origin.encode())] if origin else [])]
        scope = {"query_string": query, "cookies": cookies, "headers": headers}
        await live_gate(page)(scope, None, send)
        return told

    ask_now = lambda *args: asyncio.run(ask(*args))  # noqa: E731
    assert ask_now(b"a=1", {"sessionid": "x"}) == [{"sessionid": "x"}]
    assert ask_now(b"", {"sessionid": "x\0", "theme": "y"}) == [{"theme": "y"}]
    assert ask_now(b"a=%00", {}) == ["websocket.close"]
    assert ask_now(b"", {}, "https://grid.test") == [{}]
