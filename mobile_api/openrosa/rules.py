"""From an instance of ODK Collect to a visit as our own phone would have sent it. Pure.

An instance is the form's own tree: one element for each question, a repeat's element once for each item, and
`meta/instanceID`. What Collect writes as text becomes the value the phone API takes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any, Final
from unicodedata import normalize
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from grid import outside
from tasks.forms.rules import Form, Question
from tasks.visits.rules import Mark

# Questions the bridge adds around a form's own: which door, when, where.
DOOR: Final = "door"
START: Final = "visit_start"
END: Final = "visit_end"
POSITION: Final = "visit_position"
KNOWN: Final = "door_known"
NOTE: Final = "door_note"
SUBJECT: Final = "notice_subject"
OUTCOME: Final = "outcome"
OWN: Final = frozenset({DOOR, START, END, POSITION, KNOWN, NOTE, SUBJECT, OUTCOME})
DEEPEST: Final = 12
_WHOLE: Final = re.compile(r"-?\d{1,18}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_LONGEST_NAME: Final = 200


class Unreadable(ValueError):
    """The XML is no instance of a form; the message says in plain Chinese why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with an instance. One that is empty, or too large to be kept, is known by its size alone;
    `came` is a word of tasks.visits.models.HowItCame."""

    sha256: str
    size: int
    came: str = ""

    @property
    def is_kept(self) -> bool:
        return bool(self.sha256) and self.size > 0


@dataclass(slots=True)
class Instance:
    """What an instance says of itself: `root` holds the answers."""

    form: str
    version: str
    instance_id: str
    deprecated_id: str
    root: Element


@dataclass(slots=True)
class Reading:
    """Answers in the making, and the files they name."""

    files: Mapping[str, File]
    named: list[tuple[str, str, str]] = field(default_factory=list)


def read_instance(content: bytes) -> Instance:
    """Raises Unreadable for what is no well-formed XML, declares a document type or entities, has no form id, or
    is nested deeper than any form of ours."""
    try:
        root: Element = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Unreadable("提交的 XML 含有文档类型或实体声明，不予读取。") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("提交的 XML 格式有误，无法读取。") from error
    if _depth(root) > DEEPEST:
        raise Unreadable("提交的 XML 层次过深，不是本系统的表单。")
    form = root.get("id", "").strip()
    if not form:
        raise Unreadable("提交的 XML 没有写明表单（根元素缺少 id）。")
    meta = next((child for child in root if local(child) == "meta"), None)
    about = {local(child): (child.text or "").strip() for child in meta} if meta is not None else {}
    return Instance(
        form,
        root.get("version", "").strip(),
        about.get("instanceID", ""),
        about.get("deprecatedID", ""),
        root,
    )


def _depth(root: Element) -> int:
    """Level by level: a tree of any depth costs no stack."""
    depth, level = 0, [root]
    while level and depth <= DEEPEST:
        depth, level = depth + 1, [child for parent in level for child in parent]
    return depth


def local(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def client_id_of(instance_id: str, content_sha256: str) -> UUID:
    """`uuid:…` as every Collect writes it; another name, or none, gives a number of its own, the same each time."""
    try:
        return UUID(instance_id.removeprefix("uuid:"))
    except ValueError:
        return uuid5(NAMESPACE_URL, instance_id or content_sha256)


def corrected_id(client_id: UUID, content_sha256: str) -> UUID:
    """The number of a changed instance that came under the name of one already taken."""
    return uuid5(client_id, content_sha256)


def files_named(instance: Instance, form: Form | None) -> list[tuple[str, str, str]]:
    """The files an instance names: (name, question, kind) of its photo and signature answers."""
    reading = Reading({})
    answers_of(instance.root, form, reading)
    return reading.named


def key_of(files: Iterable[str], name: str) -> str:
    """The name of the file an answer names: its very name, else the one that differs in case alone; or nothing."""
    name, known = safe_name(name), list(files)
    if name in known:
        return name
    alike = [other for other in known if other.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else ""


def _called(files: Mapping[str, File], name: str) -> File | None:
    """The file an answer names, where it is one to keep."""
    file = files.get(key_of(files, name))
    return file if file and file.is_kept else None


def marks_of(
    files: Mapping[str, File], named: Iterable[tuple[str, str, str]], largest: int
) -> tuple[Mark, ...]:
    """Files that came and are no evidence: empty ones, and those too large to be kept."""
    asked = {safe_name(name).casefold(): question for name, question, _kind in named}
    megabyte = 1024 * 1024
    return tuple(
        Mark("photo-large" if file.size else "photo-empty", asked.get(name.casefold(), name), "",
             {"mb": file.size // megabyte, "most": largest // megabyte} if file.size else {})
        for name, file in files.items()
        if not file.is_kept
    )  # fmt: skip


def visit_of(
    instance: Instance, form: Form | None, client_id: UUID, replaces: UUID | None, files: Mapping[str, File],
    received_at: datetime,
) -> dict[str, object]:  # fmt: skip
    """The visit in the shape of the phone API (see mobile_api.schemas.VisitIn), not yet checked."""
    said = {local(child): (child.text or "").strip() for child in instance.root}
    reading = Reading(files)
    answers = answers_of(instance.root, form, reading)
    at = _moment(said.get(END, "")) or _moment(said.get(START, "")) or received_at
    deprecated = instance.deprecated_id
    return {
        "client_id": client_id,
        "task_id": _number(said.get(DOOR, "")),
        "subject_id": _number(said.get(SUBJECT, "")),
        "premise_code": None,
        "form": instance.form,
        "form_version": instance.version,
        "outcome": said.get(OUTCOME, ""),
        "answers": answers,
        "recorded_at": at,
        "position": place_of(said.get(POSITION, "")),
        "photos": _photos(reading),
        "replaces": replaces or (client_id_of(deprecated, "") if deprecated else None),
    }


def answers_of(root: Element, form: Form | None, reading: Reading) -> dict[str, Any]:
    """name → answer for every question answered; what the form does not know is kept as text."""
    questions = {question.name: question for question in form.questions} if form else {}
    return _answers(root, questions, reading, skip=OWN | {"meta"})


def _answers(
    parent: Element, questions: Mapping[str, Question], reading: Reading, skip: Iterable[str] = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in parent:
        name = local(child)
        if name in skip:
            continue
        question = questions.get(name)
        if question is not None and question.type == "repeat":
            inner = {inner_question.name: inner_question for inner_question in question.questions}
            item = _answers(child, inner, reading)
            if item:
                found.setdefault(name, []).append(item)
        elif len(child):
            found |= _answers(child, questions, reading)
        elif (question is None or question.type != "note") and (text := child.text or "").strip():
            found[name] = _value(question, text, reading)
    return found


def _value(question: Question | None, text: str, reading: Reading) -> object:
    kind = question.type if question else "text"
    trimmed = text.strip()
    match kind:
        case "text":
            return text
        case "integer":
            return int(trimmed) if _WHOLE.fullmatch(trimmed) else trimmed
        case "decimal" | "calculate":
            return _decimal(trimmed)
        case "select_multiple":
            return trimmed.split()
        case "date":
            return found[0] if (found := _DATE.match(trimmed)) else trimmed
        case "time":
            return found[0] if (found := _CLOCK.match(trimmed)) else trimmed
        case "position":
            return place_of(trimmed) or trimmed
        case "photo" | "signature":
            reading.named.append((trimmed, question.name if question else "", kind))
            file = _called(reading.files, trimmed)
            return file.sha256 if file else trimmed
    return trimmed


def _decimal(text: str) -> int | float | str:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return text
    return number if number - number == 0 else text


def _photos(reading: Reading) -> list[dict[str, object]]:
    """Each file once, with the question it answers; then files no question names, so that none is lost."""
    photos, seen = list[dict[str, object]](), set[str]()
    for name, question, kind in reading.named:
        file = _called(reading.files, name)
        if file and file.sha256 not in seen:
            seen.add(file.sha256)
            photos.append({"sha256": file.sha256, "size": file.size, "kind": kind, "question": question})
    return photos


def place_of(text: str) -> dict[str, float] | None:
    """`lat lng altitude accuracy` as Collect writes a geopoint."""
    try:
        lat, lng, *more = (float(part) for part in text.split())
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        return None
    accuracy = more[1] if len(more) > 1 else 0.0
    return {"lng": lng, "lat": lat, "accuracy": accuracy if 0 <= accuracy < 10**9 else 0.0}


def _moment(text: str) -> datetime | None:
    try:
        return outside.moment(text)
    except outside.Unreadable:
        return None


def _number(text: str) -> int | None:
    return outside.whole(text) or None


def safe_name(name: str) -> str:
    """A file's name by the one rule for both sides: the name in an answer, and that of the part that came.

    Between them stand Collect, which writes a quotation mark as %22, and Django, which reads HTML entities and drops
    paths and unprintable characters. Brackets, blanks and Chinese stay as they are.

    >>> safe_name("C:\\\\店招 (1).jpg"), safe_name("a&amp;b%22.jpg")
    ('店招 (1).jpg', 'a&b".jpg')
    """
    while (plain := unescape(name)) != name:
        name = plain
    last = normalize("NFC", name.replace("%22", '"')).replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable())
    return " ".join(kept.split())[:_LONGEST_NAME]
