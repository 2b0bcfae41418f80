"""What a form asks, which one a door gets, and what kind of answer each question takes. Pure.

国办函〔2026〕12号: what a register already knows is prefilled and never asked again; a photo is asked for
only where the evidence is used later, and a position only where the form says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, Final, TypeGuard

OUTCOME: Final = "outcome"
LONGEST_TEXT: Final = 4_000
LARGEST: Final = 10**9
MOST_ITEMS: Final = 50
MOST_PHOTOS: Final = 9
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_CLOCK: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?")

COMPULSORY: Final[Mapping[str, str]] = {"pension": "养老", "unemployment": "失业", "injury": "工伤"}

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What registers say of a subject: heads insured (社保), heads taxed (税务); None = no such row.

    `types`: heads by insurance, without those the register does not count. `base`: the monthly base declared,
    `base_due`: what the declared wages make due between floor and ceiling.
    """

    insured: int | None = None
    taxed: int | None = None
    types: Mapping[str, int] = field(default_factory=dict)
    base: Decimal | None = None
    base_due: Decimal | None = None


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
        return next((question for question in self.every_question() if question.name == name), None)

    def every_question(self) -> Iterator[Question]:
        for question in self.questions:
            yield question
            yield from question.questions


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer: `kind` is unknown-question, wrong-type, unknown-choice, constraint, missing,
    too-long, too-few or too-many. Inside a repeat `of` is its name and `item` the place of the item, from 1."""

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


def most_items(repeat: Question) -> int:
    """How many a form asks for at most; none asks for more than MOST_ITEMS."""
    return min(MOST_ITEMS, repeat.max or MOST_ITEMS)


def has_type(question: Question, answer: object) -> bool:
    match question.type:
        case "integer":
            return is_count(answer)
        case "decimal":
            return _is_number(answer)
        case "select_multiple":
            return isinstance(answer, list) and all(isinstance(item, str) for item in answer)
        case "date":
            return isinstance(answer, str) and _is_date(answer)
        case "time":
            return isinstance(answer, str) and _is_time(answer)
        case "photo" | "signature":
            return are_photos(answer)
        case "position":
            return _is_position(answer)
        case "repeat":
            return isinstance(answer, list) and all(isinstance(item, Mapping) for item in answer)
    return isinstance(answer, str)


def is_count(answer: object) -> TypeGuard[int]:
    return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) <= LARGEST


def _is_number(answer: object) -> TypeGuard[int | float]:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= LARGEST


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


def are_photos(answer: object) -> bool:
    """The fingerprint of a picture, or a few of them."""
    photos = answer if isinstance(answer, list) else [answer]
    return len(photos) <= MOST_PHOTOS and all(
        isinstance(photo, str) and _SHA256.fullmatch(photo) is not None for photo in photos
    )


def _is_position(answer: object) -> bool:
    if not isinstance(answer, Mapping):
        return False
    lng, lat = answer.get("lng"), answer.get("lat")
    return _is_number(lng) and _is_number(lat) and abs(lng) <= 180 and abs(lat) <= 90


def is_chosen(question: Question, answer: object) -> bool:
    if not question.choices:
        return True
    names = {name for name, _label in question.choices}
    return names.issuperset(answer if isinstance(answer, list) else [answer])


def is_items(value: object) -> TypeGuard[list[Answers]]:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
