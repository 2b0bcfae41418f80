"""签发 and 退回 of papers that were drafted, one or a thousand at once, and the use of a seal that is kept apart.

Locks: the processes of the cases first, as everywhere, then the papers.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, require, require_person
from workflows.engine.actions.steps import another_than, locked, notify_pages
from workflows.engine.procedures import lock_processes
from workflows.notices import problems as notices_problems
from workflows.notices.actions import keep_file, take_back
from workflows.notices.actions.approvals import is_sealed_apart, post_of, record_seals
from workflows.notices.documents.reviving import revived
from workflows.notices.documents.sealing import parted, whole_values
from workflows.notices.documents.typesetting import typeset
from workflows.notices.letters import letter_of
from workflows.notices.models import Approval, ApprovalWay, Notice
from workflows.notices.queries.approvals import unsealed, unsigned
from workflows.notices.verbs import NoticeVerb

# A paper bears the day of its approval (党政机关公文格式 成文日期): those drafted on an earlier day are set again, fifty a
# second, and so many of them at once.
MOST_DATED = 200
MOST = 1000


@dataclass(frozen=True)
class Approved:
    """Which papers were approved, and how many of those chosen were left for the next time."""

    papers: list[Notice] = field(default_factory=list)
    left: int = 0


def approve_paper(notice: Notice, copies: int, *, by: Actor) -> Approval:
    """签发 of one paper: its author never approves it (党政机关公文处理工作条例 第22条).

    Raises NotHere, NotYourPost, SamePersonTwice, PaperApproved, NoticeWithdrawn.
    """
    right = letter_of(notice.kind).signed_by
    if right is None:
        raise problems.NotHere()
    with transaction.atomic():
        lock_processes([notice.case.process_id])
        fresh = _waiting(notice)
        require(by, right, fresh.area)
        another_than(by, fresh.issued_by_id)
        _sign([fresh], copies, by)
        return Approval.objects.get(notice=fresh)


def approve_papers(chosen: Collection[int], copies: int, *, by: Actor) -> Approved:
    """The same for many at once, in a handful of queries: those of the chosen that still wait for `by`. What a colleague
    approved or sent back meanwhile, and what somebody else approves, is passed over."""
    with transaction.atomic():
        rows = unsigned(by).filter(pk__in=chosen)
        found = list(rows.values_list("pk", "case__process")[: MOST + 1])
        lock_processes([process for _pk, process in found])
        again = unsigned(by).filter(pk__in=[pk for pk, _process in found])
        papers = list(again.select_related("case").select_for_update(of=("self",)))
        taken = _at_once(papers)
        if taken:
            _sign(taken, copies, by)
        return Approved(taken, len(papers) - len(taken))


def _at_once(papers: Sequence[Notice]) -> list[Notice]:
    """As many as one request can set and write."""
    day, dated, taken = today(), 0, []
    for paper in papers[:MOST]:
        dated += day_of(paper.issued_at) != day
        if dated > MOST_DATED:
            break
        taken.append(paper)
    return taken


def _sign(papers: Sequence[Notice], copies: int, by: Actor) -> None:
    """Part of approving: the papers are locked, and nobody has approved them."""
    at, law, person = now(), the_law(today()), require_person(by)
    _date_anew([paper for paper in papers if day_of(paper.issued_at) != day_of(at)])
    posts = {
        key: post_of(by, letter_of(key[0]), key[1]) for key in {(paper.kind, paper.area) for paper in papers}
    }
    for post in set(posts.values()):
        own = [paper.pk for paper in papers if posts[paper.kind, paper.area] == post]
        Approval.objects.filter(notice__in=own).update(way=ApprovalWay.SIGNED, by=person, post=post, at=at)
    sealed = [paper for paper in papers if not is_sealed_apart(paper, law)]
    record_seals(sealed, copies, by=by)
    put = {paper.pk: copies for paper in sealed}
    record_many(
        NoticeVerb.NOTICE_APPROVED,
        (_line(paper, sha256=paper.sha256, copies=put.get(paper.pk, "")) for paper in papers),
        by=by,
    )
    for area in {paper.area for paper in papers}:
        hint("case", area)
        hint("inbox", area)


def _date_anew(papers: Sequence[Notice]) -> None:
    """Sets papers that were drafted on an earlier day with today's, and keeps what they now are."""
    for paper in papers:
        data = revived(letter_of(paper.kind).shape, whole_values(paper))
        data = replace(data, letter=replace(data.letter, issued_on=today()))
        content = typeset(paper.kind, data)
        paper.sha256 = hashlib.sha256(content).hexdigest()
        paper.path = keep_file(content, paper.sha256, today().year)
        paper.values, sealed = parted(data)
        paper.sealed = sealed or None
    if papers:
        Notice.objects.bulk_update(papers, ["values", "sealed", "path", "sha256"], batch_size=100)


def return_paper(notice: Notice, why: str, *, by: Actor) -> Approval:
    """退回: the paper is withdrawn, its number stays spent and on record; whoever drafted it issues it again.

    Raises ReasonMissing, NotHere, NotYourPost, PaperApproved, NoticeWithdrawn.
    """
    right = letter_of(notice.kind).signed_by
    if right is None:
        raise problems.NotHere()
    if not why.strip():
        raise problems.ReasonMissing(act=_("退回文书"))
    with transaction.atomic():
        case = locked(type(notice.case), notice.case_id)
        fresh = _waiting(notice)
        held = require(by, right, fresh.area)
        post = post_of(by, letter_of(fresh.kind), fresh.area)
        approval: Approval = fresh.approval
        approval.way, approval.why = ApprovalWay.RETURNED, why.strip()[:300]
        approval.by_id, approval.post, approval.at = require_person(by), post, now()
        approval.save(update_fields=["way", "why", "by", "post", "at"])
        _record(NoticeVerb.NOTICE_RETURNED, fresh, by, reason=approval.why)
        take_back(fresh, _("签发时退回：{why}").format(why=approval.why), by, held)
        notify_pages(case)
    return approval


def _waiting(notice: Notice) -> Notice:
    """The paper, locked, while nobody has said a word on it. Raises PaperApproved, NoticeWithdrawn."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("case", "approval__by")
    fresh = rows.get(pk=notice.pk)
    if fresh.withdrawn_at:
        raise notices_problems.NoticeWithdrawn(number=fresh.number)
    if not fresh.is_draft:
        approval: Approval = fresh.approval
        who = approval.by.full_name if approval.by else approval.get_way_display()
        raise notices_problems.PaperApproved(number=fresh.number, who=who, on=day_of(approval.at or now()))
    return fresh


def seal_paper(notice: Notice, copies: int, *, by: Actor) -> Notice:
    """用印 by the keeper of a seal that is kept apart: never by who approved the paper.

    Raises NotHere, NotYourPost, SamePersonTwice, PaperSealed.
    """
    with transaction.atomic():
        lock_processes([notice.case.process_id])
        require(by, Right.SEAL, notice.area)
        fresh = Notice.objects.select_related("case", "approval", "seal_use").get(pk=notice.pk)
        if hasattr(fresh, "seal_use"):
            raise notices_problems.PaperSealed(number=fresh.number, on=fresh.seal_use.on)
        found = unsealed(by).filter(pk=notice.pk).first()
        if found is None:
            raise problems.NotHere()
        another_than(by, found.approval.by_id)
        record_seals([found], copies, by=by)
        _record(NoticeVerb.NOTICE_SEALED, found, by, copies=copies)
        notify_pages(found.case)
    return found


def _record(verb: Verb, notice: Notice, by: Actor, **facts: object) -> None:
    record(verb, _line(notice, **facts), by=by)


def _line(notice: Notice, **facts: object) -> Line:
    told = {
        "notice": notice.pk,
        "kind": notice.kind,
        "title": str(notice.get_kind_display()),
        "number": notice.number,
    }
    return Line(notice.area, subject=notice.case.subject_id, case=notice.case.code, data=told | facts)
