"""The forms: XLSForm tables in Markdown, compiled once in a process.

A table is named `<form>-<day it came into use>.md` and never changed after that day: phones that were off
line for weeks still answer the former one. A version is that day and the beginning of the content's hash, so
a table changed against the rule becomes another version instead of passing for the same one.

Beside them stand the versions published at the desk. They are kept in the process under the highest serial number
they bear; every request of a phone learns that number with the query it makes anyway, and hands it to `heed`.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from django.db.models import QuerySet

from grid.calendar.now import today
from tasks.forms.models import FormState, FormVersion
from tasks.forms.rules import Form, Question, compiling
from tasks.forms.rules.compiling import BadTable, compile_table

__all__ = [
    "BadTable", "all_current", "as_json", "compile_table", "current", "form_xml", "has_shipped", "heed",
    "known", "newest_serial", "newest_version", "question_json", "refresh", "source_of",
]  # fmt: skip

_log = logging.getLogger(__name__)
FOLDER = Path(__file__).with_name("tables")


def current(code: str) -> Form:
    """The form in use today. Raises KeyError for a code without a table."""
    return _live()[code]


def known(code: str, version: str) -> Form | None:
    """A version ever given out, or None. Only an unknown one costs a query: another process may have published it."""
    key = (code, version)
    form = _versions().get(key) or _kept.forms.get(key)
    if form is None and newest_serial().values_list("serial", flat=True).first() != _kept.serial:
        form = _load().forms.get(key)
    return form


def all_current() -> list[Form]:
    return list(_live().values())


def has_shipped(code: str, day: str) -> bool:
    """Whether a file of that day came with the software."""
    return any(name == code and version.startswith(f"{day}-") for name, version in _versions())


def newest_version(code: str) -> str:
    """The highest version of a form that is in use or will be. Raises KeyError for an unknown code."""
    return max([_newest()[code].version, *(form.version for _day, form in _kept.live if form.code == code)])


def source_of(code: str, version: str) -> str:
    """The table of a version, in Markdown. Raises KeyError for one never given out."""
    if known(code, version) is None:
        raise KeyError(code, version)
    return _sources().get((code, version)) or _kept.sources[code, version]


def form_xml(code: str, version: str) -> str:
    """The XForm of a version, for OpenRosa clients. Raises KeyError for one never given out."""
    return _xform(source_of(code, version), version)


_xform = lru_cache(maxsize=100)(compiling.xform)


# --- published at the desk ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kept:
    """What this process knows of the desk's versions; `live` are those not withdrawn, with their first day."""

    serial: int | None
    forms: Mapping[tuple[str, str], Form]
    sources: Mapping[tuple[str, str], str]
    live: tuple[tuple[date, Form], ...]


_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
_SHIPPED_ONLY: Final = _Kept(None, _NONE, _NONE, ())
_kept = _SHIPPED_ONLY


def newest_serial() -> QuerySet[FormVersion]:
    """The row with the highest serial number: to be read alone, or inside a query that is made anyway."""
    return FormVersion.objects.filter(serial__isnull=False).order_by("-serial")


def heed(serial: int | None) -> None:
    """The highest serial number in the database, None when nothing was ever published there. Costs a query only
    when it is another one than this process knows."""
    global _kept
    if serial is None:
        _kept = _SHIPPED_ONLY
    elif serial != _kept.serial:
        _load()


def refresh() -> None:
    """For whoever is no phone: one query, so that the desk sees what was published elsewhere."""
    heed(newest_serial().values_list("serial", flat=True).first())


def _load() -> _Kept:
    global _kept
    rows = list(FormVersion.objects.filter(serial__isnull=False).order_by("serial"))
    compiled = ((row, _compiled(row.code, row.version, row.source)) for row in rows)
    forms = {(row.code, row.version): form for row, form in compiled if form}
    live = tuple(
        (row.valid_from, forms[row.code, row.version])
        for row in rows
        if row.state == FormState.PUBLISHED and row.valid_from and (row.code, row.version) in forms
    )
    sources = {(row.code, row.version): row.source for row in rows}
    _kept = _Kept(max((row.serial or 0 for row in rows), default=None), forms, sources, live)
    return _kept


@lru_cache(maxsize=200)
def _compiled(code: str, version: str, source: str) -> Form | None:
    """One row nobody can compile any more must not keep every phone from its forms: the version before is given
    out, and visits filled in with this one stand as they came."""
    try:
        return compiling.form_of(compiling.read_survey(source), version)
    except Exception:  # whatever pyxform of another version says
        _log.exception("the published form %s %s cannot be compiled", code, version)
        return None


def _live() -> Mapping[str, Form]:
    """Shipped or published, the highest version of each code that is in use today."""
    live = _kept.live
    if not live:
        return _newest()
    newest, day = dict(_newest()), today()
    for valid_from, form in live:
        if valid_from <= day and form.version >= newest[form.code].version:
            newest[form.code] = form
    return newest


def as_json(form: Form) -> dict[str, object]:
    """The form as the phone reads it."""
    return {
        "code": form.code,
        "version": form.version,
        "title": form.title,
        "position": form.position,
        "kinds": list(form.kinds),
        "outcomes": _named(form.outcomes),
        "questions": [question_json(question) for question in form.questions],
    }


def question_json(question: Question) -> dict[str, object]:
    """A question as the phone reads it."""
    fields = {name: getattr(question, name) for name in Question.__slots__}
    inside = [question_json(inner) for inner in question.questions]
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
