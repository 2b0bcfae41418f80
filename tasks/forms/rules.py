"""What a form asks, and what is wrong with a set of answers. Pure.

国办函〔2026〕12号: what a register already knows is prefilled and never asked again; a photo is asked for
only where the evidence is used later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tasks.forms.expressions import ExpressionError, holds

EMPLOYER: Final = "employer"
SOLE_TRADER: Final = "sole_trader"
_LONGEST_TEXT: Final = 4_000
_LARGEST: Final = 10**9

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form as the phone gets it; `choices` are (name, label)."""

    name: str
    type: str
    label: str
    hint: str
    required: bool | str
    relevant: str | None
    constraint: str | None
    constraint_message: str
    choices: tuple[tuple[str, str], ...]
    calculation: str | None


@dataclass(frozen=True, slots=True)
class Form:
    code: str
    version: str
    title: str
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question | None:
        return next((one for one in self.questions if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer: `kind` is unknown-question, wrong-type, unknown-choice, constraint, missing."""

    name: str
    kind: str


def form_for(kind: str) -> str:
    """The form code for a kind of subject (乌政〔2020〕17号 四(二)1: employers and 有雇工个体户 alike are units)."""
    return SOLE_TRADER if kind == SOLE_TRADER else EMPLOYER


def faults_of(form: Form, answers: Answers, outcome: str) -> list[Fault]:
    """Everything doubtful about `answers`, in the order of the form. Doubtful answers are kept all the same."""
    scope = {**answers, "outcome": outcome}
    known = {question.name for question in form.questions}
    strange = [Fault(name, "unknown-question") for name in answers if name not in known]
    found = (_fault(question, answers.get(question.name), scope) for question in form.questions)
    return [fault for fault in found if fault] + strange


def _fault(question: Question, answer: Any, scope: Answers) -> Fault | None:
    if question.type in ("photo", "note") or not _is_asked(question, scope):
        return None
    if answer in (None, "", []):
        return Fault(question.name, "missing") if _is_required(question, scope) else None
    if not _has_type(question, answer):
        return Fault(question.name, "wrong-type")
    if not _is_chosen(question, answer):
        return Fault(question.name, "unknown-choice")
    if question.constraint and not _holds(question.constraint, scope, answer):
        return Fault(question.name, "constraint")
    return None


def _is_asked(question: Question, scope: Answers) -> bool:
    return question.relevant is None or _holds(question.relevant, scope)


def _is_required(question: Question, scope: Answers) -> bool:
    if isinstance(question.required, str):
        return _holds(question.required, scope)
    return question.required


def _holds(source: str, scope: Answers, own: Any = None) -> bool:
    """A table is read at start, where a broken expression stops it; here one counts as holding."""
    try:
        return holds(source, scope, own)
    except ExpressionError:
        return True


def _has_type(question: Question, answer: Any) -> bool:
    match question.type:
        case "integer":
            return is_count(answer)
        case "decimal":
            return (
                isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= _LARGEST
            )
        case "select_multiple":
            return isinstance(answer, list) and all(isinstance(one, str) for one in answer)
        case "date":
            return isinstance(answer, str) and _is_date(answer)
    return isinstance(answer, str) and len(answer) <= _LONGEST_TEXT


def is_count(answer: Any) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) <= _LARGEST


def _is_date(answer: str) -> bool:
    try:
        date.fromisoformat(answer)
    except ValueError:
        return False
    return True


def _is_chosen(question: Question, answer: Any) -> bool:
    if not question.choices:
        return True
    names = {name for name, _label in question.choices}
    return names.issuperset(answer if isinstance(answer, list) else [answer])


def sound(form: Form | None, answers: Answers, outcome: str) -> dict[str, Any]:
    """The answers a rule may rely on: all but the faulty ones; with an unknown form, all that came."""
    if form is None:
        return dict(answers)
    faulty = {fault.name for fault in faults_of(form, answers, outcome)}
    return {name: value for name, value in answers.items() if name not in faulty}


def told(form: Form | None, answers: Answers) -> Iterable[tuple[str, str]]:
    """Answers as (question, answer) in words, for reading; unknown names are shown as they came."""
    for name, value in answers.items():
        question = form.question(name) if form else None
        if question is None:
            yield name, _words(value, {})
        else:
            yield question.label, _words(value, dict(question.choices))


def _words(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(_words(one, labels) for one in value)
    return labels.get(value, value) if isinstance(value, str) else str(value)
