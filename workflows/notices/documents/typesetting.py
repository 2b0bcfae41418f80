"""Sets a document as an A4 PDF for the archive (PDF/A-2b), with typst.

No database and no clock: the same values give the same bytes, so a document can be set again and
compared with the one that was served. Values reach the template as JSON data; none ever becomes part
of its source.
"""

import json
import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from grid.codes import door_text, enrolment_text, grouped, notice_address, qr_svg
from workflows.notices.documents import (
    Document,
    DoorLabel,
    DoorLabels,
    Enrolment,
    Officer,
    Party,
    Step,
    fonts,
    waiting_of,
)
from workflows.notices.documents.seals import sealed
from workflows.notices.letters import SHEETS, shape_of, template_of
from workflows.notices.rules import wording

MISSING = "〓"
# A fixed offset: typst takes no named zone, and China keeps one all year.
_CITY_TIME = timezone(timedelta(hours=8))


def typeset(kind: str, data: Document | DoorLabels | Enrolment) -> bytes:
    """The document as PDF. Raises TypeError when `data` is not what `kind` needs.

    A letter of two pages takes 15-30 ms of one core and about 110 KB, most of it the shapes of its
    characters; the first one in a process reads the fonts (0.25 s). A page of door labels takes 0.1 s:
    hundreds of them belong into a background task.
    """
    if type(data) is not (shape := shape_of(kind)):
        raise TypeError(f"{kind} needs {shape.__name__}, not {type(data).__name__}")
    absent: set[str] = set()
    values = _plain(data, absent)
    values["codes"] = _codes(data)
    values["absent"] = sorted(f"U+{ord(char):04X}" for char in absent)
    values["unreviewed"] = any(waiting_of(data))
    pdf = _compile(template_of(kind), values, _dated(data))
    return sealed(pdf, data.letter) if isinstance(data, Document) and kind not in SHEETS else pdf


def _compile(template: Path, values: dict[str, Any], dated: date) -> bytes:
    """A compiler of its own for each call: one may not be used by two threads at once."""
    inputs = {"data": json.dumps(values, ensure_ascii=False), "faces": json.dumps(fonts.chosen())}
    compiler = typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=fonts.faces(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    made_at = datetime(dated.year, dated.month, dated.day, tzinfo=_CITY_TIME)
    pdf = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=made_at)
    assert isinstance(pdf, bytes)  # a list of pages comes for images only
    return pdf


def _dated(data: Document | DoorLabels | Enrolment) -> date:
    return data.printed_on if isinstance(data, DoorLabels | Enrolment) else data.letter.issued_on


# --- values ------------------------------------------------------------------------------------


# Whose names are printed as they were registered.
_VERBATIM = (Party, Officer, DoorLabel)


def _plain(value: object, absent: set[str], verbatim: bool = False) -> Any:
    """Dataclasses and tuples as JSON, dates and sums in words; collects the characters no face can show."""
    again = partial(_plain, absent=absent, verbatim=verbatim)
    if isinstance(value, str):
        return _printable(value if verbatim else wording.punctuated(value), absent)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return {"figures": wording.figures(value), "capitals": wording.capitals(value)}
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, tuple):
        return [again(part) for part in value]
    if isinstance(value, Step):
        # A line may take away from the sum (a cap), and only sums that are owed are written in capitals.
        amount = {"figures": wording.figures(value.amount)}
        return {"what": again(value.what), "how": again(value.how), "amount": amount}
    if is_dataclass(value):
        again = partial(again, verbatim=isinstance(value, _VERBATIM))
        return {field.name: again(getattr(value, field.name)) for field in fields(value)}
    return value


def _printable(text: str, absent: set[str]) -> str:
    """One line of text that shows as it reads.

    Invisible characters go: those that turn the direction of writing can make a name read as another.
    """
    spaced = re.sub(r"\s+", " ", text).strip()
    return "".join(_shown(char, absent) for char in spaced if not _is_invisible(char))


def _is_invisible(char: str) -> bool:
    is_variant = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_variant or unicodedata.category(char) in ("Cc", "Cf")


def _shown(char: str, absent: set[str]) -> str:
    if ord(char) in fonts.coverage():
        return char
    absent.add(char)
    return MISSING


# --- codes -------------------------------------------------------------------------------------


def _codes(data: Document | DoorLabels | Enrolment) -> object:
    """The QR images a document carries, and what is printed beside them."""
    if isinstance(data, DoorLabels):
        return [
            {"image": qr_svg(door_text(each.premise_code), level="Q"), "text": grouped(each.premise_code)}
            for each in data.labels
        ]
    if isinstance(data, Enrolment):
        return {
            "image": qr_svg(enrolment_text(data.code)),
            "text": grouped(data.code),
            "address": settings.ORIGIN,
        }
    if data.letter.preview:
        return None
    address = notice_address(data.letter.code)
    return {"image": qr_svg(address), "text": grouped(data.letter.code), "address": address}
