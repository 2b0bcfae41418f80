"""What the phone takes for a refusal is what the server may answer at that very address, and nothing else."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mobile_api.document import published

ROOT = Path(__file__).parents[2]
LIST = ROOT / "mobile_api/phone/src/sync/refusals.json"
PREFIX = "/api/v1/"
# Phones in the field get an answer before the server learns to give it, so that no version ever meets it unprepared.
AHEAD = {"POST uploads": {"no-room": 507}, "PATCH uploads": {"no-room": 507}}
# Where items of a batch are refused one by one.
ROOMS = ("mobile_api/sync", "mobile_api/suggestions", "tasks/visits")


def operations() -> Iterator[tuple[str, Any]]:
    """`POST visits` and what is published of it; an address counts by its first word below /api/v1/."""
    for path, methods in published()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix(PREFIX).split('/')[0]}", operation


def told() -> dict[str, Any]:
    """address → code → status, and the codes of single items."""
    refusals: dict[str, dict[str, int]] = {}
    items: dict[str, list[str]] = {}
    for address, operation in operations():
        codes = refusals.setdefault(address, {})
        for status, answer in operation["responses"].items():
            shape = answer.get("content", {}).get("application/problem+json")
            for code in shape["schema"]["properties"]["code"]["enum"] if shape else ():
                codes[code] = int(status)
        codes.update(AHEAD.get(address, {}))
        if "x-items" in operation:
            items[address] = sorted(operation["x-items"])
    return {"refusals": {address: codes for address, codes in refusals.items() if codes}, "items": items}


def test_the_phone_knows_every_refusal_of_every_address() -> None:
    """REWRITE=1 writes the list anew; the phone's own build then asks what a new code means there."""
    if os.environ.get("REWRITE"):
        LIST.write_text(json.dumps(told(), indent=1, sort_keys=True) + "\n")
    assert told() == json.loads(LIST.read_text())


def test_no_item_of_a_batch_is_refused_under_a_code_that_is_not_published() -> None:
    written = set()
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            written |= set(
                re.findall(r'"(?:malformed|client)-[a-z-]+"|(?<=refused", code=)"[a-z-]+"', file.read_text())
            )
    known = {f'"{code}"' for codes in told()["items"].values() for code in codes}
    assert written == known
