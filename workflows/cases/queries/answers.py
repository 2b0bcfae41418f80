"""What a visit says, in the words of its form, and the registers beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from grid.registers.queries import Facts
from tasks.comparison import queries as comparison
from tasks.comparison.rules.beside import Beside
from tasks.forms import tables
from tasks.forms.rules import Form
from tasks.forms.rules.wording import answers_in_words
from tasks.visits.models import Visit
from tasks.visits.queries import form_of


@dataclass(frozen=True)
class Answer:
    """One answer of a visit; `name` is the question a return may point at."""

    name: str
    label: str
    value: str


def answers_of(visit: Visit) -> list[Answer]:
    """The answers in the order of the form, in words. An unknown form shows the names as they came."""
    form = form_of(visit) or _current(visit.form)
    asked = [question.name for question in form.questions] if form else []
    words = dict(zip(visit.answers, answers_in_words(form, visit.answers), strict=True))
    known, strange = [name for name in asked if name in words], [name for name in words if name not in asked]
    return [Answer(name, *words[name]) for name in known + strange]


def _current(code: str) -> Form | None:
    try:
        return tables.current(code)
    except KeyError:
        return None


def beside(visit: Visit, answers: list[Answer], facts: Mapping[str, Facts]) -> Beside:
    """The visit and the registers, fact by fact. Expects `visit.person` at hand."""
    return comparison.beside(facts, visit, {answer.name: answer.value for answer in answers})
