"""Looking at a document before it is issued: the very act that would issue it, stopped before anything is kept.

So a preview asks what issuing asks, refuses what it refuses, and shows the values it would keep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.forms import Form
from django.http import QueryDict

from grid import problems
from grid.scope import Actor
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Previewed, previewing
from workflows.notices.documents.reviving import revived
from workflows.notices.documents.sealing import whole_values
from workflows.notices.documents.typesetting import typeset
from workflows.notices.letters import act_issuing, issued_by, letter_of
from workflows.notices.models import Notice

if TYPE_CHECKING:
    from workflows.cases.models import Case


def preview_of(kind: str, issue: Callable[[], object]) -> bytes:
    """The PDF that `issue` would issue, without number and code. Its transaction is rolled back whatever it does.

    Raises NothingToPreview when it issues no document of `kind`, and whatever the act itself refuses.
    """
    try:
        with previewing(), transaction.atomic():
            issue()
            raise notices_problems.NothingToPreview(kind=letter_of(kind).title)
    except Previewed as shown:
        if shown.kind != kind:
            raise notices_problems.NothingToPreview(kind=letter_of(kind).title) from None
        return typeset(shown.kind, shown.data)


def preview_document(case: Case, kind: str, given: QueryDict, *, by: Actor) -> bytes:
    """Asks the act for the document of `kind` as it would be issued for `case` now, as PDF; nothing of it is kept.
    `given`: what the act's form holds.

    Raises NotHere for a kind nobody issues by hand, PreviewIncomplete, and whatever the act refuses.
    """
    act = act_issuing(kind)
    if act is None:
        raise problems.NotHere()
    return preview_of(kind, lambda: act.page.run(case, act.name, given, by))


def draft_of(notice: Notice) -> bytes:
    """A paper that waits for its approval, as it is kept but for the code by which it will be checked: 草稿 on each page."""
    data = revived(letter_of(notice.kind).shape, whole_values(notice))
    return typeset(notice.kind, replace(data, letter=replace(data.letter, preview=True, code="")))


def as_shown(state: str, given: QueryDict) -> QueryDict:
    """What was filled in, with the state the page showed where it does not say."""
    data = given.copy()
    data.setdefault("at", state)
    return data


Filled = TypeVar("Filled", bound=Form)


def filled(form: Filled, page: str, act: str) -> Filled:
    """The form, complete. Raises PreviewIncomplete naming what it lacks."""
    if not form.is_valid():
        letter = issued_by(page, act)
        assert letter is not None
        lacks = "、".join(str(form.fields[name].label or name) for name in form.errors if name in form.fields)
        raise notices_problems.PreviewIncomplete(kind=letter.title, lacks=lacks)
    return form
