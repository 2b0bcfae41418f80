"""What a colleague put before somebody: a step to take or to prepare, an opinion to give; and what came back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.engine.signing.models import Move
from workflows.engine.signing.queries import waiting_for


def _moves(viewer: Actor, limit: int) -> list[Waiting]:
    """A line for each, which leads to its place on the page of the case."""
    return [
        Waiting(
            "move", f"{move.get_way_display()} · {move.title}", f"{move.case.code} {move.case.subject.name}",
            _move_words(move), move.case.area, f"{reverse('case', args=[move.case.code])}#move-{move.pk}",
            day_of(move.asked_at), move.due_on, state=move.state,
        )
        for move in waiting_for(viewer)[:limit]
    ]  # fmt: skip


def _move_words(move: Move) -> str:
    if move.answer:
        words = f"{move.get_answer_display()}：{move.words}"
        return _("{who}{words}").format(who=move.asked.full_name, words=words[:80])
    return _("{who}：{question}").format(who=move.asked_by.full_name, question=move.question)


MOVES = Seldom(waiting_for, _moves)
