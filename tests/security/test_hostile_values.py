"""Every address and every parameter it reads, with what no honest client sends: refused in words, or ignored, and
never a fault of ours. SQLite keeps what PostgreSQL refuses, so this runs on both: there with what may differ.

Nothing here is a list of parameters: they are found by watching each address read them (`asking.places`), and what
the code reads by name but nobody was seen to read is a failure of its own.
"""

import ast

import pytest

from tests.conftest import on_sqlite
from tests.security.asking import BOUNDED, HOSTILE, OWN, RAW, Place, places, undone
from tests.test_house import SOURCES, name_of, tree_of

# Gets through a form that sets no bound, and so has to be carried as far as an act goes: no column is that wide.
CARRIED = "长" * 1_900
# Read where a stranger's request does not get by itself: the second step of a form, a page that a state offers.
# `as`: the kind of file in which first codes come, one of two words, read once a reason was given.
SEEN_ELSEWHERE: set[str] = {"as"}


# Some two thousand requests: half a minute on a quiet machine, several on a busy one.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def found(world, browser_of) -> list[Place]:
    """But for readiness, which answers 503 whenever something is wrong, and here nobody's heart beats."""
    return [place for place in places(world, browser_of) if place.address != "/readyz"]


def test_no_value_of_any_parameter_is_a_fault(found, browser_of):
    broken = []
    for place in found:
        client = browser_of(place.who)

        for value in _given(place):
            status = place.asks(client, value).status_code
            if status >= 500:
                broken.append((place.method, place.address, place.who, str(value)[:200], status))
        broken += [(place.address, raw, status) for raw, status in _raw(place, client) if status >= 500]
    assert broken == []
    if not on_sqlite():
        return  # the names come from the source, which is the same
    assert _read_by_name() - {name for place in found for name in place.names} - OWN == SEEN_ELSEWHERE


def _given(place: Place) -> list[dict]:
    values = (HOSTILE if on_sqlite() else BOUNDED)[place.method]
    given: list[dict] = [dict.fromkeys(place.names, value) for value in values]
    if on_sqlite():
        given += [{name: ["²", "1"] for name in place.names}]
    if place.method == "post":
        given += [{**place.honest, name: CARRIED} for name in sorted(place.words)]
    elif on_sqlite():
        given += [{**place.honest, name: "²"} for name in sorted(place.names)]
    return given


def _raw(place: Place, client):
    """What the gate refuses, as it travels: in the query, and in a form. PostgreSQL keeps no NUL and no
    half pair; the rest is known to the gate alone and has been asked beside SQLite."""
    name = min(place.names)
    for raw in RAW if on_sqlite() else RAW[:2]:
        with undone(client):
            if place.method == "get":
                yield raw[:20], client.get(f"{place.address}?{name}={raw}").status_code
            else:
                form = f"{name}={raw}".encode()
                answer = client.generic(
                    "POST", place.address, form, content_type="application/x-www-form-urlencoded"
                )
                yield raw[:20], answer.status_code


def _read_by_name() -> set[str]:
    """Names the code takes out of a query or a form with its own hands."""
    read = set()
    for file in SOURCES:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, key = node.func.value, node.args[0]
                if node.func.attr not in ("get", "getlist"):
                    continue
            elif isinstance(node, ast.Subscript):
                owner, key = node.value, node.slice
            else:
                continue
            is_query = isinstance(owner, ast.Attribute) and owner.attr in ("GET", "POST")
            if (
                is_query
                and isinstance(key, ast.Constant)
                and not name_of(file).startswith("mobile_api/openrosa")
            ):
                read.add(str(key.value))
    return read
