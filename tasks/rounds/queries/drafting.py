"""Reads what the planner needs, in a fixed number of queries, and lets it plan."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.ledger.bulk import among
from grid.scope import Role, in_area, in_areas
from grid.subjects.models import Placement
from grid.territory.models import Absence, Posting
from grid.territory.queries import valid_on
from grid.territory.succession.queries import ground_now
from tasks.comparison.models import Lead, LeadState
from tasks.doors.models import CheckTask, TaskState
from tasks.forms.rules import form_for
from tasks.rounds import problems as rounds_problems
from tasks.rounds import rules
from tasks.rounds.choosing.queries import chosen
from tasks.rounds.models import Round

# Doors still to be visited count against a worker's room; a door that was visited waits for the reviewer.
TO_VISIT = (TaskState.OPEN, TaskState.RETURNED)
_READ = ("pk", "area", "placement", "kind", "industry")
LIVE = (*TO_VISIT, TaskState.VISITED)


def draft(round: Round, day: date) -> rules.Plan:
    """The plan of a round as of `day`, without what it has dispatched already."""
    ground = ground_now(round.area)
    return rules.plan(candidates_of(round, day, ground), workers_on(ground, day), round.per_worker)


def refuse_empty(round: Round, day: date) -> None:
    """Raises NothingPlaced, NothingToDispatch for a round that would end at once without a task."""
    plan = draft(round, day)
    if plan.assigned:
        return
    if plan.is_unplaced:
        raise rounds_problems.NothingPlaced(round=round.title, n=len(plan.left_over))
    counts = Counter(door.words for door in plan.left_over).most_common(3)
    why = "；".join(_("{words} {n} 户").format(words=words, n=n) for words, n in counts)
    raise rounds_problems.NothingToDispatch(round=round.title, why=why or _("范围内没有符合条件的对象"))


def candidates_of(
    round: Round, day: date, ground: Sequence[str], only: Sequence[int] | None = None
) -> list[rules.Candidate]:
    """Subjects of the round's ground that it chooses, without those it has a task for. `only`: of these alone, and then
    also those whose task was taken back. Where its area ended, its ground is what followed: a merger makes no round larger
    than it was approved."""
    tasks = CheckTask.objects.filter(in_areas(ground))
    own, subjects = CheckTask.objects.filter(round=round), chosen(round, day, ground)
    if only is not None:
        own, subjects = own.exclude(state=TaskState.CANCELLED), subjects.filter(pk__in=among(only))
    done = set(own.values_list("subject_id", flat=True))
    busy = dict(
        tasks.filter(state__in=LIVE).exclude(round=round).values_list("subject_id", "round__code")
    )  # fmt: skip
    leads, plain = _reasons(round, ground), str(_("全面摸排"))
    # The list is a first guess (the health office's list decides): without it everybody is asked as an employer.
    listed = the_law(day).get("dust.industries")
    dusty = tuple(listed.value) if listed else ()
    form = cache(lambda kind, industry: form_for(kind, industry, dusty))
    return [
        rules.Candidate(
            pk, area if placement != Placement.UNPLACED else area[: rules.COMMUNITY], leads.get(pk, plain), pk in leads,
            busy.get(pk, ""), form(kind, industry),
        )
        for pk, area, placement, kind, industry in subjects.values_list(*_READ).iterator(5_000)
        if pk not in done
    ]  # fmt: skip


def _leads(round: Round, ground: Sequence[str]) -> QuerySet[Lead]:
    leads = Lead.objects.filter(in_areas(ground), state=LeadState.OPEN)
    return leads.filter(rule__in=round.rules) if round.rules else leads


def _reasons(round: Round, ground: Sequence[str]) -> dict[int, str]:
    """Subject → the words of its open leads."""
    words: dict[int, list[str]] = defaultdict(list)
    for subject, why in _leads(round, ground).order_by("rule").values_list("subject_id", "why"):
        words[subject].append(why)
    return {subject: "；".join(found) for subject, found in words.items()}


def workers_on(ground: Sequence[str], day: date) -> list[rules.Worker]:
    """Workers of an area, or of the grids that followed one that ended."""
    return workers_near(ground[0], day) if len(ground) == 1 else workers_around(ground, (), day)


def workers_near(area: str, day: date) -> list[rules.Worker]:
    """Workers of the communities `area` lies in or consists of, and whoever covers for them on `day`."""
    own = in_force(day).filter(in_area(area[: rules.COMMUNITY], "area_id"), role=Role.WORKER)
    posts = current(own)
    covers = _covers(posts, day)
    strangers = set(filter(None, covers.values())) - set(posts)
    posts |= {post.pk: post for post in in_force(day).filter(pk__in=strangers)}
    away = covers.keys() | _covers(strangers, day).keys()
    loads = _loads(posts)
    return [
        rules.Worker(
            pk, str(post.person), post.area_id, loads.get(pk, 0), pk in away, covers.get(pk), pk in strangers,
            post.person_id,
        )
        for pk, post in posts.items()
    ]  # fmt: skip


def settled_holders(doors: Sequence[rules.OpenDoor]) -> dict[int, rules.Holder]:
    """Task → whose its door is today, with the reason. A few queries for each community."""
    people = {door.person for door in doors}
    return rules.holders(doors, workers_around({door.area for door in doors}, people, today()))


def workers_around(areas: Iterable[str], people: Iterable[int], day: date) -> list[rules.Worker]:
    """Workers of the communities these grids lie in, and wherever else `people` are posted: who may have a door.

    A few queries for each community.
    """
    near = {
        worker.posting: worker
        for community in sorted({area[: rules.COMMUNITY] for area in areas})
        for worker in workers_near(community, day)
    }
    others = in_force(day).filter(person__in=set(people), role=Role.WORKER).exclude(pk__in=near)
    return [*near.values(), *(_elsewhere(post) for post in others)]


def _elsewhere(post: Posting) -> rules.Worker:
    return rules.Worker(post.pk, str(post.person), post.area_id, cover_only=True, person=post.person_id)


def current(posts: Iterable[Posting]) -> dict[int, Posting]:
    """Without those of a grid that was closed whose worker is posted to a current one: one worker counts once."""
    every = list(posts)
    working = {post.person_id for post in every if not _is_closed(post)}
    return {post.pk: post for post in every if not _is_closed(post) or post.person_id not in working}


def _is_closed(post: Posting) -> bool:
    until: date | None = post.area_until  # type: ignore[attr-defined]
    return until is not None and until < today()


def nobodys() -> QuerySet[CheckTask]:
    """Doors still to be visited whose posting is over, or whose person was deactivated: whoever could go has none of
    them on the phone."""
    over = Q(posting__valid_to__lt=today()) | Q(posting__person__is_active=False)
    return CheckTask.objects.filter(over, state__in=TO_VISIT).order_by("pk")


def in_force(day: date) -> QuerySet[Posting]:
    rows = Posting.objects.filter(valid_on(day), person__is_active=True).select_related("person")
    return rows.annotate(area_until=F("area__valid_to"))


def _covers(postings: Iterable[int], day: date) -> dict[int, int | None]:
    """Postings that are away on `day`, with the posting that covers for them."""
    absent = Absence.objects.filter(posting__in=list(postings), first_day__lte=day, last_day__gte=day)
    return dict(absent.order_by("pk").values_list("posting_id", "cover_id"))


def _loads(postings: Iterable[int]) -> dict[int, int]:
    waiting = CheckTask.objects.filter(posting__in=list(postings), state__in=TO_VISIT)
    return dict(waiting.values_list("posting_id").annotate(Count("pk")))
