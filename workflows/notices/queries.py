"""Reading documents: scoped for the desk, and what anyone may learn from a code on paper."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from grid import problems
from grid.codes import Purpose, read_code
from grid.scope import Actor, Right, within
from workflows.notices.models import Notice


@dataclass(frozen=True)
class Checked:
    """What the public may know of a document: nothing of its content."""

    title: str
    number: str
    addressee: str
    authority: str
    issued_at: datetime
    withdrawn_at: datetime | None
    sample: bool

    @property
    def is_genuine(self) -> bool:
        return self.withdrawn_at is None


def check(text: str) -> Checked:
    """Raises MistypedCode, ForeignCode, or NoSuchDocument for a signed code that was never given out."""
    code = read_code(Purpose.NOTICE, text)
    notice = Notice.objects.filter(code=code).first()
    if notice is None:
        raise problems.NoSuchDocument(code=code)
    letter = notice.values["letter"]
    return Checked(
        str(notice.get_kind_display()), notice.number, letter["party"]["name"], letter["authority"],
        notice.issued_at, notice.withdrawn_at, letter["sample"],
    )  # fmt: skip


def notice_at(viewer: Actor, pk: int) -> Notice:
    """Raises NotHere outside the viewer's territory."""
    notice = within(Notice.objects.all(), viewer, Right.SEE_CASES).filter(pk=pk).first()
    if notice is None:
        raise problems.NotHere()
    return notice


def file_of(notice: Notice) -> Path:
    return Path(settings.FILES) / notice.path
