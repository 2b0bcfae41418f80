"""The file a phone writes as a last resort (phone/src/sync/export.ts), read without trusting it. No database."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

import pydantic
from django.utils.translation import gettext as _

from grid.outside import readable
from mobile_api.bodies import read_json
from mobile_api.faults import in_words
from mobile_api.handin import problems as handin_problems
from mobile_api.schemas import LARGEST_PHOTO
from mobile_api.suggestions.actions import NewSuggestion
from mobile_api.suggestions.api.schemas import SuggestionIn
from mobile_api.sync.rules.mending import read_visit
from tasks.visits.rules import Arrival

FORMAT = "grid-canvass-unsent-1"
LARGEST = 200 * 1024 * 1024
MOST_VISITS = 2_000
MOST_SUGGESTIONS = 1_000
# Two bytes of JSON may become sixty of memory. Photos lie in it as base64, which has none of these marks.
MOST_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of the file: what it says, or why it cannot be read."""

    number: int
    client_id: str
    arrival: Arrival | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo of the file; `content` is None where it cannot be read or is not what its hash says."""

    visit: UUID | None
    sha256: str
    kind: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Words:
    """One suggestion of the file: what it says, or why it cannot be read."""

    number: int
    said: NewSuggestion | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a file holds. `drafts` were never finished and are only counted."""

    written_at: str
    lines: list[Line]
    pictures: list[Picture]
    drafts: int
    suggestions: list[Words]


def read_unsent(file: BinaryIO, size: int) -> Unsent:
    """Raises UnsentTooLarge, UnsentUnreadable, UnsentEmpty. A single bad line is reported, not refused."""
    if size > LARGEST:
        raise handin_problems.UnsentTooLarge(limit=LARGEST // 1024 // 1024)
    content = file.read()
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise handin_problems.UnsentUnreadable(why=_("内容过多"))
    try:
        told = read_json(content)
    except (ValueError, RecursionError) as error:
        raise handin_problems.UnsentUnreadable(why=_("不是有效的 JSON")) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise handin_problems.UnsentUnreadable(why=_("不是手机应用导出的未发送文件"))
    visits, photos, words = (_list(told, name) for name in ("visits", "photos", "suggestions"))
    if len(visits) > MOST_VISITS:
        raise handin_problems.UnsentUnreadable(why=_("走访超过 {most} 条").format(most=MOST_VISITS))
    if len(words) > MOST_SUGGESTIONS:
        raise handin_problems.UnsentUnreadable(why=_("意见建议超过 {most} 条").format(most=MOST_SUGGESTIONS))
    if not visits and not photos and not words:
        raise handin_problems.UnsentEmpty()
    return Unsent(
        _text(told, "written_at", 40),
        [_line(number, visit) for number, visit in enumerate(visits, start=1)],
        [_picture(photo) for photo in photos],
        len(_list(told, "drafts")),
        [_words(number, word) for number, word in enumerate(words, start=1)],
    )


def _list(told: dict[str, Any], name: str) -> list[Any]:
    value = told.get(name, [])
    if not isinstance(value, list):
        raise handin_problems.UnsentUnreadable(why=_("“{name}”不是列表").format(name=name))
    return value


def _text(item: dict[str, Any], name: str, longest: int) -> str:
    return readable(str(item.get(name, "")))[:longest]


def _line(number: int, item: Any) -> Line:
    client_id = _text(item, "client_id", 60) if isinstance(item, dict) else ""
    try:
        return Line(number, client_id, read_visit(item))
    except pydantic.ValidationError as error:
        return Line(number, client_id, None, in_words(error.errors(include_url=False)))


def _words(number: int, item: Any) -> Words:
    try:
        return Words(number, SuggestionIn.model_validate(item).said())
    except pydantic.ValidationError as error:
        return Words(number, None, in_words(error.errors(include_url=False)))


def _picture(item: Any) -> Picture:
    if not isinstance(item, dict):
        return Picture(None, "", "", None)
    sha256, kind = _text(item, "sha256", 64).lower(), _text(item, "kind", 30)
    try:
        visit = UUID(str(item.get("visit", "")))
        content = base64.b64decode(str(item.get("jpeg", "")), validate=True)
    except (ValueError, binascii.Error):
        return Picture(None, sha256, kind, None)
    genuine = 0 < len(content) <= LARGEST_PHOTO and hashlib.sha256(content).hexdigest() == sha256
    return Picture(visit, sha256, kind, content if genuine else None)
