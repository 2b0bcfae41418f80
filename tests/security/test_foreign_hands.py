"""Every form of every page, found by walking as those it is for, sent again by those it is not for.

The addresses come from the list of addresses and the forms from the pages themselves: a new one is tried by itself.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from grid.ledger.models import Entry
from tests.contract.test_access import INSIDE, OUTSIDE, addresses, filled
from tests.contract.world import make_world

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db]

READERS = ["zheng", *OUTSIDE]
# One's own account; and the window of whoever holds the paper, which has trials of its own (test_window.py).
OWN = ("/accounts/", "/v/")


class Forms(HTMLParser):
    """The POST forms of a page with what a browser would send if each field kept what stands in it."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open: tuple[str, dict[str, str]] | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = (given.get("action") or self.address, {})
        elif "hx-post" in given:
            self.found.append((given["hx-post"], {}))
        if self._open is None or not (name := given.get("name", self._select)):
            return
        fields = self._open[1]
        if tag == "input":
            fields.setdefault(name, given.get("value") or "示例")
        elif tag == "textarea":
            fields[name] = "示例理由"
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            fields.setdefault(self._select, given["value"])
        elif tag == "button" and "value" in given:
            fields.setdefault(name, given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._open:
            self.found.append(self._open)
            self._open = None


@pytest.fixture
def world(cast: Any, make_case: Any, make_finding: Any, make_employer: Any, walk: Any) -> SimpleNamespace:
    return make_world(cast, make_case, make_finding, make_employer, walk)


def signed_in(person: Any, number: int) -> Client:
    client = Client(raise_request_exception=False, REMOTE_ADDR=f"10.1.0.{number}")
    client.force_login(person)
    return client


def forms_of(world: SimpleNamespace, cast: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Each once, by its address and the names of its fields."""
    seen: set[tuple[str, ...]] = set()
    for number, name in enumerate(INSIDE):
        client = signed_in(getattr(cast, name), number)
        for path, _pattern in addresses():
            address = filled(path, world)
            answer = client.get(address)
            if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
                continue
            for action, fields in Forms(answer.content.decode(), address).found:
                known = (action, *sorted(fields))
                if known not in seen and not action.startswith(OWN):
                    seen.add(known)
                    yield action, fields


def test_no_form_does_anything_in_foreign_hands(world: Any, cast: Any) -> None:
    forms = list(forms_of(world, cast))
    assert len(forms) >= 60, "the walk found fewer forms than there are: it no longer tries what it should"
    before, crashed, done = Entry.objects.count(), [], []
    clients = {name: signed_in(getattr(cast, name), 50 + n) for n, name in enumerate(READERS)}
    clients["nobody"] = Client(raise_request_exception=False)
    for action, fields in forms:
        for name, client in clients.items():
            status = client.post(action, fields).status_code
            if status >= 500:
                crashed.append((action, name, status))
            if (count := Entry.objects.count()) != before:
                last = Entry.objects.order_by("-pk").first()
                done.append((action, name, last.verb, last.area))
                before = count
    assert crashed == []
    own = [row for row in done if _is_own(row, cast)]
    assert [row for row in done if row not in own] == []


def _is_own(row: tuple[str, str, str, str], cast: Any) -> bool:
    """What somebody from elsewhere did in their own territory is theirs to do."""
    _action, name, _verb, area = row
    return name != "nobody" and any(held.covers(area) for held in getattr(cast.by, name).held)


def test_no_form_is_taken_from_a_foreign_page(world: Any, cast: Any) -> None:
    """Without the token of the page, whoever sends it: a page elsewhere cannot act through a colleague's browser."""
    before = Entry.objects.count()
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(cast.qian)
    passed = []
    for path, _pattern in addresses():
        if path.startswith(("api/", "openrosa/")):
            continue
        answer = client.post(filled(path, world), headers={"Origin": "https://elsewhere.example"})
        if answer.status_code not in (403, 404, 405):
            passed.append((path, answer.status_code))
    assert passed == [] and Entry.objects.count() == before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1@evil.example"])
def test_a_foreign_host_is_refused(settings: Any, client: Client, host: str) -> None:
    settings.ALLOWED_HOSTS = ["grid.example"]
    for path in ("/accounts/login/", "/api/v1/openapi.json", "/public/listings/"):
        assert client.get(path, headers={"Host": host}).status_code == 400
