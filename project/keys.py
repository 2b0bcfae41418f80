"""Whether a key of the environment is one: of the right form, and none that anybody could guess.

Asked before the apps are loaded, so it knows no tables. Whether a key fits what was written with it is asked later
(grid/rotation/queries/fitting.py).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Final

DEMO_KEYS: Final = {
    "SECRET_KEY": "only-for-the-demo-city",
    "CODES_KEY": "only-for-the-demo-codes",
    "PRIVACY_KEY": "0" * 64,
    "BLIND_INDEX_KEY": "1" * 64,
}
_DEMO_WORDS: Final = frozenset(DEMO_KEYS.values())
# Below what chance ever gives: a random text in hexadecimal digits has at least so many, 32 random bytes about thirty.
_CHARACTERS: Final = 10
_BYTES: Final = 16
_SHORTEST: Final = {"SECRET_KEY": 50, "CODES_KEY": 32}


def reasons(given: Mapping[str, str]) -> list[str]:
    """Why these keys are none, each by its name; the keys themselves are not repeated. Empty when all are good.

    >>> reasons({"PRIVACY_KEY": "abc"})
    ['PRIVACY_KEY is not 64 hexadecimal digits (several keys: separated by commas)']
    """
    found = []
    for name, text in given.items():
        why = "is not set" if not text else _KINDS[name](name, text)
        if why:
            found.append(f"{name} {why}")
    return found + _twice(given)


def _text(name: str, text: str) -> str:
    if text in _DEMO_WORDS:
        return "is the demo's, which everybody knows"
    if len(text) < _SHORTEST[name]:
        return f"is shorter than {_SHORTEST[name]} characters"
    return _guessed(text, _CHARACTERS, "characters")


def _hexadecimal(name: str, text: str) -> str:
    for part in _parts(text):
        if part in _DEMO_WORDS:
            return "is the demo's, which everybody knows"
        if len(part) != 64 or not _is_hexadecimal(part):
            return "is not 64 hexadecimal digits (several keys: separated by commas)"
        if why := _guessed(bytes.fromhex(part), _BYTES, "bytes"):
            return why
    return ""


def _parts(text: str) -> list[str]:
    """Several while a key is being changed, the new one first."""
    return [part.strip() for part in text.split(",")]


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)


def _signing(name: str, text: str) -> str:
    """A PEM is looked into by whoever uses it (grid/ledger/keys.py): nobody writes one by hand."""
    for part in _parts(text):
        if "BEGIN" in part:
            continue
        try:
            raw = b64decode(part, validate=True)
        except ValueError:
            raw = b""
        if len(raw) != 32:
            return "is neither a PEM nor 32 bytes in base64: python -m grid.ledger.newkey makes both halves"
        if why := _guessed(raw, _BYTES, "bytes"):
            return why
    return ""


def _guessed(key: str | bytes, different: int, of_what: str) -> str:
    """Zeros, a row of one letter, a word over and over."""
    is_repeated = key in (key + key)[1:-1]  # type: ignore[operator]
    few = len(set(key))
    return f"repeats itself: {few} different {of_what}" if is_repeated or few < different else ""


_KINDS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "SECRET_KEY": _text,
    "CODES_KEY": _text,
    "PRIVACY_KEY": _hexadecimal,
    "BLIND_INDEX_KEY": _hexadecimal,
    "LEDGER_KEY": _signing,
    "LEDGER_PUBLIC_KEY": _signing,
}


def _twice(given: Mapping[str, str]) -> list[str]:
    """One key for two purposes: what opens the one opens the other."""
    seen: dict[str, str] = {}
    found = []
    for name, text in _single(given):
        if text in seen and seen[text] != name:
            found.append(f"{name} is the same as {seen[text]}")
        seen.setdefault(text, name)
    return found


def _single(given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name, text in given.items():
        yield from ((name, part) for part in _parts(text) if part)
