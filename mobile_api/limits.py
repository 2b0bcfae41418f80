"""How much one phone may ask of the server in a minute. Generous: a phone that comes back from a week off line with
120 visits and 240 photos, one request each, stays far below; one that runs in a circle does not.
"""

from typing import Final

from grid.limits import Count
from mobile_api import problems as mobile_api_problems

# Requests of one phone in a minute, by what is asked: multiples of grid.limits.STEP.
LIMITS: Final = {
    "visits": 1_200,
    "uploads": 6_000,
    "changes": 600,
    "doors": 600,
    "me": 600,
    "forms": 600,
    "suggestions": 120,
    "lookup": 240,
    "pool": 240,
}

_count = Count()


def require_within_limit(device_id: int, what: str) -> None:
    """Raises TooManyRequests. `what` is the first word of the address below /api/v1/."""
    seconds = _count.take(f"{device_id}:{what}", LIMITS.get(what, LIMITS["changes"]))
    if seconds:
        raise mobile_api_problems.TooManyRequests(seconds=seconds)
