"""Looking at a document before it is issued: the very act that would issue it, stopped before anything is kept.

So a preview asks what issuing asks, refuses what it refuses, and shows the values it would keep.
"""

from collections.abc import Callable

from django.db import transaction

from grid import problems
from workflows.notices.actions import Previewed, previewing
from workflows.notices.models import NoticeKind
from workflows.notices.shapes import TEMPLATES
from workflows.notices.typesetting import typeset


def preview_of(kind: str, issue: Callable[[], object]) -> bytes:
    """The PDF that `issue` would issue, without number and code. Its transaction is rolled back whatever it does.

    Raises NothingToPreview when it issues no document of `kind`, and whatever the act itself refuses.
    """
    try:
        with previewing(), transaction.atomic():
            issue()
            raise problems.NothingToPreview(kind=NoticeKind(kind).label)
    except Previewed as shown:
        if shown.kind != kind:
            raise problems.NothingToPreview(kind=NoticeKind(kind).label) from None
        return typeset(TEMPLATES[shown.kind], shown.data)
