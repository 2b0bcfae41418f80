"""Carrying out a plan: the one code path of the rehearsal and of the change itself.

Everything an area holds goes where the plan has its ground: subjects, doors, what placing taught, postings, absences,
and what the rooms above keep (see recut.followers). Nothing is deleted; the old codes stay with what was done under them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, Value, When
from shapely import union_all
from shapely.geometry import mapping

from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line, record_many
from grid.recut import problems as recut_problems
from grid.recut.changes.rules import Made, Plan
from grid.recut.followers import Ground, follow_ground
from grid.recut.posts.actions import carry_posts
from grid.scope import Actor, in_area
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Alias, Placement, Premise, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.grids.rules import geometry_of
from grid.territory.models import Area, Level, Person, Posting, Succession
from grid.territory.queries import valid_on
from grid.territory.rules import Outline, level_of, parent_of


@dataclass(frozen=True, slots=True)
class Why:
    """The words and the number a change is told with, and the day it has in law."""

    reason: str
    document: str
    on: date

    def __str__(self) -> str:
        return f"{self.document} {self.reason}".strip()[:200]


def carry_plan(plan: Plan, why: Why, *, by: Actor) -> dict[str, int]:
    """Does today what the plan says; how much of each thing it touched. Part of rehearsing and of carrying out a change.

    What has its day in the past is in force from today on: until yesterday everything was counted where it lay. The day
    in law stands in the succession.
    """
    areas, day = _locked(plan), today()
    _refuse_held(plan.closed)
    _make(plan, areas, day)
    carried = carry_posts({old: [new] for old, new in plan.successor.items()}, day, by=by)
    moves = _move_subjects(plan, areas, by)
    doors = _move_doors(plan.successor)
    _end(plan, areas, day, why)
    _rename(plan)
    ground = Ground(plan.successor, frozenset(plan.joined), moves)
    touched = {
        "grids": sum(level_of(code) == Level.GRID for code in plan.successor),
        "subjects": len(moves),
        "premises": doors,
        "posts": len(carried),
        "posts_left": _posts_left(plan, carried),
    }
    for area in {code[:6] for code in [*plan.ending, *plan.renamed]}:
        hint("coverage", area)
    return touched | follow_ground(ground)


def _locked(plan: Plan) -> dict[str, Area]:
    """The areas that end, those they go into, and those above them, in the order of their codes. Raises RecutWrong where
    one of them is no longer in force: somebody else's change came first."""
    there = {new for old, new in plan.successor.items() if old in plan.joined}
    above = {parent_of(made.code) for made in plan.made} - {made.code for made in plan.made}
    codes = {*plan.ending, *plan.renamed, *there, *above}
    rows = Area.objects.select_for_update().filter(pk__in=codes).order_by("code")
    areas = {area.code: area for area in rows}
    day = today()
    if any(area.valid_to and area.valid_to < day for area in areas.values()):
        raise recut_problems.RehearsalStale()
    return areas


def _refuse_held(codes: Sequence[str]) -> None:
    """What anything lies in does not end without a successor. Raises RecutWrong."""
    for code in codes:
        inside = in_area(code)
        if Subject.objects.filter(inside).exists() or Premise.objects.filter(inside).exists():
            raise recut_problems.RecutWrong(why=f"{code} 名下还有对象或点位，请先并入另一区划。")


def _make(plan: Plan, areas: dict[str, Area], day: date) -> None:
    """From above to below. An area under another code is what it was; one made of several has all of their ground."""
    made = [_area(new, [areas[code] for code in new.like], day) for new in plan.made]
    Area.objects.bulk_create(made)
    areas |= {area.code: area for area in made}
    for old in sorted(plan.joined):
        other = areas[plan.successor[old]]
        other.households += areas[old].households
        other.outline = _together([other, areas[old]])
        other.save(update_fields=["households", "outline"])


def _area(new: Made, like: Sequence[Area], day: date) -> Area:
    return Area(
        code=new.code, level=level_of(new.code), kind=new.kind, name=new.name, short_name=new.short_name,
        parent_id=parent_of(new.code), valid_from=day, households=sum(area.households for area in like),
        outline=_together(like), is_sample=all(area.is_sample for area in like),
        is_provisional=all(area.is_provisional for area in like) and level_of(new.code) == Level.GRID,
    )  # fmt: skip


def _together(areas: Sequence[Area]) -> Outline | None:
    """The outline around all of them; none where one has none, rather than too small a one."""
    drawn = [area.outline for area in areas if area.outline]
    if len(drawn) < len(areas) or not drawn:
        return None
    outline: Outline = (
        mapping(union_all([geometry_of(part) for part in drawn])) if len(drawn) > 1 else drawn[0]
    )
    return outline


def _move_subjects(plan: Plan, areas: Mapping[str, Area], by: Actor) -> list[Move]:
    """Placed or waiting in a pool, a subject is where its area's ground is now."""
    rows = Subject.objects.select_for_update(of=("self",)).filter(area__in=list(plan.successor))
    found = list(rows.order_by("pk").values_list("pk", "area"))
    for old, new in plan.successor.items():
        why = f"{areas[old].name}调整，由{areas[new].name}承接"[:200]
        placement = Case(
            When(placement=Placement.UNPLACED, then=Value(Placement.UNPLACED)),
            default=Value(Placement.RECUT),
        )
        Subject.objects.filter(area=old).update(area=new, placement=placement, placement_why=why)
    moves = [Move(pk, old, plan.successor[old], is_recut=True) for pk, old in found]
    subjects_moved(moves, by=by)
    told = (Line(m.new, m.subject_id, data={"from": m.old, "to": m.new, "why": "区划调整"}) for m in moves)
    record_many(SubjectVerb.SUBJECT_PLACED, told, by=by)
    return moves


def _move_doors(successor: Mapping[str, str]) -> int:
    """The doors, what placing taught of their addresses, and where accounts without a post are looked after."""
    doors = 0
    for old, new in successor.items():
        doors += Premise.objects.filter(area=old).update(area=new)
        Alias.objects.filter(grid=old).update(grid=new, community=new[:12])
        Person.objects.filter(home=old).update(home=new)
    return doors


def _end(plan: Plan, areas: Mapping[str, Area], day: date, why: Why) -> None:
    ending = [areas[code] for code in plan.ending]
    for area in ending:
        area.end_before(day)
    Area.objects.bulk_update(ending, ["valid_from", "valid_to"], batch_size=500)
    Succession.objects.bulk_create(
        Succession(old=areas[old], new=areas[new], on=why.on, reason=str(why))
        for old, new in plan.successor.items()
    )


def _rename(plan: Plan) -> None:
    for code, (name, short) in plan.renamed.items():
        Area.objects.filter(pk=code).update(name=name, short_name=short)


def _posts_left(plan: Plan, carried: Sequence[Posting]) -> int:
    """Posts in force on ground that joined another's, where somebody holds the same post already: whoever gives posts
    decides what becomes of them."""
    given = {(post.person_id, post.role, post.area_id) for post in carried}
    rows = Posting.objects.filter(valid_on(today()), Q(person__is_active=True), area__in=plan.ending)
    held = rows.values_list("person_id", "role", "area_id")
    return sum((person, role, plan.successor.get(area, "")) not in given for person, role, area in held)
