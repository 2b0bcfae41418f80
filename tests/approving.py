"""Papers approved as they are in an office: by whoever holds the right nearest, and never by who drafted them."""

from grid.calendar.now import today
from grid.scope import RIGHTS, Actor
from grid.territory.models import Posting
from grid.territory.queries import actor_of, valid_on
from workflows.cases.models import Case
from workflows.notices.actions.approving import approve_paper
from workflows.notices.letters import letter_of
from workflows.notices.models import ApprovalWay, Notice


def signer_of(notice: Notice) -> Actor:
    """Who approves a paper: the narrowest posting that may."""
    right = letter_of(notice.kind).signed_by
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    rows = Posting.objects.filter(valid_on(today()), role__in=roles, person__is_active=True).order_by("pk")
    near = [post for post in rows.exclude(person=notice.issued_by_id) if notice.area.startswith(post.area_id)]
    return actor_of(max(near, key=lambda post: len(post.area_id)).person)


def approved(notice: Notice) -> Notice:
    """The paper, approved and sealed unless it is already, or asks for neither."""
    fresh = Notice.objects.select_related("approval", "seal_use", "case").get(pk=notice.pk)
    if not fresh.is_approved and fresh.withdrawn_at is None:
        approve_paper(fresh, 2, by=signer_of(fresh))
    return notice


def approve_all(case: Case) -> None:
    """Every paper of the case that waits for its approval."""
    for notice in case.notices.filter(approval__way=ApprovalWay.WAITING, withdrawn_at=None):
        approved(notice)
