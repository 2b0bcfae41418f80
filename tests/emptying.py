"""After a transactional test the database is again what the run began with: the template is copied over it, which
takes less than emptying each table and leaves the law and every counter as they were.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests import template


@pytest.fixture(autouse=True, scope="session")
def _as_it_began() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _copied_over)
    yield
    patch.undo()


def _copied_over(case: Any) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(
            sqlite3.connect(connection.settings_dict["TEST"]["NAME"] + template.BEGINNING)
        ) as source:
            source.backup(connection.connection)
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    template.made_anew(os.environ["DATABASE_URL"], name, connection.settings_dict["TEST"]["TEMPLATE"])
