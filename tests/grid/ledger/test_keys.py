"""Which keys the settings may name, in which form, and what is refused instead of trusted."""

import runpy
from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from grid.ledger import keys, notes

KEY, OTHER_KIND = Ed25519PrivateKey.from_private_bytes(b"p" * 32), Ed448PrivateKey.generate()


def private_pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def test_a_process_that_was_given_no_key_holds_none(settings: Any) -> None:
    settings.LEDGER_KEY, settings.DEMO = "", False
    with pytest.raises(keys.NoSigningKey, match="the clock alone"):
        keys.held()


def test_both_halves_may_be_given_as_pem_with_line_breaks_of_two_characters(settings: Any) -> None:
    settings.LEDGER_KEY = private_pem(KEY).replace("\n", "\\n")
    settings.LEDGER_PUBLIC_KEY = public_pem(KEY).replace("\n", "\\n")
    assert [key.private_bytes_raw() for key in keys.held()] == [KEY.private_bytes_raw()]
    assert keys.trusted() == KEY.public_key()


def test_a_key_of_another_kind_is_refused(settings: Any) -> None:
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = private_pem(OTHER_KIND), public_pem(OTHER_KIND)
    with pytest.raises(ValueError, match="not an Ed25519 key"):
        keys.held()
    with pytest.raises(ValueError, match="not an Ed25519 key"):
        keys.trusted()


def test_a_new_key_is_printed_as_the_two_lines_of_the_environment(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(notes.__file__.replace("notes.py", "newkey.py"), run_name="__main__")
    given = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert list(given) == ["LEDGER_KEY", "LEDGER_PUBLIC_KEY"]
    key = Ed25519PrivateKey.from_private_bytes(b64decode(given["LEDGER_KEY"]))
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = given["LEDGER_KEY"], given["LEDGER_PUBLIC_KEY"]
    assert keys.held()[0].public_key() == keys.trusted() == key.public_key()
