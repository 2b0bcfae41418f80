"""The people's pages: who reaches which, whom the list shows, and the acts from them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grid.accounts.actions import tries
from grid.accounts.rules import NAME
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.people import queries
from grid.people.queries import Sought
from grid.scope import Role
from grid.territory.actions import add_person, deactivate_person, end_posting, give_posting
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import actor_of, may_manage
from grid.territory.rules import Post
from mobile_api.devices.models import Device
from tests.cast import FAR_GRID, GRID_1, GRID_2

# Who gives posts has the pages; of everybody else's territory nothing is told. wang, zhao, sun: posts without the right.
PAGES = {
    "/people/": {"qian": 200, "wu": 200, "bai": 200, "han": 200, "sun": 403, "wang": 403, "zheng": 403},
    "/people/names/?username=wang": {"qian": 200, "bai": 200, "sun": 403, "wang": 403},
    "/people/new/": {"qian": 200, "wu": 200, "bai": 200, "sun": 403, "wang": 403},
    "/people/import/": {"qian": 200, "wu": 200, "bai": 200, "sun": 403, "wang": 403},
    "/people/posts/?person={wang}": {"qian": 200, "wu": 200, "bai": 404, "han": 404, "sun": 403, "wang": 403},
    "/people/ends/?person={wang}": {"qian": 200, "wu": 200, "bai": 404, "han": 404, "sun": 403, "wang": 403},
    "/people/codes/?person={wang}": {"qian": 200, "sun": 403, "wang": 403},
    "/people/{wang}/": {"qian": 200, "wu": 200, "sun": 200, "wang": 200, "bai": 200, "han": 404, "chen": 404},
    "/people/{wang}/correct/": {"qian": 200, "wu": 200, "bai": 403, "han": 404, "sun": 403, "wang": 403},
    "/people/{wang}/sign-in/": {"qian": 200, "wu": 200, "bai": 403, "han": 404, "sun": 403, "wang": 409},
    "/people/{zheng}/sign-in/": {"bai": 200, "wu": 403, "qian": 404},
    "/people/99999/": {"wu": 404},
}


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES)
def test_who_reaches_which_page(cast: Any, client: Client, page: str) -> None:
    path = page.format(wang=cast.wang.pk, zheng=cast.zheng.pk)
    answers = {}
    for name in PAGES[page]:
        client.force_login(getattr(cast, name))
        answers[name] = client.get(path).status_code
    assert answers == PAGES[page]
    assert Client().get(path).status_code == 302


def test_the_menu_offers_people_to_who_gives_posts(cast: Any, client: Client) -> None:
    for name, is_offered in (("wu", True), ("bai", True), ("qian", True), ("sun", False), ("wang", False)):
        client.force_login(getattr(cast, name))
        assert ('href="/people/"' in client.get("/accounts/").content.decode()) == is_offered, name


def names(viewer: Any, **sought: str) -> set[str]:
    return set(queries.found(viewer, Sought(**sought)).values_list("username", flat=True))


def test_the_list_shows_whose_account_one_looks_after(cast: Any) -> None:
    """The SQL of the list and the question asked before every act agree, for everybody and everyone."""
    gone = add_person("gone", "走了", "150302", by=cast.by.qian)
    give_posting(
        gone, Post(Role.WORKER, GRID_1, today() - timedelta(9), today() - timedelta(2)), by=cast.by.qian
    )
    add_person("fresh", "刚来", "150302", by=cast.by.qian)
    add_person("control", "将任审计", "1503", by=actor_of(cast.bai))
    later = add_person("later", "将来", "150304", by=cast.by.han)
    give_posting(later, Post(Role.STREET, "150304011", today() + timedelta(5)), by=cast.by.han)
    for viewer in ("wu", "qian", "han", "bai", "sun", "wang", "zheng"):
        by = getattr(cast.by, viewer)
        mine = {person.username for person in Person.objects.all() if may_manage(by, person)}
        assert names(by) == mine, viewer
    assert "fresh" in names(cast.by.qian) and "gone" in names(cast.by.qian)


def test_what_one_may_ask_the_list(cast: Any) -> None:
    Person.objects.filter(pk=cast.wang.pk).update(phone="13800138001", password="!x")
    cast.post.li.valid_to = today() - timedelta(days=1)
    cast.post.li.save()
    deactivate_person(cast.zhao, reason="离职", by=cast.by.qian)
    Device.objects.create(
        posting=cast.post.wang, area=GRID_1, label="手机", token_hash="x", enrolled_at=cast.wang.date_joined
    )
    by = cast.by.wu
    assert names(by, q="王建") == names(by, q="8001") == names(by, q="WAN") == {"wang"}
    assert names(by, state="vacant") == {"li"}
    assert names(by, state="closed") == names(by, q="赵敏") == {"zhao"} and "zhao" not in names(by)
    assert names(by, state="fresh") == {"wang"}
    assert names(by, state="phone") == {"liu"}
    assert names(by, role="street") == {"sun", "chen"}
    assert names(by, role="street", area="150304") == {"chen"}
    assert names(by, area="²") == set() == names(by, q="nobody")
    assert names(by, state="waiting") == set()
    for _ in range(8):
        tries.take(tries.name_key("sun"), NAME)
    assert names(by, state="waiting") == {"sun"}
    assert queries.counts(by) | {"factor": 0} == {
        "all": 12,
        "vacant": 1,
        "fresh": 1,
        "factor": 0,
        "closed": 1,
    }


def test_the_list_asks_as_much_for_many_as_for_few(
    cast: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    people = Person.objects.bulk_create([Person(username=f"n{n}", full_name=f"人{n}") for n in range(80)])
    Posting.objects.bulk_create(
        [Posting(person=person, role="worker", area_id=GRID_1, valid_from=today()) for person in people]
    )
    client.force_login(cast.qian)
    client.get("/people/")  # the names of areas are read once for all pages of a process
    with django_assert_max_num_queries(14):
        assert "共 8" in client.get("/people/").content.decode()
    with django_assert_max_num_queries(8):
        client.get("/people/names/?username=人")


# --- acts -----------------------------------------------------------------------------------------------


def test_somebody_new_comes_in_with_five_clicks(cast: Any, client: Client) -> None:
    """人员 · 新增人员 · 新增 · 给出首次登录码: the forms between are the pages that answer."""
    client.force_login(cast.qian)
    page = client.get(f"/people/new/?full_name=新来的&area={GRID_1}").content.decode()
    assert 'value="新来的"' in page and f'value="{GRID_1}"' in page and 'value="auditor"' not in page
    given = {
        "full_name": "新来的",
        "phone": "139 0000 0001",
        "role": "worker",
        "area": GRID_1,
        "first_day": today(),
    }
    added = client.post("/people/new/", given)
    person = Person.objects.get(username="13900000001")
    assert added.headers["Location"] == f"/people/{person.pk}/sign-in/"
    assert [held.area for held in actor_of(person).held] == [GRID_1]
    code = client.post(f"/people/{person.pk}/sign-in/code/", {"code-reason": "首次登录"}).content.decode()
    assert "14 天" in code
    assert client.post("/people/new/", given | {"full_name": "另一人"}).status_code == 409
    assert client.post("/people/new/", given | {"area": "150304"}).status_code == 404
    story = client.get(f"/people/{person.pk}/").content.decode()
    assert "登记了工作人员" in story and "安排了岗位" in story and "给出了首次登录码" in story


def test_typing_a_name_finds_who_is_meant(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    assert 'value="wang"' in client.get("/people/names/?username=建国").content.decode()
    assert 'value="liu"' not in client.get("/people/names/?username=刘").content.decode()
    nobody = client.get(f"/people/names/?username=无名&area={GRID_1}").content.decode()
    assert "/people/new/?full_name=" in nobody and GRID_1 in nobody
    page = f"/areas/{GRID_2}/postings/new/"
    assert "people-named" in client.get(page).content.decode()
    given = {"username": "王建国", "role": "worker", "first_day": today()}
    assert client.post(page, given).status_code == 302
    assert client.post(page, given | {"username": "无名"}).content.decode().count("/people/new/") == 1
    Person.objects.filter(pk=cast.zhao.pk).update(full_name="王建国")
    shared = client.post(page, given)
    assert shared.status_code == 409 and "zhao" in shared.content.decode()


def test_posts_for_many_and_ends_for_many(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    both = f"?person={cast.wang.pk}&person={cast.li.pk}&person={cast.liu.pk}"
    shown = client.get(f"/people/posts/{both}").content.decode()
    assert "王建国" in shown and "刘洋" not in shown
    given = {"role": "worker", "area": GRID_2, "first_day": today(), f"area-{cast.li.pk}": GRID_1}
    done = client.post(f"/people/posts/{both}", given).content.decode()
    assert done.count("安排岗位") >= 2
    assert (
        {held.area for held in actor_of(cast.wang).held}
        == {held.area for held in actor_of(cast.li).held}
        == {GRID_1, GRID_2}
    )
    page = f"/people/ends/{both}"
    assert client.get(page).content.decode().count("checked") == 4
    last = today() - timedelta(days=1)
    ends = {"post": [cast.post.wang.pk, cast.post.liu.pk], "last_day": last, "reason": "换岗"}
    assert client.post(page, {**ends, "post": []}).status_code == 422
    assert client.post(page, ends).status_code == 302
    assert Posting.objects.get(pk=cast.post.wang.pk).valid_to == last
    assert Posting.objects.get(pk=cast.post.liu.pk).valid_to is None
    many = "&".join(f"person={n}" for n in range(201))
    assert client.get(f"/people/posts/?{many}").status_code == 422


def test_first_codes_are_for_who_never_had_a_password(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    Person.objects.filter(pk=cast.li.pk).update(password="!unusable")
    page = f"/people/codes/?person={cast.wang.pk}&person={cast.li.pk}&person={cast.liu.pk}"
    text = client.get(page).content.decode()
    assert "为 1 位还没有设过密码的人" in text and "不在其列，因为已设过密码或已停用：王建国" in text
    sent = client.post(page, {"reason": "首次登录", "as": "xlsx"})
    assert "attachment" in sent.headers["Content-Disposition"] and "no-store" in sent.headers["Cache-Control"]
    everybody = client.post("/people/codes/?state=fresh&all=1", {"reason": "首次登录"}).content.decode()
    assert "li</code>" in everybody
    assert client.post(f"/people/codes/?person={cast.wang.pk}", {"reason": "x"}).status_code == 409


def test_waiting_is_ended_by_who_looks_after_the_account(cast: Any, client: Client) -> None:
    for _ in range(8):
        tries.take(tries.name_key("wang"), NAME)
    client.force_login(cast.qian)
    assert "还要等" in client.get(f"/people/{cast.wang.pk}/").content.decode()
    page = f"/people/{cast.wang.pk}/sign-in/free/"
    assert client.post(page, {"free-reason": "本人来电"}).status_code == 200
    assert not tries.wait_of(tries.keys_of(cast.wang))
    assert Entry.objects.get(verb="wait.ended").data["reason"] == "本人来电"
    assert client.post(page, {"free-reason": "再次"}).status_code == 409
    client.force_login(cast.han)
    assert client.post(page, {"free-reason": "x"}).status_code == 404


def test_a_correction_tells_no_telephone(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    page = f"/people/{cast.wang.pk}/correct/"
    assert client.post(page, {"full_name": "王建业", "phone": "138-0013-8009"}).status_code == 302
    assert Person.objects.get(pk=cast.wang.pk).phone == "13800138009"
    entry = Entry.objects.get()
    assert entry.data["fields"] == "姓名、手机号" and "13800138009" not in str(entry.data)
    assert client.post(page, {"full_name": "王建业", "phone": "13800138009"}).status_code == 302
    assert Entry.objects.count() == 1
    assert client.post(page, {"full_name": "王建业", "phone": "无"}).status_code == 422


def test_before_an_account_is_shut_the_page_says_who_goes_on(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    assert "接手：李秀英" in client.get(f"/people/{cast.wang.pk}/").content.decode()
    end_posting(cast.post.li, last_day=today() - timedelta(days=1), reason="调离", by=cast.by.qian)
    assert "没有同岗位的人接手" in client.get(f"/people/{cast.wang.pk}/").content.decode()


def test_who_gets_no_code_is_named_in_the_file_too(cast: Any, client: Client) -> None:
    """A post elsewhere is somebody else's to help: his line says so instead of being missing."""
    client.force_login(cast.qian)
    Person.objects.filter(pk__in=[cast.li.pk, cast.wang.pk]).update(password="!unusable")
    grid = Area.objects.get(pk=FAR_GRID)
    Posting.objects.create(person=cast.li, role=Role.WORKER, area=grid, valid_from=today())
    page = f"/people/codes/?person={cast.wang.pk}&person={cast.li.pk}"
    answer = client.post(page, {"reason": "首次登录", "as": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3 and any(line.startswith("李秀英") and "没有给出" in line for line in lines)


def test_who_was_chosen_and_is_not_on_the_page_is_told(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    Person.objects.filter(pk=cast.li.pk).update(is_active=False)
    for page in ("posts", "ends"):
        text = client.get(f"/people/{page}/?person={cast.wang.pk}&person={cast.li.pk}").content.decode()
        assert "所选的还有 1 人不在其列" in text
