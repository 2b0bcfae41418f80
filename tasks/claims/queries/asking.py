"""Who is asked where a subject lies that nobody claimed: its community after some days, the street after some more."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from grid import problems
from grid.calendar.now import CITY_TIME, today
from grid.law.queries import Law, the_law
from grid.scope import Actor, Right, in_area
from grid.subjects.models import Placement, Standing, Subject
from tasks.claims import rules
from tasks.claims.models import Claim, ClaimState, PoolReply, Reply

WORKERS, COMMUNITY = "claims.workers", "claims.community"


def waits_of_today(law: Law | None = None) -> rules.Waits:
    """Raises LawMissing."""
    known = law or the_law(today())
    return rules.Waits(int(known[WORKERS].value), int(known[COMMUNITY].value))


def asked_areas(viewer: Actor) -> list[str]:
    """The communities and streets in whose name the viewer answers."""
    return [code for code in viewer.areas(Right.PLACE) if len(code) in (rules.STREET, rules.COMMUNITY)]


def asked_of(viewer: Actor, area: str) -> QuerySet[Subject]:
    """What `area` is asked about today, the longest waiting first. Raises NotHere for an area the viewer does not answer
    for."""
    if area not in asked_areas(viewer):
        raise problems.NotHere()
    return _asked(area, waits_of_today())


def _asked(area: str, waits: rules.Waits) -> QuerySet[Subject]:
    """Without what it answered, what nobody finds anywhere, and what came back from a refused claim just now."""
    last = rules.asked_since(today(), len(area), waits) + timedelta(days=1)
    before = datetime.combine(last, time(), CITY_TIME)
    replies = PoolReply.objects.filter(subject=OuterRef("pk"))
    answered = replies.filter(Q(area=area) | Q(reply=Reply.NOT_THERE))
    returned = Claim.objects.filter(
        subject=OuterRef("pk"), state=ClaimState.REFUSED, decided_at__gte=before
    )  # fmt: skip
    rows = Subject.objects.filter(
        Q(area__in=rules.asked_about(area)) | in_area(area),
        ~Exists(answered), ~Exists(returned),
        placement=Placement.UNPLACED, standing=Standing.ACTIVE, same_as=None, added_at__lt=before,
    )  # fmt: skip
    return rows.order_by("added_at", "pk")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many subjects an area is asked about, and since when the oldest of them waits."""

    area: str
    count: int
    since: datetime


def asked_in(viewer: Actor) -> list[Asked]:
    """A line for each area the viewer answers for: a query for each, and one for the law. Until the office has said
    after how many days, nobody is asked."""
    areas, law = asked_areas(viewer), the_law(today())
    if not areas or WORKERS not in law or COMMUNITY not in law:
        return []
    waits, found = waits_of_today(law), []
    for area in areas:
        told = _asked(area, waits).order_by().aggregate(count=Count("pk"), since=Min("added_at"))
        if told["count"]:
            found.append(Asked(area, told["count"], told["since"]))
    return found


def subject_asked(viewer: Actor, area: str, pk: int) -> Subject:
    """Raises NotHere for what `area` is not asked about (any more)."""
    found = asked_of(viewer, area).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found
