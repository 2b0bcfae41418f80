"""In which order a form's expressions are reckoned, so that each is reckoned once, and what that costs. Pure.

What a question counts for may hang on others: on those its condition and its calculation read, and inside a repeat on
that repeat. In that order one pass settles everything, however long the chain. The phone does the same.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tasks.forms.rules import MOST_ITEMS, Form, Question
from tasks.forms.rules.expressions import ExpressionError, effort, is_readable, references

# Words of expressions reckoned for one visit, those inside a repeat counted for as many items as it may have.
MOST_EFFORT: Final = 20_000


def sources_of(question: Question) -> Iterator[tuple[str, str]]:
    """(column, expression) for each a question has."""
    required = question.required if isinstance(question.required, str) else None
    for column, source in (
        ("relevant", question.relevant), ("constraint", question.constraint),
        ("calculation", question.calculation), ("required", required), ("repeat_count", question.count),
    ):  # fmt: skip
        if source:
            yield column, source


Step = tuple[Question, Question | None]


@lru_cache(maxsize=500)
def in_order(questions: tuple[Question, ...]) -> tuple[Step, ...]:
    """(question, the repeat it stands in) for repeats and whatever hangs on others, each after those it hangs on; of a
        circle in the order of the form. What is inside a repeat is reckoned for all its items at once, so that an item may
    ask for a total over all of them."""
    return tuple(_Walk(questions).found)


class _Walk:
    """Depth first, in the order of the form."""

    def __init__(self, questions: Sequence[Question]) -> None:
        steps: list[Step] = [(question, None) for question in questions]
        steps += [(inner, question) for question in questions for inner in question.questions]
        self._steps: dict[str, Step] = {
            question.name: (question, within) for question, within in reversed(steps)
        }
        self._seen: set[str] = set()
        self.found: list[Step] = []
        for question in questions:
            for name in (question.name, *(inner.name for inner in question.questions)):
                self._visit(name)

    def _visit(self, name: str) -> None:
        if name in self._seen or name not in self._steps:
            return
        self._seen.add(name)
        question, within = self._steps[name]
        around = [within.name] if within else []
        for other in (*around, *sorted(_read_by(question))):
            self._visit(other)
        if question.relevant or question.calculation or question.type == "repeat":
            self.found.append((question, within))


def _read_by(question: Question) -> set[str]:
    return {name for source in _moving(question) for name in _references(source)}


def _moving(question: Question) -> list[str]:
    return [source for source in (question.relevant, question.calculation, question.count) if source]


def _references(source: str) -> frozenset[str]:
    try:
        return references(source)
    except ExpressionError:
        return frozenset()


@lru_cache(maxsize=500)
def effort_of(form: Form) -> int:
    """What one visit costs at most; expressions nobody can read cost nothing."""
    return sum(
        _effort(question) + MOST_ITEMS * sum(map(_effort, question.questions)) for question in form.questions
    )


def _effort(question: Question) -> int:
    return sum(effort(source) for _column, source in sources_of(question) if is_readable(source))


@lru_cache(maxsize=500)
def unchecked_in(form: Form) -> tuple[str, ...]:
    """Questions with an expression nobody can read: published when more was allowed."""
    return tuple(
        question.name
        for question in form.every_question()
        if not all(is_readable(source) for _column, source in sources_of(question))
    )
