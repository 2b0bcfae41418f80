"""Reading documents: scoped for the desk, and what anyone may learn from a code on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid import problems
from grid.calendar.now import today
from grid.codes import Purpose, read_code
from grid.keeping import stored
from grid.offices.models import Part
from grid.offices.queries import Office, office_at
from grid.scope import Actor, Right, narrowed, within
from workflows.notices import problems as notices_problems
from workflows.notices.documents import Contact
from workflows.notices.letters import letter_of
from workflows.notices.models import DoorService, Fate, Notice, NoticeKind, Service

if TYPE_CHECKING:
    from workflows.cases.models import Case


def contact_of(kind: str, office: Office) -> Contact:
    """Where a document of this kind sends its party: to a desk of the body that signs it and decides (行政处罚法 44, 45;
    行政强制法 35, 54)."""
    signer = letter_of(kind).signer
    desk = office.desk_of(signer.desk, signer.part)
    return Contact(office=desk.name, phone=desk.phone, address=desk.address, also=desk.also)


def contact_at(notice: Notice) -> Contact:
    """The same today, for who reads it at the window: desks move while terms run."""
    code = letter_of(notice.kind).signer.code_in(notice.case.area)
    return contact_of(notice.kind, office_at(code, today()))


# Why a visit is no service by itself.
REASONS = {
    "unknown-notice": _lazy("文号不明，或不是这个辖区的文书"),
    "withdrawn": _lazy("文书已撤回，送达的是作废的文书"),
    "other-subject": _lazy("文书是另一户的"),
    "served-before": _lazy("此前已经送达，先前的送达有效"),
    "served-later": _lazy("手机时间早于已登记的送达，或不可信"),
    "wrong-date": _lazy("手机时间不可信：早于制发日或手机登记，或晚于收到时间"),
    "held": _lazy("手机停用或岗位结束后所报"),
    "incomplete": _lazy("缺少法律要求的签名、见证或影像"),
    "not-asked": _lazy("没有请网格员送达，或已收回"),
}


@dataclass(frozen=True)
class Checked:
    """What the public may know of a document: nothing of its content."""

    title: str
    number: str
    addressee: str
    authority: str
    issued_on: date
    withdrawn_at: datetime | None
    sample: bool
    # Number and code of the document issued in its place.
    replaced_by: str = ""
    replaced_code: str = ""
    # Whether it speaks to a party that may see and hand in more at the window (workflows/counter).
    is_to_party: bool = False

    @property
    def is_genuine(self) -> bool:
        return self.withdrawn_at is None


def check(text: str) -> Checked:
    """Raises MistypedCode, ForeignCode, or NoSuchDocument for a signed code that was never given out: drafts bear none."""
    code = read_code(Purpose.NOTICE, text)
    beside = ("replaced_by", "approval", "seal_use")
    notice = Notice.objects.select_related(*beside).filter(code=code).first()
    if notice is None or not notice.is_approved:
        return _checked_reminder(code)
    letter, new = notice.values["letter"], getattr(notice, "replaced_by", None)
    return Checked(
        str(notice.get_kind_display()), notice.number, _addressee(notice), letter["authority"],
        notice.dated_on, notice.withdrawn_at, letter["sample"],
        new.number if new else "", new.code if new else "", notice.is_to_party,
    )  # fmt: skip


def _addressee(notice: Notice) -> str:
    """Who the document speaks to: the party, another office, a court, or nobody but the file."""
    if notice.kind == NoticeKind.FILING:
        return str(_("存卷"))
    values = notice.values
    if not notice.is_to_party and not notice.stays_on_file:
        return str(_("个人"))
    return str(values.get("to") or values.get("court") or values["letter"]["party"]["name"])


def _checked_reminder(code: str) -> Checked:
    """A 参保缴费提醒书 is sent outside any case; its room keeps it."""
    reminders = apps.get_model("workflows", "Reminder")
    sent = reminders.objects.filter(code=code).select_related("lapse__subject").first()
    if sent is None:
        raise notices_problems.NoSuchDocument(code=code)
    subject, office = (
        sent.lapse.subject,
        office_at(letter_of(NoticeKind.REMINDER).signer.code_in(sent.area), sent.on),
    )
    title = str(NoticeKind.REMINDER.label)
    return Checked(
        title, sent.number or "", subject.name, office.name_of(Part.AGENCY), sent.on, None, subject.is_sample
    )


def to_serve(case: Case, kind: str) -> Notice:
    """The document of `kind` that a page of `case`, read scoped, asks to be served. Served meanwhile it is answered
    all the same: the step says by whom and when. Raises NoticeMissing."""
    standing = case.notices.filter(kind=kind, withdrawn_at=None)
    notice = standing.filter(service=None).first() or standing.order_by("-pk").first()
    if notice is None:
        raise notices_problems.NoticeMissing(kind=letter_of(kind).title)
    return notice


def notice_at(viewer: Actor, pk: int) -> Notice:
    """Raises NotHere outside the viewer's territory."""
    notice = within(Notice.objects.all(), viewer, Right.SEE_CASES).filter(pk=pk).first()
    if notice is None:
        raise problems.NotHere()
    return notice


def notice_page_of(viewer: Actor, pk: int) -> Notice:
    """The same with all its page shows, in one query."""
    beside = (
        "case__subject", "issued_by", "service__recorded_by", "replaces__service", "replaced_by", "approval__by",
        "seal_use",
    )  # fmt: skip
    rows = within(Notice.objects.select_related(*beside), viewer, Right.SEE_CASES)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def file_of(notice: Notice) -> Path:
    return stored(notice.path)


def is_final(notice: Notice) -> bool:
    """Whether its bytes may be printed: it is approved and sealed, and until then only a draft of it is shown."""
    return Notice.objects.select_related("approval", "seal_use").get(pk=notice.pk).is_approved


def slip_of(notice: Notice) -> Path:
    """The 送达回证 of a service at the door. Raises NotHere while there is none."""
    service: Service | None = getattr(notice, "service", None)
    if service is None or not service.slip_path:
        raise problems.NotHere()
    return stored(service.slip_path)


def waiting_services(viewer: Actor, area: str = "") -> QuerySet[DoorService]:
    """Visits with a document to hand over that a named person has to decide on, the oldest first."""
    rows = within(DoorService.objects.filter(fate=Fate.WAITING), viewer, Right.SERVE)
    rows = narrowed(rows, area)
    return rows.select_related("visit__person", "visit__subject", "notice__case__subject").order_by(
        "taken_at", "pk"
    )


def reason_words(taken: DoorService) -> str:
    """Why the visit is no service by itself; a refusal of the case says so in its own words."""
    return str(REASONS.get(taken.reason, _("案件所处环节不能登记送达")))


def door_service_at(viewer: Actor, code: str) -> DoorService:
    """One of them, decided or not, by the code of its visit. Raises NotHere outside the viewer's territory."""
    rows = within(DoorService.objects.filter(visit__code=code), viewer, Right.SERVE)
    found = rows.select_related(
        "visit__person",
        "visit__subject",
        "visit__after_end",
        "notice__case__subject",
        "notice__service",
        "decided_by",
    ).first()
    if found is None:
        raise problems.NotHere()
    return found


def newest_code() -> str:
    """The check code printed last; empty before the first. Asks whether CODES_KEY is the one codes are printed with."""
    return Notice.objects.exclude(code="").order_by("-pk").values_list("code", flat=True).first() or ""
