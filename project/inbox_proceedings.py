"""What inspections, audits and the window put into the inbox, with what colleagues ask and what is late below."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from project.inbox_items import LIMIT, Item
from workflows.audits.queries import audits_waiting, transfers_waiting
from workflows.clocks.models import Clock, Escalation, Pause
from workflows.clocks.posts import CODE_LENGTHS
from workflows.clocks.queries import escalations_to
from workflows.counter import queries as counter
from workflows.engine.signing.models import Move
from workflows.engine.signing.queries import waiting_for as waiting_moves
from workflows.inspections.queries import waiting_for as inspections_for
from workflows.inspections.steps import TERMS as INSPECTION_TERMS


def inspections(viewer: Actor) -> list[Item]:
    """Inspections whose next step is the viewer's, with the soonest of their running terms."""
    running = Clock.objects.filter(
        case=OuterRef("case"), kind__in=INSPECTION_TERMS, fired_at=None, stopped_at=None
    )
    running = running.exclude(Exists(Pause.objects.open().filter(clock=OuterRef("pk"))))
    soonest = running.order_by().values("case").annotate(first=Min("due_on")).values("first")
    rows = inspections_for(viewer).annotate(term=Subquery(soonest)).select_related("case__subject")[:LIMIT]
    return [
        Item(
            "inspection", str(row.get_state_display()), f"{row.code} {row.case.subject.name}",
            _inspection_words(row), row.area, reverse("inspection", args=[row.case.code]),
            day_of(row.proposed_at), row.term, state=row.state,
        )
        for row in rows
    ]  # fmt: skip


def _inspection_words(row: Any) -> str:
    if not row.is_open:
        return _("已作出决定，待送达当事人")
    return str(row.returned_why or row.why)


def submissions(viewer: Actor) -> list[Item]:
    """What employers handed in at the window: to take over, or taken over by the viewer and to be answered."""
    if not any(viewer.has(right) for right in (*counter.READERS, counter.SUPERIOR)):
        return []
    return [
        Item(
            "submission", str(row.get_kind_display()), f"{row.receipt} {row.case.subject.name}",
            _submission_words(row, viewer), row.area,
            reverse("counter-submission", args=[row.receipt]), day_of(row.given_at), row.answer_due,
        )
        for row in counter.waiting_for(viewer)[:LIMIT]
    ]  # fmt: skip


def _submission_words(row: Any, viewer: Actor) -> str:
    if row.overdue_at and viewer.can(counter.SUPERIOR, row.area):
        return _("逾期未答复单位，请督办")
    return _("已接办，待答复") if row.taken_by_id else _("用人单位提交，待接办")


def audits(viewer: Actor) -> list[Item]:
    """Audits of which the viewer is an auditor, opinions to approve, and results told late: a line for each."""
    if not (viewer.has(Right.AUDIT) or viewer.has(Right.APPROVE_DISTRICT)):
        return []
    rows: Iterable[Any] = audits_waiting(viewer)[:LIMIT]
    return [
        Item(
            "audit", _("社会保险稽核"), f"{row.code} {row.case.subject.name}", _audit_words(row, viewer), row.area,
            reverse("case-audit", args=[row.case.code]), day_of(row.opened_at), row.expired_on or row.due_letter,
            state=row.state,
        )
        for row in rows
    ]  # fmt: skip


def _audit_words(row: Any, viewer: Actor) -> str:
    if row.is_open:
        return str(row.get_state_display())
    if viewer.person_id in row.auditors:
        return _("未发现问题，结果告知书待送达")
    return _("结果告知书逾期未送达，请督办")


def transfers(viewer: Actor) -> list[Item]:
    """Arrears the viewer's tax office has not settled, and those it left unanswered in the viewer's district."""
    if not (viewer.has(Right.ANSWER_REFERRAL) or viewer.has(Right.APPROVE_DISTRICT)):
        return []
    rows: Iterable[Any] = transfers_waiting(viewer)[:LIMIT]
    return [
        Item(
            "transfer", str(row.get_state_display()), f"{row.notice.number} {row.case.subject.name}",
            _("尚欠 {amount} 元").format(amount=f"{row.left:,.2f}"), row.area, reverse("transfer", args=[row.pk]),
            day_of(row.sent_at), row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def moves(viewer: Actor) -> list[Item]:
    """What a colleague put before the viewer: a step to take or to prepare, an opinion to give; and what came back."""
    return [
        Item(
            "move", f"{move.get_way_display()} · {move.title}", f"{move.case.code} {move.case.subject.name}",
            _move_words(move), move.case.area, f"{reverse('case', args=[move.case.code])}#move-{move.pk}",
            day_of(move.asked_at), move.due_on, state=move.state,
        )
        for move in waiting_moves(viewer)[:LIMIT]
    ]  # fmt: skip


def _move_words(move: Move) -> str:
    if move.answer:
        words = f"{move.get_answer_display()}：{move.words}"
        return _("{who}{words}").format(who=move.asked.full_name, words=words[:80])
    return _("{who}：{question}").format(who=move.asked_by.full_name, question=move.question)


def escalations(viewer: Actor) -> list[Item]:
    """Steps below that are past their local limit: told to the superior once, here until they are taken."""
    if not any(held.role in CODE_LENGTHS for held in viewer.held):
        return []
    return [_escalation_item(row) for row in escalations_to(viewer)[:LIMIT]]


def _escalation_item(row: Escalation) -> Item:
    if row.case:
        title, href = f"{row.case.code} {row.case.subject.name}", reverse("case", args=[row.case.code])
    else:
        assert row.round is not None
        title, href = row.round.title, reverse("round", args=[row.round.code])
    why = _("“{step}”应于 {due} 前办理，请督办").format(step=row.title, due=row.due_on)
    return Item("escalation", _("超时督办"), title, why, row.area, href, day_of(row.at), row.due_on)
