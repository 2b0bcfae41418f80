"""Papers that wait for their approval, those sent back, and services at a door that wait for a named person."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Seldom, Waiting
from tasks.arrivals.waiting import nearest
from workflows.notices.queries import reason_words, waiting_services
from workflows.notices.queries.approvals import heaps_of, keeps_apart, returned, signs_papers, unsealed


def services_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """A line for each, for whoever reviews nearest and did not carry it."""
    if not (viewer.areas(Right.SERVE) and viewer.areas(Right.REVIEW)):
        return []
    rows = waiting_services(viewer).filter(nearest(viewer)).exclude(visit__person=viewer.person_id)[:limit]
    return [
        Waiting(
            "service", _("核定上门送达"), row.notice.number if row.notice else _("文号不明的文书"),
            reason_words(row), row.area, reverse("door-service", args=[row.visit.code]), day_of(row.taken_at),
        )
        for row in rows
    ]  # fmt: skip


def signatures_waiting(viewer: Actor, _limit: int) -> list[Waiting]:
    """Papers to approve, a line for each kind; papers to seal, in one line."""
    if not viewer.has(Right.SEE_CASES):
        return []
    lines = _to_sign(viewer) if signs_papers(viewer) else []
    return lines + (_to_seal(viewer) if viewer.has(Right.SEAL) else [])


def _to_sign(viewer: Actor) -> list[Waiting]:
    return [
        Waiting(
            "signature", _("签发文书"), f"《{heap.title}》", _("{n} 份待签发").format(n=heap.count), heap.area,
            f"{reverse('papers-to-sign')}?kind={heap.kind}", heap.since, heap.due_on,
        )
        for heap in heaps_of(viewer)
    ]  # fmt: skip


def _to_seal(viewer: Actor) -> list[Waiting]:
    first = unsealed(viewer).first() if keeps_apart(viewer) else None
    if first is None:
        return []
    page = reverse("seal-register")
    why, since = _("已签发，待登记用印"), day_of(first.approval.at or first.issued_at)
    return [Waiting("seal", _("登记用印"), first.number, why, first.area, page, since)]


def _sent_back(viewer: Actor, limit: int) -> list[Waiting]:
    """A line for each paper that was sent back to the viewer."""
    return [
        Waiting(
            "sent_back", _("重新拟制文书"), f"{row.notice.number} {row.notice.case.subject.name}",
            _("签发时退回：{why}").format(why=row.why), row.notice.area, reverse("notice", args=[row.notice_id]),
            day_of(row.at or row.notice.issued_at),
        )
        for row in returned(viewer)[:limit]
    ]  # fmt: skip


SENT_BACK = Seldom(returned, _sent_back)
