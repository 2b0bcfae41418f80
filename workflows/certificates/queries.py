"""Who needs a certificate, who has one, and whose runs out. A viewer sees those whose posts they give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.ledger.models import Entry
from grid.scope import Actor, Right, Role, in_area, in_areas
from grid.territory.models import Posting
from grid.territory.queries import GIVING, valid_on
from grid.territory.rules import CONTROLLING
from workflows.certificates.rules import KIND_OF, ROLE_OF
from workflows.certificates.verbs import CertificateVerb
from workflows.inspections.models.certificates import Certificate, CertificateKind

AHEAD = "stuck.certificate_days"
# Further ahead nobody is reminded, whatever the law says.
LONGEST_AHEAD = timedelta(days=366)
VALID, SOON, OVER, MISSING = "valid", "soon", "over", "missing"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post that needs a certificate, with the one that lasts longest."""

    posting: Posting
    kind: CertificateKind
    certificate: Certificate | None
    state: str


def holders_of(viewer: Actor, area: str = "") -> list[Holder]:
    """Those whose posts the viewer gives, what is missing or runs out first. Three queries. Raises NotHere, NotYourPost."""
    posts = _posts_given(viewer)
    if area:
        posts = posts.filter(in_area(area, "area_id"))
    rows = list(posts.select_related("person", "area").order_by("area_id", "role", "person__full_name"))
    cards: dict[tuple[int, str], Certificate] = {}
    for card in Certificate.objects.filter(person__in={row.person_id for row in rows}).order_by("valid_to"):
        cards[card.person_id, card.kind] = card
    soon = today() + timedelta(days=days_ahead())
    found = [_holder(row, cards.get((row.person_id, KIND_OF[row.role])), soon) for row in rows]
    order = (MISSING, OVER, SOON, VALID)
    return sorted(found, key=lambda row: order.index(row.state))


def _holder(posting: Posting, card: Certificate | None, soon: date) -> Holder:
    if card is None:
        state = MISSING
    elif card.valid_to < today():
        state = OVER
    else:
        state = SOON if card.valid_to <= soon else VALID
    return Holder(posting, CertificateKind(KIND_OF[posting.role]), card, state)


def days_ahead() -> int:
    row = the_law(today()).get(AHEAD)
    return int(row.value) if row else 0


def _posts_given(viewer: Actor) -> QuerySet[Posting]:
    """Posts that need a certificate and that the viewer gives. Raises NotHere, NotYourPost."""
    if not any(map(viewer.has, GIVING)):
        raise problems.NotYourPost(right=Right.POST.value) if viewer.held else problems.NotHere()
    return _given_by(viewer)


def _given_by(viewer: Actor) -> QuerySet[Posting]:
    """A right of its own gives the posts that review (grid/territory/rules.py)."""
    control = [role for role in KIND_OF if role in CONTROLLING]
    mine = Q(role__in=control) & in_areas(viewer.areas(Right.POST_CONTROL), "area_id")
    others = [role for role in KIND_OF if role not in CONTROLLING]
    mine |= Q(role__in=others) & in_areas(viewer.areas(Right.POST), "area_id")
    return Posting.objects.filter(mine, valid_on(today()), person__is_active=True)


def certificate_at(viewer: Actor, pk: int) -> Certificate:
    """Raises NotHere where its holder has no post the viewer gives, NotYourPost."""
    posts = _posts_given(viewer).filter(person=OuterRef("person"))
    rows = Certificate.objects.filter(Exists(posts)).select_related("person")
    found = rows.filter(pk=pk).first()
    if found is None or ROLE_OF[found.kind] not in {
        row.role for row in _given_by(viewer).filter(person=found.person_id)
    }:
        raise problems.NotHere()
    return found


def history_of(viewer: Actor) -> Sequence[Entry]:
    """The newest acts on certificates in the viewer's territory."""
    codes = {code for right in GIVING for code in viewer.areas(right)}
    verbs = (
        CertificateVerb.CERTIFICATE_NOTED,
        CertificateVerb.CERTIFICATE_ENDED,
        CertificateVerb.CERTIFICATES_IMPORTED,
    )
    rows = Entry.objects.filter(in_areas(codes), verb__in=verbs)
    return list(rows.select_related("leaf").order_by("-pk")[:30])


def running_out(viewer: Actor) -> QuerySet[Certificate]:
    """Certificates over or to be so within a year, of people who still hold the post and have none that lasts longer."""
    if not any(map(viewer.has, GIVING)):
        return Certificate.objects.none()
    kinds = [
        Q(kind=kind, person__in=_given_by(viewer).filter(role=role).values("person"))
        for kind, role in ROLE_OF.items()
    ]
    held = Q(pk__in=[])
    for kind in kinds:
        held |= kind
    longer = Certificate.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), valid_to__gt=OuterRef("valid_to")
    )
    return Certificate.objects.filter(held, ~Exists(longer), valid_to__lte=today() + LONGEST_AHEAD)


# --- what a city needs before its first penalty ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """How many of a post each district must have; `kind`: the certificate they show; `is_head`: who leads the office."""

    role: Role
    least: int
    kind: str = ""
    is_head: bool = False
    is_own: bool = True


def needs() -> tuple[Need, ...]:
    """行政处罚法42, 57, 58: two who investigate, heads who discuss, a lawyer who reviews; two who audit."""
    members = the_law(today()).get("inspection.collective_members")
    heads = int(members.value) if members else 1
    return (
        Need(Role.DISTRICT, heads, is_head=True),
        Need(Role.EXAMINER, 2, CertificateKind.AUDIT, is_own=False),
        Need(Role.INSPECTOR, 2, CertificateKind.ENFORCEMENT, is_own=False),
        Need(Role.LEGAL, 1, CertificateKind.LAW),
    )


def people_posted(city: str) -> list[tuple[str, str, int, bool]]:
    """(role, area, person, is_head) of everybody posted today to what `needs` asks. One query."""
    roles = {Role.DISTRICT, *ROLE_OF.values()}
    here = in_area(city, "area_id")
    rows = Posting.objects.filter(valid_on(today()), here, role__in=roles, person__is_active=True)
    return list(rows.values_list("role", "area_id", "person", F("is_head")))


def certified(people: Iterable[int]) -> set[tuple[int, str]]:
    """(person, kind) of whoever holds a valid one today. One query."""
    rows = Certificate.objects.filter(person__in=set(people), valid_from__lte=today(), valid_to__gte=today())
    return set(rows.values_list("person", "kind"))
