from collections.abc import Iterator

import pytest

from tasks.forms import tables


@pytest.fixture(autouse=True)
def shipped_only() -> Iterator[None]:
    """What a test published is gone with its transaction; what the process keeps of it must go too."""
    yield
    tables.heed(None)
