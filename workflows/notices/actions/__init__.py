"""Issuing documents and recording how they reached whom."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.calendar.queries import workdays
from grid.codes import Purpose, fresh_code
from grid.keeping import keep_file as store_file
from grid.keeping import stored
from grid.law.queries import Law, require_reviewed, the_law
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.offices.queries import office_at
from grid.scope import Actor, Held, Right, require, require_person
from tasks.doors.actions.moves import carry_to_door
from tasks.visits.models import Visit
from workflows.engine.actions.steps import locked, writing_on
from workflows.engine.kind import kind_of
from workflows.notices import problems as notices_problems
from workflows.notices import rules
from workflows.notices.actions import approvals
from workflows.notices.actions.overdue import start_service_term, stop_service_term
from workflows.notices.documents import Document, Letterhead, waiting_of
from workflows.notices.documents.reviving import revived
from workflows.notices.documents.sealing import parted, whole_values
from workflows.notices.documents.typesetting import typeset
from workflows.notices.letters import Addressee, letter_of
from workflows.notices.models import Notice, Number, Service, Way
from workflows.notices.queries import contact_of
from workflows.notices.queries.parties import party_of
from workflows.notices.verbs import NoticeVerb

if TYPE_CHECKING:
    from workflows.cases.models import Case


@dataclass(frozen=True)
class Receipt:
    """What the slip of service says."""

    way: str
    served_on: date
    receiver: str = ""
    receiver_role: str = ""
    witness: str = ""
    remark: str = ""
    witness_2: str = ""
    refused_why: str = ""
    through: str = ""
    reference: str = ""
    agreed_on: date | None = None
    media: str = ""
    reasons: str = ""
    server_1: str = ""
    server_2: str = ""
    place: str = ""


def take_number(series: str, year: int) -> int:
    """The next number of a series. The row stays locked until the transaction ends, so none is skipped:
    a rolled-back document gives its number back."""
    Number.objects.get_or_create(series=series, year=year)
    row = Number.objects.select_for_update().get(series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


class Previewed(Exception):
    """Carries what would have been issued out of the act that would have issued it, which ends undone."""

    def __init__(self, kind: str, data: Document) -> None:
        super().__init__(kind)
        self.kind, self.data = kind, data


_previewing: ContextVar[bool] = ContextVar("previewing", default=False)


@contextmanager
def previewing() -> Iterator[None]:
    """Within it documents are composed, not issued: `issue_document` raises Previewed."""
    token = _previewing.set(True)
    try:
        yield
    finally:
        _previewing.reset(token)


def issue_document(
    case: Case, kind: str, compose: Callable[[Letterhead], Document], *, by: Actor, held: Held | None = None
) -> Notice:
    """Numbers, sets, keeps and records a document of `case`; the action that needs it holds the locks and
    has asked who may: the removal at the end of its period is issued by the clock.

    Raises NoticeUnserved while one of this kind still waits to be served on the party (several persons may each have
    theirs), PartyUnknown for a site without a contractor, LawUnreviewed outside demo mode where it rests on what no lawyer
    has passed; a preview shows what waits.
    """
    waiting = case.notices.filter(kind=kind, withdrawn_at=None, service=None).first()
    if waiting and letter_of(kind).to is Addressee.PARTY:
        raise notices_problems.NoticeUnserved(kind=letter_of(kind).title, number=waiting.number)
    if _previewing.get():
        raise Previewed(kind, compose(_letter(case, kind, preview=True)))
    return _keep(case, kind, compose(_letter(case, kind)), by, held)


def _keep(
    case: Case, kind: str, data: Document, by: Actor, held: Held | None, replaces: Notice | None = None
) -> Notice:
    letter: Letterhead = data.letter
    if not letter_of(kind).ends_burden:
        require_reviewed(waiting_of(data), letter_of(kind).title)
    content = typeset(kind, data)
    sha256 = hashlib.sha256(content).hexdigest()
    values, sealed = parted(data)
    notice = Notice.objects.create(
        number=letter.number,
        code=letter.code,
        kind=kind,
        case=case,
        area=case.area,
        issued_at=now(),
        issued_by_id=by.person_id,
        values=values,
        sealed=sealed or None,
        path=keep_file(content, sha256, letter.issued_on.year),
        sha256=sha256,
        replaces=replaces,
    )
    if replaces is None:
        start_service_term(notice, by)
    facts = {"notice": notice.pk, "kind": kind, "title": notice.get_kind_display(), "number": notice.number}
    _record(NoticeVerb.NOTICE_ISSUED, notice, by, held, facts | {"sha256": sha256})
    approvals.await_approval(notice, by=by)
    return notice


def _letter(case: Case, kind: str, *, preview: bool = False) -> Letterhead:
    """The head of a document about `case`. A preview takes no number and no code. Raises PartyUnknown."""
    on, letter, party = today(), letter_of(kind), party_of(case)
    office, signing = office_at(letter.signer.code_in(case.area), on), letter.signer.part
    series = letter.series(office.word(signing))
    number = rules.BLANK if preview else take_number(series, on.year)
    return Letterhead(
        authority=office.need(signing).name,
        number=rules.number_text(series, on.year, number),
        issued_on=on,
        party=party,
        code="" if preview else fresh_code(Purpose.NOTICE),
        contact=contact_of(kind, office),
        sample=case.subject.is_sample,
        preview=preview,
        seal=office.need(signing).seal,
    )


def keep_file(content: bytes, sha256: str, year: int) -> str:
    """Stores the bytes under their hash and answers the path below FILES.

    Written beside and renamed, so that a crash leaves either the whole file or none; one whose transaction
    rolled back is an orphan nobody refers to.
    """
    path = f"notices/{year}/{sha256}.pdf"
    store_file(stored(path), [content], len(content), is_urgent=True)
    return path


def file_service(
    notice: Notice,
    receipt: Receipt,
    law: Law,
    *,
    by: Actor,
    held: Held | None = None,
    visit: Visit | None = None,
) -> Service:
    """Keeps how a document was served and from which day that counts; the caller holds the case's locks.
    `visit` is the one at which the worker handed it over.

    Raises NoticeServed, NoticeWithdrawn, PaperUnapproved, PaperUnsealed, WrongServiceDate, ReceiverMissing,
    WitnessMissing, ServiceUnproved.
    """
    _check(notice, receipt, visit)
    service = Service.objects.create(
        notice=notice,
        effective_on=_effective_on(receipt, law),
        visit=visit,
        recorded_by_id=require_person(by),
        recorded_at=now(),
        **asdict(receipt),
    )
    stop_service_term(notice, str(_("已送达")), by)
    people = {
        "receiver": service.receiver,
        "role": service.receiver_role,
        "witness": service.witness,
        "witness_2": service.witness_2,
    }
    _record(
        NoticeVerb.NOTICE_SERVED, notice, by, held, _facts_of(service), {k: v for k, v in people.items() if v}
    )
    if notice.asked_at:
        show_at_door(notice.case.subject_id)
    return service


def _effective_on(receipt: Receipt, law: Law) -> date:
    """The calendar is asked for the one way of serving whose day hangs on it."""
    if receipt.way != Way.PUBLIC:
        return receipt.served_on
    return rules.public_from(receipt.served_on, int(law["service.public_days"].value), workdays())


def _facts_of(service: Service) -> dict[str, object]:
    notice, visit = service.notice, service.visit
    facts: dict[str, object] = {
        "notice": notice.pk,
        "kind": notice.kind,
        "number": notice.number,
        "way": str(Way(service.way).label),
        "on": service.served_on.isoformat(),
        "effective_on": service.effective_on.isoformat(),
    }
    if visit is not None:
        facts |= {"visit": visit.code, "handed_at": visit.recorded_at.isoformat(), "skew": visit.skew_seconds}
        if visit.doubt:
            facts["doubt"] = str(visit.get_doubt_display())
    return facts


def record_service(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """Records how a document reached its addressee, and takes the step that waits for it. `visit` is the one at which
    a grid worker handed it over.

    Terms run from the day the service counts, which a public notice puts thirty days ahead.
    """
    serve = letter_of(notice.kind).follows
    if serve is None or notice.corrects_served:
        return keep_service(notice, receipt, by=by, visit=visit)
    return serve(notice, receipt, by=by, visit=visit)


def keep_service(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """A service nothing follows: the removal of an entry that has left the list, the end of an inspection."""
    act, states = _("登记送达"), tuple(kind_of(notice.case).states)
    with writing_on(notice.case, Right.SERVE, states, act, by=by) as (_fresh, held):
        return file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)


def show_at_door(subject_id: int) -> bool:
    """The subject's door tells the phone how many documents are to be handed over there now."""
    asked = Notice.objects.filter(case__subject=subject_id, withdrawn_at=None, service=None)
    return carry_to_door(subject_id, asked.exclude(asked_at=None).count())


def _check(notice: Notice, receipt: Receipt, visit: Visit | None) -> None:
    withdrawn_at, served_on = _fate_of(notice)
    if withdrawn_at:
        raise notices_problems.NoticeWithdrawn(number=notice.number)
    if served_on:
        raise notices_problems.NoticeServed(number=notice.number, on=served_on)
    way, approved_on = Way(receipt.way), approvals.require_approved(notice)
    issued_on = max(approved_on or day_of(notice.issued_at), day_of(notice.issued_at))
    if not rules.is_plausible(issued_on, receipt.served_on, today()):
        raise notices_problems.WrongServiceDate(issued_on=issued_on)
    shown = visit is not None and visit.evidence.exists()
    by_two = letter_of(notice.kind).by_two
    lacks = rules.lacking(way, asdict(receipt), shown=shown, at_door=visit is not None, by_two=by_two)
    if rules.agreed_too_late(way, receipt.agreed_on, receipt.served_on):
        lacks.append("agreed_on")
    if lacks == ["receiver"]:
        raise notices_problems.ReceiverMissing(way=way.label)
    if lacks == ["witness"]:
        raise notices_problems.WitnessMissing(way=way.label)
    if lacks:
        raise notices_problems.ServiceUnproved(way=way.label, lacks="、".join(_label(name) for name in lacks))


def _fate_of(notice: Notice) -> tuple[datetime | None, date | None]:
    """When it was taken back, and when it was handed over: as it stands under the lock, whatever its reader saw before
    a colleague reissued it."""
    return Notice.objects.values_list("withdrawn_at", "service__served_on").get(pk=notice.pk)


def _label(name: str) -> str:
    return str(Service._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


@transaction.atomic
def withdraw_documents(
    case: Case, why: str, *, by: Actor, kinds: tuple[str, ...] = (), unserved: bool = False, only: int = 0
) -> int:
    """Takes back what was issued and no longer stands, or only what nobody was handed yet, or `only` one of them (its
    number in the database); whoever checks its code is told so."""
    standing = case.notices.filter(withdrawn_at=None)
    if only:
        standing = standing.filter(pk=only)
    if unserved:
        standing = standing.filter(service=None)
    notices = list(standing.filter(kind__in=kinds) if kinds else standing)
    for notice in notices:
        take_back(notice, why, by, None)
        stop_service_term(notice, why, by)
    if any(notice.asked_at for notice in notices):
        show_at_door(case.subject_id)
    return len(notices)


def take_back(notice: Notice, why: str, by: Actor, held: Held | None) -> None:
    """Part of an act: the document, locked by the caller, stands no more."""
    notice.withdrawn_at, notice.withdrawn_why = now(), why[:300]
    notice.save(update_fields=["withdrawn_at", "withdrawn_why"])
    facts = {"notice": notice.pk, "title": notice.get_kind_display(), "number": notice.number}
    _record(NoticeVerb.NOTICE_WITHDRAWN, notice, by, held, facts | {"reason": why})


@transaction.atomic
def reissue_notice(
    notice: Notice, why: str, *, by: Actor, clerical: bool = False, mend: tuple[str, str] = ("", "")
) -> Notice:
    """Withdraws a document and issues the same values under a new number; its head is as the register has it now. One
    that was sent back unapproved is withdrawn already.

    `clerical`: 补正, the only reason once it is served; the terms that run from the first service stay as they
    are. `mend`: what was written wrongly, and what it should read.
    Raises ReasonMissing, NoticeWithdrawn, ReissueRefused, NothingToMend, NotHere, NotYourPost.
    """
    case = locked(type(notice.case), notice.case_id)
    held = require(by, letter_of(notice.kind).right, case.area)
    old = Notice.objects.select_for_update(of=("self",)).select_related("case__subject").get(pk=notice.pk)
    _check_reissue(old, why, clerical)
    values = whole_values(old)
    data: Any = revived(letter_of(old.kind).shape, rules.corrected(values, *mend))
    if mend[0] and data == revived(type(data), values):
        raise notices_problems.NothingToMend(wrong=mend[0])
    if old.withdrawn_at is None:
        take_back(old, why, by, held)
    new = _keep(case, old.kind, replace(data, letter=_letter(case, old.kind)), by, held, replaces=old)
    facts = {"notice": new.pk, "title": new.get_kind_display(), "number": new.number, "old": old.number}
    told: dict[str, object] | None = {"wrong": mend[0], "right": mend[1]} if mend[0] else None
    _record(NoticeVerb.NOTICE_REISSUED, new, by, held, facts | {"reason": why, "clerical": clerical}, told)
    if old.asked_at:
        show_at_door(case.subject_id)
    return new


def _check_reissue(notice: Notice, why: str, clerical: bool) -> None:
    if not why.strip():
        raise problems.ReasonMissing(act=_("换发文书"))
    withdrawn_at, served_on = _fate_of(notice)
    if withdrawn_at and not approvals.is_returned(notice):
        raise notices_problems.NoticeWithdrawn(number=notice.number)
    if served_on and not clerical:
        raise notices_problems.ReissueRefused(number=notice.number, on=served_on)


def _record(
    verb: Verb,
    notice: Notice,
    by: Actor,
    held: Held | None,
    facts: dict[str, object],
    people: dict[str, object] | None = None,
) -> None:
    case = notice.case
    record(
        verb,
        Line(
            case.area,
            subject=case.subject_id,
            case=case.code,
            data={key: str(value) if key == "title" else value for key, value in facts.items()},
            personal=people,
        ),
        by=by,
        held=held,
    )
