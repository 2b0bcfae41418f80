"""The lists of what was claimed and of what nobody claimed: who sees them, what they say, what they take."""

from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import now
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.claims.models import Claim
from tests.cast import GRID_1, GRID_2
from tests.doors import arrival, push

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COMMUNITY, STREET = GRID_1[:12], GRID_1[:9]


@pytest.fixture
def claimed(cast: Any, make_employer: Any) -> Claim:
    subject = make_employer("示例和平面馆", area=COMMUNITY)
    sent = arrival(subject_id=subject.pk, form="pool_claim", form_version="1", answers={}, grid=GRID_1)
    push(cast.post.wang, cast.by.wang, sent)
    return Claim.objects.get()


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("zhao", "/claims/", 200), ("sun", "/claims/", 200), ("wu", "/claims/", 200), ("zheng", "/claims/", 403),
        ("wang", "/claims/", 403), ("zhao", "/claims/asked/", 200), ("sun", "/claims/asked/", 200),
        ("qian", "/claims/asked/", 404), ("chen", f"/claims/asked/?area={STREET}", 404),
        ("zheng", "/claims/asked/", 403),
    ],
)  # fmt: skip
def test_who_sees_the_lists(cast: Any, client: Any, who: str, path: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path).status_code == status


def test_the_day_s_claims_are_read_and_one_is_sent_back(
    cast: Any, client: Any, claimed: Claim, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.zhao)
    assert "网格员认领、定格 1 户" in client.get("/").content.decode()
    with django_assert_max_num_queries(12):
        page = client.get("/claims/").content.decode()
    assert "示例和平面馆" in page and "王建国" in page and "从清单认领" in page
    assert "示例和平面馆" not in client.get("/claims/?day=2026-01-01").content.decode()
    table = b"".join(client.get("/claims/?export=csv").streaming_content).decode()
    assert "示例和平面馆" in table and GRID_1 in table
    address = f"/claims/{claimed.pk}/refuse/"
    assert client.post(address, {"why": ""}).status_code == 422
    answer = client.post(address, {"why": "在路对面"}, follow=True)
    assert "回到待归格" in answer.content.decode()
    assert "在路对面" in client.get("/claims/?state=refused").content.decode()
    assert "网格员认领" not in client.get("/").content.decode()
    client.force_login(cast.chen)
    assert client.post(address, {"why": "别处"}).status_code == 404


def test_who_is_asked_answers_on_a_page(
    cast: Any, client: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    old = now() - timedelta(days=9)
    known, strange = (
        make_employer(name, area=area, added_at=old)
        for name, area in (("示例店", COMMUNITY), ("示例厂", STREET))
    )
    subjects_moved([Move(subject.pk, "", subject.area) for subject in (known, strange)], by=cast.by.wu)
    client.force_login(cast.zhao)
    assert "2 户无人认领" in client.get("/").content.decode()
    with django_assert_max_num_queries(14):
        page = client.get("/claims/asked/").content.decode()
    assert "示例店" in page and "示例厂" in page and "7 日无人认领" in page
    assert b"".join(client.get("/claims/asked/?export=csv").streaming_content).decode().count("示例") == 2
    address = f"/claims/asked/{known.pk}/"
    assert "归入网格" in client.get(address).content.decode()
    assert client.post(address, {"reply": "place"}).status_code == 422
    assert client.post(address, {"reply": "not_there", "why": " "}).status_code == 422
    told = client.post(address, {"reply": "place", "grid": GRID_2, "why": "门牌"}, follow=True)
    assert "已归格" in told.content.decode()
    assert Subject.objects.get(pk=known.pk).area == GRID_2
    answer = client.post(f"/claims/asked/{strange.pk}/", {"reply": "not_ours", "why": "不在"}, follow=True)
    assert "改问上一级" in answer.content.decode()
    assert client.get(address).status_code == 404
    client.force_login(cast.chen)
    assert client.get(f"/claims/asked/{strange.pk}/").status_code == 404


def test_coverage_says_how_far_it_is_known_where_they_lie(cast: Any, client: Any, make_employer: Any) -> None:
    for area in (COMMUNITY, COMMUNITY, STREET, "150302"):
        subjects_moved([Move(make_employer(area=area).pk, "", area)], by=cast.by.wu)
    client.force_login(cast.qian)
    page = " ".join(client.get("/coverage/150302/").content.decode().split())
    assert "社区已知，只差网格（可派发） <b>2</b>" in page
    assert "只知道街道（待认领） <b>1</b>" in page and "只知道区（待认领） <b>1</b>" in page
    assert "待归格：" not in client.get(f"/coverage/{GRID_1}/").content.decode()
