"""Whose word the papers of the demo city wait for: the street's on what it urges, else the head of the office that signs."""

from datetime import timedelta
from typing import Final

from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.scope import Actor, Right, Role
from project.demo.people import Staff
from workflows.notices.actions.approvals import copies_by
from workflows.notices.actions.approving import approve_paper
from workflows.notices.letters import kinds_not_to_party, letter_of
from workflows.notices.models import Approval, ApprovalWay, Notice

SIGNERS: Final = {
    Right.SIGN_STREET: Role.STREET,
    Right.SIGN_DISTRICT: Role.DISTRICT,
    Right.SIGN_CITY: Role.CITY,
}


def sign(notice: Notice, staff: Staff) -> None:
    """Approves a paper and puts the seal to it, unless a decision did so already."""
    right = letter_of(notice.kind).signed_by
    if right is not None and Approval.objects.filter(notice=notice, way=ApprovalWay.WAITING).exists():
        approve_paper(notice, copies_by(the_law(today())), by=_signer(notice, right, staff))


def _signer(notice: Notice, right: Right, staff: Staff) -> Actor:
    """The city's two sign each other's drafts."""
    if right is Right.SIGN_CITY:
        return next(actor for actor in (staff.wu, staff.ma) if actor.person_id != notice.issued_by_id)
    return staff.at(SIGNERS[right], notice.area)


def sign_the_rest(staff: Staff) -> None:
    """What goes to another office or a court is signed the next day."""
    rows = Notice.objects.filter(
        approval__way=ApprovalWay.WAITING, withdrawn_at=None, kind__in=kinds_not_to_party()
    )
    for notice in rows.filter(issued_at__lt=now() - timedelta(days=1)).select_related("case"):
        sign(notice, staff)
