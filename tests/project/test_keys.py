"""A key that anybody could guess is none, and a random one always is."""

import hashlib
import secrets
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.ledger import newkey
from project.keys import DEMO_KEYS, reasons

PRIVATE, PUBLIC = (line.partition("=")[2] for line in newkey.lines())
# Not by chance: what stands in a parameter stands in the test's name, and every worker must call it alike.
FINE = hashlib.sha256(b"a key of the tests").digest()


def good() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "CODES_KEY": secrets.token_hex(32),
        "PRIVACY_KEY": f"{secrets.token_hex(32)},{secrets.token_hex(32)}",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "LEDGER_PUBLIC_KEY": PUBLIC,
        "LEDGER_KEY": PRIVATE,
    }


def test_keys_made_as_the_guide_says_are_good() -> None:
    for _ in range(200):
        assert reasons(good()) == []


@pytest.mark.parametrize("name", DEMO_KEYS)
def test_the_demos_keys_are_refused(name: str) -> None:
    (why,) = reasons({**good(), name: DEMO_KEYS[name]})
    assert why.startswith(f"{name} is the demo's")


WEAK: list[tuple[str, str, str]] = [
    ("SECRET_KEY", "a" * 56, "repeats itself"),
    ("SECRET_KEY", "abc", "shorter than 50"),
    ("CODES_KEY", "1", "shorter than 32"),
    ("CODES_KEY", "geheimesWort" * 4, "repeats itself"),
    ("PRIVACY_KEY", "abc", "not 64 hexadecimal"),
    ("PRIVACY_KEY", "2" * 64, "repeats itself"),
    ("PRIVACY_KEY", "0123456789abcdef" * 4, "repeats itself"),
    ("PRIVACY_KEY", "g" * 64, "not 64 hexadecimal"),
    ("PRIVACY_KEY", f"{'7f' * 16}{'a0' * 16}", "repeats itself"),
    ("PRIVACY_KEY", f"{FINE.hex()},{'0' * 64}", "the demo's"),
    ("BLIND_INDEX_KEY", "x", "not 64 hexadecimal"),
    ("BLIND_INDEX_KEY", f"{FINE.hex()},x", "not 64 hexadecimal"),
    ("BLIND_INDEX_KEY", f"{FINE.hex()},{'1' * 64}", "the demo's"),
    ("LEDGER_KEY", f"{b64encode(FINE).decode()},abc", "neither a PEM nor 32 bytes"),
    ("LEDGER_KEY", "abc", "neither a PEM nor 32 bytes"),
    ("LEDGER_KEY", "A" * 43 + "=", "repeats itself"),
    ("LEDGER_PUBLIC_KEY", "4" * 43 + "=", "repeats itself"),
    ("LEDGER_PUBLIC_KEY", "", "is not set"),
]


@pytest.mark.parametrize(("name", "key", "why"), WEAK)
def test_a_weak_key_is_named_with_its_reason_and_not_repeated(name: str, key: str, why: str) -> None:
    (told,) = reasons({**good(), name: key})
    assert told.startswith(name) and why in told
    assert len(key) < 4 or key not in told


def test_one_key_for_two_purposes_is_refused() -> None:
    keys = good()
    keys["BLIND_INDEX_KEY"] = keys["PRIVACY_KEY"].split(",")[1]
    assert reasons(keys) == ["BLIND_INDEX_KEY is the same as PRIVACY_KEY"]


@given(st.dictionaries(st.sampled_from(sorted(good())), st.text(max_size=80)))
def test_whatever_is_typed_is_answered_in_words(keys: Any) -> None:
    assert len(reasons(keys)) >= len(keys)
