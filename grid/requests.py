"""What a request of the desk carries; and whether what it says can be read, and kept by every database: its query, its
form, the names of its files.

The gate in front (`project.gate`) asks this of every request. Views that look at a request before they have its body
read, and are therefore exempt from the token's check, call `refuse_unreadable` themselves.
"""

from typing import Final

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from grid import problems
from grid.keeping import refusing_when_full
from grid.outside import is_readable
from grid.scope import Actor

# The cursor and the forms of a phone's pull are the longest values of an address, of two thousand characters.
LONGEST_VALUE: Final = 2_000
LONGEST_QUERY: Final = 16_000


class DeskRequest(HttpRequest):
    """What a view for people who signed in is called with. None is ever made: these are the words for what the
    middleware adds to Django's own (`project.middleware.actor`)."""

    actor: Actor


def refuse_unreadable_query(request: HttpRequest) -> None:
    """Raises MalformedRequest."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        raise problems.MalformedRequest(faults=_("查询内容太长"))
    if query:
        _refuse(request.GET, LONGEST_VALUE)


def refuse_unreadable(request: HttpRequest) -> None:
    """Reads the form that was sent. Raises MalformedRequest, FormTooLong, and NoRoom where its files found the disk full."""
    try:
        with refusing_when_full():
            fields, files = request.POST, request.FILES
    except problems.NoRoom:
        # The beginning of a file gives its room back now, not when somebody forgets the request.
        for handler in request.upload_handlers:
            handler.upload_interrupted()
        raise
    except TooManyFieldsSent as error:
        raise problems.FormTooLong(most=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS) from error
    except (LookupError, UnicodeError) as error:
        raise problems.MalformedRequest(faults=_("字符编码应为 UTF-8")) from error
    _refuse(fields)
    for name in files:
        if not all(is_readable(f"{name}{file.name}") for file in files.getlist(name)):
            raise problems.MalformedRequest(faults=_("文件名含有无法识别的字符"))


def _refuse(fields: QueryDict, longest: int | None = None) -> None:
    for name, values in fields.lists():
        if not is_readable(name) or not all(map(is_readable, values)):
            shown = name[:40] if is_readable(name) else "?"
            raise problems.MalformedRequest(faults=f"{shown}：" + _("含有无法识别的字符"))
        if longest and max(map(len, (name, *values))) > longest:
            raise problems.MalformedRequest(faults=f"{name[:40]}：" + _("文字太长"))
