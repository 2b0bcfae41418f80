"""What binds a step: asked by the one door to the engine, before a step is taken and when it is left.

It stands below that door, which the actions are above.
"""

from collections.abc import Collection, Sequence

from grid.calendar.now import now
from grid.scope import Actor, Right
from grid.territory.models import Person
from grid.territory.queries import actor_of
from workflows.clocks.followers import OfCase
from workflows.engine import problems as engine_problems
from workflows.engine.nodes import StepNode
from workflows.engine.signing.models import OPEN, Answer, Move, MoveState
from workflows.engine.signing.rules import HANDS, Way


def gate(process_id: int, node: StepNode, area: str, by: Actor) -> list[Move]:
    """Asks whether `by` may take the open step `node` of a process, and gives back the moves that bind it; one query.

    A machine passes: a statutory term does not wait for an opinion.
    Raises StepHandedOver, StepNotPrepared, OpinionsOutstanding.
    """
    moves = _open_moves(process_id, node.name)
    if not by.machine:
        refused = any(move.answer == Answer.REFUSE and move.way == Way.COUNTERSIGN for move in moves)
        for move in moves:
            _require_hands(move, node, area, by)
            # One refusal opens the way back; nobody has to wait for the other countersigners then.
            if not (refused and move.way == Way.COUNTERSIGN):
                _require_answer(move, area)
    return moves


def require_holder(process_id: int, node: StepNode, area: str, by: Actor) -> list[Move]:
    """Asks for the open moves of a step, for whoever would bring in one more person. Raises StepHandedOver."""
    moves = _open_moves(process_id, node.name)
    for move in moves:
        _require_hands(move, node, area, by)
    return moves


def _open_moves(process_id: int, step: str) -> list[Move]:
    rows = Move.objects.filter(process=process_id, step=step, state__in=OPEN)
    return list(rows.select_related("case", "asked", "asked_by").order_by("pk"))


def release(moves: Sequence[Move], returns: Collection[str], to: str, by: Actor) -> set[OfCase]:
    """Part of a step: it was taken and the matter goes to the state `to`: what bound the step is over. The cases whose term for
    opinions may end with it.

    Raises CountersignRefused when somebody refused and the matter does not go back to one of `returns`.
    """
    if not by.machine and to not in returns:
        _require_agreement(moves)
    return _end(moves, by) if moves else set()


def cancel(process_id: int, by: Actor) -> set[OfCase]:
    """Part of breaking a procedure off: it is over, and with it whatever bound its steps. The cases as `settle` gives them."""
    return _end(list(Move.objects.filter(process=process_id, state__in=OPEN).select_related("case")), by)


def holds(person: Person, node: StepNode, area: str) -> bool:
    """Whether `person` could take the step today."""
    actor = actor_of(person)
    return any(actor.can(right, area) for right in node.rights)


def sees(person: Person, area: str) -> bool:
    """Whether a case in `area` can be read by `person` today."""
    return actor_of(person).can(Right.SEE_CASES, area)


def _require_hands(move: Move, node: StepNode, area: str, by: Actor) -> None:
    """Raises StepHandedOver while somebody else holds the step. Whoever left the post holds it no longer."""
    if move.way not in HANDS:
        return
    person = move.asked if move.way == Way.HAND_OVER else move.asked_by
    if by.person_id != person.pk and holds(person, node, area):
        raise engine_problems.StepHandedOver(step=move.title, who=person.full_name)


def _require_answer(move: Move, area: str) -> None:
    """Raises StepNotPrepared or OpinionsOutstanding while an answer is missing.

    A countersigner who left the post is replaced by another person, not skipped.
    """
    if move.state != MoveState.WAITING or move.way == Way.HAND_OVER:
        return
    if move.way != Way.COUNTERSIGN and not sees(move.asked, area):
        return
    facts = {"step": move.title, "who": move.asked.full_name}
    raise (
        engine_problems.StepNotPrepared(**facts)
        if move.way == Way.DELEGATE
        else engine_problems.OpinionsOutstanding(**facts)
    )


def _require_agreement(moves: Sequence[Move]) -> None:
    for move in moves:
        if move.answer == Answer.REFUSE and move.way == Way.COUNTERSIGN:
            raise engine_problems.CountersignRefused(who=move.asked.full_name, words=move.words)


def _end(moves: Sequence[Move], by: Actor) -> set[OfCase]:
    ending = Move.objects.filter(pk__in=[move.pk for move in moves], state__in=OPEN)
    ending.update(state=MoveState.DONE, ended_at=now(), ended_by=by.person_id)
    return {move.case for move in moves if move.state == MoveState.WAITING and move.due_on}
