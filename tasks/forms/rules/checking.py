"""What is wrong with an uploaded table, line by line, in words. Pure.

Everything is said at once, so that a table is mended in one go, and each cause once: what only follows from another
fault is not told. What pyxform itself refuses comes last.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from grid.outside import whole
from tasks.forms.reading import SHEETS, Line, Sheets, markdown
from tasks.forms.rules import MOST_ITEMS, OUTCOME, Form, compiling
from tasks.forms.rules.circles import circles_in
from tasks.forms.rules.columns import KINDS, understood
from tasks.forms.rules.expressions import (
    DEEPEST,
    LONGEST,
    MOST_WORDS,
    BadPattern,
    ExpressionError,
    TooDeep,
    TooLong,
    counted,
    patterns_of,
    references,
)  # fmt: skip
from tasks.forms.rules.pattern_reading import PatternRefused
from tasks.forms.rules.patterns import check as check_pattern
from tasks.forms.rules.reckoning import MOST_EFFORT, effort_of, sources_of
from tasks.forms.rules.wrongs import WORDS, Wrong, once, wrong

__all__ = ["WORDS", "Checked", "Wrong", "check"]

MOST_QUESTIONS: Final = 100
MOST_CHOICES: Final = 2_000  # of all questions together, as every phone gets them
LONGEST_TEXT: Final = 1_000
MOST_LETTERS: Final = 300_000  # of the whole form, which every phone fetches; the longest of ours has 9,000
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_VERSION: Final = re.compile(r"\d{8}(\d{2})?")
_PLAIN: Final = frozenset(
    {"integer", "decimal", "text", "date", "time", "note", "calculate", "image", "photo", "geopoint"}
)
_SELECTS: Final = ("select_one", "select_multiple")
_BEGIN: Final = {"begin group", "begin repeat"}
_END: Final = {"end group", "end repeat"}
_EXPRESSIONS: Final = ("relevant", "constraint", "calculation", "repeat_count")
# What has no effect on a line of that type, with us or in XForms.
_IDLE: Final[Mapping[str, tuple[str, ...]]] = {
    "begin group": ("required", "constraint", "calculation", "repeat_count", "repeat_min", "repeat_max"),
    "begin repeat": ("constraint", "calculation"),
    "note": ("required", "constraint", "repeat_count", "repeat_min", "repeat_max"),
    "calculate": ("required", "constraint", "repeat_count", "repeat_min", "repeat_max"),
    **dict.fromkeys(_END, ("relevant", *_EXPRESSIONS[1:], "required", "repeat_min", "repeat_max")),
}
_ASKED_IDLE: Final = ("repeat_count", "repeat_min", "repeat_max")
_NOT: Final = ("", "no", "false", "false()")
_FILTERS: Final = ("choice_filter", "choice filter")
_SPOKEN: Final = ("label", "hint", "constraint_message", "required_message")
_SPEAKS: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")  # of an answer, in words
_RESERVED: Final = frozenset({"meta", "instanceid", compiling.ROOT, "position", "__proto__"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A table found right."""

    code: str
    form: Form
    source: str


def check(sheets: Sheets, codes: Collection[str]) -> Checked | list[Wrong]:
    """`codes` are the forms there are."""
    missing = [
        wrong(name, 0, "no-sheet", value=name) for name in ("settings", "survey") if name not in sheets
    ]
    found = missing or [*_cells(sheets)]
    if not found:
        sheets, found = understood(sheets)
        is_filtered = any(dict(mistake.facts).get("value") in _FILTERS for mistake in found)
        found += [*_settings(sheets, codes, found), *_choices(sheets, is_filtered), *_survey(sheets)]
    return once(found) or _compile(sheets)


def _cells(sheets: Sheets) -> Iterator[Wrong]:
    """What no cell may hold, whatever its column; nothing else is looked at before that is right."""
    for sheet in (name for name in SHEETS if name in sheets):
        lines = sheets[sheet].lines
        header = Line(0, {column: column for column in sheets[sheet].header})
        for line in (header, *lines):
            for column, cell in line.cells.items():
                most = LONGEST if column in (*_EXPRESSIONS, "required") else LONGEST_TEXT
                if len(cell) > most:
                    yield wrong(sheet, line.number, "cell-too-long", column=column[:20], most=most)
                elif _UNPRINTABLE.search(cell):
                    shown = _UNPRINTABLE.sub("·", column[:20])
                    yield wrong(sheet, line.number, "cell-unprintable", column=shown)


def _settings(sheets: Sheets, codes: Collection[str], told: Iterable[Wrong]) -> Iterator[Wrong]:
    line = sheets["settings"].lines[0] if sheets["settings"].lines else Line(0, {})
    meant = {dict(mistake.facts).get("meant") for mistake in told if mistake.sheet == "settings"}
    missing = [
        name for name in ("form_title", "form_id", "version") if not line.get(name) and name not in meant
    ]
    if missing:
        yield wrong("settings", line.number, "settings-missing", value="、".join(missing))
    code, version = line.get("form_id"), line.get("version")
    if code and code not in codes:
        yield wrong("settings", line.number, "form-unknown", value=code, known="、".join(sorted(codes)))
    if version and not _VERSION.fullmatch(version):
        yield wrong("settings", line.number, "version-malformed", value=version)
    if line.get("asks_position") not in ("", *compiling.POSITIONS):
        yield wrong("settings", line.number, "position-malformed")


def _has(sheets: Sheets, sheet: str, *columns: str) -> bool:
    """Without one of its columns a sheet is told so, and nothing about its lines."""
    return sheet in sheets and all(column in sheets[sheet].header for column in columns)


def _choices(sheets: Sheets, is_filtered: bool) -> Iterator[Wrong]:
    """With a filter, which is refused for itself, a list holds a name once for each thing it is filtered by."""
    seen: set[tuple[str, str]] = set()
    if not _has(sheets, "choices", "list_name", "name", "label"):
        return
    for line in sheets["choices"].lines:
        key = (line.get("list_name"), line.get("name"))
        if not all(key) or not line.get("label") or " " in key[1]:
            yield wrong("choices", line.number, "choice-malformed")
        elif key in seen and not is_filtered:
            yield wrong("choices", line.number, "choice-twice", value=key[1])
        if _SPEAKS.search(line.get("label")):
            yield wrong("choices", line.number, "reference-in-choice", value=line.get("label"))
        seen.add(key)


def _lists(sheets: Sheets) -> Mapping[str, set[str]] | None:
    """The choices there are by list; None where they cannot be told apart, which was said already."""
    if "choices" not in sheets:
        return {}
    if not _has(sheets, "choices", "list_name", "name"):
        return None
    lists: dict[str, set[str]] = {}
    for line in sheets["choices"].lines:
        lists.setdefault(line.get("list_name"), set()).add(line.get("name"))
    return lists


def _survey(sheets: Sheets) -> Iterator[Wrong]:
    lines, lists, columns = sheets["survey"].lines, _lists(sheets), sheets["survey"].header
    if len(lines) > MOST_QUESTIONS:
        yield wrong("survey", 0, "too-many-questions", value=MOST_QUESTIONS)
        return
    if lists == {} and "choices" not in sheets and any(_asks_to_choose(line) for line in lines):
        yield wrong("choices", 0, "no-sheet", value="choices")
        lists = None
    names = _Names(lines) if "name" in columns else None
    known = [line for line in lines if _is_ours(line)]
    checks: list[Callable[[Line], Iterable[Wrong]]] = [_bounds, lambda line: _expressions(line, names)]
    twice: list[Wrong] = []
    if "type" in columns:
        yield from _nesting(lines)
        checks += [lambda line: _type(line, lists), _idle]
    if "name" in columns:
        twice = [*_names(lines)]
        yield from twice
    if "label" in columns:
        yield from (found for line in known for found in _label(line))
    for line in lines:
        for mistakes_in in checks:
            yield from mistakes_in(line)
    if any(mistake.code == "name-twice" for mistake in twice):
        return  # nobody knows which of the two is meant
    for circle in circles_in(lines):
        first, *others = circle.lines
        yield replace(wrong("survey", first, "circle", value=" → ".join(circle.way)), also=tuple(others))


def _is_ours(line: Line) -> bool:
    """What is refused for its type is not asked for a name and words besides."""
    said = line.get("type")
    return said in _BEGIN | _END | _PLAIN or said in ("", "hidden") or _asks_to_choose(line)


def _asks_to_choose(line: Line) -> bool:
    first, _space, rest = line.get("type").partition(" ")
    return first in _SELECTS and bool(rest) and " " not in rest


def _type(line: Line, lists: Mapping[str, set[str]] | None) -> Iterator[Wrong]:
    said = line.get("type")
    rest = said.partition(" ")[2]
    if not said:
        yield wrong("survey", line.number, "type-missing")
    elif said in _BEGIN | _END | _PLAIN or (said, line.get("name")) == ("hidden", OUTCOME):
        return
    elif not _asks_to_choose(line):
        if not said.startswith("end "):  # of what was never begun: said with its beginning
            yield wrong("survey", line.number, "unknown-type", value=said)
    elif lists is not None and rest not in lists:
        yield wrong("survey", line.number, "unknown-list", value=rest)
    elif lists is not None and line.get("name") == OUTCOME:
        for strange in sorted(lists[rest] - dict(compiling.OUTCOMES).keys()):
            yield wrong("survey", line.number, "outcome-unknown", value=strange)


def _label(line: Line) -> Iterator[Wrong]:
    silent = {"", "calculate", "hidden", "begin group", *_END}
    if line.get("type") not in silent and line.get("name") and not line.get("label"):
        yield wrong("survey", line.number, "label-missing", value=line.get("name"))


def _bounds(line: Line) -> Iterator[Wrong]:
    for column in ("repeat_min", "repeat_max"):
        said = line.get(column)
        if said and whole(said, most=MOST_ITEMS) is None:
            yield wrong("survey", line.number, "bound-malformed", column=column, most=MOST_ITEMS)


def _idle(line: Line) -> Iterator[Wrong]:
    said = line.get("type")
    for column in _IDLE.get(said, _ASKED_IDLE if _is_ours(line) else ()):
        if line.get(column).lower() not in (_NOT if column == "required" else ("",)):
            yield wrong("survey", line.number, "column-idle", column=column, value=said)


def _names(lines: Iterable[Line]) -> Iterator[Wrong]:
    seen: dict[str, int] = {}
    counted = {f"{line.get('name')}_count" for line in lines if line.get("repeat_count")}
    for line in lines:
        name = line.get("name")
        if line.get("type").startswith("end ") or not line.get("type"):
            continue
        if name in seen:
            yield wrong("survey", line.number, "name-twice", value=name, other=seen[name])
        elif not _is_ours(line):
            pass
        elif not name:
            yield wrong("survey", line.number, "name-missing")
        elif not _NAME.fullmatch(name):
            yield wrong("survey", line.number, "name-malformed", value=name)
        elif name.lower() in _RESERVED or name in counted:
            yield wrong("survey", line.number, "name-clash", value=name)
        if name:
            seen.setdefault(name, line.number)


def _nesting(lines: Iterable[Line]) -> Iterator[Wrong]:
    held: list[tuple[str, int]] = []
    for line in lines:
        said = line.get("type")
        kind = said.partition(" ")[2]
        if said in _BEGIN:
            if kind == "repeat" and any(opened == "repeat" for opened, _number in held):
                yield wrong("survey", line.number, "repeat-in-repeat")
            held.append((kind, line.number))
        elif said in _END and (not held or held.pop()[0] != kind):
            yield wrong("survey", line.number, "unbalanced", value=said)
    yield from (wrong("survey", number, "unbalanced", value=f"begin {kind}") for kind, number in held)


class _Names:
    """What expressions may name: `all`, and of them those that have no answer, or none but their number."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.all, self.empty, self.repeats = set[str](), set[str](), set[str]()
        for line in lines:
            kind, name = line.get("type"), line.get("name")
            if kind.startswith("end "):
                continue
            self.all.add(name)
            if kind == "begin group" or (kind == "note" and not line.get("calculation")):
                self.empty.add(name)
            elif kind == "begin repeat":
                self.repeats.add(name)


def _expressions(line: Line, names: _Names | None) -> Iterator[Wrong]:
    """`names` is None where the table has no column for them."""
    required = line.get("required")
    sources = [(column, line.get(column)) for column in _EXPRESSIONS]
    if required.lower() not in ("", "yes", "no", "true", "false", "true()", "false()"):
        sources.append(("required", required))
    for column, source in sources:
        found = [*_expression(line, column, source)] if source else []
        yield from found
        if source and names and not found:
            read = references(source)
            empty = names.empty | (names.repeats - counted(source))
            yield from _references(line, column, read, names.all, empty)
    if names is None:
        return
    for column in _SPOKEN:
        yield from _references(line, column, _SPEAKS.findall(line.get(column)), names.all, names.empty)


def _references(
    line: Line, column: str, read: Iterable[str], known: Collection[str], empty: Collection[str]
) -> Iterator[Wrong]:
    for name in sorted(set(read)):
        if name not in known:
            yield wrong("survey", line.number, "reference-unknown", column=column, value=name)
        elif name in empty:
            yield wrong("survey", line.number, "reference-empty", column=column, value=name)


def _expression(line: Line, column: str, source: str) -> Iterator[Wrong]:
    patterns: list[str] = []
    try:
        patterns = patterns_of(source)
    except BadPattern as error:
        patterns = [error.pattern] if error.pattern else []
        if not patterns:
            yield wrong("survey", line.number, "expression-unreadable", column=column, value=source)
    except TooLong:
        facts = {"letters": LONGEST, "words": MOST_WORDS}
        yield wrong("survey", line.number, "expression-too-long", column=column, **facts)
    except TooDeep:
        yield wrong("survey", line.number, "expression-too-deep", column=column, most=DEEPEST)
    except ExpressionError:
        yield wrong("survey", line.number, "expression-unreadable", column=column, value=source)
    for pattern in patterns:
        yield from _pattern(line, column, pattern)


def _pattern(line: Line, column: str, pattern: str) -> Iterator[Wrong]:
    try:
        check_pattern(pattern)
    except PatternRefused as error:
        facts = {"value": pattern[:60], "why": error.words}
        yield wrong("survey", line.number, "pattern-refused", column=column, **facts)


def _compile(sheets: Sheets) -> Checked | list[Wrong]:
    """pyxform has the last word, for other clients read what it makes."""
    source = markdown(sheets)
    try:
        survey = compiling.read_survey(source)
        version = compiling.version_of(survey["version"], source)
        form = compiling.form_of(survey, version)
        found = [*_whole(form, sheets)]
        heeded = KINDS["survey"].listed
        found += [
            wrong("survey", 0, "not-understood", value=name, part=part)
            for name, part in compiling.unread(survey, heeded)
        ]
        if not found:
            compiling.xform(source, version)
    except Exception as error:  # whatever pyxform says of a table that passed all of the above
        return [wrong("survey", 0, "broken-table", value=error)]
    return once(found) or Checked(form.code, form, source)


def _whole(form: Form, sheets: Sheets) -> Iterator[Wrong]:
    """What only shows when groups are dissolved and questions stand beside each other."""
    lines = {line.get("name"): line for line in reversed(sheets["survey"].lines)}
    for question in form.every_question():
        line = lines.get(question.name, Line(0, {}))
        for column, source in sources_of(question):
            if source != line.get(column):
                yield from _expression(line, column, source)
    if sum(len(question.choices) for question in form.every_question()) > MOST_CHOICES:
        yield wrong("choices", 0, "too-many-choices", value=MOST_CHOICES)
    elif len(repr(form)) > MOST_LETTERS:
        yield wrong("survey", 0, "form-too-large", value=MOST_LETTERS)
    if (effort := effort_of(form)) > MOST_EFFORT:
        yield wrong("survey", 0, "too-much-to-reckon", value=effort, most=MOST_EFFORT)
