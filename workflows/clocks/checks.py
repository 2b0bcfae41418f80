"""`manage.py check`: whether what the rooms declare of their terms fits together, and fits the law that is shipped."""

import inspect
from collections.abc import Callable, Collection, Iterator

from django.core import checks

from grid.law.rules.mandate import shipped_provisions, shipped_titles
from workflows.clocks.models import Clock
from workflows.clocks.terms import Declared, Term, Whose, declared

LAW = "grid/law/provisions.json"


def check_terms(matters: Collection[str]) -> list[checks.CheckMessage]:
    """`matters`: what a term may be of, by the names of their flows."""
    rows = declared()
    found = [error for row in rows for error in _of_term(row, matters)]
    return [*_twice(rows), *found, *_of_the_law(rows)]


def _twice(rows: list[Declared]) -> Iterator[checks.Error]:
    first: dict[str, str] = {}
    for row in rows:
        key = row.term.key
        if key in first:
            hint = f"Delete one of them: {_file(first[key])}, {_file(row.module)}."
            yield _error(1, f"the term {key!r} is declared twice", hint)
        first.setdefault(key, row.module)


def _of_term(row: Declared, matters: Collection[str]) -> Iterator[checks.Error]:
    term, file = row.term, _file(row.module)
    if not _takes(term.handler, "clock") or (term.together and not _takes(term.together, "clocks")):
        hint = f"Give it in {file} a function handler(clock, *, by), or together(clocks, *, by)."
        yield _error(2, f"the term {term.key!r} has no handler", hint)
    if term.parameter not in shipped_titles():
        hint = f'Add a row with the key "{term.parameter}" to {LAW}, or name its row by law="…" in {file}.'
        yield _error(3, f"the term {term.key!r} has no row in the law, and so no name", hint)
    elif term.title == shipped_titles()[term.parameter]:
        hint = f"Leave title= out in {file}."
        yield _error(4, f"the term {term.key!r} says again the title of its row in the law", hint)
    if term.matter not in matters or not isinstance(term.whose, Whose):
        hint = f"matter= in {file} is one of {', '.join(matters)}; whose= is one of Whose."
        yield _error(5, f"the term {term.key!r} belongs to nobody", hint)
    longest = Clock._meta.get_field("kind").max_length
    if longest and len(term.key) > longest:
        hint = f"Choose a shorter key in {file}."
        yield _error(6, f"the key {term.key!r} has more than {longest} characters", hint)
    if term.extension and term.extension.parameter not in shipped_titles():
        hint = (
            f'Add a row with the key "{term.extension.parameter}" to {LAW}, or correct extension= in {file}.'
        )
        yield _error(7, f"the extension of the term {term.key!r} has no row in the law", hint)
    if term.is_sole_way and not term.awaited_at:
        yield _error(
            8, f"the term {term.key!r} is the only way out of no state", f"Give awaited_at= in {file}."
        )


def _takes(handler: Callable[..., object], first: str) -> bool:
    """Whether it can be called as clocks call it."""
    if not callable(handler):
        return False
    try:
        inspect.signature(handler).bind(first, by=None)
    except TypeError:
        return False
    return True


def _of_the_law(rows: list[Declared]) -> Iterator[checks.Error]:
    terms: dict[str, Term] = {row.term.key: row.term for row in rows}
    parameters = {term.parameter for term in terms.values()}
    for key in sorted(key for key in shipped_titles() if key.endswith(".term") and key not in parameters):
        hint = f"Declare it in workflows/<room>/terms.py, or take the row out of {LAW}."
        yield _error(9, f"the law has a term {key!r} that no room declares", hint)
    for row in shipped_provisions():
        if row["key"].startswith("pause."):
            for kind in sorted(set(row["value"]) - set(terms)):
                hint = f"Correct the value of the row in {LAW}, or declare the term in workflows/<room>/terms.py."
                yield _error(10, f"{row['key']} lets a term {kind!r} stand still that no room declares", hint)


def _file(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _error(number: int, message: str, hint: str) -> checks.Error:
    return checks.Error(message, hint=hint, id=f"workflows.E2{number:02}")
