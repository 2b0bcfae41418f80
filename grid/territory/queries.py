"""Reading the territory: areas, and the postings a person holds."""

from collections.abc import Collection, Iterable
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.prepared import Given, Prepared
from grid.scope import NOBODY, RIGHTS, Actor, Held, Right, Role, Row, in_area, in_areas, require
from grid.territory import problems as territory_problems
from grid.territory.models import Absence, Area, Level, Person, Posting
from grid.territory.rules import CONTROLLING, ROLE_LEVELS, givers_in_words, level_of, parent_of


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows with valid_from/valid_to that are in force on `day`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


# A posting, who holds it from when until when, and once more for each absence: who covers it, and when.
_POSTS_OF = Prepared(
    lambda: Posting.objects.filter(
        Q(person__one_of=Given("people")) | Q(absences__cover__person__one_of=Given("people"))
    )
    .order_by("pk")
    .values_list(
        "pk", "role", "area_id", "department",
        "person_id", "valid_from", "valid_to",
        "absences__cover__person_id", "absences__cover__valid_from", "absences__cover__valid_to",
        "absences__first_day", "absences__last_day",
    )
)  # fmt: skip


def held_by(people: Collection[int], day: date) -> dict[int, tuple[Held, ...]]:
    """Person → the postings they may act under on a day: the own ones, and those covered for an absent colleague.
    One query, built once: every request asks it."""
    held: dict[int, dict[int, Held]] = {pk: {} for pk in people}
    for *post, holder, since, until, cover, cover_since, cover_until, away, back in _POSTS_OF(people=people):
        if not _in_force(day, since, until):
            continue
        if holder in held:
            held[holder][post[0]] = Held(*post)
        if cover in held and _in_force(day, away, back) and _in_force(day, cover_since, cover_until):
            held[cover][post[0]] = Held(*post)
    return {pk: tuple(found.values()) for pk, found in held.items()}


def _in_force(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or until >= day)


def actor_of(person: Person, on: date | None = None) -> Actor:
    """Who `person` is when acting on a day (today): nobody, once deactivated."""
    if not person.is_active:
        return NOBODY
    return Actor(person.pk, person.full_name, held_by([person.pk], on or today())[person.pk])


def actors_of(people: Iterable[Person]) -> dict[int, Actor]:
    """Person → what `actor_of` says of them today; one query for any number."""
    known = {person.pk: person for person in people}
    held = held_by(known, today())
    return {pk: Actor(pk, person.full_name, held[pk]) for pk, person in known.items()}


def covers_of(posting_ids: Collection[int]) -> list[Absence]:
    """Every absence these postings cover, over, running or to come, with the absent posting. One query."""
    return list(Absence.objects.filter(cover__in=posting_ids).select_related("posting").order_by("pk"))


def absence_of(viewer: Actor, pk: int) -> Absence:
    """Raises NotHere outside the viewer's territory."""
    found = Absence.objects.select_related("posting__person", "posting__area").filter(pk=pk).first()
    if found is None or not sees(viewer, found.posting.area_id):
        raise problems.NotHere()
    return found


def absences_of(posts: Collection[Posting]) -> list[Absence]:
    """Those of these posts and those they cover for others, the newest first."""
    rows = Absence.objects.filter(Q(posting__in=posts) | Q(cover__in=posts)).order_by("-first_day", "-pk")
    return list(rows.select_related("posting__person", "posting__area", "cover__person")[:50])


def is_covered_on(absence: Absence, day: date) -> bool:
    """Whether the absence runs on `day` and the absent posting is in force. Expects `posting` at hand."""
    away = absence.posting
    return absence.first_day <= day <= absence.last_day and _in_force(day, away.valid_from, away.valid_to)


def current_area(code: str, on: date | None = None) -> Area:
    """The area with this code, in force. Raises UnknownArea, or AreaNotCurrent naming who took over."""
    area = Area.objects.filter(pk=code).first()
    if area is None:
        raise territory_problems.UnknownArea(area=code)
    refuse_closed(area, on or today())
    return area


def refuse_closed(area: Area, day: date) -> None:
    """Raises AreaNotCurrent for an area that is not in force on `day`, naming who took over."""
    if area.valid_from > day or (area.valid_to and area.valid_to < day):
        successors = area.successions.select_related("new").order_by("new")
        names = "、".join(s.new.name for s in successors) or str(_("无"))
        raise territory_problems.AreaNotCurrent(
            area=area.name, until=area.valid_to or area.valid_from, successors=names
        )


# Areas and posts are seen with one's territory, and by whoever gives posts in it and sees nothing else of it.
SEEING = (Right.SEE, Right.POST_CONTROL)
GIVING = (Right.POST, Right.POST_CONTROL)


def sees(viewer: Actor, area: str) -> bool:
    return any(viewer.can(right, area) for right in SEEING)


def seen(rows: QuerySet[Row], viewer: Actor, field: str) -> QuerySet[Row]:
    if viewer.machine:
        return rows
    return rows.filter(in_areas({code for right in SEEING for code in viewer.areas(right)}, field))


def area_of(viewer: Actor, code: str) -> Area:
    """Any area, also one no longer in force, that the viewer may see. Raises NotHere."""
    area = Area.objects.select_related("parent").filter(pk=code).first()
    if area is None or not sees(viewer, code):
        raise problems.NotHere()
    return area


def areas_below(viewer: Actor, code: str, level: int | None = None) -> QuerySet[Area]:
    """Current areas below `code` that the viewer may see: of one level, or the direct children."""
    rows = seen(Area.objects.filter(valid_on(today())), viewer, "code")
    return rows.filter(in_area(code, "code"), level=level) if level else rows.filter(parent=code)


def tops_of(viewer: Actor) -> list[Area]:
    """The areas where the viewer's territory begins: the entry points of every tree of areas."""
    codes = {code for right in SEEING for code in viewer.areas(right)}
    tops = [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]
    return list(Area.objects.filter(pk__in=tops).order_by("code"))


def path_of(code: str) -> list[Area]:
    """The area and its ancestors, the city first. One query."""
    codes = [code[:length] for length in (4, 6, 9, 12, 15) if length <= len(code)]
    return list(Area.objects.filter(pk__in=codes).order_by("code"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → readable name ("和平 · 第一网格" for grids). One query."""
    rows = Area.objects.filter(pk__in=set(codes)).values_list("code", "name", "level", "parent__short_name")
    return {code: readable(name, level, parent or "") for code, name, level, parent in rows}


def readable(name: str, level: int, parent: str) -> str:
    """A grid is called with the short name of its community, where its own does not begin so."""
    return f"{parent} · {name}" if level == Level.GRID and parent and not name.startswith(parent) else name


def place_words(city: str) -> list[str]:
    """What names of firms begin with in a city: its name and its districts', full and short, the longest first."""
    levels = (Level.CITY, Level.DISTRICT)
    rows = Area.objects.filter(code__startswith=city, level__in=levels).values_list("name", "short_name")
    words = {
        word for row in rows for name in row for word in (name, name.rstrip("市区县旗")) if len(word) > 1
    }
    return sorted(words, key=lambda word: (-len(word), word))


def postings_in(viewer: Actor, area: str, on: date | None = None) -> QuerySet[Posting]:
    """Postings in force at or below `area`, within the viewer's territory."""
    rows = Posting.objects.filter(valid_on(on or today()), in_area(area, "area_id"))
    return (
        seen(rows, viewer, "area_id")
        .select_related("person", "area")
        .prefetch_related("absences__cover__person")
        .order_by("area", "role", "pk")
    )


def posting_of(viewer: Actor, pk: int) -> Posting:
    """Raises NotHere outside the viewer's territory."""
    rows = seen(Posting.objects.select_related("person", "area"), viewer, "area_id")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def covers_for(posting: Posting, first: date, last: date) -> QuerySet[Posting]:
    """Postings of other people in the same role that are in force from `first` to `last`, nearest area first."""
    rows = Posting.objects.filter(valid_on(first), valid_on(last), role=posting.role)
    near = in_area(posting.area_id[: max(4, len(posting.area_id) - 3)], "area_id")
    return (
        rows.filter(near).exclude(person=posting.person_id).select_related("person", "area").order_by("area")
    )


def actor_named(username: str) -> Actor:
    """Who acts by a command, under the postings held today. Raises PersonUnknown."""
    return actor_of(person_named(username))


def person_named(username: str) -> Person:
    """Somebody who may still sign in. Raises PersonUnknown."""
    found = Person.objects.filter(username=username.strip(), is_active=True).first()
    if found is None:
        raise territory_problems.PersonUnknown(name=username)
    return found


def person_meant(viewer: Actor, text: str) -> Person:
    """Somebody by login, or by a name only one of those `viewer` gives posts to has. Raises PersonUnknown,
    NameShared."""
    word = text.strip()
    if known := Person.objects.filter(username=word, is_active=True).first():
        return known
    rows = Person.objects.filter(full_name=word, is_active=True).exclude(pk=viewer.person_id or 0)
    posts = managing_posts_of(list(rows))
    mine = [row for row in rows if any(gives_posts(viewer, area) for _role, area in posts[row.pk])]
    if not mine:
        raise territory_problems.PersonUnknown(name=text)
    if len(mine) > 1:
        raise territory_problems.NameShared(name=word, logins="、".join(row.username for row in mine[:5]))
    return mine[0]


def may_post(viewer: Actor, role: str, area: str) -> bool:
    """Whether `viewer` gives and ends posts of `role` over `area`.

    Watching, reviewing and deciding at the top are given by a right of their own; the head of a district from
    above it, never by a peer. `role` "": of somebody who never held a post, by whoever gives any there.
    """
    if role in CONTROLLING:
        return viewer.can(Right.POST_CONTROL, area) or (role == Role.PERSONNEL and _may_found(viewer, area))
    if not role:
        return gives_posts(viewer, area)
    return viewer.can(Right.POST, parent_of(area) if role == Role.DISTRICT else area)


def require_poster(by: Actor, role: str, area: str) -> None:
    """Asks for the right a role is given by: a watching or deciding one has a right of its own, a district's head is posted
    from above. Raises NotHere, NotYourPost; GivenByOthers for who may give other posts here."""
    if may_post(by, role, area):
        return
    if by.can(Right.POST, area) or by.can(Right.POST_CONTROL, area):
        raise territory_problems.GivenByOthers(role=Role(role).label, who=givers_in_words(role))
    require(by, Right.POST, area)


def gives_posts(viewer: Actor, area: str) -> bool:
    """Whether `viewer` gives posts of any kind over `area`, and so may add who is to hold one."""
    return any(viewer.can(right, area) for right in GIVING)


def gives_of_city(role: str, area: str) -> list[Right]:
    """The rights by which a post of `role` gives others throughout a city; none below it."""
    return (
        [right for right in GIVING if right in RIGHTS.get(role, ())] if level_of(area) == Level.CITY else []
    )


def others_who_give(right: Right, posting: Posting, since: date, until: date | None) -> bool:
    """Whether somebody else gives the same posts of the city from `since` on, and as long as `until` (None: without
    an end). Who alone gives a right on must have come in once, or would be helped by nobody."""
    roles = [role for role in Role if right in RIGHTS[role]]
    rows = Posting.objects.filter(area=posting.area_id, role__in=roles, valid_from__lte=since)
    lasting = Q(valid_to=None) if until is None else Q(valid_to=None) | Q(valid_to__gte=until)
    rows = rows.filter(lasting, person__is_active=True).exclude(person=posting.person_id)
    if right == Right.POST_CONTROL:
        rows = rows.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return rows.exists()


def _may_found(viewer: Actor, area: str) -> bool:
    """Whether `viewer` may give the city's first 组织人事 post, and look after its account: the city office, until
    somebody with that post has come in. From then on only its holders give it on (decision 42)."""
    if not viewer.can(Right.POST, area):
        return False
    held = Posting.objects.filter(in_area(area, "area_id"), role=Role.PERSONNEL)
    return not held.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def roles_to_post(viewer: Actor, area: Area) -> list[Role]:
    """The roles `viewer` may give at an area, in the order of the list of roles."""
    fitting = [role for role in Role if area.level in ROLE_LEVELS[role.value]]
    return [role for role in fitting if may_post(viewer, role.value, area.code)]


def may_manage(viewer: Actor, person: Person) -> bool:
    """Whether the account of `person` is `viewer`'s to look after: every post held now or to come is theirs to give,
    or, of who holds none, the post held last; of who never held one, any post where it was added. Never one's own."""
    if viewer.person_id == person.pk:
        return False
    posts = managing_posts(person)
    return all(may_post(viewer, role, area) for role, area in posts)


def managing_posts(person: Person) -> list[tuple[str, str]]:
    """(role, area) of the posts that say who looks after an account: those in force or to come, else the last; for
    who never held one, role "" over the area the account was added in."""
    return managing_posts_of([person])[person.pk]


def managing_posts_of(people: Collection[Person]) -> dict[int, list[tuple[str, str]]]:
    """Person → `managing_posts`. One query for any number."""
    rows = Posting.objects.filter(person__in=people).order_by("valid_from", "pk")
    running: dict[int, list[tuple[str, str]]] = {}
    last: dict[int, list[tuple[str, str]]] = {}
    day = today()
    for person, role, area, until in rows.values_list("person_id", "role", "area_id", "valid_to"):
        last[person] = [(role, area)]
        if until is None or until >= day:
            running.setdefault(person, []).append((role, area))
    return {
        account.pk: running.get(account.pk) or last.get(account.pk) or [("", account.home or city_code())]
        for account in people
    }


def require_manager(viewer: Actor, person: Person) -> None:
    """Raises NotHere when no post of the person is in the viewer's reach, GivenByOthers when one is another's."""
    refuse_unmanaged(viewer, managing_posts(person))


def refuse_unmanaged(viewer: Actor, posts: Collection[tuple[str, str]]) -> None:
    """What `require_manager` refuses, for posts at hand."""
    if viewer.machine:
        return
    if not any(sees(viewer, area) for _role, area in posts):
        raise problems.NotHere()
    for role, area in posts:
        if not may_post(viewer, role, area):
            raise territory_problems.GivenByOthers(
                role=Role(role).label if role else "", who=givers_in_words(role)
            )


def home_of(person: Person) -> str:
    """The area whose ledger tells of the account: the widest of its posts."""
    return widest(managing_posts(person))


def widest(posts: Collection[tuple[str, str]]) -> str:
    return min((area for _role, area in posts), key=len)


def city_code() -> str:
    return Area.objects.filter(valid_on(today()), parent=None).values_list("code", flat=True).first() or ""


def person_of_area(viewer: Actor, pk: int) -> Person:
    """Somebody with a post, now or once, in the viewer's territory. Raises NotHere."""
    found = Person.objects.filter(pk=pk).first()
    if found is None or not any(sees(viewer, area) for _role, area in managing_posts(found)):
        raise problems.NotHere()
    return found


def history_of(viewer: Actor, person: Person) -> QuerySet[Posting]:
    """The posts of a person within the viewer's territory, the newest first."""
    rows = seen(person.postings.select_related("area", "person"), viewer, "area_id")
    return rows.order_by("-valid_from", "-pk")


def own_posts(person: Person) -> list[Posting]:
    """Everything somebody holds, held or will hold, the newest first: one's own posts are no secret to oneself."""
    return list(person.postings.select_related("area", "person").order_by("-valid_from", "-pk"))
