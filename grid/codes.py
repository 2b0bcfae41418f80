"""Short codes on paper, and the QR images that carry them.

Three kinds leave the system: the code on a door, the code that enrols a phone, and the code on a
document by which anyone can check it. Each is signed, so that a made-up code is told apart without
asking the database, and made of characters a person can read aloud and copy by hand.

A door label stays on its wall for years. That is why the key is `CODES_KEY` and not `SECRET_KEY`:
changing the one that guards sessions must not void every label in the city.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from enum import StrEnum
from random import Random, SystemRandom
from typing import Literal

import qrcode
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

from grid import problems
from grid.spelling import folded

# Left out: 0 O, 1 I, 5 S, and Z beside 2. Twenty-nine is a prime, which is what makes the check
# character catch every single slip (8 for B) and every swap of two characters.
ALPHABET = "2346789ABCDEFGHJKLMNPQRTUVWXY"
_BASE = len(ALPHABET)
_DOOR = "GC1"
_ENROLMENT = "GCE1"
_DOOR_SIGNATURE = 12
_SIGNATURE = 4
_SHORT_CODE = 12


class Purpose(StrEnum):
    """What a code is for; a signature made for one purpose is worth nothing for another."""

    DOOR = "door"
    ENROLMENT = "enrolment"
    NOTICE = "notice"


_system = SystemRandom()


# --- characters --------------------------------------------------------------------------------


def normal(text: str) -> str:
    """As typed by a person → as printed: half width, upper case, without blanks and hyphens."""
    return re.sub(r"[\s\-‐-―]", "", folded(text)).upper()


def grouped(code: str) -> str:
    """In fours, for print: `ABCD-EFGH-JKLM`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def check_character(body: str) -> str:
    """The character that makes the weighted sum of the whole code zero modulo 29.

    Weights count up from 2 beginning beside the check character, whose own weight is 1. Catches
    each single wrong character and each swap of two, for codes up to 28 characters.
    """
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(reversed(body), start=2))
    return ALPHABET[-total % _BASE]


def well_formed(code: str) -> bool:
    """Whether all characters are of the alphabet and the last one, a check character, fits the rest."""
    if len(code) < 2 or len(code) >= _BASE or any(char not in ALPHABET for char in code):
        return False
    return check_character(code[:-1]) == code[-1]


# --- signatures --------------------------------------------------------------------------------


def _keys(purpose: Purpose) -> list[bytes]:
    """One key per purpose and secret; the first signs, the rest are still believed."""
    secrets = [settings.CODES_KEY, *settings.CODES_KEY_FALLBACKS]
    return [hmac.digest(secret.encode(), f"codes/{purpose}".encode(), hashlib.sha256) for secret in secrets]


def _signature(key: bytes, body: str, length: int) -> str:
    """HMAC-SHA256 cut to `length` characters of 4.86 bits each."""
    number = int.from_bytes(hmac.digest(key, body.encode(), hashlib.sha256))
    chars = []
    for _step in range(length):
        number, rest = divmod(number, _BASE)
        chars.append(ALPHABET[rest])
    return "".join(chars)


def _signed(purpose: Purpose, body: str, length: int) -> str:
    return _signature(_keys(purpose)[0], body, length)


def _is_ours(purpose: Purpose, body: str, signature: str, length: int) -> bool:
    """Compares in constant time with what each key would have signed."""
    given = signature.encode()
    matches = [hmac.compare_digest(_signature(key, body, length).encode(), given) for key in _keys(purpose)]
    return any(matches)


# --- doors -------------------------------------------------------------------------------------


def fresh_premise_code(random: Random | None = None) -> str:
    """Eight characters, the last one a check character; 17 thousand million of them.

    `random` is for data that must come out the same each time it is generated.
    """
    return _with_check(_chance(7, random))


def door_text(premise_code: str) -> str:
    """What the QR on a door says: `GC1:<premise code>:<signature>`."""
    return f"{_DOOR}:{premise_code}:{_signed(Purpose.DOOR, premise_code, _DOOR_SIGNATURE)}"


def read_door_text(text: str) -> str:
    """The premise code of a scanned door; raises ForeignCode for any other text."""
    mark, _colon, rest = text.strip().partition(":")
    premise_code, _colon, signature = rest.rpartition(":")
    if (
        mark != _DOOR
        or not rest.isascii()
        or not _is_ours(Purpose.DOOR, premise_code, signature, _DOOR_SIGNATURE)
    ):
        raise problems.ForeignCode()
    return premise_code


# --- codes a person may have to type -----------------------------------------------------------


def fresh_code(purpose: Purpose, random: Random | None = None) -> str:
    """Twelve characters: seven by chance, four of signature, one check character.

    Without the key a guess is taken for ours once in 700,000, and then has to meet one of the
    codes given out among 17 thousand million.
    """
    body = _chance(7, random)
    return _with_check(body + _signed(purpose, body, _SIGNATURE))


def read_code(purpose: Purpose, text: str) -> str:
    """The code as stored, from what was scanned or typed.

    Raises MistypedCode when a character is wrong and ForeignCode when it is not one of ours. The
    two are told apart because the advice differs: look again, or: this is no document of ours.
    """
    code = normal(text)
    if len(code) != _SHORT_CODE or any(char not in ALPHABET for char in code):
        raise problems.ForeignCode()
    if not well_formed(code):
        raise problems.MistypedCode()
    body, signature = code[: -_SIGNATURE - 1], code[-_SIGNATURE - 1 : -1]
    if not _is_ours(purpose, body, signature, _SIGNATURE):
        raise problems.ForeignCode()
    return code


def enrolment_text(code: str) -> str:
    """What the QR that enrols a phone says: the server to talk to and the one-time code."""
    return f"{_ENROLMENT}:{settings.ORIGIN}|{code}"


def notice_address(code: str) -> str:
    """Where anyone can check a document: the address its QR opens."""
    return f"{settings.ORIGIN}/v/{code}"


def _chance(length: int, random: Random | None) -> str:
    return "".join((random or _system).choice(ALPHABET) for _place in range(length))


def _with_check(body: str) -> str:
    return body + check_character(body)


# --- images ------------------------------------------------------------------------------------

_LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
# One of the eight masks of ISO/IEC 18004: every reader takes it off again, whichever it is. To choose one, qrcode
# draws and judges all eight in Python, four times the work of the image itself. Six mixes rows with columns, so
# that even text leaves no large field of one colour.
_MASK = 6


def qr_svg(text: str, *, level: Literal["M", "Q"] = "M", label: str = "") -> SafeString:
    """A QR code as an SVG element: square, scalable, white quiet zone of four modules.

    It carries no id, style or script, so it may stand many times in a page under a strict content
    policy, and typst takes it as it is. `level` Q survives a quarter of the image worn off: for
    labels outdoors. `label` is read out by screen readers.
    """
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=4, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size, path = len(rows), "".join(_row_path(y, row) for y, row in enumerate(rows))
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f' aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _row_path(y: int, row: Sequence[bool | None]) -> str:
    """One rectangle per run of dark modules: a third of the bytes of one square each."""
    runs = re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    return "".join(f"M{run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z" for run in runs)
