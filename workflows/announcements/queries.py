"""Reading announcements: the desk within its territory, the public what was published and stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from grid import outside, problems
from grid.calendar.now import day_of, today
from grid.scope import Actor, Right, in_areas, narrowed, within
from workflows.announcements.models import Announcement, Batch
from workflows.cases.models import Case
from workflows.listing.models import Ground, Route
from workflows.remedies.models import Remedy, RemedyOutcome, RemedyTarget

TO_PUBLISH = Q(decided_at__isnull=False, batch=None, refused_at=None)


def stays() -> QuerySet[Remedy]:
    """Reviews and suits by which the execution of a penalty is stayed now."""
    return Remedy.objects.staying(RemedyTarget.PENALTY)


@dataclass(frozen=True)
class File:
    """An entry with the review or suit by which its penalty is stayed now."""

    entry: Announcement
    stay: Remedy | None


def file_of(entry: Announcement) -> File:
    """One query; the entry comes from a scoped one."""
    return File(entry, stays().filter(case=entry.case_id).first())


def fallen(case: Case) -> bool:
    """Whether the penalty of `case` was quashed; one imposed anew stands, whatever became of the one before."""
    penalty = case.penalty or {}
    quashed = Remedy.objects.filter(case=case, target=RemedyTarget.PENALTY, outcome=RemedyOutcome.QUASHED)
    return not penalty.get("number") or quashed.filter(filed_on__gte=penalty["decided_on"]).exists()


def to_publish(office: str) -> QuerySet[Announcement]:
    """Decided and not published, in the territory of an office; what is stayed waits."""
    rows = Announcement.objects.filter(TO_PUBLISH, area__startswith=office)
    return rows.exclude(case__in=stays().values("case"))


def handled_on(entry: Announcement) -> date:
    """The day of the penalty it tells of: by it the quarter of a matter is counted (人社部令第29号 第六条)."""
    penalty = entry.case.penalty or {}
    return outside.day(penalty["decided_on"]) if "decided_on" in penalty else day_of(entry.proposed_at)


def batches() -> QuerySet[Batch]:
    """Batches that still show something, the newest first."""
    shown = Q(entries__removed_at=None) & ~Q(entries__case__in=stays().values("case"))
    standing = Count("entries", filter=shown)
    return Batch.objects.annotate(count=standing).filter(count__gt=0).order_by("-published_at", "-pk")


def batch_at(pk: int) -> Batch:
    found = batches().filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def entries_of(batch: Batch) -> QuerySet[Announcement]:
    return public_entries().filter(batch=batch).order_by("pk")


def public_entries(text: str = "") -> QuerySet[Announcement]:
    """What the public may read: neither what was taken down, nor what rests on a penalty that is stayed."""
    rows = Announcement.objects.filter(batch__isnull=False, removed_at=None)
    rows = rows.exclude(case__in=stays().values("case"))
    rows = rows.select_related("batch", "subject", "ground")
    if text := text.strip():
        rows = rows.filter(Q(name__contains=text) | Q(credit_code=text.upper()))
    return rows.order_by("-batch__published_at", "pk")


def public_entry(code: str) -> Announcement:
    """Raises NotHere for what was never published, or was taken down."""
    found = public_entries().filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def announcements_for(viewer: Actor, state: str = "", area: str = "") -> QuerySet[Announcement]:
    """Within the viewer's territory. `state`: proposed, decided, published, objected, ended; else all."""
    rows = within(Announcement.objects.all(), viewer, Right.SEE_CASES)
    rows = narrowed(rows, area)
    limits = {
        "proposed": Q(decided_at=None, refused_at=None),
        "decided": TO_PUBLISH,
        "published": Q(batch__isnull=False, removed_at=None),
        "objected": Q(objected_on__isnull=False, answered_at=None, removed_at=None),
        "ended": Q(refused_at__isnull=False) | Q(removed_at__isnull=False),
    }
    if state in limits:
        rows = rows.filter(limits[state])
    return rows.select_related("subject", "batch", "case").order_by("-proposed_at", "-pk")


def announcements_waiting(viewer: Actor) -> QuerySet[Announcement]:
    """What the viewer has to decide on, to publish this quarter or to answer, the oldest first; never to decide on
    what they proposed, or to answer what they took in."""
    me = viewer.person_id
    areas = {*viewer.areas(Right.DECIDE_CITY), *viewer.areas(Right.DECIDE_DISTRICT)}
    to_decide = Q(decided_at=None, refused_at=None) & ~Q(proposed_by=me)
    to_answer = Q(objected_on__isnull=False, answered_at=None, removed_at=None) & ~Q(objection_by=me)
    # Nothing is decided or published while the penalty is stayed.
    moving = (to_decide | TO_PUBLISH) & ~Q(case__in=stays().values("case"))
    rows = Announcement.objects.filter(moving | to_answer, in_areas(areas))
    return rows.order_by("proposed_at", "pk")


def announcement_at(viewer: Actor, code: str) -> Announcement:
    rows = announcements_for(viewer).select_related("ground", "proposed_by", "decided_by", "answered_by")
    found = rows.filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def offices_to_publish(viewer: Actor) -> list[str]:
    """Those of them for which something is decided and not published yet."""
    rows = to_publish("").filter(in_areas(offices := offices_of(viewer)))
    areas = list(rows.values_list("area", flat=True).distinct())
    return [office for office in offices if any(area.startswith(office) for area in areas)]


def offices_of(viewer: Actor) -> list[str]:
    """Districts and the city the viewer may publish a batch for."""
    codes = {*viewer.areas(Right.DECIDE_CITY), *viewer.areas(Right.DECIDE_DISTRICT)}
    return sorted(code for code in codes if len(code) in (4, 6))


def penalty_facts(case: Case) -> dict[str, str]:
    """What the penalty says of the case, for the proposal to begin with: {facts, handling}; empty without one."""
    penalty = case.penalty or {}
    if not penalty.get("number"):
        return {}
    handling = _("{number}，罚款 {sum} 元").format(
        number=penalty["number"], sum=f"{Decimal(penalty['amount']):,.2f}"
    )
    return {"facts": penalty.get("facts", ""), "handling": handling}


def grounds() -> QuerySet[Ground]:
    day = today()
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    return Ground.objects.filter(in_force, route=Route.ANNOUNCE, valid_from__lte=day).order_by("code")
