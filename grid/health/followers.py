"""What readiness asks, and what is measured: each room says for itself, called when the apps are ready.

A question answers with its faults in plain words, without secrets and without anybody's data; empty is well. A vital
one says whether this process can serve at all: its fault takes the process out of the proxy's rotation. All others are
said and alarmed, but a page that can be served is served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grid.texts import Text


@dataclass(frozen=True, slots=True)
class Question:
    name: str  # stable, for machines
    title: Text  # for people
    ask: Callable[[], Iterable[str]]
    is_vital: bool = False
    needs_database: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of the whole system, read when it is asked for: one cheap query, the same from any process.

    `label` names what the keys of a dictionary stand for; a plain number has none. An empty dictionary: nothing is told.
    """

    name: str
    help: str
    read: Callable[[], float | dict[str, float]]
    label: str = ""
    needs_database: bool = True


_questions: dict[str, Question] = {}
_measures: dict[str, Measure] = {}


def register_question(question: Question) -> None:
    """A name that is there already is asked by the newer."""
    _questions[question.name] = question


def measure_also(measure: Measure) -> None:
    _measures[measure.name] = measure


def questions() -> list[Question]:
    return list(_questions.values())


def measures() -> list[Measure]:
    return list(_measures.values())
