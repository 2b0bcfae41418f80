"""ODK Collect as the server sees it: instances as it writes them, posts as it sends them."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from django.core.files.uploadedfile import SimpleUploadedFile

from grid.calendar.now import now
from mobile_api.devices.models import Device
from tasks.forms.rules import Form, Question

OPENROSA = "{http://openrosa.org/http/response}"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
NAMESPACES = {
    "xmlns:ev": "http://www.w3.org/2001/xml-events", "xmlns:orx": "http://openrosa.org/xforms",
    "xmlns:odk": "http://www.opendatakit.org/xforms", "xmlns:h": "http://www.w3.org/1999/xhtml",
    "xmlns:jr": "http://openrosa.org/javarosa", "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
}  # fmt: skip


def instance(form: Form, answers: dict[str, Any], *, instance_id: str = "", **own: Any) -> bytes:
    """The instance file: one element for each question, empty where nothing was answered, `meta` last.

    `own` are the bridge's questions (door, outcome, visit_end …). A photo's answer is its file's name.
    """
    root = Element("data", id=form.code, version=form.version, **NAMESPACES)
    for name in (
        "visit_start",
        "visit_end",
        "door",
        "door_known",
        "outcome",
        "notice_subject",
        "visit_position",
    ):
        SubElement(root, name).text = str(own.get(name) or "") or None
    for question in form.questions:
        _write(root, question, answers.get(question.name))
    for name, text in own.get("strange", {}).items():
        SubElement(root, name).text = text
    meta = SubElement(root, "meta")
    SubElement(meta, "instanceID").text = instance_id or f"uuid:{uuid4()}"
    if deprecated := own.get("deprecated"):
        SubElement(meta, "deprecatedID").text = deprecated
    return b"<?xml version='1.0' ?>" + tostring(root, encoding="utf-8")


def _write(parent: Element, question: Question, answer: Any) -> None:
    if question.type == "repeat":
        for item in answer or [{}]:
            one = SubElement(parent, question.name)
            for inner in question.questions:
                _write(one, inner, item.get(inner.name))
        return
    SubElement(parent, question.name).text = _text(question, answer)


def _text(question: Question, answer: Any) -> str | None:
    if answer is None or answer == "" or answer == []:
        return None
    if question.type == "position":
        return f"{answer['lat']} {answer['lng']} 0.0 {answer['accuracy']}"
    if question.type == "time":
        return f"{answer}.000+08:00"
    return " ".join(answer) if isinstance(answer, list) else str(answer)


@dataclass
class Collect:
    client: Any
    device: Device
    key: str
    clock: datetime | None = None
    sent: list[Any] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        at = format_datetime((self.clock or now()).astimezone(tz=None), usegmt=False)
        return {"X-OpenRosa-Version": "1.0", "Date": at}

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/openrosa/{self.key}/{path}", query, headers=self.headers())

    def at(self, url: str) -> Any:
        """An address the server gave out."""
        path = url.removeprefix("http://127.0.0.1:8000")
        assert path.startswith("/openrosa/"), url
        return self.client.get(path, headers=self.headers())

    def post(self, xml: bytes, files: dict[str, bytes] | None = None, *, incomplete: bool = False) -> Any:
        parts: dict[str, Any] = {
            "xml_submission_file": SimpleUploadedFile("用人单位_2026-11-23.xml", xml, content_type="text/xml")
        }
        for name, content in (files or {}).items():
            parts[name] = SimpleUploadedFile(name, content, content_type="image/jpeg")
        if incomplete:
            parts["*isIncomplete*"] = "yes"
        address = f"/openrosa/{self.key}/submission?deviceID=collect%3Aabc"
        return self.client.post(address, parts, headers=self.headers())


def told(answer: Any) -> str:
    """The message of an OpenRosa answer."""
    root = fromstring(answer.content)
    assert root.tag == f"{OPENROSA}OpenRosaResponse"
    (message,) = root.findall(f"{OPENROSA}message")
    return message.text or ""
