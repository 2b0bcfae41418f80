"""What is true of a kind of term, said once: each room declares its own in its terms.py, registered at start.

Everything else is read from here: what follows when it is over, its name, whose it is, with what it ends, which state
waits for it, who makes it longer. What does not fit together is told by `manage.py check` (checks.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from grid.law.rules.mandate import shipped_titles
from grid.scope import Actor, Right


class Handler(Protocol):
    """What follows when the term is over. `clock` is a Clock: its table names its term, so the type stands not here."""

    def __call__(self, clock: Any, *, by: Actor) -> object: ...


class BatchHandler(Protocol):
    """The same for many at once, in one transaction; they come with their case, whose process is locked."""

    def __call__(self, clocks: Sequence[Any], *, by: Actor) -> object: ...


class Whose(StrEnum):
    """Who has to do something within it."""

    OFFICE = "office"
    PARTY = "party"
    OTHERS = "others"


class Extends(NamedTuple):
    """By how much at most (a law parameter, which names the basis), and which right approves it."""

    parameter: str
    right: Right


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One kind of term. `key` is stored on its clocks and begins with its room's name.

    `matter`: on whose page and agenda it stands (the name of its kind). `law`: the parameter it has its length and
    name from, where that is not `key`; `title`: its name, where the parameter is called otherwise.
    """

    key: str
    matter: str
    whose: Whose
    handler: Handler
    # For kinds of which thousands may be over in one night.
    together: BatchHandler | None = None
    law: str = ""
    title: str = ""
    # It ends with its matter, unless something is left to do then (`falling_with`); and with these phases of it, in the
    # words of the room whose act stops it (`ending_with`).
    outlives: bool = False
    ends_with: tuple[str, ...] = ()
    # The state of its matter that waits for it; and whether nothing else leads out of that state.
    awaited_at: str = ""
    is_sole_way: bool = False
    # What a remedy against the penalty suspends with it: "court" or "performance".
    suspended: str = ""
    # What the employer may hand in at the window within it (a kind of submission); and whether the window shows it.
    answered_by: str = ""
    is_public: bool = False
    # Only where the law allows to make it longer.
    extension: Extends | None = None
    # Tells the room that keeps its last day when that moves.
    moved: Callable[[Any], object] | None = None

    @property
    def parameter(self) -> str:
        return self.law or self.key

    @property
    def name(self) -> str:
        """Raises KeyError without a parameter, which `manage.py check` has refused before."""
        return self.title or shipped_titles()[self.parameter]


class UndeclaredTerm(LookupError):
    """A kind of term that no room declares: nothing would follow when it is over."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"no term {kind!r} is declared: add it to TERMS in workflows/<room>/terms.py (CONTRIBUTING.md, A new term)"
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """A term with the module that declares it."""

    term: Term
    module: str


# In the order of declaration, also what was declared twice: that is refused by checks.py.
_ALL: list[Declared] = []
_TERMS: dict[str, Term] = {}


def declare(terms: Iterable[Term], module: str) -> None:
    """Registers the terms of a room; called once for each when the apps are ready."""
    for term in terms:
        _ALL.append(Declared(term, module))
        _TERMS.setdefault(term.key, term)


def declared() -> list[Declared]:
    return list(_ALL)


def terms() -> dict[str, Term]:
    """Every term by its key."""
    return _TERMS


def term_of(kind: str) -> Term:
    """Raises UndeclaredTerm."""
    found = terms().get(kind)
    if found is None:
        raise UndeclaredTerm(kind)
    return found


def name_of(kind: str) -> str:
    """In words for anybody. A kind that only an older or newer programme knows is a term without a name, never a key."""
    found = terms().get(kind)
    return found.name if found else _("期限")


def matter_of(kind: str) -> str:
    found = terms().get(kind)
    return found.matter if found else "case"


def kinds_of(matter: str) -> tuple[str, ...]:
    """Every kind that runs on a matter of this flow."""
    return _kinds(lambda term: term.matter == matter)


def falling_with(matter: str) -> tuple[str, ...]:
    """The kinds that end when a matter of this flow ends."""
    return _kinds(lambda term: term.matter == matter and not term.outlives)


def owed_beyond() -> tuple[str, ...]:
    """The kinds within which the office owes something although the matter ended: its paper, its publication."""
    return _kinds(lambda term: term.outlives and term.whose == Whose.OFFICE)


def ending_with(what: str) -> tuple[str, ...]:
    """The kinds that end with a phase. Raises UndeclaredTerm where none does: a stop that stops nothing is a mistake."""
    found = _kinds(lambda term: what in term.ends_with)
    if not found:
        raise UndeclaredTerm(what)
    return found


def public_kinds() -> tuple[str, ...]:
    """What the employer sees running at the window."""
    return _kinds(lambda term: term.is_public)


def batched() -> tuple[str, ...]:
    """The kinds that are over together."""
    return _kinds(lambda term: term.together is not None)


def suspended() -> dict[str, str]:
    """The kinds a remedy lets stand still, and what it suspends by them."""
    return {term.key: term.suspended for term in terms().values() if term.suspended}


def sole_ways() -> set[tuple[str, str]]:
    """(flow, state) that only a term leads out of, although a person has something to do meanwhile."""
    return {(term.matter, term.awaited_at) for term in terms().values() if term.is_sole_way}


def awaited() -> dict[tuple[str, str], tuple[str, ...]]:
    """(flow, state) → the kinds it waits for."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for term in terms().values():
        if term.awaited_at:
            at = (term.matter, term.awaited_at)
            found[at] = (*found.get(at, ()), term.key)
    return found


def _kinds(which: Callable[[Term], bool]) -> tuple[str, ...]:
    return tuple(term.key for term in terms().values() if which(term))
