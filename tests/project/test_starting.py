"""Outside demo mode a process starts with the keys its work needs, and with no other."""

from typing import Any

import pytest

from grid.ledger import newkey
from grid.ledger.actions import sealer
from project import starting
from project.environment import UnsafeEnvironment
from tests.grid.ledger.conftest import write

pytestmark = pytest.mark.once


@pytest.fixture
def real(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Not a demo, with a pair of keys; what the database role could do is tried in tests/security."""
    private, public = (line.partition("=")[2] for line in newkey.lines())
    settings.DEMO, settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = False, private, public
    monkeypatch.setattr(starting.roles, "faults", lambda sealing: [])
    monkeypatch.setattr(starting.connections, "close_all", lambda: None)
    monkeypatch.setattr(starting, "_asked", False)
    return settings


def reasons(*, sealing: bool) -> str:
    with pytest.raises(UnsafeEnvironment) as refused:
        starting.refuse_unsafe_start(sealing=sealing)
    return str(refused.value)


def test_the_clock_needs_the_key_and_nobody_else_has_it(real: Any) -> None:
    assert "does not seal" in reasons(sealing=False)
    starting.refuse_unsafe_start(sealing=True)
    starting.refuse_unsafe_start(sealing=False)  # the pages within `serve`, where the clock has asked already


def test_the_pages_start_with_the_public_half_alone(real: Any) -> None:
    real.LEDGER_KEY = ""
    assert "LEDGER_KEY is not set" in reasons(sealing=True)
    starting.refuse_unsafe_start()


def test_halves_that_do_not_fit_and_words_that_are_no_key_are_named(real: Any) -> None:
    fitting, real.LEDGER_PUBLIC_KEY = real.LEDGER_PUBLIC_KEY, newkey.lines()[1].partition("=")[2]
    assert "not the public half" in reasons(sealing=True)
    real.LEDGER_PUBLIC_KEY, real.LEDGER_KEY = fitting, "no key"
    assert "LEDGER_KEY is not an Ed25519 key" in reasons(sealing=True)
    real.LEDGER_PUBLIC_KEY = "neither"
    assert "LEDGER_PUBLIC_KEY is not" in reasons(sealing=False)


def test_what_the_database_role_could_do_is_a_reason(real: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real.LEDGER_KEY = ""
    monkeypatch.setattr(starting.roles, "faults", lambda sealing: ["the database role x owns tables"])
    assert reasons(sealing=False) == "the database role x owns tables"


def test_the_demo_asks_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_asked", False)
    settings.LEDGER_KEY = "no key"
    starting.refuse_unsafe_start(sealing=True)


def test_a_key_that_did_not_write_what_is_there_is_a_reason(real: Any) -> None:
    write()
    sealer.seal_pending()
    real.LEDGER_KEY, real.LEDGER_PUBLIC_KEY = (line.partition("=")[2] for line in newkey.lines())
    assert "not the key that signed the last checkpoint" in reasons(sealing=True)
