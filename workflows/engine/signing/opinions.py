"""The one term for all opinions asked on a case: to the nearest day one of them is due."""

from typing import Any

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor
from workflows.clocks.actions import start_clock, stop_clock
from workflows.clocks.models import Clock
from workflows.engine.signing.models import Move, MoveState
from workflows.engine.signing.rules import OPINIONS

TERM = "signing.opinion"


def start_term(case: Any, *, by: Actor) -> None:
    """Part of asking for opinions, and of letting one lapse while others are still waited for."""
    running = Clock.objects.filter(case=case, kind=TERM, fired_at=None, stopped_at=None)
    waiting = Move.objects.filter(case=case, state=MoveState.WAITING, due_on__gte=today()).order_by("due_on")
    if (nearest := waiting.first()) and not running.exists():
        start_clock(
            TERM, by=by, provision=the_law(today())[TERM], from_day=today(), case=case, due=nearest.due_on
        )


def stop_term(case: Any, *, by: Actor) -> None:
    """Nobody's opinion is waited for any more: the term for opinions ends."""
    if Move.objects.filter(case=case, state=MoveState.WAITING, way__in=OPINIONS).exists():
        return
    for clock in Clock.objects.filter(case=case, kind=TERM, fired_at=None, stopped_at=None).select_related(
        "case"
    ):
        stop_clock(clock, _("意见已齐"), by=by)
