"""What stands on record of a paper before it leaves the house: its approval (签发) and the use of the seal (用印).

It stands below the issuing of papers, which asks it.
"""

from collections.abc import Sequence
from datetime import date

from grid.calendar.now import day_of, now, today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Right, Role
from workflows.notices import problems as notices_problems
from workflows.notices.letters import Letter, letter_of
from workflows.notices.models import Approval, ApprovalWay, Notice, SealUse


def await_approval(notice: Notice, *, by: Actor) -> None:
    """Part of issuing: the paper waits for its approval. One whose text was decided by who issues it carries that decision,
    and nobody approves it twice; issued anew in place of another it does so only from the hand of who may approve it."""
    letter = letter_of(notice.kind)
    right = letter.signed_by
    if right is None:
        return
    if not letter.decided or (notice.replaces_id is not None and not by.can(right, notice.area)):
        Approval.objects.create(notice=notice, area=notice.area, way=ApprovalWay.WAITING)
    else:
        post = post_of(by, letter, notice.area)
        Approval.objects.create(
            notice=notice, area=notice.area, way=ApprovalWay.DECIDED, by_id=by.person_id, post=post,
            step=str(letter.decided), at=now(),
        )  # fmt: skip
        law = the_law(today())
        if not is_sealed_apart(notice, law):
            record_seals([notice], copies_by(law), by=by)


def post_of(by: Actor, letter: Letter, area: str) -> str:
    """Part of approving: as what somebody does it, 区主管, with the department where the posting names one."""
    rights = (letter.signed_by, letter.right)
    held = next((found for right in rights if right and (found := by.allowing(right, area))), None)
    if held is None:
        return by.machine[:60]
    words = dict.fromkeys(filter(None, (held.department, str(Role(held.role).label))))
    return " ".join(words)[:60]


def record_seals(notices: Sequence[Notice], copies: int, *, by: Actor) -> None:
    """Part of approving: the seal of the office that signs is put to each. One query."""
    SealUse.objects.bulk_create(
        SealUse(
            notice=notice, area=notice.area, office=office_of(notice), seal=seal_of(notice), copies=copies,
            on=today(), by_id=by.person_id, at=now(),
        )
        for notice in notices
    )  # fmt: skip


def office_of(notice: Notice) -> str:
    """The office that signs, as the paper names it."""
    return str(notice.values["letter"]["authority"])[:60]


def seal_of(notice: Notice) -> str:
    """The seal the office has named, else the one that bears its name."""
    return str(notice.values["letter"].get("seal") or office_of(notice))[:60]


def copies_by(law: Law) -> int:
    """On how many copies the seal is put where nobody says: one for the party, one for the file."""
    return int(law["seal.copies"].value)


def is_sealed_apart(notice: Notice, law: Law) -> bool:
    """Whether the office that signs keeps its seal apart from whoever approves: then its keeper records each use."""
    return letter_of(notice.kind).signer.code_in(notice.area) in law["seal.apart"].value


def require_approved(notice: Notice) -> date | None:
    """Asks that a paper may leave the house. The day since when it may, none for one older than the rule.

    Raises PaperUnapproved, PaperUnsealed.
    """
    fresh = Notice.objects.select_related("approval", "seal_use").get(pk=notice.pk)
    approval: Approval | None = getattr(fresh, "approval", None)
    if fresh.is_approved:
        dated = approval is not None and approval.way != ApprovalWay.BEFORE
        return day_of(approval.at) if dated and approval and approval.at else None
    title = letter_of(notice.kind).title
    if approval is not None and approval.is_given:
        raise notices_problems.PaperUnsealed(kind=title, number=notice.number)
    raise notices_problems.PaperUnapproved(kind=title, number=notice.number, who=signers_of(notice.kind))


def is_returned(notice: Notice) -> bool:
    """Whether it was sent back unapproved, and nothing of its kind was issued in the matter since."""
    later = Notice.objects.filter(case=notice.case_id, kind=notice.kind, pk__gt=notice.pk)
    sent_back = Approval.objects.filter(notice=notice, way=ApprovalWay.RETURNED)
    return sent_back.exists() and not later.exists()


def signers_of(kind: str) -> str:
    """Whose approval a paper of this kind waits for, in words."""
    right = letter_of(kind).signed_by
    return {Right.SIGN_STREET: str(Role.STREET.label), Right.SIGN_CITY: str(Role.CITY.label)}.get(
        right or Right.SIGN_DISTRICT, str(Role.DISTRICT.label)
    )
