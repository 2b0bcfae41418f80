"""People for many at once: a list taken, posts given and ended, and the first of all."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from grid import problems
from grid.accounts import problems as accounts_problems
from grid.accounts.actions import give_code
from grid.calendar.now import now, today
from grid.hints import ACCESS, hint
from grid.ledger.actions import Line, record, record_acts
from grid.ledger.verbs import Verb
from grid.people import problems as people_problems
from grid.people.models import PeopleSheet
from grid.people.queries.judging import REFUSED, Judged, judge
from grid.people.rules import SheetLine
from grid.people.verbs import PeopleVerb
from grid.scope import RIGHTS, Actor, Right, Role, require_person
from grid.territory import followers
from grid.territory.actions import add_person, end_postings, give_posting, posting_facts
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import current_area, valid_on, widest
from grid.territory.rules import Post
from grid.territory.verbs import TerritoryVerb

MOST_POSTS = 200


@transaction.atomic
def take_sheet(sheet: PeopleSheet, *, by: Actor) -> PeopleSheet:
    """Takes the lines that can be taken, as they are judged now; the report says what became of each.

    Raises OutOfOrder for one that was taken already, Busy.
    """
    sheet = PeopleSheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.taken_at:
        raise problems.OutOfOrder(thing=sheet.file, state="已录入", act="录入")
    sheet.report = [person.told for person in enter_people(sheet.lines, sheet.file, by=by)]
    # Telephone numbers are with the people now.
    sheet.taken_at, sheet.lines = now(), []
    sheet.save(update_fields=["taken_at", "lines", "report"])
    return sheet


@transaction.atomic
def enter_people(lines: Sequence[SheetLine], file: str, *, by: Actor) -> list[Judged]:
    """Adds the people of `lines` (see PeopleSheet) who are not known and gives the posts that are not held. A line
    that is refused changes nothing; the same list again changes nothing. Without a `file` it was typed
    in, and its lines tell themselves. Raises Busy."""
    if city := Area.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True).first():
        # Two lists at once would each add the same people: one after the other.
        Area.objects.select_for_update(no_key=True).get(pk=city)
    _lock_people(lines)
    judged = judge(lines, by)
    taken = [line for line in judged if line.outcome != REFUSED and line.standing]
    people = _save_people(taken)
    posts = _save_posts(taken)
    acts = [*_person_lines(people), *_posting_lines(posts)]
    if not acts:
        return judged
    record_acts(acts, by=by)
    followers.postings_changed(*posts, by=by)
    for area in {post.area_id for post in posts}:
        hint(ACCESS, area)
    if not file:
        return judged
    data = {
        "file": file, "people": len(people), "posts": len(posts),
        "refused": sum(line.outcome == REFUSED for line in judged),
    }  # fmt: skip
    record(
        PeopleVerb.PEOPLE_IMPORTED, Line(widest([("", line.area) for _verb, line in acts]), data=data), by=by
    )
    return judged


def _lock_people(lines: Sequence[SheetLine]) -> None:
    """Whoever posts one of them in this moment waits, and then sees what they hold."""
    names = {str(line["username"]).strip().lower() for line in lines}
    rows = Person.objects.annotate(low=Lower("username")).filter(low__in=names)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _save_people(judged: Sequence[Judged]) -> list[Person]:
    known = {id(line.standing): line.standing.person for line in judged if line.standing}
    new = [person for person in known.values() if person.pk is None]
    try:
        with transaction.atomic():
            return Person.objects.bulk_create(new, batch_size=500)
    except IntegrityError as error:  # somebody added the same login by hand in this moment
        raise problems.Busy() from error


def _save_posts(judged: Sequence[Judged]) -> list[Posting]:
    posts = [line.posting for line in judged if line.posting]
    for post in posts:
        post.person = post.person  # takes its new key along
    return Posting.objects.bulk_create(posts, batch_size=500)


def _person_lines(people: Sequence[Person]) -> list[tuple[Verb, Line]]:
    return [
        (TerritoryVerb.PERSON_ADDED, Line(person.home, data={"person": person.pk, "name": person.full_name}))
        for person in people
    ]


def _posting_lines(posts: Sequence[Posting]) -> list[tuple[Verb, Line]]:
    return [
        (
            TerritoryVerb.POSTING_GIVEN,
            Line(post.area_id, data=posting_facts(post) | {"from": post.valid_from, "until": post.valid_to}),
        )
        for post in posts
    ]


@transaction.atomic
def end_posts(posts: Collection[Posting], *, last_day: date, reason: str, by: Actor) -> list[Posting]:
    """All or none. Raises TooManyPeople, and what end_posting raises."""
    if len(posts) > MOST_POSTS:
        raise accounts_problems.TooManyPeople(most=MOST_POSTS, n=len(posts))
    return end_postings(posts, last_day=last_day, reason=reason, by=by)


# --- the first of all ---------------------------------------------------------------------------------


@transaction.atomic
def add_first_admin(
    username: str, full_name: str, area: str, *, role: Role = Role.CITY, by: Actor
) -> tuple[Person, str]:
    """The first of the city office, who does the rest in the browser; answers a first code. `role` PERSONNEL: whoever
    gives the posts that watch and decide, when nobody holds that any more.

    Whoever was made so and cannot come in (the code was lost or late) gets another, as long as nobody else could give
    it. Raises UnknownArea, PostingOutOfArea, CityManaged, and what add_person raises.
    """
    place = current_area(area)
    Area.objects.select_for_update(no_key=True).get(pk=area)  # two at once would each be the first
    right = Right.POST_CONTROL if role == Role.PERSONNEL else Right.POST
    holders = _holders(area, right)
    if holders:
        if [holder.person.username for holder in holders] == [username.strip()]:
            person = holders[0].person
            return person, give_code(person, reason="首位管理人员登录", by=by)
        names = "、".join(f"{holder.person.full_name}（{holder.person.username}）" for holder in holders[:5])
        raise people_problems.CityManaged(area=place.name, role=Role(role).label, names=names)
    person = add_person(username, full_name, area, by=by)
    give_posting(person, Post(role, area, today()), by=by)
    return person, give_code(person, reason="首位管理人员登录", by=by)


def _holders(area: str, right: Right) -> list[Posting]:
    """Who gives posts of the whole area today, one posting for each person."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    rows = Posting.objects.filter(
        valid_on(today()),
        area__in=[area[:size] for size in (4, 6, 9, 12, 15)],
        role__in=roles,
        person__is_active=True,
    ).select_related("person")
    return list({row.person_id: row for row in rows.order_by("pk")}.values())


@transaction.atomic
def keep_sheet(file: str, lines: list[SheetLine], by: Actor) -> PeopleSheet:
    """A list that waits for its uploader to read what would become of it; nothing of it counts yet. One for each person:
    the one before, with its telephone numbers, goes."""
    PeopleSheet.objects.filter(by=require_person(by), taken_at=None).delete()
    return PeopleSheet.objects.create(by_id=require_person(by), file=file[:200], at=now(), lines=lines)
