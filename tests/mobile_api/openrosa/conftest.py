from typing import Any

import pytest

from mobile_api.openrosa.actions import give_key
from tests.mobile_api.openrosa.collect import Collect
from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]


@pytest.fixture
def collect(cast: Any, client: Any) -> Collect:
    """wang's ODK Collect."""
    device, key = give_key(cast.post.wang, by=cast.by.zhao)
    return Collect(client, device, key)


@pytest.fixture
def collect_of(cast: Any, client: Any) -> Any:
    """Anybody's: `collect_of("li")`."""

    def make(name: str, by: str = "zhao") -> Collect:
        device, key = give_key(getattr(cast.post, name), by=getattr(cast.by, by))
        return Collect(client, device, key)

    return make
