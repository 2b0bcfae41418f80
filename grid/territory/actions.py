"""Areas, people and postings. Re-cutting a grid is in recut.py."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.hints import ACCESS, hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, Role, require
from grid.territory import followers
from grid.territory import problems as territory_problems
from grid.territory.divisions.actions import read_divisions, take_divisions
from grid.territory.grids.rules.planning import NEW
from grid.territory.models import Absence, Area, Person, Posting
from grid.territory.queries import (
    current_area,
    gives_of_city,
    gives_posts,
    home_of,
    managing_posts,
    others_who_give,
    require_manager,
    require_poster,
)
from grid.territory.rules import (
    HEADS,
    Post,
    conflict,
    is_login,
    is_name,
    levels_in_words,
    may_be_posted,
    overlap,
    phone_of,
)
from grid.territory.verbs import TerritoryVerb

SHIPPED = Path(__file__).parent / "divisions.csv"
EDITION = date(2023, 6, 30)  # cut-off of the shipped edition of the 统计用区划代码

# --- divisions ----------------------------------------------------------------------------------------


def import_divisions(path: Path = SHIPPED, *, city: str, by: Actor, valid_from: date = EDITION) -> int:
    """Takes an edition of the official divisions at once. Answers how many areas are new; lines that are refused are
    told by `take_divisions`. Raises ColumnsMissing, NotHere, NotYourPost.
    """
    outcomes = take_divisions(read_divisions(path, path.name), city, path.name, valid_from, by=by)
    return sum(outcome.verdict == NEW for outcome in outcomes)


# --- people and postings ------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    username: str,
    full_name: str,
    area: str,
    *,
    password: str = "",
    is_sample: bool = False,
    by: Actor,
) -> Person:
    """Somebody who may sign in; without a posting they see nothing. `area` is where the posts are managed from.

    Raises LoginUnfit, LoginTaken, PersonNameUnfit, NotHere, NotYourPost.
    """
    if not gives_posts(by, area):
        require(by, Right.POST, area)
    username, full_name, _phone = person_facts(username, full_name, "")
    if Person.objects.filter(username__iexact=username).exists():
        raise territory_problems.LoginTaken(name=username)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                username, password=password or None, full_name=full_name, is_sample=is_sample, home=area,
                password_given=bool(password),
            )  # fmt: skip
    except IntegrityError as error:  # two at the same moment
        raise territory_problems.LoginTaken(name=username) from error
    record(TerritoryVerb.PERSON_ADDED, Line(area, data={"person": person.pk, "name": full_name}), by=by)
    return person


def person_facts(username: str, full_name: str, phone: str) -> tuple[str, str, str]:
    """Login, name and telephone as they are kept. Raises LoginUnfit, PersonNameUnfit, PhoneUnfit."""
    username, full_name = username.strip(), " ".join(full_name.split())
    if not is_login(username):
        raise territory_problems.LoginUnfit(name=username[:40])
    if not is_name(full_name):
        raise territory_problems.PersonNameUnfit()
    number = phone_of(phone)
    if number is None:
        raise territory_problems.PhoneUnfit(phone=phone.strip()[:20])
    return username, full_name, number


@transaction.atomic
def correct_person(person: Person, *, full_name: str, phone: str, by: Actor) -> Person:
    """A name or telephone that was noted wrongly or changed. Of the telephone the ledger says only that it changed.

    Raises PersonNameUnfit, PhoneUnfit, OwnPosting, NotHere, GivenByOthers.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by.person_id == person.pk:
        raise territory_problems.OwnPosting()
    require_manager(by, person)
    _login, full_name, phone = person_facts(person.username, full_name, phone)
    changed = {"full_name": _("姓名"), "phone": _("手机号")}
    given = {"full_name": full_name, "phone": phone}
    names = [str(words) for field, words in changed.items() if getattr(person, field) != given[field]]
    facts = {"person": person.pk, "name": full_name, "former": person.full_name, "fields": "、".join(names)}
    if names:
        person.full_name, person.phone = full_name, phone
        person.save(update_fields=["full_name", "phone"])
        record(TerritoryVerb.PERSON_CORRECTED, Line(home_of(person), data=facts), by=by)
    return person


@transaction.atomic
def give_posting(person: Person, post: Post, *, by: Actor) -> Posting:
    """Gives `person` the post. Nobody posts themselves, or whoever watches or decides over them.

    Raises UnknownArea, AreaNotCurrent, PostingOutOfArea, OwnPosting, WrongPeriod, PostingHeld, RolesConflict,
    NoHeadsPost, GivenByOthers, NotYourPost.
    """
    if by.person_id == person.pk:
        raise territory_problems.OwnPosting()
    require_poster(by, post.role, post.area)
    if post.is_head and post.role not in HEADS:
        raise territory_problems.NoHeadsPost(role=Role(post.role).label)
    place, period = current_area(post.area), (post.first_day, post.last_day)
    refuse_unfit(post.role, place, *period)
    Person.objects.select_for_update().get(pk=person.pk)
    refuse_clash(person.full_name, Posting.objects.filter(person=person), post.role, place, *period)
    posting = Posting.objects.create(
        person=person, role=post.role, area=place, department=post.department,
        is_head=post.is_head, valid_from=post.first_day, valid_to=post.last_day,
    )  # fmt: skip
    record(
        TerritoryVerb.POSTING_GIVEN,
        Line(post.area, data=posting_facts(posting) | {"from": post.first_day, "until": post.last_day}),
        by=by,
    )
    followers.postings_changed(posting, by=by)
    hint(ACCESS, post.area)
    return posting


def refuse_unfit(role: str, area: Area, first: date, last: date | None) -> None:
    """Raises PostingOutOfArea, WrongPeriod."""
    if not may_be_posted(role, area.code):
        raise territory_problems.PostingOutOfArea(
            role=Role(role).label, level=levels_in_words(role), area=area.name
        )
    if last and last < first:
        raise problems.WrongPeriod(first=first, last=last)


def refuse_clash(
    name: str, posts: Iterable[Posting], role: str, area: Area, first: date, last: date | None
) -> None:
    """Against everything the person ever held or will hold. Raises PostingHeld, RolesConflict."""
    for held in posts:
        if not overlap(held.valid_from, held.valid_to, first, last):
            continue
        if held.role == role and held.area_id == area.code:
            raise territory_problems.PostingHeld(name=name, area=area.name, role=Role(role).label)
        if why := conflict(role, held.role):
            raise territory_problems.RolesConflict(
                name=name, held=Role(held.role).label, role=Role(role).label, why=why
            )


def posting_facts(posting: Posting) -> dict[str, object]:
    return {
        "posting": posting.pk,
        "person": posting.person_id,
        "name": posting.person.full_name,
        "role": posting.role,
        "role_name": str(Role(posting.role).label),
        "area": posting.area_id,
    }


@transaction.atomic
def end_posting(posting: Posting, *, last_day: date, reason: str, by: Actor) -> Posting:
    """`last_day` is the last on which it counts. A posting that had not begun ends on its first day.

    Nobody ends a post of their own, nor one that would leave nobody behind who gives posts.
    Raises ReasonMissing, OutOfOrder, OwnPosting, LastToPost, NotHere, NotYourPost, GivenByOthers.
    """
    posting = _ended(posting, last_day, reason, by)
    followers.postings_changed(posting, by=by)
    hint(ACCESS, posting.area_id)
    return posting


@transaction.atomic
def end_postings(postings: Iterable[Posting], *, last_day: date, reason: str, by: Actor) -> list[Posting]:
    """All or none, and told of at once: what waits for one of them is not handed to another that ends with it. Raises
    what end_posting raises."""
    ended = [_ended(posting, last_day, reason, by) for posting in postings]
    followers.postings_changed(*ended, by=by)
    for area in {posting.area_id for posting in ended}:
        hint(ACCESS, area)
    return ended


def _ended(posting: Posting, last_day: date, reason: str, by: Actor) -> Posting:
    """Part of end_posting, end_postings and deactivate_person."""
    _lock_keys(posting.role, posting.area_id)
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("person", "area").get(pk=posting.pk)
    )
    require_poster(by, posting.role, posting.area_id)
    if by.person_id == posting.person_id:
        raise territory_problems.OwnPosting()
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if posting.valid_to and posting.valid_to <= last_day:
        raise problems.OutOfOrder(thing=str(posting), state=f"已于 {posting.valid_to} 结束", act="结束岗位")
    former_end, posting.valid_to = posting.valid_to, max(last_day, posting.valid_from)
    _refuse_last(posting, former_end)
    posting.save(update_fields=["valid_to"])
    record(
        TerritoryVerb.POSTING_ENDED,
        Line(posting.area_id, data=posting_facts(posting) | {"until": posting.valid_to, "reason": reason}),
        by=by,
    )
    return posting


def _lock_keys(role: str, area: str) -> None:
    """Two who each end the other's post by which posts are given follow one another, so that one of them stays."""
    if gives_of_city(role, area):
        Area.objects.select_for_update(no_key=True).get(pk=area)


def _refuse_last(posting: Posting, former_end: date | None) -> None:
    """Raises LastToPost where nobody else gives the same posts of the city for as long as this one would have.

    The posts of 组织人事 are given by its holders alone, so one of them must have come in; any other kind is helped in
    by them.
    """
    for right in gives_of_city(posting.role, posting.area_id):
        since = max((posting.valid_to or today()) + timedelta(days=1), today())
        if posting.person.has_usable_password() and not others_who_give(right, posting, since, former_end):
            raise territory_problems.LastToPost(
                name=posting.person.full_name,
                area=posting.area.name,
                what=Role(posting.role).label,
                day=since,
            )


@transaction.atomic
def note_absence(
    posting: Posting, *, first_day: date, last_day: date, cover: Posting | None, reason: str = "", by: Actor
) -> Absence:
    """While `posting` is away `cover` acts for it. Without a cover its work waits, and planning says so.

    Raises WrongPeriod, CoverUnfit, AbsenceOverlaps, NotYourPost.
    """
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("person", "area").get(pk=posting.pk)
    )
    require(by, Right.ASSIGN, posting.area_id)
    if last_day < first_day:
        raise problems.WrongPeriod(first=first_day, last=last_day)
    if cover and not _fits(cover, posting, first_day, last_day):
        raise territory_problems.CoverUnfit()
    if posting.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise territory_problems.AbsenceOverlaps(
            name=posting.person.full_name, first=first_day, last=last_day
        )
    absence = Absence.objects.create(
        posting=posting, cover=cover, first_day=first_day, last_day=last_day, reason=reason[:100]
    )
    facts = posting_facts(posting) | {"from": first_day, "until": last_day, "absence": absence.pk}
    # The verb's sentence names the period by {from} and {until}; why somebody is away is nobody else's business.
    facts["cover"] = cover.person.full_name if cover else ""
    record(TerritoryVerb.ABSENCE_NOTED, Line(posting.area_id, data=facts), by=by)
    hint(ACCESS, posting.area_id)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, last_day: date, by: Actor) -> Absence:
    """Somebody is back sooner: the cover ends with `last_day`, and their phone loses the doors it held for them.

    Raises AbsenceOver for a day outside the absence, NotYourPost.
    """
    rows = Absence.objects.select_for_update(of=("self",)).select_related("posting__person", "posting__area")
    absence = rows.get(pk=absence.pk)
    require(by, Right.ASSIGN, absence.posting.area_id)
    if not absence.first_day <= last_day <= absence.last_day:
        raise territory_problems.AbsenceOver(first=absence.first_day, last=absence.last_day)
    absence.last_day = last_day
    absence.save(update_fields=["last_day"])
    facts = posting_facts(absence.posting) | {"from": absence.first_day, "until": last_day}
    record(
        TerritoryVerb.ABSENCE_ENDED,
        Line(absence.posting.area_id, data=facts | {"absence": absence.pk}),
        by=by,
    )
    hint(ACCESS, absence.posting.area_id)
    return absence


def _fits(cover: Posting, posting: Posting, first: date, last: date) -> bool:
    same = cover.role == posting.role and cover.person_id != posting.person_id
    return same and cover.valid_from <= first and (cover.valid_to is None or cover.valid_to >= last)


@transaction.atomic
def deactivate_person(person: Person, *, reason: str, by: Actor) -> Person:
    """Ends the person's postings today and shuts the account: sessions and phones end with it. People are never
    deleted: the ledger names them.

    Asks for every post the person holds. Raises ReasonMissing, OwnPosting, LastToPost, OutOfOrder, NotHere,
    NotYourPost, GivenByOthers.
    """
    for role, area in managing_posts(person):
        _lock_keys(role, area)  # before the person, as a list of people does
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if by.person_id == person.pk:
        raise territory_problems.OwnPosting()
    if not person.is_active:
        raise problems.OutOfOrder(thing=str(person), state=_("已停用"), act=_("停用账号"))
    require_manager(by, person)
    day = today()
    running = list(person.postings.filter(Q(valid_to=None) | Q(valid_to__gt=day)).select_related("area"))
    home = home_of(person)
    ended = []
    for posting in running:
        last_day = max(day - timedelta(days=1), posting.valid_from)
        is_over = posting.valid_to is not None and posting.valid_to <= last_day
        ended.append(posting if is_over else _ended(posting, last_day, reason, by))
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(TerritoryVerb.PERSON_DEACTIVATED, Line(home, data=_person_facts(person, reason)), by=by)
    for posting in ended:
        posting.person = person
    # Once, when nothing can be handed to the person any more.
    followers.postings_changed(*ended, by=by)
    hint(ACCESS, home)
    return person


@transaction.atomic
def reactivate_person(person: Person, *, reason: str, by: Actor) -> Person:
    """Opens a shut account again; the posts that ended stay ended, and are given anew.

    Raises ReasonMissing, OwnPosting, AlreadyActive, NotHere, NotYourPost, GivenByOthers.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if by.person_id == person.pk:
        raise territory_problems.OwnPosting()
    if person.is_active:
        raise territory_problems.AlreadyActive(name=person.full_name)
    require_manager(by, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(TerritoryVerb.PERSON_REACTIVATED, Line(home_of(person), data=_person_facts(person, reason)), by=by)
    return person


def _person_facts(person: Person, reason: str) -> dict[str, object]:
    return {"person": person.pk, "name": person.full_name, "reason": reason}
