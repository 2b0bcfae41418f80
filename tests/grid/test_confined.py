"""A reader may die, run on, eat memory or be left early: its caller hears the truth and nothing stays behind."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from grid.confined import ReaderDied, ReaderStopped, Unreadable, read_confined

HERE = "tests.grid.test_confined"


def says(text: str) -> Iterator[object]:
    yield [text, "\ud800"]
    yield sorted(name for name in os.environ if "KEY" in name)


def refuses(_: str) -> Iterator[object]:
    yield 1
    raise Unreadable("has-password")


def aborts(_: str) -> Iterator[object]:
    yield 1
    os.abort()


def eats(_: str) -> Iterator[object]:
    yield len(bytearray(8_000_000_000))


def runs_on(_: str) -> Iterator[object]:
    while True:
        pass


def is_stopped(_: str) -> Iterator[object]:
    os.kill(os.getpid(), signal.SIGTERM)
    yield 1


def goes_first(_: str) -> Iterator[object]:
    yield Path("/proc/self/oom_score_adj").read_text().strip()


def says_too_much(_: str) -> Iterator[object]:
    yield "x" * 70_000_000


def counts(_: str) -> Iterator[object]:
    yield from range(10_000_000)


def test_what_a_reader_yields_arrives_and_no_secret_was_there(monkeypatch):
    monkeypatch.setenv("LEDGER_KEY", "secret")
    assert list(read_confined(f"{HERE}:says", "𬱖")) == [["𬱖", "\ud800"], []]


def test_a_refusal_keeps_its_word():
    with pytest.raises(Unreadable, match="has-password"):
        list(read_confined(f"{HERE}:refuses", ""))


@pytest.mark.parametrize("reader", ["aborts", "eats", "nowhere", "says_too_much"])
def test_a_reader_that_dies_is_no_end_of_the_file(reader):
    with pytest.raises(ReaderDied):
        list(read_confined(f"{HERE}:{reader}", ""))


def test_a_reader_that_runs_on_is_ended():
    with pytest.raises(ReaderDied, match=r"SIGXCPU|SIGKILL"):
        list(read_confined(f"{HERE}:runs_on", "", seconds=1))


def test_a_caller_may_stop_early():
    rows = read_confined(f"{HERE}:counts", "")
    assert next(rows) == 0
    rows.close()


def test_a_reader_that_somebody_stopped_says_nothing_of_the_file():
    with pytest.raises(ReaderStopped, match="SIGTERM"):
        list(read_confined(f"{HERE}:is_stopped", ""))


def test_where_memory_is_short_the_child_goes_first():
    assert list(read_confined(f"{HERE}:goes_first", "")) == ["1000"]
