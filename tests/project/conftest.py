from collections.abc import Callable, Iterator

import pytest
from django.db import connection


@pytest.fixture
def away(transactional_db: None) -> Iterator[Callable[[], None]]:
    """The database of this thread cannot be reached: another place, another port. Calling it brings it back."""

    def back() -> None:
        connection.close()
        connection.settings_dict |= kept

    connection.close()
    connection.ensure_connection()  # what an earlier test complained of is over
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= (
        {"NAME": "/nowhere/grid.sqlite3"}
        if connection.vendor == "sqlite"
        else {"HOST": "127.0.0.1", "PORT": "1"}
    )
    yield back
    back()
