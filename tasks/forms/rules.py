"""What a form asks, and what is wrong with a set of answers. Pure.

国办函〔2026〕12号: what a register already knows is prefilled and never asked again; a photo is asked for
only where the evidence is used later, and a position only where the form says so.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from tasks.forms.expressions import PLACE, TODAY, ExpressionError, evaluate, holds, text

OUTCOME: Final = "outcome"
_LONGEST_TEXT: Final = 4_000
_LARGEST: Final = 10**9
MOST_ITEMS: Final = 50
MOST_PHOTOS: Final = 9
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_CLOCK: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?")

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form as the phone gets it; `choices` are (name, label).

    A repeat has `questions` of its own, and at least `min` and at most `max` items; `count` is an expression for
    how many there must be. Its answer is a list of mappings.
    """

    name: str
    type: str
    label: str
    hint: str = ""
    required: bool | str = False
    required_message: str = ""
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    calculation: str | None = None
    questions: "tuple[Question, ...]" = ()
    min: int | None = None
    max: int | None = None
    count: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """`position` is "once" or "never"; `outcomes` are the (name, label) this kind of door can end in, and `kinds`
    the kinds of subjects it is for, empty for a form that no kind has for its own."""

    code: str
    version: str
    title: str
    questions: tuple[Question, ...]
    position: str = "never"
    kinds: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()

    def question(self, name: str) -> Question | None:
        """A question by name, also one inside a repeat."""
        return next((one for one in self.every_question() if one.name == name), None)

    def every_question(self) -> Iterator[Question]:
        for question in self.questions:
            yield question
            yield from question.questions


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer: `kind` is unknown-question, wrong-type, unknown-choice, constraint, missing,
    too-few or too-many. Inside a repeat `of` is its name and `item` the place of the item, from 1."""

    name: str
    kind: str
    of: str = ""
    item: int = 0


_FORMS: Final[Mapping[str, str]] = {
    "enterprise": "employer",
    "cooperative": "employer",
    "social_organisation": "employer",
    "institution": "institution",
    "sole_trader_employing": "sole_trader_employing",
    "sole_trader": "sole_trader",
    "construction_site": "construction_site",
    "resident": "resident",
    "flexible_worker": "flexible_worker",
    "hardship": "hardship",
    "announcement_point": "announcement",
}


def form_for(kind: str, industry: str = "", dusty: Iterable[str] = ()) -> str:
    """The form code for a subject (乌政〔2020〕17号 四(二)1, and 四(二)3 for the dust industries).

    `dusty` are beginnings of GB/T 4754 codes whose employers are asked about injury insurance first; whoever has
    employees there is a dust employer, whatever its legal form.
    """
    form = _FORMS.get(kind, "employer")
    if form in ("employer", "sole_trader_employing") and industry.startswith(tuple(dusty)):
        return "dust_employer"
    return form


def faults_of(form: Form, answers: Answers, outcome: str, on: date | None = None) -> list[Fault]:
    """Everything doubtful about `answers`, in the order of the form. Doubtful answers are kept all the same.

    `on` is the day `today()` stands for. An answer nobody was asked for is ignored, as XForms ignores it.
    """
    return _all_faults(form, answers, effective(form, answers, outcome, on))


def _all_faults(form: Form, answers: Answers, scope: Answers) -> list[Fault]:
    known = {question.name for question in form.questions}
    strange = [Fault(name, "unknown-question") for name in answers if name not in known]
    return [*_faults(form.questions, answers, scope), *strange]


def effective(form: Form, answers: Answers, outcome: str, on: date | None = None) -> dict[str, Any]:
    """What expressions read: answers that count, calculations done, nothing under what is not asked.

    Relevance may hang on a later question, so it is settled in rounds until nothing changes; a circle in an
    uploaded table ends after as many rounds as there are questions.
    """
    around = {OUTCOME: outcome, TODAY: on.isoformat() if on else ""}
    scope: dict[str, Any] = {**{one.name: answers.get(one.name) for one in form.questions}, **around}
    moving = [one for one in form.questions if one.relevant or one.calculation or one.type == "repeat"]
    for _round in range(len(form.questions) + 1):
        settled = {one.name: _settled(one, answers.get(one.name), scope) for one in moving}
        if all(scope[name] == value for name, value in settled.items()):
            break
        scope |= settled
    return scope


def _settled(question: Question, answer: Any, scope: Answers) -> Any:
    if question.relevant is not None and not _holds(question.relevant, scope):
        return [] if question.type == "repeat" else None
    if question.calculation is not None:
        return _calculated(question.calculation, scope)
    if question.type != "repeat":
        return answer
    items = [item for item in answer if isinstance(item, Mapping)] if isinstance(answer, list) else []
    return [_settled_item(question, item, place, scope) for place, item in enumerate(items, 1)]


def _settled_item(repeat: Question, item: Answers, place: int, scope: Answers) -> dict[str, Any]:
    """An item's own answers; inside it a name means the same item's answer."""
    asked = {one.name: item.get(one.name) for one in repeat.questions}
    for _round in range(len(repeat.questions) + 1):
        inside = {**scope, **asked, PLACE: place}
        settled = {one.name: _settled(one, item.get(one.name), inside) for one in repeat.questions}
        if settled == asked:
            break
        asked = settled
    return asked


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
    if not _has_type(question, answer):
        return Fault(question.name, "wrong-type")
    if question.type == "repeat":
        return _wrong_number(question, len(answer), scope)
    if not _is_chosen(question, answer):
        return Fault(question.name, "unknown-choice")
    if question.constraint and not _holds(question.constraint, scope, answer):
        return Fault(question.name, "constraint")
    return None


def _wrong_number(repeat: Question, items: int, scope: Answers) -> Fault | None:
    most = _counted(repeat, scope) if repeat.count else repeat.max
    if most is not None and items > most:
        return Fault(repeat.name, "too-many")
    return Fault(repeat.name, "too-few") if items < _least(repeat, scope) else None


def _least(repeat: Question, scope: Answers) -> int:
    return _counted(repeat, scope) if repeat.count else repeat.min or 0


def _counted(repeat: Question, scope: Answers) -> int:
    value = _calculated(repeat.count or "", scope)
    return min(max(int(value), 0), MOST_ITEMS) if isinstance(value, int | float) else 0


def _faults_of_items(repeat: Question, items: list[Answers], scope: Answers) -> Iterator[Fault]:
    names = {one.name for one in repeat.questions}
    for place, (item, settled) in enumerate(zip(items, scope[repeat.name], strict=True), 1):
        inside = {**scope, **settled, PLACE: place}
        found = [*_faults(repeat.questions, item, inside)]
        found += [Fault(name, "unknown-question") for name in item if name not in names]
        yield from (Fault(one.name, one.kind, repeat.name, place) for one in found)


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


def _calculated(source: str, scope: Answers) -> Any:
    """As the phone keeps it: what is no number is no answer, and what holds or not is a word."""
    try:
        value = evaluate(source, scope)
    except ExpressionError:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return text(value) if isinstance(value, bool) else value


def _has_type(question: Question, answer: Any) -> bool:
    match question.type:
        case "integer":
            return is_count(answer)
        case "decimal":
            return _is_number(answer)
        case "select_multiple":
            return isinstance(answer, list) and all(isinstance(one, str) for one in answer)
        case "date":
            return isinstance(answer, str) and _is_date(answer)
        case "time":
            return isinstance(answer, str) and _is_time(answer)
        case "photo" | "signature":
            return _are_photos(answer)
        case "position":
            return _is_position(answer)
        case "repeat":
            return isinstance(answer, list) and all(isinstance(one, Mapping) for one in answer)
    return isinstance(answer, str) and len(answer) <= _LONGEST_TEXT


def is_count(answer: Any) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) <= _LARGEST


def _is_number(answer: Any) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= _LARGEST


def _is_date(answer: str) -> bool:
    try:
        return len(answer) == 10 and bool(date.fromisoformat(answer))
    except ValueError:
        return False


def _is_time(answer: str) -> bool:
    """14:30, with seconds or without; the offset ODK Collect adds says nothing new here."""
    try:
        return bool(_CLOCK.match(answer)) and time.fromisoformat(answer) is not None
    except ValueError:
        return False


def _are_photos(answer: Any) -> bool:
    """The fingerprint of a picture, or a few of them."""
    photos = answer if isinstance(answer, list) else [answer]
    return len(photos) <= MOST_PHOTOS and all(
        isinstance(one, str) and _SHA256.fullmatch(one) is not None for one in photos
    )


def _is_position(answer: Any) -> bool:
    if not isinstance(answer, Mapping):
        return False
    lng, lat = answer.get("lng"), answer.get("lat")
    return _is_number(lng) and _is_number(lat) and abs(lng) <= 180 and abs(lat) <= 90  # type: ignore[arg-type]


def _is_chosen(question: Question, answer: Any) -> bool:
    if not question.choices:
        return True
    names = {name for name, _label in question.choices}
    return names.issuperset(answer if isinstance(answer, list) else [answer])


def sound(form: Form | None, answers: Answers, outcome: str, on: date | None = None) -> dict[str, Any]:
    """The answers a rule may rely on: asked for, and not faulty; with an unknown form, all that came."""
    if form is None:
        return dict(answers)
    counted = effective(form, answers, outcome, on)
    faults = _all_faults(form, answers, counted)
    faulty = {fault.name for fault in faults if not fault.of}
    inside = {(fault.of, fault.item, fault.name) for fault in faults if fault.of}
    kept = {question.name for question in form.questions if counted[question.name] not in (None, "", [])}
    return {
        name: _sound_items(name, counted[name], inside) if _is_items(counted[name]) else counted[name]
        for name in (question.name for question in form.questions)
        if name in kept and name not in faulty
    }


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _sound_items(of: str, items: list[Answers], faulty: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    return [
        {
            name: value
            for name, value in item.items()
            if value not in (None, "", []) and (of, place, name) not in faulty
        }
        for place, item in enumerate(items, 1)
    ]


def told(form: Form | None, answers: Answers) -> Iterable[tuple[str, str]]:
    """Answers as (question, answer) in words, for reading; unknown names are shown as they came."""
    for name, value in answers.items():
        question = form.question(name) if form else None
        yield (question.label or name, _words(value, question)) if question else (name, _words(value, None))


def _words(value: Any, question: Question | None) -> str:
    if question and question.type in ("photo", "signature"):
        return f"{len(value) if isinstance(value, list) else 1} 张"
    if isinstance(value, list):
        return (
            "；".join(_item_words(one, question) for one in value)
            if _is_items(value)
            else "、".join(_words(one, question) for one in value)
        )
    if isinstance(value, Mapping):
        return f"{value.get('lng')}, {value.get('lat')}"
    return dict(question.choices).get(value, value) if question and isinstance(value, str) else str(value)


def _item_words(item: Answers, repeat: Question | None) -> str:
    asked = {one.name: one for one in repeat.questions} if repeat else {}
    return "，".join(
        f"{asked[name].label if name in asked else name}：{_words(value, asked.get(name))}"
        for name, value in item.items()
        if value not in (None, "", [])
    )
