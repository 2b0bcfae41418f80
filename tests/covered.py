"""`make coverage`: which branches of each room the tests take, on SQLite; the rooms with the most untaken ones first.

    python -m tests.covered var/test/coverage.json

The measuring program is no package of ours: it lies in var/made, pinned here, and nothing else knows it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var/made/coverage"
PIN = "coverage==7.11.0"
# What a wrong branch would cost most: files of these names, and two whole rooms.
WEIGHTY = ("rules", "states", "actions")
WHOLE = ("workflows/engine", "grid/ledger")


class Taken(NamedTuple):
    room: str
    taken: int
    branches: int

    @property
    def share(self) -> float:
        return 100 * self.taken / self.branches if self.branches else 100.0


def by_room(files: Mapping[str, Mapping[str, Any]]) -> list[Taken]:
    """A row for each room and for each weighty kind of file, the worst first.

    >>> counts = {"covered_branches": 1, "num_branches": 4}
    >>> by_room({"grid/ledger/rules.py": counts, "tasks/apps.py": {"covered_branches": 0, "num_branches": 0}})
    [Taken(room='grid/ledger', taken=1, branches=4), Taken(room='*/rules', taken=1, branches=4)]
    """
    sums: dict[str, tuple[int, int]] = {}
    for name, summary in files.items():
        for room in _rooms(name):
            taken, branches = sums.get(room, (0, 0))
            sums[room] = taken + summary["covered_branches"], branches + summary["num_branches"]
    rows = [Taken(room, *counts) for room, counts in sums.items() if counts[1]]
    return sorted(rows, key=lambda row: row.taken - row.branches)


def _rooms(name: str) -> Iterable[str]:
    parts = name.removesuffix(".py").split("/")
    yield "/".join(parts[:2])
    yield from (f"*/{kind}" for kind in WEIGHTY if kind in parts)


def installed() -> None:
    if not (HOME / "coverage").exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "-qq", "--target", HOME, PIN], check=True)


def main() -> None:
    if len(sys.argv) == 1:
        installed()
        return
    files = json.loads(Path(sys.argv[1]).read_text())["files"]
    for row in by_room({name: file["summary"] for name, file in files.items()}):
        mark = "≥ 95 wanted" if row.room in WHOLE or row.room.startswith("*/") else ""
        print(
            f"{row.share:6.1f} %  {row.branches - row.taken:5} of {row.branches:5} not taken  {row.room}  {mark}"
        )


if __name__ == "__main__":
    main()
