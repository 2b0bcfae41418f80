"""A phone's first pull of 300 doors over HTTP, page after page as the phone takes them, and the pull that finds
nothing new."""

import gzip
import json
from typing import Any

from tests.bench.field import Caller, fill_field, server
from tests.bench.ground import fresh_database, machine, milliseconds, say, timed

DOORS = 300
COMPRESSED = {"Accept-Encoding": "gzip"}


def pull(phone: Caller) -> list[bytes]:
    """Every page of a first pull, compressed."""
    pages, more = [], "/api/v1/changes?limit=300"
    while more:
        pages.append(phone.ask("GET", more, **COMPRESSED))
        told = read(pages[-1])
        forms = ",".join(f"{form['code']}:{form['version']}" for form in read(pages[0])["forms"])
        more = f"/api/v1/changes?limit=300&cursor={told['cursor']}&forms={forms}" if told["more"] else ""
    return pages


def read(page: bytes) -> Any:
    return json.loads(gzip.decompress(page))


def main() -> None:
    with fresh_database() as vendor:
        workers = fill_field(DOORS)
        with server() as (port, what, _pid):
            say(f"{vendor}, {what}, 1 client, {machine()}")
            phone = Caller(port, workers[0].token)
            pages = pull(phone)
            doors = [door for page in pages for door in read(page)["doors"]]
            assert len(doors) == DOORS and doors[0]["prefill"]["insured_seen"]["value"] == 3
            runs, size = timed(lambda: pull(phone), 30), sum(len(page) for page in pages) / 1024
            say(
                f"300 doors with prefill and forms, {len(pages)} pages (aim 100 ms): {milliseconds(runs)},"
                f" {size:.0f} kB"
            )
            forms = ",".join(f"{form['code']}:{form['version']}" for form in read(pages[0])["forms"])
            nothing = f"/api/v1/changes?cursor={read(pages[-1])['cursor']}&forms={forms}"
            runs = timed(lambda: phone.ask("GET", nothing, **COMPRESSED), 100)
            say(f"nothing new: {milliseconds(runs)}")


if __name__ == "__main__":
    main()
