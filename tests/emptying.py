"""Lets a test database be emptied although the ledger in it is insert-only and much else is never deleted.

A transactional test ends by deleting every row, which the triggers refuse. They are taken off for that moment
only, so every test itself runs with them in place.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from grid.ledger import guards


@pytest.fixture(autouse=True, scope="session")
def _ledger_can_be_emptied() -> Iterator[None]:
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: Any) -> None:
        with transaction.atomic():
            guards.remove(connection)
        try:
            empty(case)
        finally:
            with transaction.atomic():
                guards.install(connection)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
    yield
    patch.undo()
