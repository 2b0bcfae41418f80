"""What there is to know of an act on a matter, said once: each room declares its own in its acts.py, registered at start.

The page offers by it, its form and its function are read from it, and the action asks it again under the lock
(`act_on` and `end_of` in actions/steps.py). What does not fit together is named by `manage.py check` (checks.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from grid import problems
from grid.scope import Actor, Held, Right
from grid.texts import Text
from workflows.engine.kind import Kind, kind_of, kinds

People = Iterable[int | None]


def _nobody(file: object) -> People:
    return ()


def _always(file: object) -> bool:
    return True


def _free(matter: object) -> problems.Problem | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act on a page. `name` stands in its address and in the tables of acts.

    Where it has its place is said by the transitions it takes (`steps`, words of the states.py of its matter), or, where
    the matter stays as it is, by `states`. `do`: (matter, filled form, by). The `file` is what the page has read of the
    matter, so that no act asks the database before it is done.
    """

    name: str
    label: Text
    # What comes next; a function of the file where that depends. An act that is offered has the words.
    follows: Text | Callable[[Any], Text]
    form: type[Any]
    do: Callable[[Any, Any, Actor], object]
    steps: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    # Whose it is: left out, of whoever has the step at which the matter stands. A function of the matter where it depends.
    right: Right | Callable[[Any], Right] | None = None
    # Where it is not of whoever holds the right over the matter's area, but goes by department or by who began it: the
    # posting under which it may be done, or none. `right` is then what a refusal names.
    whose: Callable[[Actor, Any], Held | None] | None = None
    # Who may as well.
    others: tuple[Right, ...] = ()
    # People (ids) who may not although their post could, and the only ones who may.
    not_by: Callable[[Any], People] = _nobody
    only_by: Callable[[Any], People] | None = None
    # What it asks of the matter: the refusal, or nothing. The page asks it, and the action once more.
    asks: Callable[[Any], problems.Problem | None] = _free
    # What it needs of the papers and terms beside the matter: what it does with them refuses in their own words.
    fits: Callable[[Any], bool] = _always
    # What a refusal calls it, where that is not its label.
    word: Text = ""
    # What its button says, where that is not its label.
    button: Text = ""
    # What is said when it was done, where the page does not say the same of all; a function of what `do` gave back where
    # that depends.
    done: Text | Callable[[Any], Text] = ""
    danger: bool = False
    # Sending back and ending are offered after everything else.
    is_last: bool = False
    # The kind of matter it is done on, where that is not the page's own.
    on: str = ""

    @property
    def called(self) -> str:
        return str(self.word or self.label)

    def words_after(self, result: object) -> str:
        """What is said when it was done."""
        return str(self.done(result) if callable(self.done) else self.done)


class UndeclaredAct(LookupError):
    """An act that no room declares: nobody could say when it is lawful."""

    def __init__(self, page: str, name: str) -> None:
        super().__init__(
            f"no act {name!r} is declared on the page {page!r}: add it to ACTS in workflows/<room>/acts.py "
            "(CONTRIBUTING.md, A new act on a matter)"
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """An act with its page and the module that declares it. `is_beside`: the page is of something that is no matter, as
    an entry of the list; `fits` alone says when its acts have their place."""

    act: Act
    page: str
    module: str
    is_beside: bool = False


# In the order of declaration, also what was declared twice: that is refused by checks.py.
_ALL: list[Declared] = []
_PAGES: dict[str, dict[str, Act]] = {}


def declare(page: str, acts: Iterable[Act], module: str, *, is_beside: bool = False) -> None:
    """Registers what a room does on a page, named as the kind it is about; called when the apps are ready, in the order
    in which the page names them."""
    for act in acts:
        _ALL.append(Declared(act, page, module, is_beside))
        acts_on(page).setdefault(act.name, act)


def declared() -> list[Declared]:
    return list(_ALL)


def acts_on(page: str) -> dict[str, Act]:
    """Every act of a page by its name, those of rooms above as well."""
    return _PAGES.setdefault(page, {})


def act_of(page: str, name: str) -> Act:
    """Raises UndeclaredAct."""
    found = acts_on(page).get(name)
    if found is None:
        raise UndeclaredAct(page, name)
    return found


def act_taking(page: str, step: str) -> Act:
    """The act by which a person takes a transition. Raises UndeclaredAct."""
    found = next((act for act in acts_on(page).values() if step in act.steps), None)
    if found is None:
        raise UndeclaredAct(page, step)
    return found


def rights_taking(kind: Kind, step: str, matter: Any) -> tuple[Right, ...]:
    """Whoever holds one of these may take a transition of the matter as it stands. None for one that no act takes by
    itself: that is of whoever has the step."""
    acts = (row.act for row in _ALL if not row.is_beside and (row.act.on or row.page) == kind.name)
    return tuple(right for act in acts if step in act.steps for right in rights_of(act, kind, matter))


def word_of(matter: Any, name: str) -> str:
    """What a refusal calls an act of the matter's own page."""
    return act_of(kind_of(matter).name, name).called


def require_lawful(matter: Any, name: str) -> None:
    """Part of an act: raises what its record asks of the matter."""
    refusal = act_of(kind_of(matter).name, name).asks(matter)
    if refusal is not None:
        raise refusal


def require_whose(page: str, name: str, file: Any, by: Actor) -> Held:
    """Part of an act on what is no matter: the posting under which its record lets `by` do it. Raises NotYourPost."""
    act = act_of(page, name)
    held = act.whose(by, file) if act.whose else None
    if held is None:
        raise problems.NotYourPost(right=rights_of(act, None, file)[0].value)
    return held


# --- on the page -----------------------------------------------------------------------------------


def offers_for(page: str, viewer: Actor, matter: Any, file: Any) -> list[Act]:
    """The lawful acts of `viewer` on the matter, the ordinary one first, each with the words of what follows."""
    kind = next((kind for kind in kinds() if isinstance(matter, kind.model)), None)
    mine = (act for act in acts_on(page).values() if (act.on or page) == (kind.name if kind else page))
    found = [_in_words(act, file) for act in mine if _is_open_to(viewer, act, kind, matter, file)]
    return sorted(found, key=lambda act: act.is_last)


def _in_words(act: Act, file: Any) -> Act:
    return replace(act, follows=act.follows(file)) if callable(act.follows) else act


def _is_open_to(viewer: Actor, act: Act, kind: Kind | None, matter: Any, file: Any) -> bool:
    return (
        (kind is None or _has_place(act, kind, matter))
        and _is_theirs(viewer, act, kind, matter, file)
        and viewer.person_id not in act.not_by(file)
        and (act.only_by is None or viewer.person_id in act.only_by(file))
        and act.asks(matter) is None
        and act.fits(file)
    )


def _is_theirs(viewer: Actor, act: Act, kind: Kind | None, matter: Any, file: Any) -> bool:
    if act.whose is not None:
        return act.whose(viewer, file) is not None
    return any(viewer.can(right, matter.area) for right in rights_of(act, kind, matter))


def _has_place(act: Act, kind: Kind, matter: Any) -> bool:
    if matter.state in act.states:
        return True
    path: Any = kind.path
    return any(path.may(matter, step) for step in act.steps)


def rights_of(act: Act, kind: Kind | None, matter: Any) -> tuple[Right, ...]:
    """Whoever holds one of these may do it: with the matter as it stands, or, where it has no place now, where it has."""
    if callable(act.right):
        return (act.right(matter), *act.others)
    own = act.right or (_step_right(act, kind, matter) if kind else None)
    return (own, *act.others) if own else act.others


def _step_right(act: Act, kind: Kind, matter: Any) -> Right | None:
    path: Any = kind.path
    states = [state for step in act.steps for state in path.sources(step)]
    return step_right(kind, matter.state if matter.state in states else states[0])


def step_right(kind: Kind, state: str) -> Right | None:
    """Whose the step at a state is; None where nobody has to act."""
    node = kind.node_at(state)
    return node.rights[0] if node is not None and node.rights else None
