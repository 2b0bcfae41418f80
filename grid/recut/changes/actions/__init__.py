"""Drafting, rehearsing, deciding, withdrawing and carrying out a change of divisions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.operations.actions import end_operation, order_operation, take_step
from grid.operations.followers import AT_ONCE
from grid.operations.models import Operation
from grid.recut import problems as recut_problems
from grid.recut.changes import rules
from grid.recut.changes.actions.carrying import Why, carry_plan
from grid.recut.changes.models import AreaChange, ChangeState
from grid.recut.changes.rules import Asked, Place, Plan
from grid.recut.rehearsal.actions import fingerprint, taken_back
from grid.recut.verbs import RecutVerb
from grid.scope import Actor, Right, in_area, machine, require, require_person
from grid.subjects.models import Subject
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on

CHANGE: Final = "area-change"
CHANGER = machine("区划调整")


@transaction.atomic
def draft_change(asked: Asked, *, on: date, reason: str, document: str = "", by: Actor) -> AreaChange:
    """Somebody proposes a change; nothing of the territory is touched. It is rehearsed at once, or behind the page where
    an area holds more than a request may move.

    Raises ReasonMissing, DocumentMissing, RecutWrong, NotHere, NotYourPost.
    """
    area = rules.scope_of(asked)
    held = require(by, Right.RECUT, area)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.RECUT.value)
    if not document.strip() and area == asked.area[: rules.DISTRICT]:
        raise recut_problems.DocumentMissing()
    plan = planned(asked)
    change = AreaChange.objects.create(
        kind=asked.kind, area=area, title=_title(asked), asked=asdict(asked), document=document.strip(),
        reason=reason.strip(), on=on, made_by_id=require_person(by), made_at=now(),
    )  # fmt: skip
    record(RecutVerb.CHANGE_DRAFTED, Line(area, data=_facts(change)), by=by, held=held)
    return rehearse_change(change, by=by) if not is_large(plan) else change


def planned(asked: Asked) -> Plan:
    """What it would end, make and rename now. One query."""
    day = today()
    rows = Area.objects.filter(in_area(asked.area[: rules.DISTRICT], "code"), level__gte=Level.STREET)
    places = {
        row.code: Place(
            row.code, row.name, row.short_name, row.kind,
            row.valid_from <= day and (row.valid_to is None or row.valid_to >= day),
        )
        for row in rows.defer("outline").order_by("code")
    }  # fmt: skip
    return rules.plan_change(asked, places)


def is_large(plan: Plan) -> bool:
    """Whether it holds more subjects than a request may move: then it is rehearsed and carried out behind the page."""
    return Subject.objects.filter(area__in=list(plan.successor)).count() > AT_ONCE


def rehearse_change(change: AreaChange, *, by: Actor) -> AreaChange:
    """Does it, looks what it touched, and takes it back. Raises OutOfOrder, and what carrying it out raises.

    Part of drafting it and of asking again: a rehearsal changes nothing that the ledger tells.
    """
    with _draft(change, by) as fresh:
        _keep_rehearsal(fresh, by)
    return change


def _keep_rehearsal(change: AreaChange, by: Actor) -> None:
    change.rehearsal = taken_back(lambda: _carried(change, by))
    change.mark, change.rehearsed_at = fingerprint(change.rehearsal), now()


def _carried(change: AreaChange, by: Actor) -> dict[str, object]:
    """Part of rehearsing, and of carrying out."""
    plan = planned(asked_of(change))
    touched = carry_plan(plan, Why(change.reason, change.document, change.on), by=by)
    return {"touched": touched, "areas": _replaced(plan)}


def _replaced(plan: Plan) -> list[dict[str, object]]:
    """Old and new, with names, as the page shows and the fingerprint covers them."""
    names = dict(
        Area.objects.filter(pk__in=[*plan.ending, *plan.successor.values()]).values_list("code", "name")
    )
    told: list[dict[str, object]] = [
        {"old": old, "name": names[old], "new": new, "becomes": names[new], "joins": old in plan.joined}
        for old, new in sorted(plan.successor.items())
    ]
    told += [
        {"old": code, "name": names[code], "new": "", "becomes": "", "joins": False} for code in plan.closed
    ]
    return told + [
        {"old": code, "name": "", "new": code, "becomes": name, "joins": False}
        for code, (name, _short) in plan.renamed.items()
    ]


def asked_of(change: AreaChange) -> Asked:
    return Asked(**change.asked | {"areas": tuple(change.asked["areas"])})


def order_rehearsal(change: AreaChange, *, by: Actor) -> Operation:
    """The rehearsal of a large change, by a background job. Raises NotHere, NotYourPost."""
    return order_operation(
        CHANGE, change.area, _("试算：{title}").format(title=change.title), {"change": change.pk}, by=by
    )


def carry_rehearsal(operation: Operation, *, by: Actor) -> None:
    """Rehearses a change that was too large for a request. Part of the operation."""

    def rehearse(fresh: Operation) -> bool:
        change = AreaChange.objects.select_for_update().get(pk=fresh.asked["change"])
        if change.state == ChangeState.DRAFT:
            _keep_rehearsal(change, by)
            change.save()
        end_operation(fresh, _("试算完毕，请看结果。"), by=by)
        return False

    take_step(operation, rehearse)


def decide_change(change: AreaChange, seen: str, *, by: Actor) -> AreaChange:
    """What was rehearsed is to be. Today, or of a day gone by, it is done at once; else, or where it moves more than a
    request may, the clock carries it out.

    Raises RehearsalMissing, RehearsalStale where the world moved since it was shown (`seen`), OutOfOrder.
    """
    with _draft(change, by) as fresh:
        is_now = fresh.on <= today() and not is_large(planned(asked_of(fresh)))
        if not fresh.mark:
            raise recut_problems.RehearsalMissing(change=fresh.title)
        told = _carried(fresh, by) if is_now else taken_back(lambda: _carried(fresh, by))
        if not seen == fresh.mark == fingerprint(told):
            raise recut_problems.RehearsalStale()
        fresh.state, fresh.decided_by_id, fresh.decided_at = ChangeState.DECIDED, require_person(by), now()
        record(RecutVerb.CHANGE_DECIDED, Line(fresh.area, data=_facts(fresh)), by=by)
        if is_now:
            _finish(fresh, told, by)
    return change


def withdraw_change(change: AreaChange, reason: str, *, by: Actor) -> AreaChange:
    """Before its day. Raises ReasonMissing, OutOfOrder, NotHere, NotYourPost."""
    if not reason.strip():
        raise problems.ReasonMissing(act=_("撤回"))
    with _locked(change) as fresh:
        require(by, Right.RECUT, fresh.area)
        if fresh.state not in (ChangeState.DRAFT, ChangeState.DECIDED, ChangeState.FAILED):
            raise problems.OutOfOrder(thing=fresh.title, state=fresh.get_state_display(), act=_("撤回"))
        fresh.state, fresh.ended_at = ChangeState.WITHDRAWN, now()
        record(RecutVerb.CHANGE_WITHDRAWN, Line(fresh.area, data=_facts(fresh) | {"reason": reason}), by=by)
    return change


def carry_due_changes() -> int:
    """Periodic: the changes whose day has come; how many took effect. One that no longer fits says why and waits for
    whoever decided it."""
    due = AreaChange.objects.filter(state=ChangeState.DECIDED, on__lte=today()).order_by("on", "pk")
    return sum(_carry(change) for change in due)


def _carry(change: AreaChange) -> bool:
    try:
        with _locked(change) as fresh:
            if fresh.state != ChangeState.DECIDED:
                return False
            _finish(fresh, _carried(fresh, CHANGER), CHANGER)
    except problems.Problem as problem:
        with _locked(change) as fresh:
            fresh.state, fresh.trouble = ChangeState.FAILED, problem.detail[:300]
            facts = _facts(fresh) | {"why": fresh.trouble}
            record(RecutVerb.CHANGE_FAILED, Line(fresh.area, data=facts), by=CHANGER)
        return False
    return True


def _finish(change: AreaChange, told: dict[str, object], by: Actor) -> None:
    change.state, change.result, change.ended_at = ChangeState.DONE, told, now()
    touched = told["touched"]
    assert isinstance(touched, dict)
    facts = _facts(change) | {
        "subjects": touched["subjects"],
        "reason": change.reason,
        "areas": told["areas"],
    }
    record(RecutVerb.CHANGE_DONE, Line(change.area, data=facts), by=by)
    hint("inbox", change.area)


@contextmanager
def _locked(change: AreaChange) -> Iterator[AreaChange]:
    with transaction.atomic():
        # One change of a district after the other: two would take the same codes.
        list(Area.objects.select_for_update().filter(pk=change.area[: rules.DISTRICT]))
        fresh = AreaChange.objects.select_for_update().get(pk=change.pk)
        yield fresh
        fresh.save()
    change.refresh_from_db()


@contextmanager
def _draft(change: AreaChange, by: Actor) -> Iterator[AreaChange]:
    with _locked(change) as fresh:
        require(by, Right.RECUT, fresh.area)
        if fresh.state != ChangeState.DRAFT:
            raise problems.OutOfOrder(thing=fresh.title, state=fresh.get_state_display(), act=_("决定"))
        yield fresh


def _facts(change: AreaChange) -> dict[str, object]:
    return {"change": change.pk, "title": change.title, "on": change.on, "document": change.document}


def _title(asked: Asked) -> str:
    codes = [asked.area, asked.into, *asked.areas]
    names = dict(
        Area.objects.filter(valid_on(today()), pk__in=filter(None, codes)).values_list("code", "name")
    )
    area, parts = names.get(asked.area, asked.area), "、".join(names.get(code, code) for code in asked.areas)
    words = {
        rules.RENAME: _("{area}更名为{name}"),
        rules.MERGE: _("{area}并入{into}"),
        rules.FOUND: _("新设{name}，划入{parts}"),
        rules.TRANSFER: _("{parts}划入{area}"),
        rules.CLOSE: _("撤销{area}"),
    }[asked.kind]
    into = names.get(asked.into, asked.into)
    return words.format(area=area, name=asked.name, into=into, parts=parts)[:120]
