"""A phone's first pull of 300 doors over HTTP, and the pull that finds nothing new."""

import json

from tests.bench.field import Caller, fill_field, server
from tests.bench.ground import fresh_database, machine, milliseconds, say, timed

DOORS = 300


def main() -> None:
    with fresh_database() as vendor:
        workers = fill_field(DOORS)
        with server() as (port, what, _pid):
            say(f"{vendor}, {what}, 1 client, {machine()}")
            phone = Caller(port, workers[0].token)
            first = phone.ask("GET", f"/api/v1/changes?limit={DOORS}", **{"Accept-Encoding": "gzip"})
            told = json.loads(phone.ask("GET", f"/api/v1/changes?limit={DOORS}"))
            assert len(told["doors"]) == DOORS and told["doors"][0]["prefill"]["insured_seen"]["value"] == 3
            all_doors = f"/api/v1/changes?limit={DOORS}"
            compressed = {"Accept-Encoding": "gzip"}
            runs = timed(lambda: phone.ask("GET", all_doors, **compressed), 30)
            say(
                f"300 doors with prefill and forms (aim 100 ms): {milliseconds(runs)}, {len(first) / 1024:.0f} kB"
            )
            forms = ",".join(f"{form['code']}:{form['version']}" for form in told["forms"])
            nothing = f"/api/v1/changes?cursor={told['cursor']}&forms={forms}"
            runs = timed(lambda: phone.ask("GET", nothing, **compressed), 100)
            say(f"nothing new: {milliseconds(runs)}")


if __name__ == "__main__":
    main()
