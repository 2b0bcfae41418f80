"""The forms: XLSForm tables in Markdown, compiled once in a process.

A table is named `<form>-<day it came into use>.md` and never changed after that day: phones that were off
line for weeks still answer the former one. A version is that day and the beginning of the content's hash, so
a table changed against the rule becomes another version instead of passing for the same one.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tasks.forms import compiling
from tasks.forms.compiling import BadTable, compile_table
from tasks.forms.rules import Form, Question

__all__ = ["BadTable", "all_current", "as_json", "compile_table", "current", "form_xml", "known"]

FOLDER = Path(__file__).with_name("tables")


def current(code: str) -> Form:
    """The form in use. Raises KeyError for a code without a table."""
    return _newest()[code]


def known(code: str, version: str) -> Form | None:
    """A version ever given out, or None."""
    return _versions().get((code, version))


def all_current() -> list[Form]:
    return list(_newest().values())


@cache
def form_xml(code: str, version: str) -> str:
    """The XForm of a version, for OpenRosa clients. Raises KeyError for one never given out."""
    return compiling.xform(_sources()[code, version], version)


def as_json(form: Form) -> dict[str, Any]:
    """The form as the phone reads it."""
    return {
        "code": form.code,
        "version": form.version,
        "title": form.title,
        "position": form.position,
        "kinds": list(form.kinds),
        "outcomes": _named(form.outcomes),
        "questions": [_question_json(question) for question in form.questions],
    }


def _question_json(question: Question) -> dict[str, Any]:
    fields = {name: getattr(question, name) for name in Question.__slots__}
    inside = [_question_json(one) for one in question.questions]
    return {**fields, "choices": _named(question.choices), "questions": inside}


def _named(choices: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "label": label} for name, label in choices]


@cache
def _sources() -> Mapping[tuple[str, str], str]:
    read = ((file.stem.rpartition("-"), file.read_text()) for file in sorted(FOLDER.glob("*.md")))
    return {(code, compiling.version_of(day, source)): source for (code, _dash, day), source in read}


@cache
def _versions() -> Mapping[tuple[str, str], Form]:
    """Files sort by code and day, and forms are read in that order."""
    forms = (
        compile_table(f"{code}-{version[: version.index('-')]}", source)
        for (code, version), source in _sources().items()
    )
    return {(form.code, form.version): form for form in forms}


@cache
def _newest() -> Mapping[str, Form]:
    """The last one of each code wins."""
    return {form.code: form for form in _versions().values()}
