"""What came of a visit and for what reason, with all that follows, as rows of the law instead of words in code. Pure.

A row says of which outcome it is a reason, whom it may be given for, what the account counts the door as, what has to
be given with it and what follows. The row with the outcome's own name says what it means without a reason: that is how
phones that know no reasons, and every visit made before there were any, are read (乌政〔2020〕17号 四(二)2: 检查不漏一户).

A reason is asked for by questions of its own, made from the rows and put before those of the form. So what a phone
shows off line, what a correction names and in what two visits to one door differ goes the way of any answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from grid.law.rules import outcomes as words
from grid.texts import Text
from tasks.coverage.states import CoverState
from tasks.forms.rules import Answers, Form, Question

KEY: Final = "outcome."
# Before the outcome it is of: the question a reason answers.
REASON: Final = "reason_"
# The account says what was found, and not that somebody was met.
FOUND_OUT: Final = "found_out"
# What may be asked for. The ground is a question of the form itself, which words it for its kind of door.
GROUND, ADDRESS, OTHER, OTHERS, BACK, PHOTO = "ground", "address", "other", "others", "back", "photo"
ASKED: Final = (ADDRESS, OTHER, OTHERS, BACK, PHOTO)
ASKS: Final = (GROUND, *ASKED)
AGAIN, MERGE, NOTE, PLACE = "again", "merge", "note", "place"
FOLLOWS: Final = (AGAIN, MERGE, NOTE, PLACE)
# The bare outcome is the common one: no further tap is asked.
_OPTIONAL: Final = ("nobody_in", "refused")
# The question of a form that asks on what ground a duty is to end.
END_GROUND: Final = "end_ground"
# Whom a form is for that no kind has for its own: the dust industries' employers.
_ANY_UNIT: Final = "enterprise"
LONGEST: Final = 200
_UNSETTLED: Final = (CoverState.TO_CHECK, CoverState.NOT_SENT, CoverState.TO_REVIEW)


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome with its reason, as it stood from `valid_from` on. `kinds`: of subjects it may be given for."""

    code: str
    title: str
    of: str
    order: int
    kinds: frozenset[str]
    state: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    follows: tuple[str, ...]
    basis: str
    reviewed: bool
    valid_from: date
    valid_to: date | None = None

    @property
    def is_reason(self) -> bool:
        return self.code != self.of

    @property
    def keeps_open(self) -> bool:
        """Somebody has to go to this very door again: confirmed or not, it stays with its worker."""
        return self.state == CoverState.TO_CHECK

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


@dataclass(frozen=True, slots=True)
class Values:
    """What a row's value says, as far as it can be read: somebody typed it."""

    of: str
    order: int
    who: tuple[str, ...]
    state: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    follows: tuple[str, ...]


def read_values(value: object) -> Values:
    """A state nobody knows leaves the door to be checked; what is asked for or follows and is not known falls away.

    >>> read_values({"of": "moved", "state": "?", "needs": ["ground", "luck"]})
    Values(of='moved', order=0, who=(), state='to_check', needs=('ground',), may=(), follows=())
    """
    given = value if isinstance(value, Mapping) else {}
    state, order = str(given.get("state", "")), given.get("order")
    return Values(
        str(given.get("of", "")),
        order if isinstance(order, int) else 0,
        _texts(given.get("who")),
        state if state in (*CoverState.values, FOUND_OUT) else CoverState.TO_CHECK.value,
        _known(given.get("needs"), ASKS),
        _known(given.get("may"), ASKED),
        _known(given.get("follows"), FOLLOWS),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()


def _known(value: object, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in _texts(value) if word in known)


# --- what is asked ---------------------------------------------------------------------------------------


def reason_in(outcome: str, answers: Answers) -> str:
    """The reason given for an outcome; one given for another before it was changed counts for nothing."""
    reason = answers.get(REASON + outcome)
    return reason if isinstance(reason, str) else ""


def gives_reason(answers: Answers) -> bool:
    return any(name.startswith(REASON) for name in answers)


def row_of(rows: Iterable[Row], outcome: str, answers: Answers, on: date) -> Row | None:
    """The row of the reason given, as it stood on the day of the visit; that of the bare outcome where none was given,
    or one nobody knows."""
    held = {row.code: row for row in rows if row.is_in_force(on) and row.of == outcome}
    return held.get(reason_in(outcome, answers)) or held.get(outcome)


def with_reasons(form: Form, rows: Iterable[Row], on: date) -> Form:
    """The form with the questions of the reasons in force on a day put before its own."""
    asked = questions_of(form, [row for row in rows if row.is_in_force(on)])
    own = {question.name for question in form.questions}
    return replace(form, questions=(*(q for q in asked if q.name not in own), *form.questions))


def questions_of(form: Form, rows: Iterable[Row]) -> list[Question]:
    """One question for the reasons of each outcome the form offers, then one for each thing they ask for. None on a form
    that does not ask for the ground: it ends no duty (a document served), or its city words its own."""
    if form.question(END_GROUND) is None:
        return []
    offered, kinds = {name for name, _label in form.outcomes}, set(form.kinds) or {_ANY_UNIT}
    reasons = [row for row in rows if row.is_reason and row.of in offered and row.kinds & kinds]
    reasons.sort(key=lambda row: (row.order, row.code))
    outcomes = dict.fromkeys(row.of for row in reasons)
    asked = [_reason(outcome, [row for row in reasons if row.of == outcome]) for outcome in outcomes]
    return [*asked, *_things(reasons)]


def _reason(outcome: str, rows: Sequence[Row]) -> Question:
    return Question(
        name=REASON + outcome,
        type="select_one",
        label=_("具体是哪种情况？"),
        required=outcome not in _OPTIONAL,
        relevant=f"${{outcome}} = '{outcome}'",
        choices=tuple((row.code, row.title) for row in rows),
    )


def _things(rows: Sequence[Row]) -> Iterator[Question]:
    for thing in ASKED:
        needing = [row for row in rows if thing in row.needs]
        asking = [row for row in rows if thing in row.needs or thing in row.may]
        if asking:
            question = _question(thing)
            required = True if needing == asking else _any_of(needing) if needing else False
            yield replace(question, relevant=_any_of(asking), required=required)


def _any_of(rows: Iterable[Row]) -> str:
    return " or ".join(f"${{{REASON}{row.of}}} = '{row.code}'" for row in rows)


def _question(thing: str) -> Question:
    short, most = f"string-length(.) <= {LONGEST}", _("最多 {n} 字").format(n=LONGEST)
    name = REASON + thing
    match thing:
        case "address":
            return Question(
                name, "text", _("新地址"), _("写到路名门牌，或小区楼号"), constraint=short,
                constraint_message=most,
            )  # fmt: skip
        case "other":
            return Question(
                name, "text", _("是哪一户？"), _("统一社会信用代码、注册号或全称"), constraint=short,
                constraint_message=most,
            )  # fmt: skip
        case "others":
            return Question(
                name, "text", _("分立成哪几家？"), _("写单位名称"), constraint=short, constraint_message=most
            )
        case "back":
            return Question(
                name, "date", _("哪一天再来？"), constraint=". >= today()",
                constraint_message=_("请选今天或以后的日期"),
            )  # fmt: skip
    return Question(name, "photo", _("现场照片"), _("拍房屋或场地，不拍人脸"))


def reason_given(outcome: str, answers: Answers) -> dict[str, object]:
    """The answers that say why it came to this outcome; a picture is a visit's own and says nothing of the door."""
    names = [REASON + outcome, *(REASON + thing for thing in ASKED if thing != PHOTO)]
    given = {name: answers.get(name) for name in names} if reason_in(outcome, answers) else {}
    return {name: value for name, value in given.items() if isinstance(value, str) and value}


def label_of_reason(name: str) -> str:
    """The question of a reason in words; empty for any other."""
    if not name.startswith(REASON):
        return ""
    thing = name.removeprefix(REASON)
    return _question(thing).label if thing in ASKED else _("具体是哪种情况？")


def thing_in(answers: Answers, thing: str) -> str:
    """What was given with a reason, as text; empty where it was not, or is no text."""
    value = answers.get(REASON + thing)
    return value.strip() if isinstance(value, str) else ""


# --- what it amounts to ------------------------------------------------------------------------------------


def state_of(row: Row | None, outcome: str) -> str:
    """What the account counts a door as where nothing was looked at. Without a row the outcome is its own state."""
    if row is None or row.state == FOUND_OUT:
        return outcome if outcome in CoverState.values else CoverState.TO_CHECK.value
    return row.state


def reviewed_outcome(row: Row | None, outcome: str) -> str:
    """What measures and leads are reckoned from: where somebody has to look again, here, elsewhere or at another unit,
    nothing is proven yet."""
    return "unclear" if row is not None and row.is_reason and row.state in _UNSETTLED else outcome


# --- in words ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is read: what it asks for (those that may be left out in brackets), counts as and is followed by."""

    row: Row
    outcome: str
    asks: str
    counts: str
    follows: str


def lines_of(rows: Iterable[Row]) -> list[Line]:
    """In their order; a bare outcome before its reasons."""
    known = list(rows)
    names = {row.of: row.title for row in known if not row.is_reason}
    return [
        Line(row, names.get(row.of, row.of), _asks(row), _counts(row), _in_words(row.follows, words.FOLLOWS))
        for row in known
    ]


def _in_words(names: Iterable[str], said: Mapping[str, Text]) -> str:
    return "、".join(str(said[name]) for name in names) or "—"


def _asks(row: Row) -> str:
    may = "".join(f"（{words.ASKS[name]}）" for name in row.may)
    return (_in_words(row.needs, words.ASKS) + may) if row.needs else may or "—"


def _counts(row: Row) -> str:
    return _("按所见") if row.state == FOUND_OUT else str(CoverState(row.state).label)
