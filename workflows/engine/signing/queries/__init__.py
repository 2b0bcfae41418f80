"""Reading who was brought into a step, and what a viewer may do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Held, Right, Role, within
from grid.territory.models import Person, Posting
from grid.territory.queries import valid_on
from workflows.engine.kind import kind_of_flow
from workflows.engine.nodes import StepNode
from workflows.engine.signing import rules
from workflows.engine.signing.actions import gate, taking_back
from workflows.engine.signing.forms import AskForm, TakeBackForm
from workflows.engine.signing.models import OPEN, Answer, Move, MoveState
from workflows.engine.signing.queries.matters import Matter, Place, place_of, places_of
from workflows.engine.signing.rules import FOLLOWS, HANDS, OPINIONS, WORDS, Way

Colleague = tuple[int, str]


@dataclass(frozen=True)
class MoveOffer:
    """One way to bring a colleague in, with those who may be asked."""

    place: Place
    way: Way
    colleagues: list[Colleague]

    @property
    def form(self) -> AskForm:
        prefix = f"{self.place.kind}-{self.way}"
        return AskForm(way=self.way, step=self.place.step, colleagues=self.colleagues, prefix=prefix)

    @property
    def label(self) -> Promise:
        return WORDS[self.way]

    @property
    def follows(self) -> Promise:
        return FOLLOWS[self.way]


@dataclass(frozen=True)
class Shown:
    """A move as the case page shows it: what the viewer may say to it now."""

    move: Move
    answers: str  # "opinion", "prepare" or nothing
    may_recall: bool


@dataclass(frozen=True)
class UndoOffer:
    """A step the viewer took and may take back."""

    place: Place
    title: str

    @property
    def form(self) -> TakeBackForm:
        return TakeBackForm(initial={"at": self.place.step}, auto_id=f"{self.place.kind}-take-back-%s")


@dataclass(frozen=True)
class Desk:
    """办理方式 of one case for one viewer."""

    shown: list[Shown] = field(default_factory=list)
    offers: list[MoveOffer] = field(default_factory=list)
    undos: list[UndoOffer] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)


def desk_of(viewer: Actor, case: Matter, proceedings: Iterable[Matter] | None = None) -> Desk:
    """Who was brought in, and whom the viewer may bring in; four queries at most, two where `proceedings` are given."""
    moves = list(_with_people(Move.objects.filter(case=case)).order_by("pk"))
    places = places_of(case, proceedings) if case.is_open else []
    mine = [place for place in places if _is_mine(viewer, place, moves)]
    staff = _staff(case.area) if mine else []
    offers = [offer for place in mine for offer in _offers(viewer, place, moves, staff)]
    undos = [offer for place in places if (offer := _undo(viewer, place, moves))]
    blocked = [
        words for place in places for move in _at(place, moves) if (words := _in_the_way(viewer, move))
    ]
    return Desk([_shown(viewer, move) for move in moves], offers, undos, blocked)


def in_the_way(viewer: Actor, matter: Matter) -> list[str]:
    """Why the viewer cannot yet take the step at which `matter` stands; one query."""
    place = place_of(matter)
    if place is None:
        return []
    moves = list(_with_people(Move.objects.filter(case=place.case)))
    return [words for move in _at(place, moves) if (words := _in_the_way(viewer, move))]


def _undo(viewer: Actor, place: Place, moves: list[Move]) -> UndoOffer | None:
    undo = taking_back.undo_of(place.matter)
    if undo is None or _at(place, moves):
        return None
    if getattr(undo.row(place.matter), f"{undo.columns[0]}_id") != viewer.person_id or undo.begun(
        place.matter
    ):
        return None
    return UndoOffer(place, str(place.node.flow_class.instance.node(undo.step).task_title))


def _in_the_way(viewer: Actor, move: Move) -> str:
    """Why the viewer cannot take the step yet; nothing where this move is not in the way."""
    if move.way in HANDS and _holder(move) != viewer.person_id:
        who = move.asked if move.way == Way.HAND_OVER else move.asked_by
        return _("“{step}”由{who}办理。").format(step=move.title, who=who.full_name)
    if move.state == MoveState.WAITING and move.way != Way.HAND_OVER:
        awaited = (
            _("“{step}”还在等待{who}的意见。")
            if move.way in OPINIONS
            else _("“{step}”还在等待{who}准备材料。")
        )
        return awaited.format(step=move.title, who=move.asked.full_name)
    if move.answer == Answer.REFUSE and move.way == Way.COUNTERSIGN:
        return _("{who}会签不同意，只能退回或者终止办理。").format(who=move.asked.full_name)
    return ""


def case_at(viewer: Actor, code: str) -> Any:
    """The case into whose steps colleagues are brought. Raises NotHere outside the viewer's territory."""
    cases: Any = Move._meta.get_field("case").related_model
    found = within(cases.objects.all(), viewer, Right.SEE_CASES).filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def move_at(viewer: Actor, pk: int) -> Move:
    """Raises NotHere outside the viewer's territory."""
    found = (
        within(_with_people(Move.objects.all()), viewer, Right.SEE_CASES, "case__area").filter(pk=pk).first()
    )
    if found is None:
        raise problems.NotHere()
    return found


def may_recall(move: Move, by: Actor) -> bool:
    """Asks whether `by` may take back what was asked: who asked, who was handed the step, a superior; where one of the
    two left the post, whoever holds the step's right."""
    area = move.case.area
    if by.person_id == move.asked_by_id or (move.way in HANDS and by.person_id == move.asked_id):
        return True
    if by.can(Right.POST, area):
        return True
    node = node_of(move)
    vacant = not (gate.sees(move.asked, area) and gate.holds(move.asked_by, node, area))
    return vacant and any(by.can(right, area) for right in node.rights)


def node_of(move: Move) -> StepNode:
    """The step of the flow that a move binds."""
    node: StepNode = kind_of_flow(move.flow).flow.instance.node(move.step)
    return node


def waiting_for(viewer: Actor) -> QuerySet[Move]:
    """What colleagues put before the viewer, and what came back to the viewer: for the inbox."""
    me = viewer.person_id
    asked = Q(asked=me, state=MoveState.WAITING)
    back = Q(asked_by=me, state=MoveState.ANSWERED) & (Q(way=Way.DELEGATE) | Q(answer=Answer.REFUSE))
    rows = within(Move.objects.filter(asked | back), viewer, Right.SEE_CASES, "case__area")
    return rows.select_related("case__subject", "asked", "asked_by").order_by("due_on", "pk")


def in_other_hands(viewer: Actor) -> QuerySet[Move]:
    """Moves by which a step lies in the hands of somebody else than the viewer."""
    over = Q(way=Way.HAND_OVER, state=MoveState.WAITING) & ~Q(asked=viewer.person_id)
    prepared = Q(way=Way.DELEGATE, state__in=OPEN) & ~Q(asked_by=viewer.person_id)
    return Move.objects.filter(over | prepared)


def colleagues(place: Place) -> list[Colleague]:
    """Everybody posted over the place who may see its case; whether they may be asked is for the action to say."""
    staff = _staff(place.area)
    seeing = [(p, held) for p, held in staff if any(h.grants(Right.SEE_CASES) for h in held)]
    return [(person.pk, _named(person, held)) for person, held in seeing]


def _with_people(rows: QuerySet[Move]) -> QuerySet[Move]:
    return rows.select_related("case", "asked", "asked_by", "ended_by")


def _is_mine(viewer: Actor, place: Place, moves: list[Move]) -> bool:
    """Whether the viewer could take the step, as far as hands go."""
    if not any(viewer.can(right, place.area) for right in place.node.rights):
        return False
    return all(_holder(move) == viewer.person_id for move in _at(place, moves) if move.way in HANDS)


def _holder(move: Move) -> int:
    return move.asked_id if move.way == Way.HAND_OVER else move.asked_by_id


def _at(place: Place, moves: list[Move]) -> list[Move]:
    here = (place.matter.process_id, place.step)
    return [move for move in moves if move.is_open and (move.process_id, move.step) == here]


def _offers(
    viewer: Actor, place: Place, moves: list[Move], staff: list[tuple[Person, list[Held]]]
) -> list[MoveOffer]:
    brought_in = {move.asked_id for move in _at(place, moves)} | {viewer.person_id}
    delegated = any(move.way == Way.DELEGATE for move in _at(place, moves))
    found = []
    for way in (way for way in Way if way in rules.ways_at(place.allowed)):
        if delegated and way in HANDS:
            continue
        rights = place.node.rights if way == Way.HAND_OVER else (Right.SEE_CASES,)
        fit = [
            (person.pk, _named(person, held))
            for person, held in staff
            if person.pk not in brought_in and _grants(held, rights)
        ]
        if fit:
            found.append(MoveOffer(place, way, fit))
    return found


def _grants(held: list[Held], rights: tuple[Right, ...]) -> bool:
    """Auditors read everything and take part in nothing: nobody is offered under that posting."""
    return any(post.grants(right) for post in held if post.role != Role.AUDITOR for right in rights)


def _named(person: Person, held: list[Held]) -> str:
    roles = "、".join(str(Role(post.role).label) for post in held)
    return f"{person.full_name}（{roles}）"


def _staff(area: str) -> list[tuple[Person, list[Held]]]:
    """Everybody posted over `area` today with their postings there. One query."""
    codes = [area[:length] for length in (4, 6, 9, 12, 15) if length <= len(area)]
    rows = Posting.objects.filter(valid_on(today()), area__in=codes, person__is_active=True)
    staff: dict[int, tuple[Person, list[Held]]] = {}
    for posting in rows.select_related("person").order_by("area", "role", "person"):
        held = Held(posting.pk, posting.role, posting.area_id, posting.department)
        staff.setdefault(posting.person_id, (posting.person, []))[1].append(held)
    return list(staff.values())


def _shown(viewer: Actor, move: Move) -> Shown:
    waits = move.state == MoveState.WAITING
    mine = waits and move.asked_id == viewer.person_id
    answers = "opinion" if move.way in OPINIONS else "prepare" if move.way == Way.DELEGATE else ""
    return Shown(move, answers if mine else "", waits and may_recall(move, viewer))
