"""`manage.py check`: whether what the rooms declare of their acts fits together, and fits their matters."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.core import checks
from django.forms import BaseForm

from workflows.engine.acts import Declared, declared, step_right
from workflows.engine.kind import Kind, kinds

# As it stands in addresses.
NAME = re.compile(r"[a-z]+([-_][a-z]+)*")
SHOWN = "at"


def check_acts(**_kwargs: object) -> list[checks.CheckMessage]:
    rows, known = declared(), {kind.name: kind for kind in kinds()}
    found = [error for row in rows for error in _of_act(row, known)]
    return [*_twice(rows), *found, *_left_out(rows, known)]


def _twice(rows: list[Declared]) -> Iterator[checks.Error]:
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        where = (row.page, row.act.name)
        if where in first:
            hint = f"Delete one of them, or give it another name: {_file(first[where])}, {_file(row.module)}."
            yield _error(1, row, "is declared twice", hint)
        first.setdefault(where, row.module)


def _of_act(row: Declared, known: dict[str, Kind]) -> Iterator[checks.Error]:
    act, file, kind = row.act, _file(row.module), known.get(row.act.on or row.page)
    is_form = inspect.isclass(act.form) and issubclass(act.form, BaseForm)
    if not NAME.fullmatch(act.name):
        hint = f"Give it in {file} a name of small letters and hyphens: it stands in an address."
        yield _error(2, row, "has a name no address can hold", hint)
    if not str(act.label).strip() or not (callable(act.follows) or str(act.follows).strip()):
        hint = f"Give it a label, and in follows= what comes next, in {file}."
        yield _error(3, row, "does not say what it is called or what follows", hint)
    if not is_form or not (row.is_beside or SHOWN in act.form.base_fields):
        hint = f"Let form= in {file} be a form over ActForm (workflows/cases/forms.py), which keeps the state shown."
        yield _error(4, row, "has no form that says which state its page showed", hint)
    if not _takes(act.do, None, None, None):
        hint = f"Give it in {file} a function do(matter, form, by)."
        yield _error(5, row, "does nothing", hint)
    if row.is_beside:
        yield from _beside(row)
    elif kind is None:
        hint = f"Declare it on one of {', '.join(known)} in workflows/apps.py, or correct on= in {file}."
        yield _error(6, row, "is on a page of no kind of matter", hint)
    else:
        yield from _of_its_place(row, kind)


def _beside(row: Declared) -> Iterator[checks.Error]:
    act, file = row.act, _file(row.module)
    if act.steps or act.states:
        hint = f"Say in {file} by fits= when it has its place: what the page is about is no matter and has no steps."
        yield _error(7, row, "has its place by steps or states that the page has not", hint)
    if act.right is None:
        yield _error(9, row, "is nobody's", f"Name in {file} whose it is (right=).")


def _of_its_place(row: Declared, kind: Kind) -> Iterator[checks.Error]:
    act, file = row.act, _file(row.module)
    if act.whose is not None:
        hint = f"Name in {file} whose it is by a right (right=, others=): the acts of a matter ask for nothing else."
        yield _error(11, row, "is given to people by what its action does not ask", hint)
    home = kind.model.__module__.rpartition(".")[0].replace(".", "/")
    if bool(act.steps) == bool(act.states):
        hint = f"Name in {file} the transitions it takes (steps=), or the states in which it leaves the matter (states=)."
        yield _error(7, row, "has no place, or two rules for it", hint)
    path: Any = kind.path
    unknown = [step for step in act.steps if path is None or step not in path.ACTS]
    unknown += [state for state in act.states if state not in kind.states.values]
    if unknown:
        hint = f"Correct steps= or states= in {file}, or add it to {home}/states.py or {home}/models.py."
        yield _error(
            8, row, f"has its place at {', '.join(unknown)}, which the matter {kind.name} does not know", hint
        )
        return
    at = [*act.states, *(state for step in act.steps for state in path.sources(step))]
    if act.right is None and (act.states or any(step_right(kind, state) is None for state in at)):
        hint = f"Name in {file} whose it is (right=): it takes no step that says so in {home}/flow.py."
        yield _error(9, row, "is nobody's", hint)


def _left_out(rows: list[Declared], known: dict[str, Kind]) -> Iterator[checks.Error]:
    """Steps of a person at which nobody could do anything; of matters whose acts are declared."""
    names = {row.act.on or row.page for row in rows}
    for kind in (kind for name, kind in known.items() if name in names and kind.path):
        acts = [row.act for row in rows if (row.act.on or row.page) == kind.name]
        path: Any = kind.path
        steps = {step for act in acts for step in act.steps if step in path.ACTS}
        reached = {state for act in acts for state in act.states}
        reached |= {state for step in steps for state in path.sources(step)}
        for node in kind.flow.instance.nodes():
            if node.task_type == "HUMAN" and reached.isdisjoint(node.at):
                yield checks.Error(
                    f"Nobody can do anything at the step {node.name} of the matter {kind.name}.",
                    hint="Declare an act that takes it in workflows/<room>/acts.py, or make it a WaitingNode in flow.py.",
                    id="workflows.E310",
                )


def _takes(do: Callable[..., object], *given: object) -> bool:
    if not callable(do):
        return False
    try:
        inspect.signature(do).bind(*given)
    except TypeError:
        return False
    return True


def _file(module: str) -> str:
    """Where the acts stand: a file, or the first of a folder."""
    is_folder = hasattr(sys.modules.get(module), "__path__")
    return module.replace(".", "/") + ("/__init__.py" if is_folder else ".py")


def _error(number: int, row: Declared, fault: str, hint: str) -> checks.Error:
    message = f"The act {row.act.name} of the page {row.page} {fault}."
    return checks.Error(message, hint=hint, id=f"workflows.E3{number:02}")
