"""The last result of each of these rounds, in a file: it tells of the machine, and a restored database must not bring
back what an older one said. `doctor` and whoever watches read it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from grid.keeping import arriving, move_into_place, write_whole


def note(name: str, facts: dict[str, object]) -> None:
    """Keeps `facts` with the time as the last result of `name`: backup, files, sweep, restore. Raises NoRoom."""
    text = json.dumps({"at": datetime.now(UTC).isoformat(), **facts}, ensure_ascii=False, indent=1)
    with arriving() as draft:
        write_whole(draft, [text.encode()])
        move_into_place(draft, _place(name))


def last(name: str) -> dict[str, Any] | None:
    """What was noted last, `at` (ISO 8601, UTC) first; None before the first time."""
    try:
        found: dict[str, Any] = json.loads(_place(name).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return found


def age_of(name: str) -> float | None:
    """Seconds since the last result of `name`; None before the first."""
    found = last(name)
    return (datetime.now(UTC) - datetime.fromisoformat(found["at"])).total_seconds() if found else None


def _place(name: str) -> Path:
    return Path(settings.DATA) / "reports" / f"{name}.json"
