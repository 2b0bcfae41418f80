"""What a round is to the engine. It lives in tasks, which knows nothing of the engine."""

from tasks.rounds import states
from tasks.rounds.models import Round, RoundState
from workflows.engine.kind import Kind
from workflows.rounds.flow import RoundFlow

ROUND = Kind(
    name="round",
    flow=RoundFlow,
    # Which approval comes first depends on what the round covers.
    first="",
    model=Round,
    states=RoundState,
    ended=(RoundState.CLOSED, RoundState.WITHDRAWN),
    path=states,
    link="agenda__process",
    owner="round",
)
