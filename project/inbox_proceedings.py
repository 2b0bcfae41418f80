"""What inspections, audits and the window put into the inbox, with what colleagues ask and what is late below."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from project.inbox_items import LIMIT, Item
from workflows.clocks.models import Escalation
from workflows.clocks.posts import CODE_LENGTHS
from workflows.counter import queries as counter
from workflows.counter.models import Submission
from workflows.engine.queries import escalations_to
from workflows.engine.signing.models import Move
from workflows.engine.signing.queries import waiting_for as waiting_moves


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


def _submission_words(row: Submission, viewer: Actor) -> str:
    if row.overdue_at and viewer.can(counter.SUPERIOR, row.area):
        return _("逾期未答复单位，请督办")
    return _("已接办，待答复") if row.taken_by_id else _("用人单位提交，待接办")


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
