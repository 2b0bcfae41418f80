"""Every address with every role, inside and outside the territory.

`access.csv` is the table of who gets which answer; a new address without its line fails here, and so does a
changed answer. Rewrite it with `REWRITE=1 pytest tests/contract/test_access.py` and read the difference.
"""

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from grid.ledger.models import Entry
from tests.contract.world import SECRET, make_world, placed

pytestmark = [pytest.mark.slow, pytest.mark.once]

TABLE = Path(__file__).with_name("access.csv")
INSIDE = ["wang", "zhao", "sun", "qian", "zhou", "wu", "zheng", "feng", "fang", "bai"]
OUTSIDE = ["liu", "chen", "han"]
# The ranking of districts is for every official to see; its numbers open only within the own territory.
CITY_WIDE = {
    "assessment/<int:year>/",
    # The law, the calendar and who signs where are the same everywhere, and no secret.
    "law/<str:key>/",
    "offices/<str:area>/<str:part>/",
    "calendar/<int:year>/",
    # An empty table to fill in.
    "people/import/empty.<str:kind>",
    "certificates/import/empty.<str:kind>",
    # Tables of whatever lies in one's own territory: what is named is the kind of file.
    "people/import/postings.<str:kind>",
    "areas/changes/list.<str:kind>",
    "pool/names/table.<str:kind>",
    # So are the flows.
    "flows/<slug:name>.bpmn",
}
NOT_OURS = ("static/",)
# One's own account, where everybody acts, and signs out: posts to it are in tests/security/test_signing_in.py.
OWN_ACCOUNT = "accounts/"
# Acts on the poster's own ground, wherever that is: lawful for those outside, too.
OWN_GROUND = {"pool/again/"}
# What is published, or holds nothing of a viewer: the same for everybody.
PUBLIC = (
    "public/",
    "v/",
    "phone",
    "source/",
    "problems/",
    "api/v1/openapi.json",
    "api/v1/enrol",
    "api/v1/uploads/",
)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, path)
        elif not path.startswith(NOT_OURS):
            yield path, each


@pytest.fixture
def world(cast: Any, make_case: Any, make_finding: Any, make_employer: Any, walk: Any) -> SimpleNamespace:
    return make_world(cast, make_case, make_finding, make_employer, walk)


def named_in(path: str) -> list[str]:
    """What an address is of, whether the room says it or the address the room hangs on.

    >>> named_in("cases/<str:code>/inspection/files/<int:pk>/"), named_in("law/")
    (['code', 'pk'], [])
    """
    return re.findall(r"<(?:\w+:)?(\w+)>", path)


def filled(path: str, world: SimpleNamespace) -> str:
    text = path
    for name in named_in(path):
        value = placed(name, path, world)
        for kind in ("", "str:", "int:", "slug:", "path:", "uuid:"):
            text = text.replace(f"<{kind}{name}>", value)
        text = text.replace(f"<uuidstr:{name}>", "00000000-0000-0000-0000-000000000001")
    return "/" + text.rstrip("$")


def is_public(path: str) -> bool:
    return path.startswith(PUBLIC)


@pytest.fixture
def as_everyone(cast: Any) -> dict[str, Client]:
    """Each from an address of its own, as the public pages count them."""
    clients = {}
    for number, name in enumerate(["anonymous", *INSIDE, *OUTSIDE]):
        clients[name] = Client(raise_request_exception=False, REMOTE_ADDR=f"10.0.0.{number}")
        if name != "anonymous":
            clients[name].force_login(getattr(cast, name))
    return clients


def test_every_address_answers_every_role_as_the_table_says(world, as_everyone):
    found = {}
    for path, _pattern in addresses():
        address = filled(path, world)
        found[path] = [str(client.get(address).status_code) for client in as_everyone.values()]
    header = ["address", *as_everyone]
    if os.environ.get("REWRITE"):
        with TABLE.open("w", encoding="utf8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [header, *([p, *c] for p, c in sorted(found.items()))]
            )
    with TABLE.open(encoding="utf8") as file:
        written = {row[0]: row[1:] for row in csv.reader(file)}
    assert written.pop("address") == header[1:]
    assert found == written
    assert not [path for path, codes in found.items() if any(code >= "500" for code in codes)]


def test_no_address_is_asked_unfilled(world):
    assert [path for path, _pattern in addresses() if "<" in filled(path, world)] == []


def test_nothing_of_a_territory_is_told_outside_it(world, as_everyone):
    told = []
    for path, _pattern in addresses():
        address = filled(path, world)
        for name in [*OUTSIDE, "anonymous"]:
            answer = as_everyone[name].get(address)
            content = answer.getvalue().decode(errors="replace")
            is_object = bool(named_in(path)) and path not in CITY_WIDE and not is_public(path)
            about_it = is_object and answer.status_code == 200
            if (SECRET in content and not is_public(path)) or about_it:
                told.append((path, name, answer.status_code))
    assert told == []


def test_who_may_only_read_changes_nothing_by_any_post(world, as_everyone):
    """The auditor, and everybody outside, post to every address: since every act writes an entry, none was done."""
    before = Entry.objects.count()
    for path, _pattern in addresses():
        if not is_public(path) and not path.startswith((OWN_ACCOUNT, "audit/cases/<str:case>/export/")):
            outside = [] if path in OWN_GROUND else OUTSIDE
            for name in ["zheng", *outside, "anonymous"]:
                as_everyone[name].post(filled(path, world))
    assert Entry.objects.count() == before


def test_no_post_is_a_crash(world, as_everyone):
    crashed = []
    for path, _pattern in addresses():
        if path.startswith(OWN_ACCOUNT):
            continue
        address = filled(path, world)
        for name, client in as_everyone.items():
            status = client.post(address).status_code
            if status >= 500:
                crashed.append((path, name, status))
    assert crashed == []
