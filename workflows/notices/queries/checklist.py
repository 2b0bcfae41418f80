"""What its law demands of each kind of document, element by element, and whether one that was issued has it all.

The elements are data (`checklist.json`): `every` for whatever is written, `served` for what is handed to the party, then
those of each kind. `manage.py check` names a letter without any, and an element its shape or template does not have;
docs/papers.md is written from here, and tests hold every paper of the demo city against it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from workflows.notices.letters import letter_of, template_of

FILE = Path(__file__).with_suffix(".json")
EVERY, SERVED = "every", "served"
EMPTY = ("", "—")


@dataclass(frozen=True, kw_only=True)
class Element:
    """`article` demands `what`. `field`: where a document of the kind keeps it, and `source` from where in the record
    it comes; or the `words` of the template that say it. `when`: the field on which it depends, `!` before it where it
    is owed without. `law`: the number of the fault that was mended for it; a test bears it in its name."""

    what: str
    article: str
    source: str
    field: str = ""
    words: str = ""
    when: str = ""
    law: str = ""

    def is_owed(self, values: Mapping[str, object]) -> bool:
        if not self.when:
            return True
        return bool(_at(values, self.when.removeprefix("!"))) is not self.when.startswith("!")

    def is_there(self, values: Mapping[str, object]) -> bool:
        """A fixed word is in whatever the template sets; `check` looks whether it is."""
        return bool(self.words) or _says(_at(values, self.field))


def elements_of(kind: str) -> tuple[Element, ...]:
    """Raises KeyError for a kind of which nobody has said what its law demands."""
    own = _table()[str(kind)]
    shared = _table()[SERVED] if letter_of(kind).is_served else ()
    return (*_table()[EVERY], *own, *shared)


def owed_in(kind: str, values: Mapping[str, object]) -> list[Element]:
    """What a document of that kind, with these values, has to have."""
    return [element for element in elements_of(kind) if element.is_owed(values)]


def missing_in(kind: str, values: Mapping[str, object]) -> list[Element]:
    return [element for element in owed_in(kind, values) if not element.is_there(values)]


def faults_in(kind: str) -> Iterator[str]:
    """What of the table contradicts the letter: an element of a field its shape has not, or of words its template does
    not say."""
    if kind not in _table():
        yield "has no checklist"
        return
    known = {field.name for field in fields(letter_of(kind).shape)}
    said = template_of(kind).read_text(encoding="utf8")
    for element in _table()[kind]:
        if bool(element.field) is bool(element.words):
            yield f"has an element that is neither a field nor words: {element.what}"
        elif element.field and element.field.partition(".")[0] not in known:
            yield f"lacks the field {element.field} of its checklist"
        elif element.words and element.words not in said:
            yield f"does not say {element.words}, as its checklist has it"


def _at(values: object, path: str) -> object:
    """What lies at `a.b.0`; nothing where the way ends before."""
    for name in path.split("."):
        inner = (
            {str(place): item for place, item in enumerate(values)} if isinstance(values, list) else values
        )
        if not isinstance(inner, Mapping):
            return None
        values = inner.get(name)
    return values


def _says(value: object) -> bool:
    """Whether something stands there, and in a list in each place."""
    if isinstance(value, str):
        return value.strip() not in EMPTY
    if isinstance(value, list):
        return bool(value) and all(_says(item) for item in value)
    return value is not None


@cache
def _table() -> dict[str, tuple[Element, ...]]:
    return {
        kind: tuple(
            Element(**{"source" if name == "from" else name: value for name, value in row.items()})
            for row in rows
        )
        for kind, rows in json.loads(FILE.read_text(encoding="utf8")).items()
    }
