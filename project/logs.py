"""What is written into logs: lines one can follow and count, and never what opens something or what somebody said.

Outside the demo each line is one JSON object. Everybody logs with the standard library, facts as `extra`; who asked
for what is added here (project/access.py says it), so that no line needs to repeat it.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final

import psycopg
import structlog
from django.db import Error as DatabaseFault
from pydantic import ValidationError

from grid.calendar.now import CITY_TIME

Facts = MutableMapping[str, Any]

# What the lines of this request carry; nothing outside a request.
about: ContextVar[Callable[[], Facts] | None] = ContextVar("about", default=None)

# The key in the address of an ODK Collect, the check code of a document, tokens of phones and of the credit platform,
# sessions, one-time codes.
_OPENS: Final = re.compile(
    r"(/openrosa/+|(?<!\w)/v/+|Bearer\s+|sessionid=|csrftoken=|验证码\s*(?:是\s*)?)[^\s/\"'，,;?&]+",
    re.IGNORECASE,
)
# A database repeats the row it refused, and with it what was answered at a door. It says so behind its message.
_ROW: Final = re.compile(r"\s*(?:DETAIL:|CONTEXT:|Failing row contains).*", re.DOTALL)
_PLAIN: Final = (str, int, float, bool, list, tuple, dict, type(None))
# `invalid input syntax for type integer: "…"`
_VALUE: Final = re.compile(r': ".*', re.DOTALL)


def masked(line: str) -> str:
    """
    >>> masked("Not Found: /openrosa/s3cret/media/../x"), masked("Authorization: Bearer abc.def")
    ('Not Found: /openrosa/…/media/../x', 'Authorization: Bearer …')
    """
    return _OPENS.sub(r"\1…", line)


def error_text(error: BaseException) -> str:
    """What an error says, without the row a database quotes or the value a reader could not read.

    >>> told(DatabaseFault("null value in column \\"weather\\"\\nDETAIL:  Failing row contains (7, 低保)."))
    'null value in column "weather"'
    """
    if isinstance(error, ValidationError):
        return f"{error.error_count()} of its values do not fit {error.title}"
    if isinstance(error, DatabaseFault | psycopg.Error | sqlite3.Error):
        return _VALUE.sub(": …", str(error).partition("\n")[0])
    return _ROW.sub(" …", str(error))


def traceback_of(error: BaseException) -> str:
    """The lines Python would write, with `told` in the place of what each error says of itself."""
    parts, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(
            f"{frames}{type(current).__module__}.{type(current).__qualname__}: {error_text(current)}"
        )
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nfrom which came:\n\n".join(reversed(parts))


class Discreet(structlog.stdlib.ProcessorFormatter):
    """Every line goes through here, also those of packages: what is not to be written is taken from each of its
    values, before they are put together."""

    def __init__(self, as_json: bool = True) -> None:
        extra = structlog.stdlib.ExtraAdder()
        chain = (_when, extra, structlog.contextvars.merge_contextvars, _who, _why, _clean)
        last = (
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_unsaid) if as_json else _for_people
        )
        super().__init__(processors=[self.remove_processors_meta, last], foreign_pre_chain=chain)

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.args, tuple) and any(isinstance(arg, BaseException) for arg in record.args):
            record = logging.makeLogRecord(record.__dict__)
            record.args = tuple(
                error_text(arg) if isinstance(arg, BaseException) else arg for arg in record.args or ()
            )
        return super().format(record)


def _when(logger: object, method: str, line: Facts) -> Facts:
    record: logging.LogRecord = line["_record"]
    at = datetime.fromtimestamp(record.created, CITY_TIME).isoformat(timespec="milliseconds")
    return {"time": at, "level": record.levelname, "logger": record.name, **line}


def _who(logger: object, method: str, line: Facts) -> Facts:
    asked = about.get()
    return {**line, **asked()} if asked else line


def _why(logger: object, method: str, line: Facts) -> Facts:
    failed = line.pop("exc_info", None)
    if failed and failed[1] is not None:
        line["traceback"] = traceback_of(failed[1])
    return line


def _clean(logger: object, method: str, line: Facts) -> Facts:
    """Of what a package put beside its line, objects are left out: a request would tell its address."""
    return {
        name: value if name.startswith("_") else _cleaned(value, name)
        for name, value in line.items()
        if name.startswith("_") or isinstance(value, _PLAIN)
    }


def _unsaid(value: object) -> str:
    return "…"


def _cleaned(value: object, name: str) -> object:
    if isinstance(value, str):
        # A traceback was built of pieces that are clean, and its lines of code may look like anything.
        return masked(value if name == "traceback" else _ROW.sub(" …", value))
    if isinstance(value, dict):
        return {key: _cleaned(inner, name) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item, name) for item in value]
    return value


def _for_people(logger: object, method: str, line: Facts) -> str:
    return "\n".join(_lines(line))


def _lines(line: Facts) -> Iterator[str]:
    first = " ".join(str(line.pop(name)) for name in ("time", "level", "logger", "event"))
    failed = line.pop("traceback", "")
    yield " ".join([first, *(f"{name}={value}" for name, value in line.items())])
    if failed:
        yield failed
