"""`make coverage`: which branches of each room the tests take, on SQLite; the rooms with the most untaken ones first.

    python -m tests.covered var/test/coverage.json var/test/phone-coverage/coverage-summary.json

Takes what is counted of Python and what is counted of the phone app, in any number: one table comes of them. What
measures Python is no package of ours: it lies in var/made, pinned here, and nothing else knows it.
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
PHONE = "mobile_api/phone/src"
# What a wrong branch would cost most: files of these names, and whole rooms.
WEIGHTY = ("rules", "states", "actions")
WHOLE = ("workflows/engine", "grid/ledger", f"{PHONE}/store", f"{PHONE}/sync", f"{PHONE}/forms")


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
    parts = name.rpartition(".")[0].split("/")
    yield "/".join(parts[: 4 if name.startswith(f"{PHONE}/") else 2])
    yield from (f"*/{kind}" for kind in WEIGHTY if kind in parts)


def counted(report: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The branches of each file by its path in the project: coverage.py's report, or the summary of the phone's tests.

    >>> counted({"total": {}, f"{ROOT}/{PHONE}/ids.ts": {"branches": {"total": 4, "covered": 3}}})
    {'mobile_api/phone/src/ids.ts': {'covered_branches': 3, 'num_branches': 4}}
    """
    if "files" in report:
        return {name: file["summary"] for name, file in report["files"].items()}
    return {
        Path(name).relative_to(ROOT).as_posix(): {
            "covered_branches": file["branches"]["covered"],
            "num_branches": file["branches"]["total"],
        }
        for name, file in report.items()
        if name != "total"
    }


def installed() -> None:
    if not (HOME / "coverage").exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "-qq", "--target", HOME, PIN], check=True)
    # Every process whose path leads here measures itself: the workers of the suite, and the servers they start.
    (HOME / "sitecustomize.py").write_text("import coverage\n\ncoverage.process_startup()\n")


def main() -> None:
    if len(sys.argv) == 1:
        installed()
        return
    files: dict[str, Mapping[str, Any]] = {}
    for report in sys.argv[1:]:
        files |= counted(json.loads(Path(report).read_text()))
    for row in by_room(files):
        mark = "≥ 95 wanted" if row.room in WHOLE or row.room.startswith("*/") else ""
        print(
            f"{row.share:6.1f} %  {row.branches - row.taken:5} of {row.branches:5} not taken  {row.room}  {mark}"
        )


if __name__ == "__main__":
    main()
