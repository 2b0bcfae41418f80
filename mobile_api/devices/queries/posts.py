"""A phone belongs to a person: the posts it shows doors of, and under which of them something is said.

It was enrolled for one posting, but serves every field posting its person holds, those that came later too. So a
re-cut, or a second grid, needs no second phone and no second code; and revoking it ends all of it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from grid.calendar.now import today
from grid.scope import RIGHTS, Right
from grid.subjects.models import Subject
from grid.territory.models import Absence, Posting
from mobile_api.devices.actions import is_in_force
from mobile_api.devices.models import Device
from mobile_api.devices.rules import Named, Post, post_of
from tasks.doors.models import CheckTask, Gone

FIELD_ROLES = [role for role, rights in RIGHTS.items() if Right.VISIT in rights]


class Speech(NamedTuple):
    """What somebody says from a phone, as far as it tells of where: a task, or a subject without one."""

    task: int | None
    subject: int | None


def postings_of(device: Device) -> list[Posting]:
    """Every field posting its person holds, held or will hold: the one it was enrolled for first. No query for
    whoever has but that one."""
    return field_posts(device.posting) if device.is_posted_elsewhere else [device.posting]


def field_posts(own: Posting) -> list[Posting]:
    """`own` and the other field postings of its person, in order of their numbers. One query."""
    rows = Posting.objects.filter(person=own.person_id, role__in=FIELD_ROLES)
    held = list(rows.select_related("person", "area").defer("area__outline").order_by("pk"))
    return sorted(held, key=lambda row: row.pk != own.pk)


def live_postings(device: Device) -> list[Posting]:
    """Those in force today, whose doors the phone shows."""
    return [posting for posting in postings_of(device) if is_in_force(posting)]


def is_live(device: Device) -> bool:
    """May see its doors: not revoked, person active, and at least one posting in force."""
    if device.revoked_at is not None:
        return False
    return is_in_force(device.posting) or bool(live_postings(device))


def named_postings(postings: Sequence[Posting]) -> list[Posting]:
    """Those a phone names as its person's: a grid that was closed only where there is no other."""
    current = [
        posting for posting in postings if posting.area.valid_to is None or posting.area.valid_to >= today()
    ]
    return current or list(postings)


def posting_for_phone(posting: Posting) -> dict[str, object]:
    """As phones read it."""
    area = {"area": posting.area_id, "area_name": posting.area.name}
    return {"id": posting.pk, "role": posting.role, **area}


def by_posting(
    own: Posting, posts: Sequence[Posting], said: Sequence[Speech]
) -> list[tuple[Posting, list[int]]]:
    """Under which posting each thing is said (see rules.post_of): posting and the places in `said`, in the order of
    the postings. No query for one posting, four for several."""
    if not said:
        return []
    if len(posts) == 1:
        return [(posts[0], list(range(len(said))))]
    named = _named(posts, said)
    held = [Post(post.pk, post.area_id, is_in_force(post)) for post in posts]
    parts: dict[int, list[int]] = {}
    for place, speech in enumerate(said):
        parts.setdefault(post_of(own.pk, held, named[speech]), []).append(place)
    return [(post, parts[post.pk]) for post in posts if post.pk in parts]


def _named(posts: Sequence[Posting], said: Iterable[Speech]) -> dict[Speech, Named]:
    wanted = set(said)
    numbers = {speech.task for speech in wanted if speech.task is not None}
    rows = CheckTask.objects.filter(pk__in=numbers).values_list("pk", "posting_id", "area")
    tasks = {pk: (posting, area) for pk, posting, area in rows} if numbers else {}
    alone = {speech.subject for speech in wanted if speech.subject is not None and speech.task not in tasks}
    areas = dict(Subject.objects.filter(pk__in=alone).values_list("pk", "area")) if alone else {}
    mine = [post.pk for post in posts]
    left = _left(mine, numbers)
    covering = _covering(mine, {posting for posting, _area in tasks.values()} - set(mine))
    return {speech: _speech_for_phone(speech, tasks, areas, left, covering) for speech in wanted}


def _speech_for_phone(
    speech: Speech,
    tasks: dict[int, tuple[int, str]],
    areas: dict[int, str],
    left: dict[int, int],
    covering: dict[int, int],
) -> Named:
    holder, area = tasks.get(speech.task or 0, (0, areas.get(speech.subject or 0, "")))
    return Named(area, holder, covering.get(holder, 0), left.get(speech.task or 0, 0))


def _left(mine: Collection[int], tasks: Collection[int]) -> dict[int, int]:
    """Task → the last of these postings it left."""
    rows = (
        Gone.objects.filter(posting__in=mine, task__in=tasks).order_by("pk") if tasks else Gone.objects.none()
    )
    return dict(rows.values_list("task_id", "posting_id"))


def _covering(mine: Collection[int], away: Collection[int]) -> dict[int, int]:
    """Posting → which of these covers it, or did."""
    rows = Absence.objects.filter(posting__in=away, cover__in=mine).order_by("pk")
    return {pk: cover for pk, cover in rows.values_list("posting_id", "cover_id") if cover} if away else {}
