"""The one term for all opinions asked on a case: to the nearest day one of them is due."""

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor
from workflows.clocks.actions import start_clock_until, stop_clock
from workflows.clocks.followers import OfCase
from workflows.clocks.models import Clock
from workflows.engine.signing.models import Move, MoveState
from workflows.engine.signing.rules import OPINIONS

TERM = "signing.opinion"


def start_term(case: OfCase, *, by: Actor) -> None:
    """Part of asking for opinions, and of letting one lapse while others are still waited for."""
    running = Clock.objects.filter(case=case.pk, kind=TERM, fired_at=None, stopped_at=None)
    waiting = Move.objects.filter(case=case.pk, state=MoveState.WAITING, due_on__gte=today())
    nearest = waiting.order_by("due_on").values_list("due_on", flat=True).first()
    if nearest and not running.exists():
        term = the_law(today())[TERM]
        start_clock_until(nearest, TERM, by=by, matter=case, provision=term, from_day=today())


def stop_term(case: OfCase, *, by: Actor) -> None:
    """Nobody's opinion is waited for any more: the term for opinions ends."""
    if Move.objects.filter(case=case.pk, state=MoveState.WAITING, way__in=OPINIONS).exists():
        return
    for clock in Clock.objects.filter(case=case.pk, kind=TERM, fired_at=None, stopped_at=None).select_related(
        "case"
    ):
        stop_clock(clock, _("意见已齐"), by=by)
