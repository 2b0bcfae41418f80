"""Reading people: those whose accounts somebody looks after, and what became of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.accounts.actions import tries
from grid.accounts.queries import SECOND
from grid.calendar.now import today
from grid.outside import is_digits
from grid.people.models import PeopleSheet
from grid.scope import Actor, Right, Role, in_area, in_areas, require_person
from grid.territory.followers import Phone, Work, phones_of, work_of
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import GIVING, may_post, seen, valid_on
from grid.territory.rules import CONTROLLING, ROLE_LEVELS, level_of

NAMES: Final = 12  # offered while somebody types
STATES: Final = {
    "": _("在用"),
    "vacant": _("没有岗位"),
    "fresh": _("没有设过密码"),
    "factor": _("没有两步验证"),
    "phone": _("网格员没有手机"),
    "waiting": _("登录要等待"),
    "closed": _("已停用"),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What the list is asked for; "" means any. `q`: a name, a login, or the last digits of a telephone."""

    q: str = ""
    state: str = ""
    role: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    person: Person
    posts: Sequence[Posting]
    phones: Sequence[Phone]
    wait: bool

    @property
    def needs_phone(self) -> bool:
        return not self.phones and any(post.role == Role.WORKER for post in self.posts)


# --- whom -----------------------------------------------------------------------------------------------


def running() -> Q:
    """Posts in force or to come."""
    return Q(valid_to=None) | Q(valid_to__gte=today())


def giving(viewer: Actor) -> Q:
    """Posts that are the viewer's to give and end; the SQL of `territory.queries.may_post`."""
    if viewer.machine:
        return Q()
    watching, others = viewer.areas(Right.POST_CONTROL), viewer.areas(Right.POST)
    above = [code for code in others if len(code) < 6]  # the head of a district is posted from above it
    founding = [code for code in others if may_post(viewer, Role.PERSONNEL, code)]
    return (
        Q(role__in=CONTROLLING) & in_areas(watching, "area_id")
        | Q(role=Role.PERSONNEL) & in_areas(founding, "area_id")
        | ~Q(role__in=[*CONTROLLING, Role.DISTRICT]) & in_areas(others, "area_id")
        | Q(role=Role.DISTRICT) & in_areas(above, "area_id")
    )


def people_of(viewer: Actor) -> QuerySet[Person]:
    """Whoever holds, or held last, a post that is the viewer's to give; who never held one, where they were added.

    With `is_posted`, `has_factor`. One's own account is not among them: nobody looks after it themselves.
    """
    posts = Posting.objects.filter(person=OuterRef("pk"))
    last = posts.order_by("-valid_from", "-pk").values("pk")[:1]
    rows = Person.objects.annotate(
        is_posted=Exists(posts.filter(running())),
        has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND)),
        last_post=Subquery(last),
    )
    codes = {code for right in GIVING for code in viewer.areas(right)}
    at_home = Q() if viewer.machine else in_areas(codes, "home")
    if any(len(code) == 4 for code in codes):
        at_home |= Q(home="")  # from before it was noted: the city's
    mine = (
        Exists(posts.filter(running()).filter(giving(viewer)))
        | Q(is_posted=False) & Exists(Posting.objects.filter(pk=OuterRef("last_post")).filter(giving(viewer)))
        | Q(last_post=None) & at_home
    )
    return rows.filter(mine).exclude(pk=viewer.person_id or 0)


def found(viewer: Actor, sought: Sought) -> QuerySet[Person]:
    rows = _named(people_of(viewer), sought.q.strip())
    if sought.role or sought.area:
        rows = rows.filter(Exists(_posts_like(viewer, sought)))
    # Who is looked for by name is found, shut or not.
    if sought.state == "closed":
        rows = rows.filter(is_active=False)
    elif sought.state or not sought.q.strip():
        rows = rows.filter(is_active=True)
    return _in_state(rows, sought.state).order_by("full_name", "pk")


def _posts_like(viewer: Actor, sought: Sought) -> QuerySet[Posting]:
    posts = seen(Posting.objects.filter(running(), person=OuterRef("pk")), viewer, "area_id")
    if sought.role:
        posts = posts.filter(role=sought.role)
    return posts.filter(in_area(sought.area, "area_id")) if sought.area else posts


def _named(rows: QuerySet[Person], q: str) -> QuerySet[Person]:
    if not q:
        return rows
    by_name = Q(full_name__icontains=q) | Q(username__icontains=q)
    return rows.filter(by_name | Q(phone__endswith=q) if is_digits(q) and len(q) >= 3 else by_name)


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "vacant":
        return rows.filter(is_posted=False)
    if state == "fresh":
        return rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if state == "factor":
        return rows.filter(has_factor=False)
    if state == "waiting":
        keys = tries.waiting()
        names = rows.values_list("pk", "username") if keys else []
        return rows.filter(pk__in=[pk for pk, name in names if tries.name_key(name) in keys])
    if state == "phone":
        workers = Posting.objects.filter(valid_on(today()), role=Role.WORKER).values_list(
            "person_id", flat=True
        )
        return rows.filter(pk__in=set(workers) - phones_of(set(workers)).keys())
    return rows


def counts(viewer: Actor) -> dict[str, int]:
    """How many there are in the states that one query can tell."""
    active = Q(is_active=True)
    return people_of(viewer).aggregate(
        all=Count("pk", filter=active),
        vacant=Count("pk", filter=active & Q(is_posted=False)),
        fresh=Count("pk", filter=active & Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)),
        factor=Count("pk", filter=active & Q(has_factor=False)),
        closed=Count("pk", filter=~active),
    )


def rows_of(viewer: Actor, people: Any) -> list[Row]:
    """A page of the list, with posts as far as the viewer sees them."""
    posts = seen(Posting.objects.filter(running()).select_related("area"), viewer, "area_id")
    listed = list(people.prefetch_related(Prefetch("postings", posts.order_by("valid_from", "pk"), "now")))
    phones, keys = phones_of([person.pk for person in listed]), tries.waiting()
    return [
        Row(person, person.now, phones.get(person.pk, []), tries.name_key(person.username) in keys)
        for person in listed
    ]


def chosen(viewer: Actor, pks: Collection[int]) -> list[Person]:
    """Those of `pks` the viewer looks after. Raises NotHere when there are none."""
    rows = list(people_of(viewer).filter(pk__in=pks, is_active=True).order_by("full_name", "pk"))
    if not rows:
        raise problems.NotHere()
    return rows


def without_password(rows: QuerySet[Any]) -> list[Person]:
    """Those of a list who may sign in and never had a password."""
    return list(
        rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True).order_by("full_name", "pk")
    )


def named(viewer: Actor, q: str) -> list[Person]:
    """Whom somebody means who types `q`: the first few who may be posted, with their posts now."""
    rows = _named(people_of(viewer).filter(is_active=True), q.strip()) if q.strip() else Person.objects.none()
    posts = seen(Posting.objects.filter(running()).select_related("area"), viewer, "area_id")
    return list(rows.order_by("full_name", "pk").prefetch_related(Prefetch("postings", posts, "now"))[:NAMES])


def ends_for(viewer: Actor, people: Collection[Person]) -> list[Posting]:
    """Their posts that run or are to come and that the viewer may end."""
    rows = Posting.objects.filter(running(), giving(viewer), person__in=people)
    return list(rows.select_related("person", "area").order_by("person__full_name", "pk"))


def roles_given(viewer: Actor) -> list[Role]:
    """The roles `viewer` gives somewhere, in the order of the list of roles."""
    watching, others = viewer.areas(Right.POST_CONTROL), viewer.areas(Right.POST)

    def gives_role(role: Role) -> bool:
        if role in CONTROLLING:
            return bool(watching) or any(may_post(viewer, role, code) for code in others)
        deepest = max(ROLE_LEVELS[role])
        return any(
            deepest >= level_of(code) and (role != Role.DISTRICT or level_of(code) < deepest)
            for code in others
        )

    return [role for role in Role if gives_role(role)]


def tops_to_give(viewer: Actor) -> list[Area]:
    """Where the viewer gives posts, the widest first, and what lies right below: the filter of the list."""
    codes = {code for right in GIVING for code in viewer.areas(right)}
    rows = Area.objects.filter(valid_on(today())).filter(Q(pk__in=codes) | Q(parent__in=codes))
    return list(rows.defer("outline").order_by("code"))


# --- one of them ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Left:
    """A post that would end with the account: what waits for it, and who else is posted there."""

    posting: Posting
    work: list[Work]
    takers: list[str]


def left_by(viewer: Actor, person: Person) -> list[Left]:
    rows = seen(person.postings.filter(valid_on(today())).select_related("area", "person"), viewer, "area_id")
    return [Left(post, work_of(post, viewer), _takers(post)) for post in rows]


def _takers(post: Posting) -> list[str]:
    """Names of colleagues in the same role here; a worker's doors also go to those of the community."""
    around = post.area_id[:12] if post.role == Role.WORKER else post.area_id
    same = Posting.objects.filter(valid_on(today()), role=post.role, person__is_active=True)
    same = same.filter(in_area(around, "area_id") if post.role == Role.WORKER else Q(area=post.area_id))
    rows = same.exclude(person=post.person_id).select_related("person").order_by("area", "pk")[:6]
    return list(dict.fromkeys(row.person.full_name for row in rows))


def gives(viewer: Actor, posts: Collection[Posting]) -> list[tuple[Posting, bool]]:
    """Each post, and whether the viewer may end it: nobody ends their own."""
    return [
        (post, post.person_id != viewer.person_id and may_post(viewer, post.role, post.area_id))
        for post in posts
    ]


# --- lists that were handed in --------------------------------------------------------------------------


def sheet_of(viewer: Actor, pk: int) -> PeopleSheet:
    """Whoever handed a list in reads it. Raises NotHere for everybody else."""
    found = PeopleSheet.objects.filter(pk=pk, by=require_person(viewer)).first()
    if found is None or not any(map(viewer.has, GIVING)):
        raise problems.NotHere()
    return found


def sheets_of(viewer: Actor) -> QuerySet[PeopleSheet]:
    return PeopleSheet.objects.filter(by=require_person(viewer)).defer("lines", "report").order_by("-pk")


def posted_lines(viewer: Actor) -> Iterator[list[object]]:
    """Posts in force or to come that are the viewer's to give, as `rules.COLUMNS` has them; last, those who may be given
    one and hold none. Without telephone numbers: a table that goes from hand to hand holds none."""
    rows = Posting.objects.filter(running(), giving(viewer), person__is_active=True)
    posts = rows.exclude(person=viewer.person_id or 0).select_related("person", "area").defer("area__outline")
    for post in posts.order_by("area", "role", "pk"):
        person, role = post.person, str(Role(post.role).label)
        yield [
            person.full_name, person.username, "", role, post.area_id, post.area.name, post.valid_from,
            post.valid_to or "", post.department,
        ]  # fmt: skip
    nobody = people_of(viewer).exclude(postings__in=Posting.objects.filter(running()))
    for person in nobody.filter(is_active=True).order_by("username"):
        yield [person.full_name, person.username, *[""] * 7]
