"""Reading the pool for those who know the ground, and what was claimed of it."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, today
from grid.scope import Actor, Right, Role, in_area, in_areas, narrowed, within
from grid.subjects.models import PERSONS, Placement, Standing, Subject
from grid.subjects.rules import match_name, plain
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import valid_on
from grid.territory.succession.queries import successors_of
from tasks.claims import rules
from tasks.claims.models import Claim, ClaimState
from tasks.visits.rules import Unlisted

# What a phone hears of its own claims that were refused.
TOLD_DAYS = 30


def waiting() -> QuerySet[Subject]:
    """Who waits for a grid and may be claimed: no persons, whose names no phone holds besides its own doors'."""
    rows = Subject.objects.filter(placement=Placement.UNPLACED, standing=Standing.ACTIVE, same_as=None)
    return rows.exclude(kind__in=PERSONS)


def claimable(areas: Collection[str]) -> QuerySet[Subject]:
    """What waits in the pools that workers posted at `areas` are asked about: of their communities, streets and
    districts, as far as they may hold it."""
    return waiting().filter(area__in={wider for area in areas for wider in rules.ancestors(area)})


def in_pool(said: Unlisted, area: str) -> Subject | None:
    """The row of the pool that is this unit, met in `area`: by its code; where none was seen, by a name that nobody else
    in the district has. One query."""
    if code := plain(said.credit_code):
        rows = claimable([area]).filter(Q(credit_code=code) | Q(legacy_code=code))
        return rows.first()
    name = match_name(said.name)
    if not name:
        return None
    named = Subject.objects.filter(in_area(area[: rules.DISTRICT]), match_name=name, same_as=None)
    found = list(named.exclude(kind__in=PERSONS).exclude(standing=Standing.CANCELLED)[:2])
    if len(found) == 1 and not found[0].is_placed and area.startswith(found[0].area):
        return found[0]
    return None


def grids_meant(said: str) -> list[str]:
    """The grids of today that took over from the one said, or itself; none for what is no grid."""
    codes = successors_of(said)
    rows = Area.objects.filter(valid_on(today()), pk__in=codes, level=Level.GRID)
    return sorted(rows.values_list("code", flat=True))


def own_grids(person: int) -> set[str]:
    """Where somebody is posted today to visit."""
    rows = Posting.objects.filter(valid_on(today()), person=person, role=Role.WORKER)
    return set(rows.values_list("area_id", flat=True))


def grids_near(areas: Collection[str]) -> list[tuple[str, str]]:
    """(code, name) of the grids of the communities these postings lie in: what a worker may say a door lies in."""
    communities = {area[: rules.COMMUNITY] for area in areas if len(area) >= rules.COMMUNITY}
    rows = Area.objects.filter(valid_on(today()), in_areas(communities, "code"), level=Level.GRID)
    return list(rows.order_by("code").values_list("code", "name"))


# --- for the phone -------------------------------------------------------------------------------------


def refused_of(person: int) -> list[dict[str, str]]:
    """What became of somebody's claims that do not hold, for their phone: those of the last weeks."""
    since = datetime.combine(today() - timedelta(days=TOLD_DAYS), time(), CITY_TIME)
    rows = Claim.objects.filter(visit__person=person, state=ClaimState.REFUSED, decided_at__gte=since)
    rows = rows.select_related("visit", "subject", "decided_by").order_by("-decided_at", "-pk")
    return [
        {
            "client_id": str(row.visit.client_id),
            "name": row.subject.name,
            "words": _("{who}退回：{why}").format(who=row.decided_by, why=row.why),
        }
        for row in rows[:50]
    ]


# --- at the desk ---------------------------------------------------------------------------------------


def claims_for(viewer: Actor, day: date | None, area: str = "", state: str = "") -> QuerySet[Claim]:
    """The claims of a day (None: of all days) where the viewer places subjects, the newest first."""
    rows = within(Claim.objects.all(), viewer, Right.PLACE)
    if day:
        start = datetime.combine(day, time(), CITY_TIME)
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if state in ClaimState.values:
        rows = rows.filter(state=state)
    rows = narrowed(rows, area).select_related("subject", "visit__person", "decided_by")
    return rows.order_by("-at", "-pk")


def claim_of(viewer: Actor, pk: int) -> Claim:
    """Raises NotHere outside the viewer's territory."""
    found = claims_for(viewer, None).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found
