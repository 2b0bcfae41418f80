"""What changed on a phone's doors since it last asked, in answers that are not larger than the phone wants them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from grid import problems
from grid.calendar.now import today
from grid.calendar.queries import days_off
from grid.territory.models import Absence, Posting
from grid.territory.queries import covers_of, is_covered_on
from mobile_api.devices.actions import is_in_force
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import named_postings, posting_for_phone, postings_of
from mobile_api.suggestions import queries as suggestions
from mobile_api.sync.queries import COLUMNS, Row, doors_of, grids_of
from mobile_api.sync.rules import START, Cursor, Point, fitting
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.forms import tables

# No door is smaller than this as JSON; so that a small budget does not read hundreds of them for nothing.
SMALLEST_DOOR = 450
USUAL_BUDGET, SMALLEST_BUDGET = 300_000, 20_000
# What is in every answer: cursor, times, the names of the lists.
FRAME = 300
# For how long ahead a phone knows the working days when it proposes one to come again.
DAYS_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Feed:
    """A posting whose doors the phone shows: its newest change, and where the phone stands (None: has none yet).
    `is_own`: its person's, not one they stand in for."""

    posting_id: int
    area: str
    newest: int
    known: Point | None
    is_own: bool = True

    @property
    def start(self) -> Point:
        return self.known or START

    @property
    def is_read(self) -> bool:
        return self.start.feed >= self.newest and self.start.upto is None

    def after_start(self) -> Q:
        """Rows of this feed the phone does not have: a row has its change's number, and its own."""
        later = Q(feed__gt=self.start.feed, feed__lte=self.newest)
        if self.start.upto is not None:
            later |= Q(feed=self.start.feed, pk__gt=self.start.upto)
        return later & Q(posting=self.posting_id)


@dataclass(slots=True)
class Item:
    """One thing to tell, at its point of the feed: a door, a door that is no more, or a suggestion."""

    point: tuple[int, int]
    door: Row | None = None
    suggestion: dict[str, object] | None = None
    told: dict[str, object] | None = None

    @property
    def is_shown(self) -> bool:
        return self.door is not None and self.door["state"] != TaskState.CANCELLED


@dataclass(slots=True)
class Page:
    """What one answer holds, filled feed by feed. `room` is in things, `left` in bytes."""

    room: int
    left: int
    items: list[Item] = field(default_factory=list)
    reached: dict[int, Point] = field(default_factory=dict)
    more: bool = False
    # The names of areas that are known already.
    places: Mapping[str, str] = field(default_factory=dict)


def changes(
    device: Device, cursor: Cursor, limit: int, forms: Collection[str], budget: int = USUAL_BUDGET
) -> dict[str, object]:
    """Doors changed after `cursor`, tombstones, and what else the phone lacks: at most `limit` things and `budget`
    bytes, but at least one thing; tombstones, of a few bytes each, come on top.

    At most 10 queries, and three more for each further posting with changes. Every feed was read before its rows:
    what changes meanwhile has a higher number and comes next time. A cursor beyond a feed belongs to another
    database, and starts over.
    """
    held = postings_of(device)
    absences = covers_of([posting.pk for posting in held])
    feeds = _feeds(device, held, absences, cursor)
    if any(feed.start.feed > feed.newest for feed in feeds):
        cursor = Cursor()
        feeds = _feeds(device, held, absences, cursor)
    person = device.posting.person_id
    page = Page(limit, budget - FRAME, places={posting.area_id: posting.area.name for posting in held})
    answer: dict[str, Any] = {"fresh": cursor.is_start}
    _add_forms(answer, page, forms)
    _add_grids(answer, page, feeds)
    _add_former(answer, page, feeds, person)
    _add_days_off(answer, page)
    _fill(page, feeds, person)
    over = _over(device, held, absences, cursor) - {feed.posting_id for feed in feeds}
    _add_postings(answer, page, held, feeds, over)
    gone = _gone(feeds, page) | _no_longer_served(feeds, over)
    gone |= {item.door["id"] for item in page.items if item.door and not item.is_shown}
    own = page.reached.pop(device.posting_id, START)
    answer["cursor"] = Cursor(own, page.reached).as_json()
    answer["more"] = page.more
    answer["doors"] = [item.told for item in page.items if item.is_shown]
    answer["gone"] = sorted(gone)
    if told := [item.suggestion for item in page.items if item.suggestion]:
        answer["suggestions"] = [*answer.get("suggestions", ()), *told]
    return answer


def doors_at(device: Device, premise_code: str) -> list[dict[str, object]]:
    """The phone's own and covered doors behind one label, or NotHere."""
    held = postings_of(device)
    absences = covers_of([posting.pk for posting in held])
    served = [feed.posting_id for feed in _feeds(device, held, absences, Cursor())]
    tasks = CheckTask.objects.filter(posting__in=served, subject__premise__code=premise_code)
    rows = list(tasks.exclude(state=TaskState.CANCELLED).order_by("feed").values(*COLUMNS))
    if not rows:
        raise problems.NotHere()
    return doors_of(rows)


def size_of(told: object) -> int:
    """Bytes of it in the answer, with the comma behind."""
    return len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")) + 1


def _feeds(
    device: Device, held: Sequence[Posting], absences: Sequence[Absence], cursor: Cursor
) -> list[Feed]:
    """The postings of the phone's person that are in force, the one it was enrolled for first, then those it covers
    today; each once."""
    own = [posting for posting in held if is_in_force(posting)]
    standing = {posting.pk for posting in own}
    feeds = {
        posting.pk: Feed(posting.pk, posting.area_id, posting.feed, _known(device, cursor, posting.pk))
        for posting in own
    }
    day = today()
    for absence in absences:
        if absence.cover_id in standing and is_covered_on(absence, day):
            away = absence.posting
            known = cursor.covered.get(away.pk)
            feeds.setdefault(away.pk, Feed(away.pk, away.area_id, away.feed, known, is_own=False))
    return list(feeds.values())


def _known(device: Device, cursor: Cursor, posting: int) -> Point | None:
    if posting != device.posting_id:
        return cursor.covered.get(posting)
    return None if cursor.is_start else cursor.own


# --- filling -----------------------------------------------------------------------------------------


def _add_forms(answer: dict[str, Any], page: Page, known: Collection[str]) -> None:
    """Forms first, for a door without its form cannot be opened. Those that do not come in wait for the next page,
    which the phone asks for with the names of those it has by then."""
    lacking = [form for form in tables.all_current() if f"{form.code}:{form.version}" not in known]
    told = [tables.as_json(form) for form in lacking]
    sizes = [size_of(form) for form in told]
    # Half of the page, so that the first doors show before the last form is there.
    count = fitting(sizes, page.left // 2) or min(len(told), 1)
    if told:
        answer["forms"] = told[:count]
        page.left -= sum(sizes[:count])
        # A client that keeps no forms names none, and would ask for ever.
        page.more = count < len(told) and (answer["fresh"] or known != [""])


def _add_grids(answer: dict[str, object], page: Page, feeds: Sequence[Feed]) -> None:
    """The outlines of a posting's area come with its first page, and on it is always something of its feed."""
    if begun := [feed.area for feed in feeds if feed.known is None]:
        answer["grids"] = grids_of(begun)
        page.left -= size_of(answer["grids"])


def _add_former(answer: dict[str, object], page: Page, feeds: Sequence[Feed], person_id: int) -> None:
    """A phone that starts over also learns what its person suggested at former postings."""
    if not answer["fresh"]:
        return
    if told := suggestions.of_former_postings([feed.posting_id for feed in feeds if feed.is_own], person_id):
        answer["suggestions"] = told
        page.left -= size_of(told)


def _add_postings(
    answer: dict[str, object],
    page: Page,
    held: Sequence[Posting],
    feeds: Sequence[Feed],
    over: Collection[int],
) -> None:
    """Which postings it serves as its own, when they are not those it knew. They are few."""
    own = {feed.posting_id for feed in feeds if feed.is_own}
    begun = any(feed.known is None and feed.is_own for feed in feeds)
    if begun or any(posting.pk in over for posting in held):
        named = named_postings([posting for posting in held if posting.pk in own])
        answer["postings"] = [posting_for_phone(posting) for posting in named]


def _add_days_off(answer: dict[str, object], page: Page) -> None:
    """Now and then is often enough: beyond the days it knows the phone counts the plain week."""
    if answer["fresh"] or answer.get("forms") or answer.get("grids"):
        answer["days_off"] = [day.isoformat() for day in days_off(today(), DAYS_AHEAD)]
        page.left -= size_of(answer["days_off"])


def _fill(page: Page, feeds: Sequence[Feed], person_id: int) -> None:
    """Own changes first. A feed the page has no room for waits where it stands: at its beginning when nothing of it
    was sent."""
    for feed in feeds:
        if feed.is_read:
            page.reached[feed.posting_id] = Point(feed.newest)
            continue
        page.reached[feed.posting_id] = _take(feed, page, person_id if feed.is_own else None)
        page.more |= page.reached[feed.posting_id] != Point(feed.newest)


def _take(feed: Feed, page: Page, person_id: int | None) -> Point:
    """As many things of the feed as the page has room for, and the point they reach."""
    room = min(page.room, max(page.left // SMALLEST_DOOR, 0 if page.items else 1))
    if room <= 0:
        return feed.start
    items, whole = _read(feed, room, person_id)
    _as_answered(items, page.places)
    count = fitting([size_of(item.told or item.suggestion) for item in items], page.left)
    if items and not count and not page.items:
        count = 1
    whole = whole and count == len(items)
    taken = items[:count]
    page.items += taken
    page.room -= count
    page.left -= sum(size_of(item.told or item.suggestion) for item in taken)
    if whole:
        return Point(feed.newest)
    return Point(*taken[-1].point) if taken else feed.start


def _read(feed: Feed, room: int, person_id: int | None) -> tuple[list[Item], bool]:
    """Up to `room` things after the feed's start in their order, and whether those are all."""
    tasks = CheckTask.objects.filter(feed.after_start()).order_by("feed", "pk").values(*COLUMNS)
    items = [Item((row["feed"], row["id"]), door=row) for row in tasks[: room + 1]]
    if person_id is not None:
        told = suggestions.news(feed.after_start(), person_id, room + 1)
        items += [Item(point, suggestion=suggestion) for point, suggestion in told]
        items.sort(key=lambda item: item.point)
    return items[:room], len(items) <= room


def _as_answered(items: Sequence[Item], places: Mapping[str, str]) -> None:
    shown = [item for item in items if item.is_shown]
    for item, told in zip(shown, doors_of([item.door for item in shown if item.door], places), strict=True):
        item.told = told


# --- tombstones --------------------------------------------------------------------------------------


def _gone(feeds: Sequence[Feed], page: Page) -> set[int]:
    """Tasks that left a posting the phone knew. One that is still, or again, in its reach is no tombstone; so one
    told too early, where a page ends inside a change, is told rightly."""
    left = Q()
    for feed in feeds:
        end = page.reached[feed.posting_id].feed
        if 0 < feed.start.feed < end:
            left |= Q(posting=feed.posting_id, feed__gt=feed.start.feed, feed__lte=end)
    if not left:
        return set()
    served = [feed.posting_id for feed in feeds]
    return set(Gone.objects.filter(left).exclude(task__posting__in=served).values_list("task_id", flat=True))


def _over(device: Device, held: Sequence[Posting], absences: Sequence[Absence], cursor: Cursor) -> set[int]:
    """Postings whose doors the phone can hold: those it tells of, and did once serve, for a cursor may be made up."""
    once = {absence.posting_id for absence in absences} | {posting.pk for posting in held}
    told = set(cursor.covered) | ({device.posting_id} if cursor.own != START else set())
    return once & told


def _no_longer_served(feeds: Sequence[Feed], over: Collection[int]) -> set[int]:
    """Every door the phone can hold of postings it served until now. One statement, so that a door handed on between
    two reads is not missed."""
    if not over:
        return set()
    served = [feed.posting_id for feed in feeds]
    left = Gone.objects.filter(posting__in=over).values("task")
    held = CheckTask.objects.filter(Q(posting__in=over) | Q(pk__in=left)).exclude(posting__in=served)
    return set(held.values_list("pk", flat=True))
