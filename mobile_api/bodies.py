"""JSON from phones: read in one place, and made storable before any shape looks at it."""

import json
import re
from typing import Any, Final

from django.http import HttpRequest
from ninja.parser import Parser

from grid.outside import storable

# What json.loads lets through and not every database keeps; only escapes can spell it.
_SUSPECT: Final = re.compile(r"\\u(?:00[01]|007f|d[89a-f]|fff[ef])|\x7f", re.IGNORECASE)
_LONGEST_NUMBER: Final = 400


def read_json(content: bytes) -> Any:
    """What the JSON tells, as `grid.outside.storable` leaves it: a keyboard that sends a NUL must not cost a visit.
    Raises ValueError, RecursionError."""
    text = content.decode("utf-8-sig")
    body = json.loads(text, parse_int=_number)
    return storable(body) if _SUSPECT.search(text) else body


def _number(digits: str) -> int | str:
    """Python reads no number of more than 4,300 digits, and one such number would cost the whole batch: what nobody
    can reckon with stays the text it is."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


class Bodies(Parser):
    """ninja's, with our reading of the body."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)
