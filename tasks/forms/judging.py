"""What a form makes of answers that were received: the one place everybody asks, and the one that never fails.

A visit is taken whatever its form is like (乌政〔2020〕17号 四(二)2: 检查不漏一户). Where a form cannot judge it,
nothing is derived from the answers, they stand as they came, and who reviews them is told so.
"""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tasks.forms.rules import (
    LONGEST_TEXT,
    MOST_ITEMS,
    OUTCOME,
    Answers,
    Fault,
    Form,
    Question,
    has_type,
    is_chosen,
    is_items,
    most_items,
)  # fmt: skip
from tasks.forms.rules.expressions import PLACE, TODAY, ExpressionError, evaluate, holds, is_readable
from tasks.forms.rules.reckoning import MOST_EFFORT, effort_of, in_order, unchecked_in
from tasks.forms.rules.values import Value, number, text

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`sound` are the answers a rule may rely on, `faults` what is doubtful. `unchecked` are questions whose conditions
    nobody can reckon: they count as kept. Where it `failed`, nothing was judged and nothing is sound."""

    sound: Answers
    faults: tuple[Fault, ...] = ()
    unchecked: tuple[str, ...] = ()
    failed: bool = False


def judge(form: Form | None, answers: Answers, outcome: str, on: date | None = None) -> Judgement:
    """`on` is the day `today()` stands for. With an unknown form all that came is sound. Raises nothing."""
    if form is None:
        return Judgement(dict(answers))
    try:
        if effort_of(form) > MOST_EFFORT:
            return Judgement({}, failed=True)
        sound, faults = weighed(form, answers, outcome, on)
        return Judgement(sound, tuple(faults), unchecked_in(form))
    except Exception:  # whatever it is, the visit was made and is kept
        _log.exception("answers to %s %s could not be judged", form.code, form.version)
        return Judgement({}, failed=True)


def weighed(
    form: Form, answers: Answers, outcome: str, on: date | None = None
) -> tuple[dict[str, Any], list[Fault]]:
    """The answers a rule may rely on, asked for and not faulty; and everything doubtful, in the order of the form.

    `on` is the day `today()` stands for. An answer nobody was asked for is ignored, as XForms ignores it. Received
    answers are judged through judging.py, which nothing makes fail.
    """
    counted = effective(form, answers, outcome, on)
    faults = _all_faults(form, answers, counted)
    return _sound(form, counted, faults), faults


def faults_of(form: Form, answers: Answers, outcome: str, on: date | None = None) -> list[Fault]:
    """Doubtful answers are kept all the same."""
    return weighed(form, answers, outcome, on)[1]


def _all_faults(form: Form, answers: Answers, scope: Answers) -> list[Fault]:
    known = {question.name for question in form.questions}
    strange = [Fault(name, "unknown-question") for name in answers if name not in known]
    return [*_faults(form.questions, answers, scope), *strange]


def effective(form: Form, answers: Answers, outcome: str, on: date | None = None) -> dict[str, Any]:
    """What expressions read: answers that count, calculations done, nothing under what is not asked.

    Relevance may hang on a later question, so each is settled after those it hangs on.
    """
    around = {OUTCOME: outcome, TODAY: on.isoformat() if on else ""}
    scope: dict[str, Any] = {
        question.name: _opened(question, answers.get(question.name)) for question in form.questions
    } | around
    for question, within in in_order(form.questions):
        if within is None:
            scope[question.name] = _settled(question, scope[question.name], scope)
        else:
            _settle_items(question, within, scope)
    return scope


def _opened(question: Question, answer: object) -> object:
    """An answer as it came, of a repeat as items of our own that hold what it asks."""
    if question.type != "repeat":
        return answer
    items = [item for item in answer if isinstance(item, Mapping)] if isinstance(answer, list) else []
    return [{inner.name: item.get(inner.name) for inner in question.questions} for item in items]


def _settled(question: Question, answer: object, scope: Answers) -> object:
    if not _is_asked(question, scope):
        return [] if question.type == "repeat" else None
    return answer if question.calculation is None else _calculated(question.calculation, scope)


def _settle_items(question: Question, repeat: Question, scope: Answers) -> None:
    """One question of a repeat in each of its items. Where it is not asked, the item is without it: what nobody is
    asked for is no part of a total."""
    for place, item in enumerate(scope[repeat.name], 1):
        inside = _inside(scope, repeat, item, place)
        if _is_asked(question, inside):
            item[question.name] = _settled(question, item.get(question.name), inside)
        else:
            item.pop(question.name, None)


def _inside(scope: Answers, repeat: Question, item: Answers, place: int) -> dict[str, Any]:
    """Inside an item a name means the same item's answer, also where it has none."""
    return {**scope, **dict.fromkeys(question.name for question in repeat.questions), **item, PLACE: place}


def _faults(questions: Iterable[Question], answers: Answers, scope: Answers) -> Iterator[Fault]:
    for question in questions:
        if question.type in ("note", "calculate") or not _is_asked(question, scope):
            continue
        answer = answers.get(question.name)
        if fault := _fault(question, answer, scope):
            yield fault
        elif question.type == "repeat":
            yield from _faults_of_items(question, answer or [], scope)


def _fault(question: Question, answer: Any, scope: Answers) -> Fault | None:
    if answer in (None, "", []):
        short = _is_required(question, scope) or bool(_least(question, scope))
        return Fault(question.name, "missing") if short else None
    if not has_type(question, answer):
        return Fault(question.name, "wrong-type")
    if question.type == "repeat":
        return _wrong_number(question, len(answer), scope)
    if not is_chosen(question, answer):
        return Fault(question.name, "unknown-choice")
    if isinstance(answer, str) and len(answer) > LONGEST_TEXT:
        return Fault(question.name, "too-long")
    if question.constraint and not _holds(question.constraint, scope, answer):
        return Fault(question.name, "constraint")
    return None


def _wrong_number(repeat: Question, items: int, scope: Answers) -> Fault | None:
    most = _counted(repeat.count, scope) if _is_counted(repeat) else most_items(repeat)
    if items > most:
        return Fault(repeat.name, "too-many")
    return Fault(repeat.name, "too-few") if items < _least(repeat, scope) else None


def _least(repeat: Question, scope: Answers) -> int:
    return _counted(repeat.count, scope) if _is_counted(repeat) else repeat.min or 0


def _is_counted(repeat: Question) -> bool:
    return repeat.count is not None and is_readable(repeat.count)


def _counted(count: str | None, scope: Answers) -> int:
    value = number(_calculated(count or "", scope) or "")
    return 0 if math.isnan(value) else int(min(max(value, 0), MOST_ITEMS))


def _faults_of_items(repeat: Question, items: list[Answers], scope: Answers) -> Iterator[Fault]:
    names = {question.name for question in repeat.questions}
    for place, (item, settled) in enumerate(zip(items, scope[repeat.name], strict=True), 1):
        inside = _inside(scope, repeat, settled, place)
        found = [*_faults(repeat.questions, item, inside)]
        found += [Fault(name, "unknown-question") for name in item if name not in names]
        yield from (Fault(fault.name, fault.kind, repeat.name, place) for fault in found)


def _is_asked(question: Question, scope: Answers) -> bool:
    return question.relevant is None or _holds(question.relevant, scope)


def _is_required(question: Question, scope: Answers) -> bool:
    if isinstance(question.required, str):
        return _holds(question.required, scope, otherwise=False)
    return question.required


def _holds(source: str, scope: Answers, own: object = None, otherwise: bool = True) -> bool:
    """A form published when more was allowed may hold what nobody can read: that asks nothing of anybody."""
    try:
        return holds(source, scope, own)
    except ExpressionError:
        return otherwise


def _calculated(source: str, scope: Answers) -> Value | None:
    """As the phone keeps it: what is no number is no answer, and what holds or not is a word."""
    try:
        value = evaluate(source, scope)
    except ExpressionError:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return text(value) if isinstance(value, bool) else value


def sound(form: Form | None, answers: Answers, outcome: str, on: date | None = None) -> dict[str, Any]:
    """The answers without faults; with an unknown form, all that came."""
    return dict(answers) if form is None else weighed(form, answers, outcome, on)[0]


def _sound(form: Form, counted: Answers, faults: Iterable[Fault]) -> dict[str, Any]:
    faulty = {fault.name for fault in faults if not fault.of}
    inside = {(fault.of, fault.item, fault.name) for fault in faults if fault.of}
    kept = {question.name for question in form.questions if counted[question.name] not in (None, "", [])}
    return {
        name: _sound_items(name, counted[name], inside) if is_items(counted[name]) else counted[name]
        for name in (question.name for question in form.questions)
        if name in kept and name not in faulty
    }


def _sound_items(of: str, items: list[Answers], faulty: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    return [
        {
            name: value
            for name, value in item.items()
            if value not in (None, "", []) and (of, place, name) not in faulty
        }
        for place, item in enumerate(items, 1)
    ]
