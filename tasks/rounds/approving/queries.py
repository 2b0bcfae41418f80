"""Who may approve a round: by name and post, so that nobody guesses whom to ask, and a dead end says that it is one."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

from grid.calendar.now import today
from grid.scope import RIGHTS, Actor, Role, in_areas
from grid.territory.models import Posting
from grid.territory.queries import names_of, valid_on
from tasks.rounds.models import Round
from tasks.rounds.queries import APPROVERS
from tasks.rounds.rules import LEVELS

_RANKS = list(LEVELS.values())


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may say yes at a step. `is_own`: of the level whose turn it is, not of one above."""

    person: int
    name: str
    post: str
    place: str
    is_own: bool


def approvers_of(round: Round, state: str, planner: int | None) -> list[Approver]:
    """Who may approve the round at `state`, besides whoever planned it; the level whose turn it is first. Two queries."""
    roles = [role for role in _RANKS if APPROVERS[state] in RIGHTS[role]]
    areas = [round.area[:end] for end in range(4, len(round.area) + 1)]
    rows = Posting.objects.filter(
        valid_on(today()), role__in=roles, area__in=areas, person__is_active=True
    ).exclude(person=planner)
    posts = sorted(rows.select_related("person"), key=lambda post: (_RANKS.index(post.role), post.pk))
    places = names_of(post.area_id for post in posts)
    return [
        Approver(
            post.person_id, str(post.person), str(Role(post.role).label), places.get(post.area_id, post.area_id),
            post.role == LEVELS[state],
        )
        for post in posts
    ]  # fmt: skip


def to_approve(viewer: Actor) -> Q:
    """Rounds that wait for this viewer's yes: of the own level, and of a level below where nobody nearer may say it."""
    found = Q(pk__in=[])
    for state, role in LEVELS.items():
        for mine in _RANKS[_RANKS.index(role) :]:
            areas = [held.area for held in viewer.held if held.role == mine]
            if areas:
                nearer = _RANKS[_RANKS.index(role) : _RANKS.index(mine)]
                found |= Q(state=state) & in_areas(areas) & _without(nearer)
    return found & ~Q(planned_by=viewer.person_id)


def _without(roles: list[str]) -> Q:
    """Rounds of which no other than the planner holds one of these posts over the area."""
    if not roles:
        return Q()
    posts = Posting.objects.filter(valid_on(today()), role__in=roles, person__is_active=True)
    posts = posts.exclude(person=OuterRef("planned_by")).alias(
        over=ExpressionWrapper(OuterRef("area"), output_field=CharField())
    )
    return ~Q(Exists(posts.filter(over__startswith=F("area_id"))))
