"""Every write on a term: begun, ended before its time, deferred, moved by the calendar, fired when it is over."""

from workflows.clocks.actions.deferring import (
    extend_clock,
    pause_clock,
    pause_for,
    resume_after,
    resume_clock,
)
from workflows.clocks.actions.firing import due_clocks, fire_clock, fire_due_clocks
from workflows.clocks.actions.moving import move_deadlines, recheck_clocks
from workflows.clocks.actions.starting import (
    start_clock,
    start_clock_of,
    start_clock_until,
    stop_clock,
    stop_clocks,
)

__all__ = [
    "due_clocks",
    "extend_clock",
    "fire_clock",
    "fire_due_clocks",
    "move_deadlines",
    "pause_clock",
    "pause_for",
    "recheck_clocks",
    "resume_after",
    "resume_clock",
    "start_clock",
    "start_clock_of",
    "start_clock_until",
    "stop_clock",
    "stop_clocks",
]
