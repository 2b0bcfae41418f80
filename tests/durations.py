"""What each file of tests costs, in seconds of a processor: in tests/durations.json, recorded by `make durations`.

`make fast` (`--fast`) asks the quickest files, which together cost less than QUICK seconds, and does not so much as
import the others. Seconds of a processor are the same on a machine that has other work. A file without a record is
not among them until it has one.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("durations.json")
ROOT = FILE.parent.parent
# For two cores in less than twenty seconds: what starts and collects is not among them.
QUICK = 16.0


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("durations")
    group.addoption("--fast", action="store_true", help="only the quickest files, by tests/durations.json")
    group.addoption("--keep-durations", action="store_true", help="write tests/durations.json")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--keep-durations") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Keeper())


def quick(recorded: dict[str, float]) -> set[str]:
    """The quickest files, which together take less than QUICK seconds.

    >>> sorted(quick({"a": 1.0, "b": 9.0, "c": 2.0, "d": 8.0}))
    ['a', 'c', 'd']
    """
    chosen, total = set(), 0.0
    for name, seconds in sorted(recorded.items(), key=lambda pair: (pair[1], pair[0])):
        total += seconds
        if total > QUICK:
            break
        chosen.add(name)
    return chosen


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("--fast") or not collection_path.name.startswith("test_"):
        return None
    known = config.stash.get(_QUICK, None)
    if known is None:
        known = config.stash[_QUICK] = quick(json.loads(FILE.read_text()))
    return None if _name(collection_path) in known else True


_QUICK = pytest.StashKey[set[str]]()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Each report says what has been spent since the one before, by this process and those it waited for."""
    report = yield
    spent, before = sum(os.times()[:4]), item.config.stash.get(_SPENT, None)
    report.spent = 0.0 if before is None else spent - before
    item.config.stash[_SPENT] = spent
    return report


_SPENT = pytest.StashKey[float]()


class Keeper:
    """Adds up what the tests of each file cost, whichever worker ran them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.split("::")[0]
        self.seconds[name] = self.seconds.get(name, 0.0) + report.spent

    def pytest_sessionfinish(self) -> None:
        kept = {name: round(took, 1) for name, took in sorted(self.seconds.items())}
        FILE.write_text(json.dumps(kept, indent=0) + "\n")
