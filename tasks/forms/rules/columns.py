"""An uploaded table in our own words: columns and types as the form compiler understands them. Pure.

People write `bind::relevant`, `relevance` or `relevant`, `list name` or `list_name`, `string` or `text`. pyxform knows
which of them are the same, so it is asked; what it understands and we do not do is refused by the name it bears in
the file, whatever the spelling, and what it does not understand is a remark of the author's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyxform import aliases, constants
from pyxform.parsing.sheet_headers import SMART_QUOTES, process_header
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.survey import Survey

from tasks.forms.reading import SHEETS, Line, Sheet, Sheets
from tasks.forms.rules.wrongs import Wrong, wrong

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What there is on one kind of sheet. `ours`: what pyxform makes of a column → its name with us; `others` are
    columns pyxform heeds beyond those it lists, `refused` those people miss most, and `own` those only we know."""

    listed: frozenset[str]
    aliases: Mapping[str, str | Tokens]
    ours: Mapping[Tokens, str]
    needed: Tokens = ()
    others: frozenset[str] = frozenset()
    refused: Tokens = ()
    own: frozenset[str] = frozenset()

    def understands(self, tokens: Tokens) -> bool:
        return tokens[0] in self.listed | self.others or any(tokens[0] == to[0] for to in self._aliased())

    def _aliased(self) -> Iterator[Tokens]:
        for to in self.aliases.values():
            yield (to,) if isinstance(to, str) else to

    @property
    def words(self) -> list[str]:
        """What a misspelt column may have been meant to be."""
        return [*self.ours.values(), *self.own, *self.refused]


def _listed(columns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(column.lower() for column in columns if not column.startswith("_"))


KINDS: Final[Mapping[str, _Kind]] = {
    "settings": _Kind(
        listed=_listed(Survey.get_slot_names()) - {"parent", "extra_data", "children", "label"},
        aliases=aliases.settings_header,
        ours={("title",): "form_title", ("id_string",): "form_id", ("version",): "version"},
        own=frozenset({"asks_position", "kinds"}),
    ),
    "survey": _Kind(
        listed=_listed(MultipleChoiceQuestion.get_slot_names()) - {"parent", "extra_data"},
        aliases={word.lower(): to for word, to in aliases.survey_header.items()},
        ours={
            ("type",): "type", ("name",): "name", ("label",): "label", ("hint",): "hint",
            ("bind", "relevant"): "relevant", ("bind", "required"): "required",
            ("bind", "jr:requiredmsg"): "required_message", ("bind", "constraint"): "constraint",
            ("bind", "jr:constraintmsg"): "constraint_message", ("bind", "calculate"): "calculation",
            ("control", "jr:count"): "repeat_count", ("control", "appearance"): "appearance",
        },
        needed=("type", "name", "label"),
        others=frozenset({"disabled", "intent"}),
        refused=("choice_filter", "read_only", "default", "trigger", "parameters", "guidance_hint"),
        own=frozenset({"repeat_min", "repeat_max"}),
    ),
    "choices": _Kind(
        listed=_listed(Option.get_slot_names()) - {"parent", "extra_data"},
        aliases=aliases.list_header,
        ours={("list name",): "list_name", ("name",): "name", ("label",): "label"},
        needed=("list_name", "name", "label"),
    ),
}  # fmt: skip
_IN_WORDS: Final = ("label", "hint", "constraint_message", "required_message")
_NEAR: Final = 0.72  # lables is label, comment is nothing of ours
_ANSWER: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_EXPRESSIONS: Final = ("relevant", "required", "constraint", "calculation", "repeat_count")
# Only how a question looks, which the phone decides itself; everything else changes what is answered or how.
_LOOKS: Final = re.compile(
    r"signature|minimal|autocomplete(_chars)?|compact|compact-\d+|quick|quickcompact|horizontal|horizontal-compact|columns(-\w+)?"
    r"|columns-pack|no-buttons|likert|multiline|numbers|thousands-sep|no-calendar|field-list|new|new-front"
    r"|w\d{1,2}|grid|theme-grid|pages|label|list|list-nolabel|front|placement-map|maps|masked"
)

_PLAIN: Final = ("integer", "decimal", "text", "date", "time", "note", "calculate", "photo", "geopoint")
_ONE: Final = frozenset(
    {"select one", "select one from", "select one using", "select1", "select1 from", "add select one prompt using"}
)  # fmt: skip
_MANY: Final = frozenset(
    {"select multiple", "select multiple from", "select multiple using", "select all that apply",
     "select all that apply from", "add select multiple prompt using"}
)  # fmt: skip
_SECTION: Final = re.compile(r"(begin|end) (group|repeat|lgroup|looped group)")


def _alike() -> Iterator[tuple[str, str]]:
    """pyxform's words for a plain type, and ours: the same control and the same kind of data."""
    for ours in _PLAIN:
        for word, made in QUESTION_TYPE_DICT.items():
            if made == QUESTION_TYPE_DICT[ours] and not word.startswith(("hidden", "select")):
                yield word.lower(), ours
        yield from ((word, ours) for word, to in aliases._type_alias_map.items() if to == ours)


_TYPES: Final[Mapping[str, str]] = dict(_alike()) | {"image": "image"}  # as ours have it, beside photo


def type_of(said: str) -> str:
    """A type in our spelling; what is none of ours comes back as it was written.

    >>> type_of("select one from yn"), type_of("string"), type_of("begin_repeat"), type_of("range")
    ('select_one yn', 'text', 'begin repeat', 'range')
    """
    plain = " ".join(said.replace("_", " ").lower().split())
    if section := _SECTION.fullmatch(plain):
        return f"{section[1]} {'group' if section[2] == 'group' else 'repeat'}"
    if plain in _TYPES:
        return _TYPES[plain]
    command, _space, of = said.strip().rpartition(" ")
    command = " ".join(command.replace("_", " ").lower().split())
    if command in _ONE:
        return f"select_one {of}"
    return f"select_multiple {of}" if command in _MANY else said


def understood(sheets: Sheets) -> tuple[Sheets, list[Wrong]]:
    """The three sheets with our columns and types, and what of them cannot be had."""
    found = [
        wrong(name, 0, "sheet-unsupported", value=name)
        for name in sheets
        if name in constants.SUPPORTED_SHEET_NAMES and name not in SHEETS and sheets[name].lines
    ]
    columns: dict[str, dict[str, Tokens]] = {
        name: _columns(KINDS[name], sheets[name].header) for name in SHEETS if name in sheets
    }
    language = _only_language(columns)
    made: Sheets = {}
    for name in columns:
        reading = _Reading(name, sheets[name], columns[name], language)
        made[name] = reading.sheet
        found += reading.found
    return made, found


def _columns(kind: _Kind, header: Sequence[str]) -> dict[str, Tokens]:
    """Column of the file → what pyxform makes of it, in small letters."""
    doubles = any("::" in column for column in header)
    made: dict[str, Tokens] = {}
    for column in filter(None, header):
        _new, tokens = process_header(
            header=column,
            use_double_colon=doubles,
            header_aliases=dict(kind.aliases),
            header_columns=kind.listed,
        )
        made[column] = tuple(token.lower() for token in tokens)
    return made


def _spoken(kind: _Kind, tokens: Tokens) -> tuple[str, str]:
    """(column, language) of one that is in a language, or nothing twice: `label::中文 (zh)`."""
    for end in range(len(tokens) - 1, 0, -1):
        if told := kind.ours.get(tokens[:end]):
            return told, "::".join(tokens[end:])
    return "", ""


def _only_language(columns: Mapping[str, Mapping[str, Tokens]]) -> str:
    """The language of a table that has one and says so at each of its words; nothing for any other."""
    spoken = {
        _spoken(KINDS[name], tokens)[1] if tokens not in KINDS[name].ours else ""
        for name, made in columns.items()
        for tokens in made.values()
        if (KINDS[name].ours.get(tokens) or _spoken(KINDS[name], tokens)[0]) in _IN_WORDS
    }
    return spoken.pop() if len(spoken) == 1 else ""


class _Reading:
    """One sheet: `sheet` in our words, `found` what is wrong with its columns."""

    def __init__(self, name: str, sheet: Sheet, columns: Mapping[str, Tokens], language: str) -> None:
        self._name, self._kind, self._given = name, KINDS[name], sheet
        self._columns, self._language = columns, language
        self.found: list[Wrong] = []
        self._excused: set[str] = set()
        self._foreign: list[str] = []
        renamed = self._renamed()
        if self._foreign:
            self._add("translation-unsupported", value="”“".join(self._foreign))
        self._look_for_missing(renamed)
        self.sheet = Sheet(
            [renamed.get(header, header) for header in sheet.header if header],
            [line for line in (self._line(line, renamed) for line in sheet.lines) if line.cells],
        )

    def _renamed(self) -> dict[str, str]:
        """Columns of the file → ours; those of nobody keep their name, those that cannot be had are left out."""
        renamed: dict[str, str] = {}
        for header in self._columns:
            ours = self._ours(header)
            if self._given.header.count(header) > 1:
                self._excused.add(ours)
                self._add("column-twice", value=header, other=header)
            elif ours and ours in renamed.values():
                first = next(column for column, to in renamed.items() if to == ours)
                self._add("column-twice", value=header, other=first)
            elif ours:
                renamed[header] = ours
        return renamed

    def _ours(self, header: str) -> str:
        tokens = self._columns[header]
        if tokens in self._kind.ours:
            return self._kind.ours[tokens]
        if header in self._kind.own:
            return header
        told, language = _spoken(self._kind, tokens)
        if told and language == self._language:
            return told
        if told:
            self._excused.add(told)
            self._foreign.append(header)
        elif self._kind.understands(tokens):
            self._refuse_filled(header)
        elif meant := self._meant(header):
            self._excused.add(meant)
            self._add("column-unknown", value=header, meant=meant)
        return ""

    def _meant(self, header: str) -> str:
        """The column a misspelt one was meant to be: one or two letters away, or after a colon where another column
        of the sheet has two."""
        spelt = re.sub(r"[\s\-]+", "_", header.rpartition(":")[2])
        return next(iter(get_close_matches(spelt, self._kind.words, n=1, cutoff=_NEAR)), "")

    def _refuse_filled(self, header: str) -> None:
        """Refuses a column that has a value; a default language is allowed where it is the only language."""
        heard = ("", self._language) if header == "default_language" else ("",)
        for line in self._given.lines:
            if line.get(header).lower() not in heard:
                self.found.append(wrong(self._name, line.number, "column-unsupported", value=header[:40]))

    def _look_for_missing(self, renamed: Mapping[str, str]) -> None:
        for column in self._kind.needed:
            if column not in renamed.values() and column not in self._excused:
                self._add("no-column", value=column)

    def _add(self, code: str, **facts: object) -> None:
        self.found.append(wrong(self._name, 0, code, **facts))

    def _line(self, line: Line, renamed: Mapping[str, str]) -> Line:
        """The cells under our names; a line that holds nothing but remarks becomes an empty line."""
        if line.get(""):
            self.found.append(wrong(self._name, line.number, "cell-without-column"))
        cells = {renamed.get(header, header): cell for header, cell in line.cells.items() if header}
        if not cells.keys() & {*self._kind.ours.values(), *self._kind.own}:
            return Line(line.number, {})
        if self._name == "survey":
            cells = {column: _read(column, cell) for column, cell in cells.items()}
            self.found.extend(_look(line.number, cells.get("appearance", "")))
        return Line(line.number, cells)


def _read(column: str, cell: str) -> str:
    if column == "type":
        return type_of(cell)
    cell = _ANSWER.sub(r"${\1}", cell)
    return "".join(SMART_QUOTES.get(letter, letter) for letter in cell) if column in _EXPRESSIONS else cell


def _look(number: int, said: str) -> Iterator[Wrong]:
    for word in said.split():
        if not _LOOKS.fullmatch(word):
            yield wrong("survey", number, "appearance-unsupported", value=word)
