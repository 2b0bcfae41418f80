"""Planning targets, splitting them, handing them down, and changing them by a new version only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require, require_person
from grid.territory.models import Area, Level
from grid.territory.queries import current_area, valid_on
from workflows.duties import problems as duties_problems
from workflows.duties.targets import rules, states
from workflows.duties.targets.models import DRAFTS, Goal, Plan, PlanState, Target
from workflows.duties.targets.queries import measuring
from workflows.duties.verbs import DutyVerb

Amounts = Mapping[tuple[str, str], int]  # (goal's code, area) → how much


def draft_plan(year: int, area: str, wholes: Mapping[str, int], *, by: Actor) -> Plan:
    """A first version with proposed shares. The city names the wholes by goal; below it they are what was handed down.

    Raises NotHere/NotYourPost, UnknownArea, AreaNotCurrent, PlanInTheWay, PlanNotHandedDown, NothingBelow.
    """
    with transaction.atomic():
        held = require(by, Right.SET_TARGETS, area)
        where = _splittable(area)
        _require_alone(year, where)
        above = None if where.level == Level.CITY else _above(year, where)
        goals = goals_on_offer()
        given = (
            handed(above, area)
            if above
            else {goals[code].pk: n for code, n in wholes.items() if code in goals}
        )
        version = _next_version(year, area)
        # What was there before never came into force: it was withdrawn as a draft.
        reason = "" if version == 1 else str(_("前一版草案已撤回，重新编制"))
        plan = Plan.objects.create(
            year=year, area=area, version=version, above=above, reason=reason, made_by_id=require_person(by),
            made_at=now(),
        )  # fmt: skip
        _write_proposed(plan, given)
        _record(plan, DutyVerb.PLAN_DRAFTED, by, held, goals=len(given))
    return plan


def _splittable(area: str) -> Area:
    where = current_area(area)
    if where.level not in (Level.CITY, Level.DISTRICT):
        raise duties_problems.NothingBelow(area=where.name)
    return where


def _versions(year: int, area: str) -> QuerySet[Plan]:
    return Plan.objects.filter(year=year, area=area)


def _next_version(year: int, area: str) -> int:
    return 1 + (_versions(year, area).aggregate(last=Max("version"))["last"] or 0)


def _require_alone(year: int, where: Area) -> None:
    standing = Q(state__in=(*DRAFTS, PlanState.ISSUED))
    # Locked, so that two who begin at once do not both find nothing.
    Area.objects.select_for_update().get(pk=where.pk)
    found = _versions(year, where.pk).filter(standing).order_by("-version").first()
    if found:
        raise duties_problems.PlanInTheWay(
            area=where.name, year=year, version=found.version, state=found.get_state_display()
        )


def _above(year: int, where: Area) -> Plan:
    found = Plan.objects.filter(
        year=year, area=where.parent_id, state=PlanState.ISSUED, targets__area=where.pk
    ).first()  # fmt: skip
    if found is None:
        raise duties_problems.PlanNotHandedDown(area=where.name, year=year)
    return found


def handed(above: Plan, area: str) -> dict[int, int]:
    """Goal → how much a plan hands down to one area."""
    return dict(above.targets.filter(area=area).values_list("goal", "amount"))


def goals_on_offer() -> dict[str, Goal]:
    """Goals whose definition is in force today, in their order."""
    rows = Goal.objects.filter(valid_on(today())).order_by("order", "pk")
    return {goal.code: goal for goal in rows}


def parts_of(area: str) -> list[str]:
    """The areas a plan of `area` is split among."""
    return list(
        Area.objects.filter(valid_on(today()), parent=area).order_by("code").values_list("code", flat=True)
    )


def _proposed(plan: Plan, goals: Mapping[int, Goal], wholes: Mapping[int, int]) -> dict[tuple[int, str], int]:
    """Shares by what each goal is weighed by, adding up exactly."""
    parts = parts_of(plan.area)
    by = {kind: measuring.weights(kind, plan.area, parts) for kind in {g.weighed_by for g in goals.values()}}
    return {
        (goal, code): share
        for goal, whole in wholes.items()
        for code, share in rules.split(whole, by[goals[goal].weighed_by]).items()
    }


def _write_proposed(plan: Plan, wholes: Mapping[int, int]) -> None:
    goals = Goal.objects.in_bulk(wholes)
    shares = _proposed(plan, goals, wholes)
    amounts = {(goal, plan.area): whole for goal, whole in wholes.items()} | shares
    Target.objects.bulk_create(
        Target(plan=plan, goal_id=goal, area=area, amount=amount) for (goal, area), amount in amounts.items()
    )


def change_plan(plan: Plan, amounts: Amounts, gaps: Mapping[str, str], *, by: Actor) -> int:
    """Writes other amounts into a draft, and reasons for differences by goal; how many amounts changed.

    What was handed down from above stays as it is. A checked draft has to be checked again.
    """
    with _act_on(plan, "change", by) as (fresh, held):
        targets = list(fresh.targets.select_related("goal"))
        changed = 0
        for target in targets:
            is_whole = target.area == fresh.area
            given = amounts.get((target.goal.code, target.area), target.amount)
            if given != target.amount and not (is_whole and fresh.above_id):
                target.amount, changed = given, changed + 1
            if is_whole:
                target.gap_why = gaps.get(target.goal.code, target.gap_why).strip()[:200]
        Target.objects.bulk_update(targets, ["amount", "gap_why"])
        _record(fresh, DutyVerb.PLAN_CHANGED, by, held, changed=changed)
    return changed


def propose_shares(plan: Plan, *, by: Actor) -> int:
    """Splits the wholes of a draft anew by the registers of today; how many amounts changed."""
    goals = {
        target.goal_id: target.goal for target in plan.targets.select_related("goal").filter(area=plan.area)
    }
    wholes = handed(plan, plan.area)
    shares = _proposed(plan, goals, wholes)
    amounts = {(goals[goal].code, area): n for (goal, area), n in shares.items()}
    return change_plan(plan, amounts, {goal.code: "" for goal in goals.values()}, by=by)


def check_plan(plan: Plan, *, by: Actor) -> Plan:
    """Whether the parts add up to the whole of every goal, or the difference has its reason. Raises PlanUnbalanced."""
    with _act_on(plan, "check", by) as (fresh, held):
        found = balances(fresh)
        for title, balance in found:
            if not balance.stands:
                raise duties_problems.PlanUnbalanced(
                    goal=title, whole=balance.whole, parts=balance.parts, gap=f"{balance.gap:+d}"
                )
        gaps = {title: balance.why for title, balance in found if balance.gap}
        _record(fresh, DutyVerb.PLAN_CHECKED, by, held, gaps=len(gaps) or None, gap_reasons=gaps)
    return plan


def balances(plan: Plan) -> list[tuple[str, rules.Balance]]:
    """(goal's title, its whole against its parts), in the order of the goals. One query."""
    targets = list(plan.targets.select_related("goal").order_by("goal__order", "goal"))
    wholes = {target.goal_id: target for target in targets if target.area == plan.area}
    parts: dict[int, int] = {}
    for target in targets:
        if target.area != plan.area:
            parts[target.goal_id] = parts.get(target.goal_id, 0) + target.amount
    return [
        (whole.goal.title, rules.Balance(whole.amount, parts.get(goal, 0), whole.gap_why))
        for goal, whole in wholes.items()
    ]


def issue_plan(plan: Plan, *, by: Actor) -> Plan:
    """Hands a checked version down; the version before it ends. Raises PlanOutdated, OutOfOrder."""
    with _act_on(plan, "issue", by) as (fresh, held):
        if fresh.above_id and not Plan.objects.filter(pk=fresh.above_id, state=PlanState.ISSUED).exists():
            raise duties_problems.PlanOutdated(version=fresh.version)
        before = _versions(fresh.year, fresh.area).select_for_update().filter(state=PlanState.ISSUED).first()
        if before:
            states.move(before, "replace")
            before.ended_at, before.ended_why = now(), fresh.reason
            before.save()
        fresh.issued_by_id, fresh.issued_at = require_person(by), now()
        goals = fresh.targets.filter(area=fresh.area).count()
        _record(fresh, DutyVerb.PLAN_ISSUED, by, held, goals=goals, targets=_amounts(fresh))
    return plan


def revise_plan(plan: Plan, why: str, *, by: Actor) -> Plan:
    """A new version of an issued plan, for a reason; what is issued stays in force until the new one is.

    A district's new version takes its wholes from what the city's current version hands down.
    Raises ReasonMissing, PlanInTheWay (a draft is open), OutOfOrder.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=_("调整计划"))
    with transaction.atomic():
        held = require(by, Right.SET_TARGETS, plan.area)
        where = _splittable(plan.area)
        _require_no_draft(plan, where)
        issued = Plan.objects.select_for_update().get(pk=plan.pk)
        if issued.state != PlanState.ISSUED:
            raise problems.OutOfOrder(thing=where.name, state=issued.get_state_display(), act=_("调整计划"))
        above = _above(plan.year, where) if plan.above_id else None
        made = Plan.objects.create(
            year=plan.year, area=plan.area, version=_next_version(plan.year, plan.area), above=above, reason=why.strip(),
            made_by_id=require_person(by), made_at=now(), is_sample=plan.is_sample,
        )  # fmt: skip
        _copy_targets(issued, made, above)
        _record(made, DutyVerb.PLAN_REVISED, by, held, reason=why.strip(), replaces=issued.version)
    return made


def _require_no_draft(plan: Plan, where: Area) -> None:
    Area.objects.select_for_update().get(pk=where.pk)
    draft = _versions(plan.year, plan.area).filter(state__in=DRAFTS).first()
    if draft:
        raise duties_problems.PlanInTheWay(
            area=where.name, year=plan.year, version=draft.version, state=draft.get_state_display()
        )


def _copy_targets(old: Plan, new: Plan, above: Plan | None) -> None:
    rows = {(target.goal_id, target.area): target.amount for target in old.targets.all()}
    if above:
        wholes = handed(above, new.area)
        rows = {key: amount for key, amount in rows.items() if key[0] in wholes}
        rows |= {
            (goal, part): 0 for goal in wholes for part in parts_of(new.area) if (goal, part) not in rows
        }
        rows |= {(goal, new.area): amount for goal, amount in wholes.items()}
    Target.objects.bulk_create(
        Target(plan=new, goal_id=goal, area=area, amount=amount) for (goal, area), amount in rows.items()
    )


def withdraw_plan(plan: Plan, why: str, *, by: Actor) -> Plan:
    """Takes a draft back, with the reason; its number is not used again."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("withdraw"))
    with _act_on(plan, "withdraw", by) as (fresh, held):
        fresh.ended_at, fresh.ended_why = now(), why.strip()
        _record(fresh, DutyVerb.PLAN_WITHDRAWN, by, held, reason=why.strip())
    return plan


def _amounts(plan: Plan) -> list[list[str | int | None]]:
    """[goal, area, amount]: with it in the ledger, what was handed down can be retold without the tables."""
    rows = plan.targets.order_by("goal__order", "area").values_list("goal__code", "area", "amount")
    return [list(row) for row in rows]


@contextmanager
def _act_on(plan: Plan, act: str, by: Actor) -> Iterator[tuple[Plan, Held | None]]:
    """Lock, ask, move, save."""
    with transaction.atomic():
        fresh = Plan.objects.select_for_update().get(pk=plan.pk)
        held = require(by, Right.SET_TARGETS, fresh.area)
        states.move(fresh, act)
        yield fresh, held
        fresh.save()
    plan.refresh_from_db()


def _record(plan: Plan, verb: Verb, by: Actor, held: Held | None, **facts: object) -> None:
    data = {"plan": plan.pk, "year": plan.year, "version": plan.version, "state": str(plan.state), **facts}
    record(verb, Line(plan.area, data=data), by=by, held=held)
    hint("inbox", plan.area)
