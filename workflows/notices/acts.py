"""What acts on a matter have to do with its documents: whether one waits to be served, and serving it."""

from collections.abc import Callable
from typing import Any, Protocol

from grid.scope import Actor
from workflows.engine.kind import owner_of
from workflows.notices.actions import record_service
from workflows.notices.forms import ServiceFields
from workflows.notices.models import Notice, Service
from workflows.notices.queries import to_serve


class Papers(Protocol):
    """The file of a matter, as its page has read it."""

    def unserved(self, kind: str) -> Notice | None: ...


def waits_for(kind: str) -> Callable[[Papers], bool]:
    """A document of `kind` is approved, and not served yet."""
    return lambda file: (paper := file.unserved(kind)) is not None and paper.is_approved


def lacks(kind: str) -> Callable[[Papers], bool]:
    return lambda file: file.unserved(kind) is None


def serving(kind: str) -> Callable[[Any, ServiceFields, Actor], Service]:
    """What the act does that records a service: what follows stands on the letter."""
    return lambda matter, form, by: record_service(to_serve(owner_of(matter), kind), form.receipt(), by=by)
