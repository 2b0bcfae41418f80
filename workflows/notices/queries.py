"""Reading documents: scoped for the desk, and what anyone may learn from a code on paper."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from grid import problems
from grid.codes import Purpose, read_code
from grid.scope import Actor, Right, in_area, within
from workflows.notices.models import DoorService, Fate, Notice, Service


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


def slip_of(notice: Notice) -> Path:
    """The 送达回证 of a service at the door. Raises NotHere while there is none."""
    service: Service | None = getattr(notice, "service", None)
    if service is None or not service.slip_path:
        raise problems.NotHere()
    return Path(settings.FILES) / service.slip_path


def waiting_services(viewer: Actor, area: str = "") -> QuerySet[DoorService]:
    """Visits with a document to hand over that a named person has to decide on, the oldest first."""
    rows = within(DoorService.objects.filter(fate=Fate.WAITING), viewer, Right.SERVE)
    if area:
        rows = rows.filter(in_area(area)) if area.isdigit() else rows.none()
    return rows.select_related("visit__person", "visit__subject", "notice__case__subject").order_by(
        "taken_at", "pk"
    )


def door_service_at(viewer: Actor, code: str) -> DoorService:
    """One of them, decided or not, by the code of its visit. Raises NotHere outside the viewer's territory."""
    rows = within(DoorService.objects.filter(visit__code=code), viewer, Right.SERVE)
    found = rows.select_related(
        "visit__person", "visit__subject", "notice__case__subject", "notice__service", "decided_by"
    ).first()
    if found is None:
        raise problems.NotHere()
    return found
