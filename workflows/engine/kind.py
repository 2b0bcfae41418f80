"""What one kind of matter is, said once in its own room (`<room>/kind.py`). The engine names no matter: whatever it has
to know of one it reads here.

A case is a kind, and so are the proceedings beside it, and a round. Kinds are registered when Django is ready, in the
order in which pages name them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from django.db.models import Model, QuerySet, TextChoices
from viewflow.workflow import Flow

from grid.scope import Right
from grid.texts import Text
from grid.waiting import Provider, Seldom, register_waiting
from workflows.engine.nodes import StepNode
from workflows.engine.signing.rules import Allowed


def _nothing(*_of: object) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Undo:
    """A step that may be taken back: which, on which row and in which columns it left its trace (the first says by
    whom), and whether something was done on it since, and what."""

    step: str
    row: Callable[[Any], Any]
    columns: tuple[str, ...]
    begun: Callable[[Any], Text] = lambda matter: ""


@dataclass(frozen=True)
class Stuck:
    """What stands still without a lawful reason. `key` says the same snag again tomorrow; `repair` answers whether it is
    mended."""

    key: str
    kind: str
    code: str
    area: str
    what: str
    advice: str
    case: int | None = None
    round: int | None = None
    repair: Callable[[], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of matter. Its rows have `code`, `area`, `state` and the process that holds their agenda."""

    # In addresses, in the parameters of the law (sla.<name>.<step>) and in what was escalated: stored.
    name: str
    flow: type[Flow]
    # The step at which a new matter stands.
    first: str
    model: type[Model]
    states: type[TextChoices]
    ended: tuple[str, ...]
    # The room's states.py (may, move, sources, label_of, out_of_order); none where nobody acts on it by steps.
    path: ModuleType | None = None
    # From the row to its process.
    link: str = "process"
    # Whose terms these are, as a Clock names it; and the field of the row that leads there, for one that stands beside.
    owner: str = "case"
    beside: str = ""
    # What is read along with a locked row.
    related: tuple[str, ...] = ()
    # Without this right not even the state of a matter is told.
    see: Right = Right.SEE_CASES
    # What every ledger entry of the matter holds.
    facts: Callable[[Any], dict[str, object]] = lambda matter: {}
    # How an office may handle a step besides taking it, and where a step goes that somebody refused to countersign.
    ways: Mapping[str, Allowed] = field(default_factory=dict)
    returns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # What may be taken back, by the step at which the matter stands since.
    undos: Mapping[str, Undo] = field(default_factory=dict)
    # The state in which the matter it stands beside waits for it, and which of those wait for something it left behind.
    awaited_in: str = ""
    left_behind: Callable[[], Iterable[int]] = _nothing
    # While it is open, what a register shows does not end the matter it stands beside: its own acts do.
    holds: bool = False
    # What else stands still in its room.
    snags: Callable[[], Iterator[Stuck] | tuple[()]] = _nothing
    # What of it waits for a viewer: for each sort of work, so many lines of the inbox at most.
    waiting: tuple[Provider | Seldom, ...] = ()

    @property
    def owned_by(self) -> str:
        """The column of a row that points at the matter whose terms run on it."""
        return f"{self.beside}_id" if self.beside else "pk"

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def behind(self, process: int) -> QuerySet[Any]:
        """The one row behind a process of the engine."""
        return self.rows().filter(**{self.link: process})

    def node_at(self, state: str) -> StepNode | None:
        """The step at which a matter in this state stands; None when there is none."""
        steps = (node for node in self.flow.instance.nodes() if node.task_type in ("HUMAN", "WAIT"))
        return next((node for node in steps if state in node.at), None)

    def ends_by_itself(self, before: str, state: str) -> bool:
        """Whether the flow goes from the step of one state to an end that stands for the other."""
        node = self.node_at(before)
        ends = (after for after in _after(node) if after.task_type == "END") if node else ()
        return any(state in end.at for end in ends)


def _after(node: Any) -> Iterator[Any]:
    """The nodes that may follow a step, through the switch that asks our state."""
    for edge in node._outgoing():
        if edge.dst.task_type == "SWITCH":
            yield from (further.dst for further in edge.dst._outgoing())
        else:
            yield edge.dst


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Registering twice changes nothing."""
    _kinds[kind.name] = kind
    register_waiting(*kind.waiting)


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def kind_named(name: str) -> Kind:
    """Raises KeyError for a name that is none."""
    return _kinds[name]


def kind_of(matter: Model | type[Model]) -> Kind:
    """The kind a row, or its table, belongs to. Raises LookupError for one that is no matter."""
    model = matter if isinstance(matter, type) else type(matter)
    return _found(kind for kind in _kinds.values() if kind.model is model)


def kind_of_flow(flow: type[Flow] | str) -> Kind:
    """The kind whose agenda a flow holds; a stored row may know the flow by its name only. Raises LookupError."""
    return _found(kind for kind in _kinds.values() if flow in (kind.flow, kind.flow.__name__))


def _found(found: Iterator[Kind]) -> Kind:
    kind = next(found, None)
    if kind is None:
        raise LookupError("no such kind is registered in WorkflowsConfig.ready")
    return kind


def kinds_beside(owner: Model) -> list[Kind]:
    """The proceedings that may stand beside a matter."""
    return [
        kind
        for kind in _kinds.values()
        if kind.beside and kind.model._meta.get_field(kind.beside).related_model is type(owner)
    ]


def owner_of(matter: Any) -> Any:
    """What a matter stands beside; itself where it stands alone."""
    beside = kind_of(matter).beside
    return getattr(matter, beside) if beside else matter
