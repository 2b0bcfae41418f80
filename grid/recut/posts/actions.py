"""Who is posted to ground that ends is posted to what follows, until somebody decides otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q

from grid.ledger.actions import Line, record_many
from grid.scope import Actor, Role
from grid.territory.models import Absence, Posting
from grid.territory.queries import valid_on
from grid.territory.verbs import TerritoryVerb


def carry_posts(heirs: Mapping[str, Sequence[str]], day: date, *, by: Actor) -> list[Posting]:
    """The postings of areas that end, given anew at `heirs` where nobody holds that post from `day` on.

    The old postings stay as they are: a phone out in the field hands in under them. Who is away, or will be, is so at
    the successors too, and so is who comes later. Where somebody holds the post already, nobody is given power over
    ground that was not theirs: whoever gives posts decides. Part of closing the areas.
    """
    lasting = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), person__is_active=True)
    successors = {code for codes in heirs.values() for code in codes}
    manned = set(lasting.filter(valid_on(day), area__in=successors).values_list("area_id", "role"))
    posts: dict[str, list[Posting]] = {}
    for post in lasting.filter(area__in=list(heirs)).select_related("person").order_by("pk"):
        posts.setdefault(post.area_id, []).append(post)
    carried: dict[tuple[int, str, str], tuple[Posting, Posting]] = {}
    for old, codes in heirs.items():
        for code in codes:
            for post in posts.get(old, ()):
                if (code, post.role) not in manned:
                    key = (post.person_id, post.role, code)
                    carried.setdefault(key, (post, _carried_to(code, post, day)))
    pairs = list(carried.values())
    Posting.objects.bulk_create(posting for _post, posting in pairs)
    given = [
        Line(new.area_id, data=_facts(new, old.area_id) | {"from": new.valid_from}) for old, new in pairs
    ]
    record_many(TerritoryVerb.POSTING_GIVEN, given, by=by)
    _carry_absences(pairs, day, by)
    return [posting for _post, posting in pairs]


def _carried_to(area: str, post: Posting, day: date) -> Posting:
    return Posting(
        person=post.person, role=post.role, area_id=area, department=post.department, is_head=post.is_head,
        valid_from=max(day, post.valid_from), valid_to=post.valid_to,
    )  # fmt: skip


def _carry_absences(carried: Sequence[tuple[Posting, Posting]], day: date, by: Actor) -> None:
    """A cover from the old area covers at each successor with the posting it has there."""
    there = {(post.pk, posting.area_id): posting for post, posting in carried}
    rows = Absence.objects.filter(posting__in={post.pk for post, _posting in carried}, last_day__gte=day)
    absent: dict[int, list[Absence]] = {}
    for absence in rows.select_related("cover__person"):
        absent.setdefault(absence.posting_id, []).append(absence)
    made = [
        (
            post.area_id,
            Absence(
                posting=posting, cover=there.get((absence.cover_id or 0, posting.area_id), absence.cover),
                first_day=max(day, absence.first_day), last_day=absence.last_day, reason=absence.reason,
            ),
        )
        for post, posting in carried
        for absence in absent.get(post.pk, ())
    ]  # fmt: skip
    Absence.objects.bulk_create(absence for _old, absence in made)
    lines = [_absence_line(absence, old) for old, absence in made]
    record_many(TerritoryVerb.ABSENCE_NOTED, lines, by=by)


def _absence_line(absence: Absence, old: str) -> Line:
    facts = _facts(absence.posting, old) | {"from": absence.first_day, "until": absence.last_day}
    facts |= {"absence": absence.pk, "cover": absence.cover.person.full_name if absence.cover else ""}
    return Line(absence.posting.area_id, data=facts)


def _facts(posting: Posting, old: str) -> dict[str, object]:
    facts = {"posting": posting.pk, "person": posting.person_id, "name": posting.person.full_name}
    return facts | {"role": posting.role, "role_name": str(Role(posting.role).label), "recut": old}
