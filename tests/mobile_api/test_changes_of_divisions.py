"""A phone takes a change of divisions as what changed since it last asked: no door goes, none comes twice."""

from typing import Any

import pytest

from grid.calendar.now import today
from grid.recut.changes.actions import decide_change, draft_change
from grid.recut.changes.rules import FOUND, MERGE, Asked
from grid.scope import Role
from grid.territory.actions import give_posting
from grid.territory.rules import Post
from mobile_api.devices.models import Device
from tasks.visits.models import Visit
from tests.doors import make_task
from tests.mobile_api.phones import Phone, visit_json
from tests.mobile_api.test_many_posts import pulled

HERE, PARK = "150302001002", "150302001003"


def change(cast: Any, asked: Asked) -> dict[str, int]:
    made = draft_change(asked, on=today(), reason="调整", document="海政发〔2026〕12号", by=cast.by.qian)
    return decide_change(made, made.mark, by=cast.by.qian).result["touched"]  # type: ignore[no-any-return]


@pytest.mark.once
def test_a_phone_off_line_while_its_community_changes_twice(
    phone: Phone, cast: Any, round: Any, make_employer: Any
) -> None:
    tasks = [make_task(round, make_employer(), cast.post.wang) for _ in range(5)]
    other = make_task(round, make_employer(), cast.post.li)
    known = pulled(phone)
    assert set(known["doors"]) == {task.pk for task in tasks}
    written = [visit_json(task) for task in tasks[:2]]
    asked = Asked(FOUND, "150302", name="林荫街道", division="街道", areas=(HERE,))
    touched = change(cast, asked)
    assert (touched["phones"], touched["silent_phones"], touched["doors"]) == (1, 0, 6)
    change(cast, Asked(MERGE, "150302002002", into=PARK))
    after = pulled(phone, known["cursor"])
    assert set(after["doors"]) == {task.pk for task in tasks} and after["gone"] == set()
    assert {door["area"][:12] for door in after["doors"].values()} == {PARK}
    assert {door["area_name"] for door in after["doors"].values()} == {"和平社区第一网格"}
    assert [post["area"][:12] for post in after["postings"]] == [PARK]
    assert pulled(phone, after["cursor"])["doors"] == {}
    assert set(pulled(phone)["doors"]) == set(known["doors"]) and other.pk not in after["doors"]
    results = phone.results(*written, visit_json(tasks[2]))
    assert [(result["status"], result["route"]) for result in results] == [("accepted", "normal")] * 3
    assert {visit.posting.area_id[:12] for visit in Visit.objects.all()} == {PARK}
    assert Device.objects.get(pk=phone.device.pk).area[:12] == PARK


@pytest.mark.once
def test_a_worker_with_two_grids_sees_both_on_one_enrolment(
    phone: Phone, cast: Any, round: Any, make_employer: Any
) -> None:
    """His grid comes under the community in which he holds another already."""
    second = give_posting(cast.wang, Post(Role.WORKER, f"{PARK}001", today()), by=cast.by.qian)
    mine = make_task(round, make_employer(), cast.post.wang)
    also = make_task(round, make_employer(area=f"{PARK}001"), second)
    known = pulled(phone)
    change(cast, Asked(MERGE, HERE, into=PARK))
    after = pulled(phone, known["cursor"])
    assert set(after["doors"]) == {mine.pk} and after["gone"] == set()
    assert sorted(post["area"] for post in after["postings"]) == [
        f"{PARK}001",
        after["doors"][mine.pk]["area"],
    ]
    assert set(pulled(phone)["doors"]) == {mine.pk, also.pk}
    assert [r["route"] for r in phone.results(visit_json(mine), visit_json(also))] == ["normal"] * 2
