"""Every situation of docs/phone-routes.md is shown by a test that exists, and every route stands in the table."""

import re

from tasks.visits.models import Route
from tests.conftest import ROOT

TABLE = (ROOT / "docs/phone-routes.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)


def test_each_named_test_exists() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
    assert len(NAMED) == len(rows) > 20
    for file, name in NAMED:
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE), f"{file}::{name}"


def test_each_route_has_its_row() -> None:
    assert all(f"`{route}`" in TABLE for route in Route.values if route != Route.NORMAL)
