"""What there is to know of a kind of document, said once.

Each room declares its letters beside its acts (`<room>/letters.py`), and `WorkflowsConfig.ready` registers them. The
numbers, the offices, the rights, the previews, the service and what falls with a matter are read from here; what a
declaration lacks or contradicts fails `manage.py check` (`checks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, TextChoices
from django.http import QueryDict

from grid.offices.models import Part
from grid.scope import Actor, Right
from grid.texts import Text
from workflows.notices.documents import Document, DoorLabels, Enrolment, ServiceSlip

if TYPE_CHECKING:
    from workflows.cases.models import Case
    from workflows.notices.models import Service

PRINT = settings.ROOT / "templates" / "print"
# How a service is recorded: (notice, receipt, *, by, visit) → Service.
Serve = Callable[..., "Service"]


class Signer(Enum):
    """Which office signs. Its name is the part of `grid.offices`; the number, the length of its area's code; last the
    desk of it to which a party turns."""

    CITY = (Part.AUTHORITY, 4, Part.LEGAL_DESK)  # lists, removes and repairs (谁认定谁修复)
    DISTRICT = (Part.AUTHORITY, 6, Part.INSPECTORATE)  # does all before
    AGENCY = (
        Part.AGENCY,
        6,
        Part.AUDIT_DESK,
    )  # reminding and auditing are the 经办机构's duty, penalties are not

    @property
    def part(self) -> Part:
        part: Part = self.value[0]
        return part

    @property
    def desk(self) -> Part:
        desk: Part = self.value[2]
        return desk

    def code_in(self, area: str) -> str:
        """Code of the area whose office signs about somebody in `area`."""
        length: int = self.value[1]
        return area[:length]


class Addressee(Enum):
    PARTY = "party"  # who is served with it
    PERSON = "person"  # somebody of the party, in a matter of their own: the party does not learn of it
    OFFICE = "office"  # another office, which the document names
    FILE = "file"  # kept on the file, or handed to a court with it


@dataclass(frozen=True)
class Page:
    """A page whose acts issue letters: its name in the templates, the acts it has, and how one of them is run on a
    case with what its form holds."""

    name: str
    acts: Collection[str]
    run: Callable[[Case, str, QueryDict, Actor], object]


@dataclass(frozen=True)
class Act:
    page: Page
    name: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One kind of document. `kind` carries the stored value and the title.

    `word`: of its numbers, behind the word of the office. `shape`: its fields. `right`: whose document it is, who may
    issue it anew. `issued_by`: the act a preview runs; None where no page has one. `follows`: what takes its service;
    `keep_service` where nothing follows, None where nobody is served. `by_worker`: the grid worker may be asked to
    hand it over. `falls_with`: the matter with whose end it is withdrawn. `ends_burden`: it goes out even where a clause of
    it waits for the lawyers, since holding it up would only harm the party. `by_two`: handed over by two officers.
    `serve_within`: the term in which it is to be, by its key. `signed_by`: whose approval it waits for, none where it does
    not leave the house. `decided`: the decision whose text it is, by whoever issues it; that is its approval.
    """

    kind: TextChoices
    word: str
    shape: type[Document]
    right: Right
    issued_by: Act | None
    follows: Serve | None
    signer: Signer = Signer.DISTRICT
    to: Addressee = Addressee.PARTY
    by_worker: bool = False
    falls_with: type[Model] | None = None
    by_two: bool = False
    serve_within: str = ""
    ends_burden: bool = False
    signed_by: Right | None = Right.SIGN_DISTRICT
    decided: Text = ""

    @property
    def title(self) -> str:
        return str(self.kind.label)

    @property
    def is_served(self) -> bool:
        return self.to in (Addressee.PARTY, Addressee.PERSON)

    def series(self, word: str) -> str:
        """One row of numbers per office and kind of document; `word` is the office's: 示范人社督告."""
        return word + self.word


_letters: dict[str, Letter] = {}
# What is printed and is no letter: it has no number of its own.
SHEETS: Mapping[str, type[ServiceSlip | DoorLabels | Enrolment]] = {
    "service_slip": ServiceSlip,
    "door_labels": DoorLabels,
    "enrolment": Enrolment,
}


def register(*declared: Letter) -> None:
    """Called when the apps are ready. Raises ImproperlyConfigured for a kind declared twice."""
    for letter in declared:
        if letter.kind.value in _letters or letter.kind.value in SHEETS:
            raise ImproperlyConfigured(f"the letter {letter.kind.value} is declared twice")
        _letters[letter.kind.value] = letter


def letters() -> Iterator[Letter]:
    return iter(_letters.values())


def letter_of(kind: str) -> Letter:
    """Raises KeyError for a kind no room has declared."""
    return _letters[str(kind)]


def kinds_not_to_party() -> list[str]:
    """Written for the file, another office, a court, or a person beside the party."""
    return [letter.kind.value for letter in letters() if letter.to is not Addressee.PARTY]


def kinds_to_persons() -> list[str]:
    return [letter.kind.value for letter in letters() if letter.to is Addressee.PERSON]


def signing_kinds(right: Right) -> list[str]:
    """The kinds that wait for the approval of whoever holds `right`."""
    return [letter.kind.value for letter in letters() if letter.signed_by is right]


def falling_with(matter: type[Model]) -> tuple[str, ...]:
    """What was asked of the party in a matter of this kind, and is withdrawn when it ends."""
    return tuple(letter.kind.value for letter in letters() if letter.falls_with is matter)


def issued_on(page: str) -> list[str]:
    """The kinds that acts of this page issue."""
    return [
        letter.kind.value for letter in letters() if letter.issued_by and letter.issued_by.page.name == page
    ]


def issued_by(page: str, act: str) -> Letter | None:
    """What the act of a page issues, None where it issues nothing."""
    acts = ((letter, letter.issued_by) for letter in letters())
    return next((letter for letter, by in acts if by and (by.page.name, by.name) == (page, act)), None)


def act_issuing(kind: str) -> Act | None:
    """The page and act that issue a kind; None where no page does, or the kind is unknown."""
    letter = _letters.get(kind)
    return letter.issued_by if letter else None


def shape_of(kind: str) -> type[Document | DoorLabels | Enrolment]:
    return SHEETS[kind] if kind in SHEETS else letter_of(kind).shape


def template_of(kind: str) -> Path:
    """The template is named as the kind, with hyphens."""
    return PRINT / f"{kind.replace('_', '-')}.typ"
