"""What was tried against the system, printed with the outcome of each run; docs/security.md says why it holds."""

from collections import Counter
from typing import Any

FOLDER = "tests/security/"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.nodeid.startswith(FOLDER) and (report.when == "call" or outcome == "error"):
                trial = report.nodeid.removeprefix(FOLDER).split("[")[0].replace(".py::", ": ")
                tried[trial] += 1
                failed[trial] += outcome != "passed"
    if not tried:
        return
    terminalreporter.write_sep("=", f"attacks: {tried.total()} trials, {failed.total()} got through")
    for trial, count in sorted(tried.items()):
        words = trial.removeprefix("test_").replace("_", " ").replace(": test ", ": ")
        held = f"{failed[trial]} GOT THROUGH" if failed[trial] else "held"
        terminalreporter.write_line(f"{count:>4} × {words}: {held}")
