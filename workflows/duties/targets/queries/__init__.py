"""Reading targets and how far they are reached: the own area, what is above it in figures only, and what is below."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, reaches, within
from grid.territory.models import Area, Level
from workflows.duties.targets import rules
from workflows.duties.targets.models import DRAFTS, Goal, Plan, PlanState, Target
from workflows.duties.targets.queries import measuring
from workflows.duties.targets.queries.measuring import Frame

CHILD_DEPTH = {Level.CITY: 6, Level.DISTRICT: 9, Level.STREET: 9}


@dataclass(frozen=True)
class Line:
    """One area's part of one goal. `target` None: nothing was handed down to it."""

    area: str
    name: str
    target: int | None
    done: int

    @property
    def percent(self) -> int | None:
        return rules.percent(self.done, self.target) if self.target is not None else None

    @property
    def reached(self) -> int:
        """For a bar: never more than the whole of it."""
        return min(self.done, self.target or 0)


@dataclass(frozen=True)
class GoalLines:
    goal: Goal
    whole: Line
    parts: list[Line]
    gap: int = 0
    gap_why: str = ""


@dataclass
class Overview:
    """An area's year: what it has to reach, how it split that, and how far each part has come."""

    area: Area
    year: int
    plan: Plan | None
    above: Plan | None
    draft: Plan | None
    goals: list[GoalLines] = field(default_factory=list)

    @property
    def is_outdated(self) -> bool:
        """The level above has changed what it handed down since this area split it."""
        return bool(self.plan and self.plan.above_id and self.above and self.plan.above_id != self.above.pk)

    @property
    def may_split(self) -> bool:
        """Whether there is something to split: the city's own wholes, or what was handed down."""
        splits = self.area.level in (Level.CITY, Level.DISTRICT)
        return splits and (self.area.level == Level.CITY or self.above is not None)


def top_of(viewer: Actor) -> str:
    """Where a viewer's look begins: the widest area held, down to the street. Raises NotHere below it."""
    codes = sorted((code for code in viewer.areas(Right.SEE_CASES) if len(code) <= 9), key=len)
    if not codes:
        raise problems.NotHere()
    return codes[0]


def area_in_reach(viewer: Actor, code: str) -> Area:
    """Raises NotHere outside the territory, below the street, and for a code that does not exist."""
    area = Area.objects.filter(pk=code, level__lte=Level.STREET).first()
    if area is None or not reaches(viewer, code, Right.SEE_CASES):
        raise problems.NotHere()
    return area


def overview(viewer: Actor, year: int, code: str) -> Overview:
    """A fixed number of queries, however many areas: the plans, the goals, the names, and two a goal at most."""
    area = area_in_reach(viewer, code)
    own = {plan.state: plan for plan in _standing(year, code)}
    above = None if area.level == Level.CITY else _issued(year, area.parent_id)
    found = Overview(
        area, year, own.get(PlanState.ISSUED), above, own.get(PlanState.DRAFT) or own.get(PlanState.CHECKED)
    )  # fmt: skip
    _fill(found, [plan for plan in (found.plan, above) if plan])
    return found


def _standing(year: int, code: str) -> list[Plan]:
    rows = Plan.objects.filter(year=year, area=code, state__in=(*DRAFTS, PlanState.ISSUED))
    return list(rows.select_related("made_by", "issued_by", "above"))


def _issued(year: int, code: str | None) -> Plan | None:
    return Plan.objects.filter(year=year, area=code, state=PlanState.ISSUED).first()


def _fill(found: Overview, plans: list[Plan]) -> None:
    area = found.area
    targets = list(
        Target.objects.filter(plan__in=plans)
        .filter(Q(area=area.pk) | Q(plan=found.plan))
        .select_related("goal")
    )
    wholes = {t.goal_id: t for t in targets if t.area == area.pk and t.plan_id == _source(found)}
    shares = {(t.goal_id, t.area): t.amount for t in targets if t.area != area.pk}
    own = {t.goal_id: t for t in targets if t.area == area.pk and found.plan and t.plan_id == found.plan.pk}
    names = dict(
        Area.objects.filter(parent=area.pk, valid_to=None).order_by("code").values_list("code", "name")
    )
    goals = sorted({t.goal_id: t.goal for t in targets}.values(), key=lambda goal: (goal.order, goal.pk))
    frame = Frame(area.pk, CHILD_DEPTH[Level(area.level)], found.year, today())
    for goal in goals:
        done = measuring.measured(goal.formula, frame)
        whole = wholes.get(goal.pk)
        line = Line(area.pk, area.name, whole.amount if whole else None, sum(done.values()))
        parts = _parts(goal, area, shares, names, done) if area.level != Level.STREET else []
        mine = own.get(goal.pk)
        gap = sum(n for (g, _a), n in shares.items() if g == goal.pk) - mine.amount if mine else 0
        found.goals.append(GoalLines(goal, line, parts, gap, mine.gap_why if mine else ""))


def _source(found: Overview) -> int | None:
    """The plan that says what the area as a whole has to reach: the one above it, for the city its own."""
    plan = found.plan if found.area.level == Level.CITY else found.above
    return plan.pk if plan else None


def _parts(
    goal: Goal, area: Area, shares: dict[tuple[int, str], int], names: dict[str, str], done: dict[str, int]
) -> list[Line]:
    """Children of today and those a share was handed to, in the order of codes; then what waits in the area's pool,
    so that the lines add up to the whole."""
    planned = {code for own, code in shares if own == goal.pk}
    codes = sorted(names.keys() | planned)
    lines = [
        Line(code, names.get(code, code), shares.get((goal.pk, code)), done.get(code, 0)) for code in codes
    ]
    pooled = sum(n for code, n in done.items() if code not in codes)
    if pooled:
        lines.append(Line("", _("{area}·待归格").format(area=area.name), None, pooled))
    return lines


# --- a plan and its versions -------------------------------------------------------------------------


def plan_at(viewer: Actor, pk: int) -> Plan:
    """A version within the viewer's territory. A draft is for those who may set targets there. Raises NotHere."""
    rows = within(Plan.objects.select_related("made_by", "issued_by", "above"), viewer, Right.SEE_CASES)
    found = rows.filter(pk=pk).first()
    if found is None or (found.state in DRAFTS and not may_read_draft(viewer, found.area)):
        raise problems.NotHere()
    return found


def may_read_draft(viewer: Actor, area: str) -> bool:
    return viewer.can(Right.SET_TARGETS, area) or viewer.can(Right.RETELL, area)


@dataclass(frozen=True)
class Cell:
    area: str
    name: str
    amount: int


@dataclass(frozen=True)
class Row:
    """One goal of a plan as it is edited and read: the whole, its parts, and whether they add up."""

    goal: Goal
    whole: int
    parts: list[Cell]
    gap_why: str

    @property
    def balance(self) -> rules.Balance:
        return rules.Balance(self.whole, sum(part.amount for part in self.parts), self.gap_why)


def rows_of(plan: Plan) -> list[Row]:
    """Two queries."""
    targets = list(plan.targets.select_related("goal").order_by("goal__order", "goal", "area"))
    names = _names({target.area for target in targets})
    wholes = [target for target in targets if target.area == plan.area]
    return [
        Row(
            whole.goal, whole.amount,
            [Cell(t.area, names.get(t.area, t.area), t.amount) for t in targets
             if t.goal_id == whole.goal_id and t.area != plan.area],
            whole.gap_why,
        )
        for whole in wholes
    ]  # fmt: skip


def _names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Area.objects.filter(pk__in=list(codes)).values_list("pk", "name"))


@dataclass(frozen=True)
class Change:
    """One amount that differs from the version before."""

    goal: str
    area: str
    before: int
    after: int


@dataclass(frozen=True)
class Version:
    plan: Plan
    changes: list[Change]

    @property
    def at(self) -> datetime:
        return self.plan.issued_at or self.plan.made_at


def stands_before(plan: Plan) -> bool:
    """Whether another version of the same plan is in force, which handing this one down would end."""
    return (
        Plan.objects.filter(year=plan.year, area=plan.area, state=PlanState.ISSUED)
        .exclude(pk=plan.pk)
        .exists()
    )


def versions_of(viewer: Actor, year: int, area: str) -> list[Version]:
    """Every version the viewer may read, the newest first, each with what it changed. Three queries."""
    rows = (
        Plan.objects.filter(year=year, area=area).select_related("made_by", "issued_by").order_by("version")
    )
    plans = [plan for plan in rows if plan.state not in DRAFTS or may_read_draft(viewer, area)]
    targets = list(Target.objects.filter(plan__in=plans).select_related("goal"))
    names, titles = _names({t.area for t in targets}), {t.goal.code: t.goal.title for t in targets}
    found, before = [], dict[tuple[str, str], int]()
    for place, plan in enumerate(plans):
        own = {(t.goal.code, t.area): t.amount for t in targets if t.plan_id == plan.pk}
        differs = rules.changes(before, own) if place else {}
        found.append(
            Version(plan, [Change(titles[g], names.get(a, a), x, y) for (g, a), (x, y) in differs.items()])
        )
        if plan.state in (PlanState.ISSUED, PlanState.REPLACED):
            before = own
    return found[::-1]


def years(viewer: Actor) -> list[int]:
    """Years with a plan somewhere on the viewer's line, and this year."""
    found = set(Plan.objects.exclude(state=PlanState.WITHDRAWN).values_list("year", flat=True))
    return sorted(found | {today().year}, reverse=True)


def to_split(viewer: Actor) -> list[tuple[Plan, Area]]:
    """For the inbox: this year's plans handed down to a district of the viewer's and not yet split by it."""
    codes = [code for code in viewer.areas(Right.SET_TARGETS) if len(code) == 6]
    if not codes:
        return []
    split = Plan.objects.filter(
        above=OuterRef("plan"), area=OuterRef("area"), state__in=(*DRAFTS, PlanState.ISSUED)
    )
    rows = Target.objects.filter(plan__year=today().year, plan__state=PlanState.ISSUED, area__in=codes)
    # The wholes of the district's own plan name the district too; nobody handed those down.
    rows = rows.exclude(plan__area=F("area"))
    waiting = rows.exclude(Exists(split)).select_related("plan").order_by("area", "pk")
    first = {target.area: target.plan for target in waiting}
    areas = Area.objects.in_bulk(first) if first else {}
    return [(plan, areas[code]) for code, plan in first.items()]
