"""Guesses sent all at once are counted one by one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from grid.accounts.actions import tries
from grid.accounts.rules import NAME


def guess(_: int) -> bool:
    try:
        return tries.take("one name", NAME) == 0
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_judged_than_are_free() -> None:
    with ThreadPoolExecutor(12) as many:
        judged = list(many.map(guess, range(24)))
    assert sum(judged) == NAME.free
