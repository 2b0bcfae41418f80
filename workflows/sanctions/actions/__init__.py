"""Every write on measures and orders. What an entry's leaving orders is in lifting.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import workdays_between
from grid.hints import hint
from grid.law.queries import require_reviewed, the_law
from grid.ledger.actions import Line, record, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, machine, require, require_person
from workflows.cases.models import Case, CaseState
from workflows.engine.actions.steps import locked, writing_on
from workflows.sanctions import problems as sanctions_problems
from workflows.sanctions import queries, rules
from workflows.sanctions.actions.lifting import finish_spread, term_end
from workflows.sanctions.models import Answer, LiftAnswer, Sanction, SanctionOrder
from workflows.sanctions.verbs import SanctionVerb

if TYPE_CHECKING:
    from workflows.listing.models import Listing

CHASER = machine("惩戒措施督办")
SWEEP = 200


def order_sanctions(listing: Listing, sanctions: Iterable[Sanction], *, by: Actor) -> list[SanctionOrder]:
    """The city chooses measures for a published entry: an order to each department that carries one out.

    Measures ordered before are left as they are. Raises SanctionUnbased, ListingNotPublic, OutOfOrder while stayed,
    SanctionUntold for what the 列入告知书 does not name; LawUnreviewed outside demo mode for one that no lawyer has passed.
    """
    act = _("选定惩戒措施")
    with writing_on(listing.case, Right.DECIDE_CITY, tuple(CaseState), act, by=by) as (_case, held):
        entry, chosen = _public(listing, act), list(sanctions)
        told = queries.measures_named(listing.case_id)
        for sanction in chosen:
            _require_basis(sanction)
            if not queries.is_named(sanction, told):
                raise sanctions_problems.SanctionUntold(sanction=sanction.title)
        require_reviewed((sanction.title for sanction in chosen if not sanction.reviewed), act)
        until = term_end("sanction.answer")
        known = set(entry.orders.values_list("sanction_id", "department"))
        made = [
            SanctionOrder(
                listing=entry,
                sanction=sanction,
                department=department,
                area=entry.area,
                basis=sanction.basis,
                ordered_by_id=require_person(by),
                ordered_at=now(),
                due_on=until,
            )
            for sanction in chosen
            for department in sanction.departments
            if (sanction.pk, department) not in known
        ]
        SanctionOrder.objects.bulk_create(made)
        lines = (_line(order, basis=order.basis, until=str(until)) for order in made)
        record_many(SanctionVerb.SANCTION_ORDERED, lines, by=by, held=held)
        hint("inbox", entry.area[:4])
    return made


def _public(listing: Listing, act: str) -> Listing:
    """The entry, locked."""
    rows = type(listing)._default_manager.select_for_update(of=("self",))
    entry = rows.select_related("ground", "case", "subject").get(pk=listing.pk)
    if entry.published_at is None or entry.removed_at:
        raise sanctions_problems.ListingNotPublic(code=entry.code, act=act)
    if entry.stayed_at:
        raise problems.OutOfOrder(thing=entry.code, state=_("停止执行期间"), act=act)
    return entry


def _require_basis(sanction: Sanction) -> None:
    in_force = sanction.valid_to is None and sanction.valid_from <= today()
    if rules.lacks(sanction.basis, sanction.in_national_list, in_force):
        raise sanctions_problems.SanctionUnbased(sanction=sanction.title)


def answer_order(order: SanctionOrder, answer: str, why: str, *, by: Actor) -> SanctionOrder:
    """The department's feedback: carried out, in place already, or why it does not apply.

    Raises NotHere for another department's, SanctionAnswered, ReasonMissing, OutOfOrder while the entry is stayed.
    """
    with transaction.atomic():
        fresh, held = _at_department(order, by)
        if fresh.answered_at or fresh.lift_at:
            raise sanctions_problems.SanctionAnswered(
                department=fresh.department, sanction=fresh.sanction.title
            )
        if fresh.is_suspended:
            raise problems.OutOfOrder(thing=fresh.sanction.title, state=_("停止执行期间"), act=_("反馈"))
        if answer == Answer.UNFIT and not why.strip():
            raise problems.ReasonMissing(act=Answer.UNFIT.label)
        fresh.answer, fresh.answer_why = Answer(answer), why.strip()
        fresh.answered_by_id, fresh.answered_at = require_person(by), now()
        fresh.save(update_fields=["answer", "answer_why", "answered_by", "answered_at"])
        _record(
            SanctionVerb.SANCTION_ANSWERED,
            fresh,
            by,
            held,
            answer=str(fresh.get_answer_display()),
            reason=why,
        )
    return fresh


def answer_lift(order: SanctionOrder, answer: str, *, by: Actor) -> SanctionOrder:
    """The department's word that a measure is lifted. Raises NotHere, SanctionAnswered, OutOfOrder."""
    with transaction.atomic():
        fresh, held = _at_department(order, by)
        if fresh.lift_at is None:
            raise problems.OutOfOrder(thing=fresh.sanction.title, state=_("实施中"), act=_("反馈解除"))
        if fresh.lifted_at:
            raise sanctions_problems.SanctionAnswered(
                department=fresh.department, sanction=fresh.sanction.title
            )
        fresh.lift_answer, fresh.lifted_by_id, fresh.lifted_at = LiftAnswer(answer), require_person(by), now()
        fresh.save(update_fields=["lift_answer", "lifted_by", "lifted_at"])
        _record(SanctionVerb.SANCTION_LIFTED, fresh, by, held, answer=str(fresh.get_lift_answer_display()))
        finish_spread(fresh.listing, by=by)
    return fresh


def _at_department(order: SanctionOrder, by: Actor) -> tuple[SanctionOrder, Held]:
    # The case first, as every act on it: lifting the last order stops a clock of the case.
    locked(Case, order.listing.case_id)
    rows = SanctionOrder.objects.select_for_update(of=("self",))
    fresh = rows.select_related("sanction", "listing__case", "listing__subject").get(pk=order.pk)
    held = queries.held_at(fresh, by)
    if held is None:
        raise problems.NotHere()
    return fresh, held


# --- reminders, escalation ---------------------------------------------------------------------------


def chase_orders() -> int:
    """Periodic: reminds a department before its term ends, and tells the city once it is over; each once, however
    many clocks run. Returns how many were told.
    """
    day, days = today(), workdays()
    ahead = int(the_law(day)["sanction.remind"].value)
    soon = day + timedelta(days=4 * ahead + 14)  # a bound for the query: the longest holiday and its weekends
    rows = _owed().filter(last_day__lte=soon).select_related("sanction", "listing").order_by("last_day", "pk")
    told = 0
    for order in rows[:SWEEP]:
        due = order.lift_due_on or order.due_on
        if rules.is_late(due, day):
            told += _once(order, "escalated_on", SanctionVerb.SANCTION_ESCALATED, due)
        elif workdays_between(day, due, days) <= ahead:
            told += _once(order, "reminded_on", SanctionVerb.SANCTION_REMINDED, due)
    return told


def _owed() -> QuerySet[Any]:
    told = Q(escalated_on__isnull=False) | Q(reminded_on__isnull=False, last_day__gte=today())
    return queries.with_last_day().filter(queries.WAITING).exclude(told)


def _once(order: SanctionOrder, column: str, verb: Verb, due: date) -> bool:
    with transaction.atomic():
        free = SanctionOrder.objects.filter(pk=order.pk, **{column: None}, lift_at=order.lift_at)
        free = free.filter(answered_at=None) if order.lift_at is None else free.filter(lifted_at=None)
        if not free.update(**{column: today()}):
            return False
        _record(verb, order, CHASER, None, until=due.isoformat())
        hint("inbox", order.area[:4])
        return True


# --- the measures themselves -------------------------------------------------------------------------


@transaction.atomic
def edit_sanction(
    sanction: Sanction, basis: str, in_national_list: bool, why: str, *, by: Actor, reviewed: bool = True
) -> Sanction:
    """The legal office gives a measure another basis, or none: a new version from today on; orders keep theirs.

    Raises ReasonMissing, OutOfOrder for a version that ended.
    """
    held = require(by, Right.EDIT_LAW, settings.CITY)
    if not why.strip():
        raise problems.ReasonMissing(act=_("修改惩戒措施依据"))
    old = Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
    if old.valid_to is not None:
        raise problems.OutOfOrder(thing=old.title, state=_("已有新版本"), act=_("修改"))
    old.valid_to = max(today() - timedelta(days=1), old.valid_from)
    old.save(update_fields=["valid_to"])
    new = Sanction.objects.create(
        code=old.code,
        title=old.title,
        departments=old.departments,
        basis=basis.strip(),
        in_national_list=in_national_list,
        mark=old.mark,
        remark=old.remark,
        reviewed=reviewed,
        edited_why=why.strip(),
        edited_by_id=require_person(by),
        valid_from=today(),
    )
    facts = {"code": old.code, "title": old.title, "basis": new.basis, "reason": why}
    record(SanctionVerb.SANCTION_EDITED, Line(settings.CITY, data=facts), by=by, held=held)
    return new


# --- ledger --------------------------------------------------------------------------------------------


def _line(order: SanctionOrder, **facts: str) -> Line:
    listing = order.listing
    data = {"department": order.department, "title": order.sanction.title} | facts
    return Line(listing.area, listing.subject_id, listing.code, data)


def _record(verb: Verb, order: SanctionOrder, by: Actor, held: Held | None, **facts: str) -> None:
    line = _line(order, **facts)
    record(verb, Line(line.area, subject=line.subject, case=line.case, data=line.data), by=by, held=held)
