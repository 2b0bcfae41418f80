"""送达回证: blank, to be signed; its scan when it came back; and of a service at the door set once, when every photo and
signature has arrived. Each is kept by its hash."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import typst
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, day_of
from grid.keeping import stored
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, machine, require
from tasks.visits.actions import look_at
from tasks.visits.models import Evidence, Visit
from workflows.notices import problems as notices_problems
from workflows.notices.actions import keep_file
from workflows.notices.actions.approvals import require_approved
from workflows.notices.actions.doorstep import at_of
from workflows.notices.documents import (
    Contact,
    Letterhead,
    Paper,
    Party,
    Proof,
    ServedBy,
    ServiceSlip,
)
from workflows.notices.documents.sealing import whole_values
from workflows.notices.documents.typesetting import typeset
from workflows.notices.models import Notice, Service
from workflows.notices.reading import ENDINGS, Given, keep_given
from workflows.notices.verbs import NoticeVerb

SIGNATURE = "signature"
# A drawing of a name is small; what is larger is a photo, and stays out of the document.
_LARGEST = 300_000


def prove_service(visit: UUID) -> Service | None:
    """Sets the slip of the service made at this visit. None while there is no service or a photo is on its way;
    again changes nothing."""
    if not Service.objects.filter(visit__client_id=visit, slip_sha256="").exists():
        return None
    # Opened before anything is locked: it takes a process of its own.
    look_at(Evidence.objects.filter(visit__client_id=visit, kind=SIGNATURE))
    return _proved(visit)


@transaction.atomic
def _proved(visit: UUID) -> Service | None:
    rows = Service.objects.select_for_update(of=("self",)).select_related(
        "notice__case__subject", "visit__person"
    )
    service = rows.filter(visit__client_id=visit, slip_sha256="").first()
    if service is None or service.visit is None:
        return None
    evidence = list(Evidence.objects.filter(visit=service.visit).order_by("pk"))
    if any(file.received_at is None for file in evidence):
        return None
    content = _set(_slip(service, evidence))
    service.slip_sha256 = sha256(content).hexdigest()
    service.slip_path = keep_file(content, service.slip_sha256, service.served_on.year)
    service.save(update_fields=["slip_path", "slip_sha256"])
    case, number = service.notice.case, service.notice.number
    facts = {"notice": service.notice_id, "number": number, "sha256": service.slip_sha256}
    by = machine(str(_("送达回证")))
    record(
        NoticeVerb.NOTICE_PROVED, Line(case.area, subject=case.subject_id, case=case.code, data=facts), by=by
    )
    return service


# --- on paper ------------------------------------------------------------------------------------


def set_blank_slip(notice: Notice) -> bytes:
    """The 送达回证 of a document that is to be served, its boxes open (处罚法 61 → 民诉法 87). Raises NotHere for one that is
    not served on the party, or was taken back, PaperUnapproved, PaperUnsealed."""
    if notice.stays_on_file or notice.is_sent or notice.withdrawn_at:
        raise problems.NotHere()
    require_approved(notice)
    return typeset("service_slip", _head(notice, ""))


def file_slip(notice: Notice, scan: Given, *, by: Actor) -> Service:
    """Takes back the signed 送达回证, once: from then on documents say that it lies on file.

    Raises NotHere, NotYourPost, SlipTooEarly, SlipFiled.
    """
    ending = ENDINGS[scan.kind]
    path = keep_given(scan, f"slips/{scan.sha256[:2]}/{scan.sha256}.{ending}")
    with transaction.atomic():
        held = require(by, Right.SERVE, notice.area)
        service = Service.objects.select_for_update().filter(notice=notice).first()
        if service is None:
            raise notices_problems.SlipTooEarly(number=notice.number)
        if service.visit_id:
            # Set by itself when the photos of the door have come.
            raise problems.NotHere()
        if service.slip_sha256:
            raise notices_problems.SlipFiled(number=notice.number)
        service.slip_path, service.slip_sha256 = path, scan.sha256
        service.save(update_fields=["slip_path", "slip_sha256"])
        case = notice.case
        facts = {"notice": notice.pk, "number": notice.number, "sha256": scan.sha256}
        record(
            NoticeVerb.SLIP_FILED, Line(case.area, subject=case.subject_id, case=case.code, data=facts),
            by=by, held=held,
        )  # fmt: skip
    return service


def _set(slip: ServiceSlip) -> bytes:
    """An image that cannot be drawn is left out: its hash stands in the slip all the same."""
    try:
        return typeset("service_slip", slip)
    except typst.TypstError:
        served = slip.served
        assert served is not None
        plain = tuple(replace(proof, image=b"", format="") for proof in served.proofs)
        return typeset("service_slip", replace(slip, served=replace(served, proofs=plain)))


def _slip(service: Service, evidence: Sequence[Evidence]) -> ServiceSlip:
    notice = service.notice
    return replace(_head(notice, notice.case.subject.address), served=_served(service, evidence))


def _head(notice: Notice, place: str) -> ServiceSlip:
    letter = _letter(notice.values["letter"], notice.dated_on)
    if not notice.is_to_party:
        letter = replace(letter, party=Party(str(whole_values(notice)["name"]), "", is_person=True))
    return ServiceSlip(
        letter=letter,
        case=notice.case.code,
        papers=(Paper(str(notice.get_kind_display()), notice.number),),
        place=place,
    )


def _letter(values: dict[str, Any], issued_on: date) -> Letterhead:
    """The head of the document served, as it was issued."""
    return Letterhead(
        authority=values["authority"],
        number=values["number"],
        issued_on=issued_on,
        party=Party(**values["party"]),
        code=values["code"],
        contact=Contact(**values["contact"]),
        sample=values["sample"],
        seal=values.get("seal", ""),
    )


def _served(service: Service, evidence: Sequence[Evidence]) -> ServedBy:
    visit = service.visit
    assert visit is not None
    return ServedBy(
        way=str(service.get_way_display()),
        at=_served_at(service, visit),
        received_at=_moment(visit.received_at),
        visit=visit.code,
        server=visit.person.full_name,
        receiver=service.receiver,
        relation=service.receiver_role,
        refused_why=service.refused_why,
        witnesses="、".join(filter(None, (service.witness, service.witness_2))),
        remark=service.remark,
        proofs=tuple(_proof(file) for file in evidence),
    )


def _served_at(service: Service, visit: Visit) -> str:
    """The moment of the visit; where a named person put the day right, that day and no hour."""
    on = service.served_on
    if visit.doubt or day_of(at_of(visit)) != on:
        return f"{on.year}年{on.month}月{on.day}日"
    return _moment(at_of(visit))


def _moment(at: datetime) -> str:
    local = at.astimezone(CITY_TIME)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _proof(evidence: Evidence) -> Proof:
    label = str(_("签名") if evidence.kind == SIGNATURE else _("照片"))
    image, format = _drawing(evidence) if evidence.kind == SIGNATURE else (b"", "")
    return Proof(label, evidence.sha256, image, format)


def _drawing(evidence: Evidence) -> tuple[bytes, str]:
    """The signature as pages show it; one that cannot be shown leaves the hash to speak alone."""
    file = stored(evidence.shown_path)
    if not evidence.shown_path or not file.is_file() or file.stat().st_size > _LARGEST:
        return b"", ""
    return file.read_bytes(), file.suffix[1:]
