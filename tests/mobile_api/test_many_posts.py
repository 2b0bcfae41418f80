"""One phone, and one enrolment, for everything its person is posted to."""

from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.recut.actions import Part, Recut, recut_grid
from grid.scope import Role
from grid.subjects.models import Subject
from grid.territory.actions import end_posting, give_posting, note_absence
from grid.territory.models import Area, Posting
from grid.territory.rules import Post
from mobile_api.devices.actions import revoke_phone
from mobile_api.devices.models import Device
from mobile_api.devices.queries import device, field_postings, with_phones
from mobile_api.suggestions.actions import answer_suggestion
from mobile_api.suggestions.models import Suggestion
from tasks.rounds.actions import hand_over_tasks
from tasks.visits.models import Visit
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.doors import make_task
from tests.mobile_api.phones import Phone, visit_json

NEXT_DOOR = "150302001003001"


@pytest.fixture
def tasks(cast: Any, round: Any, make_employer: Any) -> list[Any]:
    return [make_task(round, make_employer(), cast.post.wang) for _ in range(4)]


def split(cast: Any, tasks: list[Any]) -> Recut:
    some = frozenset(task.subject_id for task in tasks[::2])
    rest = frozenset(Subject.objects.filter(area=GRID_1).values_list("pk", flat=True)) - some
    parts = [Part(name="东", subjects=some), Part(name="西", subjects=rest)]
    return recut_grid(Area.objects.get(code=GRID_1), parts, reason="网格过大", by=cast.by.sun)


def pulled(phone: Phone, cursor: Any = 0) -> dict[str, Any]:
    """Everything since `cursor`, page by page, as a phone would have it."""
    doors: dict[int, Any] = {}
    gone: set[int] = set()
    postings: list[Any] = []
    while True:
        page = phone.get(f"changes?cursor={cursor}&limit=2").json()
        for door in page["doors"]:
            doors[door["task_id"]] = door
            gone.discard(door["task_id"])
        gone |= set(page["gone"]) - doors.keys()
        postings = page.get("postings") or postings
        cursor = page["cursor"]
        if not page["more"]:
            return {"doors": doors, "gone": gone, "cursor": cursor, "postings": postings}


def test_after_a_split_the_phone_shows_both_halves_and_hands_in_for_each(
    phone: Phone, cast: Any, tasks: list[Any]
) -> None:
    before = pulled(phone)
    done = split(cast, tasks)
    east, west = (grid.code for grid in done.successors)
    after = pulled(phone, before["cursor"])
    assert {pk: door["area"] for pk, door in after["doors"].items()} == {
        task.pk: (east, west)[place % 2] for place, task in enumerate(tasks)
    }
    assert {door["area_name"] for door in after["doors"].values()} == {"东", "西"}
    assert after["gone"] == set()
    assert [post["area"] for post in after["postings"]] == [east, west]
    assert pulled(phone, after["cursor"])["doors"] == {}
    results = phone.results(*(visit_json(task) for task in tasks))
    assert [(result["status"], result["route"]) for result in results] == [("accepted", "normal")] * 4
    under = dict(Visit.objects.values_list("task_id", "posting__area_id"))
    assert under == {task.pk: (east, west)[place % 2] for place, task in enumerate(tasks)}
    assert pulled(phone)["doors"].keys() == {task.pk for task in tasks}
    assert phone.get("me").json()["posting"]["area"] == east


def test_visits_written_before_the_split_are_those_of_the_half(
    phone: Phone, cast: Any, tasks: list[Any]
) -> None:
    written = [visit_json(task) for task in tasks[:2]]
    alone = visit_json(None, subject_id=tasks[2].subject_id)
    split(cast, tasks)
    assert [result["route"] for result in phone.results(*written, alone)] == ["normal"] * 3
    assert [result["status"] for result in phone.results(*written, alone)] == ["repeated"] * 3


def test_a_second_posting_anywhere_is_on_the_same_phone_and_goes_with_its_end(
    phone: Phone, cast: Any, round: Any, make_employer: Any, tasks: list[Any]
) -> None:
    known = pulled(phone)["cursor"]
    more = give_posting(cast.wang, Post(Role.WORKER, FAR_GRID, today()), by=cast.by.han)
    far = make_task(round, make_employer(area=FAR_GRID), more)
    second = pulled(phone, known)
    assert second["doors"].keys() == {far.pk}
    assert phone.results(visit_json(far))[0]["route"] == "normal"
    Posting.objects.filter(pk=more.pk).update(
        valid_from=today() - timedelta(5), valid_to=today() - timedelta(1)
    )
    assert pulled(phone, second["cursor"])["gone"] == {far.pk}
    assert pulled(phone)["doors"].keys() == {task.pk for task in tasks}
    (late,) = phone.results(visit_json(far, recorded_at=(now() + timedelta(seconds=1)).isoformat()))
    assert late["route"] == "held"


def test_it_lives_on_when_the_posting_it_was_enrolled_for_ends(
    phone: Phone, cast: Any, round: Any, make_employer: Any, tasks: list[Any]
) -> None:
    more = give_posting(cast.wang, Post(Role.WORKER, NEXT_DOOR, today()), by=cast.by.qian)
    next_door = make_task(round, make_employer(area=NEXT_DOOR), more)
    known = pulled(phone)
    assert known["doors"].keys() == {next_door.pk, *(task.pk for task in tasks)}
    end_posting(cast.post.wang, last_day=today() - timedelta(1), reason="调岗", by=cast.by.qian)
    after = pulled(phone, known["cursor"])
    assert (after["gone"], after["doors"]) == ({task.pk for task in tasks}, {})
    assert [post["id"] for post in after["postings"]] == [more.pk]
    assert pulled(phone, after["cursor"])["gone"] == set()
    assert pulled(phone)["doors"].keys() == {next_door.pk}
    assert phone.get("me").json()["posting"]["id"] == more.pk
    assert phone.results(visit_json(next_door))[0]["route"] == "normal"
    end_posting(more, last_day=today() - timedelta(1), reason="离职", by=cast.by.qian)
    Posting.objects.filter(pk=more.pk).update(
        valid_from=today() - timedelta(9), valid_to=today() - timedelta(1)
    )
    assert phone.get("changes").json()["code"] == "device-revoked"


def test_whom_it_covers_with_any_of_its_postings(
    phone: Phone, cast: Any, round: Any, make_employer: Any, tasks: list[Any]
) -> None:
    theirs = make_task(round, make_employer(area=GRID_2), cast.post.li)
    half = split(cast, tasks).postings[1]
    note_absence(cast.post.li, first_day=today(), last_day=today(), cover=half, by=cast.by.zhao)
    assert theirs.pk in pulled(phone)["doors"]
    assert phone.results(visit_json(theirs))[0]["route"] == "normal"
    assert Visit.objects.get().posting == half


def test_what_was_handed_away_is_known_by_the_posting_it_left(
    phone: Phone, cast: Any, tasks: list[Any]
) -> None:
    halves = split(cast, tasks).postings
    hand_over_tasks([tasks[0].pk], cast.post.li, "培训", by=cast.by.zhao)
    assert phone.results(visit_json(tasks[0]))[0]["route"] == "handed_over"
    assert Visit.objects.get().posting == halves[0]


def test_revoked_it_sees_nothing_of_any(phone: Phone, cast: Any, tasks: list[Any]) -> None:
    split(cast, tasks)
    revoke_phone(phone.device, "丢了", "lost", by=cast.by.zhao)
    assert phone.get("changes").json()["code"] == "device-revoked"
    assert {result["route"] for result in phone.results(*map(visit_json, tasks))} == {"held"}


def test_whoever_looks_after_one_of_its_grids_may_revoke_it(phone: Phone, cast: Any) -> None:
    with pytest.raises(problems.NotHere):
        device(cast.by.chen, phone.device.pk)
    give_posting(cast.wang, Post(Role.WORKER, FAR_GRID, today()), by=cast.by.han)
    found = device(cast.by.chen, phone.device.pk)
    assert revoke_phone(found, "换了手机", "replaced", by=cast.by.chen).revoked_at
    assert Device.objects.get().revoked_by == cast.chen


def test_the_desk_sees_one_phone_at_every_grid(phone: Phone, cast: Any, tasks: list[Any]) -> None:
    split(cast, tasks)
    rows = with_phones(field_postings(cast.by.zhao))
    of_wang = [posting for posting in rows if posting.person_id == cast.wang.pk]
    assert GRID_1 not in {posting.area_id for posting in of_wang}
    assert [[used.pk for used in posting.in_use] for posting in of_wang] == [[phone.device.pk]] * 2  # type: ignore[attr-defined]


def test_a_suggestion_goes_where_it_is_about_and_its_answer_comes_back(
    phone: Phone, cast: Any, tasks: list[Any]
) -> None:
    known = pulled(phone)["cursor"]
    halves = split(cast, tasks).postings
    body = {"client_id": "b3b7a0de-8f0d-4c0e-9d53-5c2f6f0f2d11", "text": "门牌掉了", "task_id": tasks[1].pk}
    said = {"items": [{**body, "written_at": now().isoformat()}]}
    headers = {"Authorization": f"Bearer {phone.token}"}
    phone.client.post("/api/v1/suggestions", said, content_type="application/json", headers=headers)
    row = Suggestion.objects.get()
    assert (row.posting, row.task_id) == (halves[1], tasks[1].pk)
    answer_suggestion(row, "明天去装。", by=cast.by.zhao)
    pages = [phone.get(f"changes?cursor={known}&limit=300").json()]
    assert [page["answer"] for page in pages[0]["suggestions"]] == ["明天去装。"]
