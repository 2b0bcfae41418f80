"""The forms: XLSForm tables in Markdown, compiled once in a process.

A table is named `<form>-<day it came into use>.md` and never changed after that day: phones that were off
line for weeks still answer the former one. A version is that day and the beginning of the content's hash, so
a table changed against the rule becomes another version instead of passing for the same one.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import SupportedFileTypes, get_xlsform

from tasks.forms.expressions import compiled
from tasks.forms.rules import Form, Question

FOLDER = Path(__file__).with_name("tables")
_TYPES = {
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "select multiple": "select_multiple",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "text": "text",
    "string": "text",
    "date": "date",
    "photo": "photo",
    "image": "photo",
    "note": "note",
    "calculate": "text",
}


class BadTable(ValueError):
    """A form's table cannot be used; names the question and what is wrong."""


def current(code: str) -> Form:
    """The form in use. Raises KeyError for a code without a table."""
    return _newest()[code]


def known(code: str, version: str) -> Form | None:
    """A version ever given out, or None."""
    return _versions().get((code, version))


def all_current() -> list[Form]:
    return list(_newest().values())


def as_json(form: Form) -> dict[str, Any]:
    """The form as the phone reads it."""
    return {
        "code": form.code,
        "version": form.version,
        "title": form.title,
        "questions": [_question_json(question) for question in form.questions],
    }


def _question_json(question: Question) -> dict[str, Any]:
    fields = {name: getattr(question, name) for name in Question.__slots__}
    return {**fields, "choices": [{"name": name, "label": label} for name, label in question.choices]}


@cache
def _versions() -> Mapping[tuple[str, str], Form]:
    forms = (compile_table(file.stem, file.read_text()) for file in sorted(FOLDER.glob("*.md")))
    return {(form.code, form.version): form for form in forms}


@cache
def _newest() -> Mapping[str, Form]:
    """Files sort by day within a code, so the last one of each code wins."""
    return {form.code: form for form in _versions().values()}


def compile_table(name: str, table: str) -> Form:
    """`name` is `<code>-<yyyymmdd>`. Raises BadTable, or pyxform's own error for a broken table."""
    code, _dash, day = name.rpartition("-")
    workbook = get_xlsform(xlsform=table, file_type=SupportedFileTypes.md)
    survey = workbook_to_json(workbook_dict=workbook, form_name=code, warnings=[])
    if survey["id_string"] != code or survey["version"] != day:
        raise BadTable(f"{name}: form_id and version must repeat the file's name")
    asked = [child for child in survey["children"] if child["type"] not in ("hidden", "group")]
    questions = tuple(_question(child) for child in asked)
    return Form(code, f"{day}-{sha256(table.encode()).hexdigest()[:8]}", survey["title"], questions)


def _question(child: Mapping[str, Any]) -> Question:
    kind = _TYPES.get(child["type"])
    if kind is None:
        raise BadTable(f"{child['name']}: the phone knows no type {child['type']!r}")
    bind = child.get("bind", {})
    for key in ("relevant", "constraint", "calculate"):
        if key in bind:
            compiled(bind[key])
    required = bind.get("required", "no")
    return Question(
        name=child["name"],
        type=kind,
        label=child.get("label", ""),
        hint=child.get("hint", ""),
        required={"yes": True, "no": False, "true()": True, "false()": False}.get(required, required),
        relevant=bind.get("relevant"),
        constraint=bind.get("constraint"),
        constraint_message=bind.get("jr:constraintMsg", ""),
        choices=tuple((choice["name"], choice["label"]) for choice in child.get("choices", ())),
        calculation=bind.get("calculate"),
    )
