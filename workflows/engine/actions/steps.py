"""Taking one step of a matter, the same way for every kind: lock, ask, move, save; the body writes the entry.

Locks are always taken in this order: the case with its process, the proceeding's process, the proceeding, clocks,
numbers, subjects. A step locks the process itself; whatever else touches a matter calls `locked` first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from grid import problems
from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require
from workflows.clocks.actions import stop_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import falling_with
from workflows.engine import procedures
from workflows.engine.actions import matters
from workflows.engine.acts import Act, act_of, act_taking, rights_of, rights_taking
from workflows.engine.kind import Kind, kind_of, owner_of

# A row of any kind that is registered.
M = TypeVar("M", bound=Model)


def locked(model: type[M], pk: int) -> M:
    """The matter as it stands, locked with its process until the transaction ends: after what it stands beside, which
    is then the locked row."""
    kind = kind_of(model)
    owner, process_id = matters.place_of(kind, pk)
    beside = _locked_beside(kind, owner)
    matters.lock_process(kind, process_id)
    return _row(model, pk, beside)


def _locked_beside(kind: Kind, owner: int) -> Any:
    """What the matter stands beside, locked; None for one that stands alone."""
    if not kind.beside:
        return None
    model: Any = kind.model._meta.get_field(kind.beside).related_model
    return locked(model, owner)


def _row(model: type[M], pk: int, beside: Any) -> M:
    """The row, locked; its process is locked already."""
    kind = kind_of(model)
    fresh: M = matters.locked_row(kind, pk)
    if kind.beside:
        setattr(fresh, kind.beside, beside)
    return fresh


def another_than(by: Actor, *before: int | None) -> None:
    """Asks for four eyes: nobody decides on what they themselves did before. Raises SamePersonTwice."""
    if by.person_id is not None and by.person_id in before:
        raise problems.SamePersonTwice(first=by.name)


@contextmanager
def step_of(matter: M, act: str, *, by: Actor, at: str = "", **facts: str) -> Iterator[tuple[M, Held | None]]:
    """One act that moves the matter: yields it in its new state, and the posting acted under.

    `at` is the state the person was looking at. A page that was overtaken is refused with who and when,
    instead of deciding the next step unread.
    Of the posts that have the step, those alone may take it whose act it is, as its record says.
    Raises AlreadyDone, OutOfOrder, NotHere, NotYourPost.
    """
    kind, seen = kind_of(matter), _any(matter)
    if not at and not _path(kind).may(seen, act):
        raise _misplaced(kind, seen, act, by)
    node = at or seen.state
    with transaction.atomic():
        beside = _locked_beside(kind, getattr(seen, kind.owned_by))
        with procedures.step(seen.process, node, by=by) as held:
            fresh = _row(type(matter), seen.pk, beside)
            rights = rights_taking(kind, act, fresh)
            _path(kind).move(fresh, act, **facts)
            _require_own(rights, by, _any(fresh).area)
            yield fresh, held
            fresh.save()
            notify_pages(fresh)
    refresh(matter, fresh)


def _require_own(rights: tuple[Right, ...], by: Actor, area: str) -> None:
    if rights and not any(by.can(right, area) for right in rights):
        raise problems.NotYourPost(right=rights[0].value)


@contextmanager
def writing_on(
    matter: M, right: Right, in_states: tuple[str, ...], act: object, *, by: Actor
) -> Iterator[tuple[M, Held | None]]:
    """Part of an act that writes something on a matter which stays where it is. Raises OutOfOrder in any other state.

    Whoever may not is refused before a row is locked, and so holds nobody up; what counts is asked under the lock.
    """
    seen = _any(matter)
    require(by, right, seen.area)
    with transaction.atomic():
        fresh = locked(type(matter), seen.pk)
        held = require(by, right, _any(fresh).area)
        if _any(fresh).state not in in_states:
            raise _path(kind_of(matter)).out_of_order(fresh, act)
        yield fresh, held
        fresh.save()
        notify_pages(fresh)
    refresh(matter, fresh)


@contextmanager
def act_on(matter: M, name: str, *, by: Actor) -> Iterator[tuple[M, Held | None]]:
    """Part of an act of the matter's page that leaves it where it is: whose it is and in which states, as its record
    says (acts.py of its room). Raises OutOfOrder in any other state."""
    kind = kind_of(matter)
    act = act_of(kind.name, name)
    with writing_on(matter, _whose(act, matter, by), act.states, act.called, by=by) as (fresh, held):
        yield fresh, held


def _whose(act: Act, matter: Any, by: Actor) -> Right:
    """Of the rights that allow the act the first that `by` holds; the act's own, to be refused with, where that is none."""
    rights = rights_of(act, kind_of(matter), matter)
    return next((right for right in rights if by.can(right, matter.area)), rights[0])


@contextmanager
def end_of(
    matter: M, act: str, *, by: Actor, at: str = "", why: str | None = None
) -> Iterator[tuple[M, Held | None]]:
    """An act that ends the matter wherever it stands, and its procedure with it: where the flow itself goes to that end
    the step is taken, from anywhere else the procedure is broken off. Whose it is, the record of the act says.

    Given `why`, a proceeding is closed for that reason and its terms end with it. Raises ReasonMissing, OutOfOrder.
    """
    kind, seen = kind_of(matter), _any(matter)
    path = _path(kind)
    right = _whose(act_taking(kind.name, act), matter, by)
    if why is not None and not why.strip():
        raise problems.ReasonMissing(act=path.label_of(act))
    require(by, right, seen.area)
    with transaction.atomic():
        fresh = locked(type(matter), seen.pk)
        row = _any(fresh)
        held = require(by, right, row.area)
        if at and row.state != at:
            raise path.out_of_order(fresh, path.label_of(act))
        before = row.state
        path.move(fresh, act)
        if why is not None:
            most: Any = kind.model._meta.get_field("closed_why")
            row.closed_at, row.closed_why, row.closed_by_id = (
                now(),
                why.strip()[: most.max_length],
                by.person_id,
            )
            stop_terms(fresh, why=path.label_of(act), by=by)
        yield fresh, held
        fresh.save()
        _leave(kind, row, before, by, held)
        notify_pages(fresh)
    refresh(matter, fresh)


def _leave(kind: Kind, fresh: Any, before: str, by: Actor, held: Held | None) -> None:
    if kind.ends_by_itself(before, fresh.state):
        with procedures.followed(fresh.process, before, by=by, held=held):
            pass
    else:
        procedures.close_procedure(fresh.process, by=by)


def _misplaced(kind: Kind, matter: Any, act: str, by: Actor) -> problems.Problem:
    """An act that has no place in this state; without the right to see the matter not even that is told."""
    if not by.can(kind.see, matter.area):
        return problems.NotHere()
    path = _path(kind)
    refusal: problems.Problem = path.out_of_order(matter, path.label_of(act))
    return refusal


def _path(kind: Kind) -> Any:
    assert kind.path is not None  # who takes steps of a matter has a state machine for it
    return kind.path


def _any(matter: M) -> Any:
    """The row with the columns every kind has, which `Model` does not know."""
    return matter


def refresh(matter: M, fresh: M) -> None:
    """Gives the caller's object the values that were saved, without reading it again."""
    matter.__dict__.update(fresh.__dict__)


def notify_pages(matter: Any) -> None:
    """Notifies the pages that show the matter, and the inboxes of its area."""
    hint("case", matter.area)
    hint("inbox", matter.area)


def record_on(verb: Verb, matter: Any, by: Actor, held: Held | None, /, **facts: object) -> None:
    """Records one act on a matter, with the state it left behind."""
    case = owner_of(matter)
    data = facts | kind_of(matter).facts(matter)
    record(
        verb,
        Line(
            matter.area,
            subject=case.subject_id,
            case=case.code,
            data={name: str(value) if isinstance(value, Model) else value for name, value in data.items()},
        ),
        by=by,
        held=held,
    )


def running_terms(matter: Any, *kinds: str) -> list[Clock]:
    """The running terms of the matter, of all kinds that end with it unless some are named."""
    kind = kind_of(matter)
    mine = kinds or falling_with(kind.name)
    running = Clock.objects.filter(
        fired_at=None, stopped_at=None, kind__in=mine, **{kind.owner: getattr(matter, kind.owned_by)}
    )
    return list(running.order_by("pk"))


def stop_terms(matter: Any, *kinds: str, why: str, by: Actor) -> None:
    """Part of an act: ends what `running_terms` names."""
    for clock in running_terms(matter, *kinds):
        setattr(clock, kind_of(matter).owner, owner_of(matter))
        stop_clock(clock, why[:100], by=by)
