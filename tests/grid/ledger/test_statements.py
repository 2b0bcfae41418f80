"""A page holds no key: it asks for the number of a case's entries, and the clock, which comes by, signs what it counts."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grid.calendar.now import now
from grid.ledger import keys, notes
from grid.ledger import problems as ledger_problems
from grid.ledger.actions import statements
from grid.ledger.models import Statement
from tests.grid.ledger.conftest import CASE

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def key_of_its_own(settings: Any) -> None:
    settings.LEDGER_KEY = b64encode(KEY.private_bytes_raw()).decode()
    settings.LEDGER_PUBLIC_KEY = b64encode(notes.raw_public(KEY.public_key())).decode()


@pytest.fixture
def on_a_page(key_of_its_own: None, sealed_case: None, settings: Any) -> None:
    """From now on only the public half of the key is known, as everywhere but at the clock."""
    settings.LEDGER_KEY, settings.DEMO = "", False


@pytest.fixture
def clock_comes_by(settings: Any) -> Callable[[], int]:
    def answers() -> int:
        settings.LEDGER_KEY = b64encode(KEY.private_bytes_raw()).decode()
        try:
            return statements.answer_waiting()
        finally:
            settings.LEDGER_KEY = ""

    return answers


def test_a_page_waits_until_the_clock_has_signed(
    on_a_page: None, clock_comes_by: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[int] = []
    # The clock comes while the page sleeps for the second time.
    visits = iter([lambda: 0, clock_comes_by])
    monkeypatch.setattr(statements.time, "sleep", lambda _seconds: answered.append(next(visits)()))
    with pytest.raises(keys.NoSigningKey):
        keys.signing_key()
    size, note = statements.signed(CASE)
    said = notes.parse(note)
    assert (size, said.case, said.entries, answered) == (18, CASE, 6, [0, 1])
    assert notes.signed_by(note, KEY.public_key())


def test_a_clock_that_does_not_come_is_said_after_a_while(
    on_a_page: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "PATIENCE", 0.0)
    with pytest.raises(ledger_problems.SealerSilent):
        statements.signed(CASE)
    assert Statement.objects.get().size is None


def test_what_was_answered_is_not_answered_again_and_goes_after_a_day(
    on_a_page: None, clock_comes_by: Callable[[], int]
) -> None:
    Statement.objects.create(case=CASE, asked_at=now() - timedelta(days=2))
    fresh = Statement.objects.create(case=CASE, asked_at=now())
    assert [clock_comes_by(), clock_comes_by()] == [2, 0]
    assert Statement.objects.get().pk == fresh.pk
