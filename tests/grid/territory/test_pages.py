import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grid.calendar.now import today
from grid.subjects.models import Premise
from grid.territory.models import Absence, Area, Posting
from grid.territory.queries import actor_of
from tests.cast import GRID_1, GRID_2


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("sun", "/areas/", 302),
        ("sun", "/areas/150302001/", 200),
        ("wang", f"/areas/{GRID_1}/", 200),
        ("chen", "/areas/150302001/", 404),
        ("sun", "/areas/150302/", 404),
        ("sun", "/areas/nonsense/", 404),
        ("qian", "/areas/150302/postings/new/", 200),
        ("sun", f"/areas/{GRID_1}/merge/", 200),
    ],
)
def test_who_sees_which_area(cast: Any, client: Client, who: str, path: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path).status_code == status


def test_a_stranger_is_asked_to_sign_in(db: None, client: Client) -> None:
    assert client.get("/areas/").headers["Location"].startswith("/accounts/login/")


def test_posting_somebody_from_the_page(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    page = f"/areas/{GRID_2}/postings/new/"
    given = {
        "username": "wang",
        "role": "worker",
        "department": "",
        "first_day": "2026-01-01",
        "last_day": "",
    }
    assert client.post(page, given).status_code == 302
    assert {held.area for held in actor_of(cast.wang).held} == {GRID_1, GRID_2}
    again = client.post(page, given)
    assert again.status_code == 409 and "在这段时间已任" in again.content.decode()
    nobody = client.post(page, given | {"username": "nobody"})
    assert nobody.status_code == 422 and "没有登录名为" in nobody.content.decode()
    client.force_login(cast.sun)
    assert client.post(page, given).status_code == 403


def test_absence_and_end_from_the_page(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    day = today().isoformat()
    absence = f"/areas/postings/{cast.post.wang.pk}/absence/"
    assert "李秀英" in client.get(absence).content.decode()
    given = {"first_day": day, "last_day": day, "cover": cast.post.li.pk, "reason": ""}
    assert client.post(absence, given).status_code == 302
    assert Absence.objects.get().cover == cast.post.li
    assert "由李秀英代班" in client.get("/areas/150302001/").content.decode()
    end = f"/areas/postings/{cast.post.li.pk}/end/"
    last = today() - timedelta(days=1)
    assert client.post(end, {"last_day": last.isoformat(), "reason": "调离"}).status_code == 302
    assert Posting.objects.get(pk=cast.post.li.pk).valid_to == last
    client.force_login(cast.han)
    assert client.get(end).status_code == 404


def seen_in(page: str) -> str:
    """The fingerprint of the rehearsal a page shows, which its form sends along."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_merging_a_grid_from_the_page(cast: Any, client: Client, make_employer: Any) -> None:
    subject = make_employer()
    client.force_login(cast.sun)
    given = {"into": GRID_2, "reason": "合并"}
    shown = client.post(f"/areas/{GRID_1}/merge/", given).content.decode()
    assert "对象 1" in shown and Area.objects.get(code=GRID_1).valid_to is None
    done = client.post(f"/areas/{GRID_1}/merge/", given | {"seen": seen_in(shown)})
    assert done.status_code == 302
    subject.refresh_from_db()
    assert subject.area == GRID_2
    assert Area.objects.get(code=GRID_1).valid_to is not None
    page = client.get(f"/areas/{GRID_1}/").content.decode()
    assert "撤销" in page and f"/areas/{GRID_2}/" in page


def test_an_absence_is_over_sooner(cast: Any, client: Client) -> None:
    first, last = today() - timedelta(days=2), today() + timedelta(days=5)
    absence = Absence.objects.create(
        posting=cast.post.wang, cover=cast.post.li, first_day=first, last_day=last
    )
    page = f"/areas/absences/{absence.pk}/end/"
    client.force_login(cast.han)
    assert client.get(page).status_code == 404
    client.force_login(cast.qian)
    assert page in client.get("/areas/150302001/").content.decode()
    late = client.post(page, {"last_day": (last + timedelta(days=1)).isoformat()})
    assert late.status_code == 409 and "须在这之间" in late.content.decode()
    assert client.post(page, {"last_day": (today() - timedelta(days=1)).isoformat()}).status_code == 302
    assert {held.area for held in actor_of(cast.li).held} == {GRID_2}


def test_splitting_a_grid_from_the_page(cast: Any, client: Client, make_employer: Any) -> None:
    grid = Area.objects.get(code=GRID_1)
    grid.households = 300
    grid.outline = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]]}
    grid.save()
    west, east, unknown = make_employer(), make_employer(), make_employer()
    for subject, lng in ((west, 0.5), (east, 1.5)):
        subject.premise = Premise.objects.create(code=f"D-{lng}", area=GRID_1, label="门", lng=lng, lat=0.5)
        subject.save()
    page = f"/areas/{GRID_1}/split/"
    client.force_login(cast.sun)
    shown = client.get(page).content.decode()
    assert "不能撤销" in shown and shown.count("checked") == 1 and "没有点位" in shown
    assert client.get(f"{page}?direction=up").status_code == 404
    given = {
        "direction": "we", "first_name": "西网格", "second_name": "东网格", "households": 100, "reason": "户数过多",
        "second": [east.pk, unknown.pk],
    }  # fmt: skip
    shown = client.post(page, given).content.decode()
    assert "对象 3" in shown and Area.objects.get(pk=GRID_1).valid_to is None
    seen = {"seen": seen_in(shown)}
    late = make_employer()
    assert client.post(page, given | seen).status_code == 409
    late.delete()
    assert client.post(page, given | seen).status_code == 302
    names = {}
    for subject in (west, east, unknown):
        subject.refresh_from_db()
        names[subject.pk] = Area.objects.get(code=subject.area).name
    assert list(names.values()) == ["西网格", "东网格", "东网格"]
    halves = Area.objects.filter(name__in=("西网格", "东网格"))
    assert all(half.outline for half in halves) and sum(h.households for h in halves) == grid.households


def test_queries_of_the_area_page(cast: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(cast.sun)
    with django_assert_max_num_queries(11):
        client.get("/areas/150302001/")
