"""Offices that must not meet in one person, and are not given by whom they watch; accounts that end."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import RIGHTS, Right, Role
from grid.territory import problems as territory_problems
from grid.territory.actions import (
    add_person,
    deactivate_person,
    end_posting,
    give_posting,
    reactivate_person,
)
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from grid.territory.rules import CONTROLLING, INCOMPATIBLE, ROLE_LEVELS, Post, conflict

START = date(2026, 1, 1)
AREA_OF_LEVEL = {1: "1503", 2: "150302", 3: "150302001", 4: "150302001002", 5: "150302001002001"}


def area_for(role: str) -> str:
    return AREA_OF_LEVEL[min(ROLE_LEVELS[role])]


@pytest.fixture
def bai(cast: Any) -> Person:
    person: Person = cast.bai
    return person


@pytest.fixture
def newcomer(cast: Any) -> Person:
    return add_person("newcomer", "新来的", "1503", by=cast.by.wu)


def test_whoever_watches_reviews_or_decides_shares_no_post_with_whom_it_concerns() -> None:
    """Written down pair by pair: a role added later must be thought about here."""
    apart = {
        pair
        for pair in combinations(sorted(Role.values), 2)
        if {"auditor", "personnel"} & set(pair)
        or ("legal" in pair and {"street", "district", "city", "inspector", "examiner"} & set(pair))
        or set(pair) in ({"inspector", "district"}, {"inspector", "city"}, {"inspector", "examiner"})
        or set(pair) in ({"examiner", "district"}, {"examiner", "city"})
        or set(pair) in ({"street", "district"}, {"district", "city"})
    }
    assert {tuple(sorted(pair)) for pair in INCOMPATIBLE} == apart
    for role, other in apart:
        assert conflict(role, other) and conflict(role, other) == conflict(other, role)


def test_no_pair_meets_in_one_person(cast: Any, newcomer: Person, bai: Person) -> None:
    by = {True: actor_of(bai), False: cast.by.wu}
    for first, second in INCOMPATIBLE_PAIRS:
        posting = give_posting(newcomer, Post(first, area_for(first), START), by=by[first in CONTROLLING])
        with pytest.raises(territory_problems.RolesConflict, match="roles-conflict"):
            give_posting(newcomer, Post(second, area_for(second), START), by=by[second in CONTROLLING])
        posting.delete()


INCOMPATIBLE_PAIRS = [tuple(sorted(pair)) for pair in INCOMPATIBLE]


def test_one_after_the_other_is_no_meeting(cast: Any, bai: Person) -> None:
    end_posting(cast.post.zhou, last_day=today() - timedelta(days=1), reason="转岗", by=cast.by.qian)
    assert give_posting(cast.zhou, Post(Role.LEGAL, "150302", today()), by=actor_of(bai)).pk


@pytest.mark.parametrize("role", sorted(CONTROLLING))
@pytest.mark.parametrize("by", ["qian", "wu", "zheng", "fang"])
def test_who_is_watched_appoints_no_watcher(cast: Any, newcomer: Person, role: str, by: str) -> None:
    refusal = (territory_problems.GivenByOthers, problems.NotYourPost, problems.NotHere)
    with pytest.raises(refusal):
        give_posting(newcomer, Post(role, area_for(role), START), by=getattr(cast.by, by))
    assert not Posting.objects.filter(person=newcomer).exists()


def test_nobody_ends_the_post_of_whoever_watches_them(cast: Any, bai: Person) -> None:
    for name in ("zheng", "fang", "ma"):
        with pytest.raises(territory_problems.GivenByOthers):
            end_posting(getattr(cast.post, name), last_day=today(), reason="x", by=cast.by.wu)
        with pytest.raises(territory_problems.GivenByOthers):
            deactivate_person(getattr(cast, name), reason="x", by=cast.by.wu)
    assert end_posting(cast.post.zheng, last_day=today(), reason="轮岗", by=actor_of(bai)).valid_to == today()


def test_a_head_of_a_district_is_posted_from_above(cast: Any, newcomer: Person) -> None:
    with pytest.raises(territory_problems.GivenByOthers):
        give_posting(newcomer, Post(Role.DISTRICT, "150302", START), by=cast.by.qian)
    assert give_posting(newcomer, Post(Role.DISTRICT, "150302", START), by=cast.by.wu).pk


def test_giving_watching_posts_is_all_that_personnel_may() -> None:
    assert RIGHTS[Role.PERSONNEL] == {Right.POST_CONTROL}
    assert [role for role, rights in RIGHTS.items() if Right.POST_CONTROL in rights] == [Role.PERSONNEL]


def test_the_form_offers_what_one_may_give(cast: Any, client: Client, bai: Person) -> None:
    offered = {}
    for name, person in (("wu", cast.wu), ("bai", bai), ("qian", cast.qian)):
        client.force_login(person)
        area = "150302" if name == "qian" else "1503"
        page = client.get(f"/areas/{area}/postings/new/").content.decode()
        offered[name] = {role for role in Role.values if f'value="{role}"' in page}
    assert offered == {
        "wu": {"examiner", "inspector", "liaison"},
        "bai": {"city", "auditor", "legal", "personnel"},
        "qian": {"examiner", "inspector", "liaison"},
    }


# --- accounts -----------------------------------------------------------------------------------------


def test_an_account_is_shut_and_opened_from_its_page(cast: Any, client: Client) -> None:
    there = Client()
    there.force_login(cast.wang)
    client.force_login(cast.qian)
    assert f"/people/{cast.wang.pk}/" in client.get("/areas/150302001002001/").content.decode()
    page = f"/people/{cast.wang.pk}/"
    assert client.post(page, {}).status_code == 422 and Person.objects.get(pk=cast.wang.pk).is_active
    assert client.post(page, {"reason": "离职"}).status_code == 302
    assert there.get("/").status_code == 302
    shown = client.get(page).content.decode()
    assert "账号已停用" in shown and "恢复账号" in shown
    client.post(page, {"reason": "弄错了人"})
    person = Person.objects.get(pk=cast.wang.pk)
    assert person.is_active and actor_of(person).held == ()
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["posting.ended", "person.deactivated", "person.reactivated"]
    with pytest.raises(territory_problems.AlreadyActive):
        reactivate_person(person, reason="再次", by=cast.by.qian)


@pytest.mark.parametrize(
    ("who", "status"), [("qian", 200), ("sun", 200), ("han", 404), ("liu", 404), ("feng", 404)]
)
def test_who_sees_an_account(cast: Any, client: Client, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/people/{cast.wang.pk}/")
    assert answer.status_code == status
    assert ("停用账号" in answer.content.decode()) == (who == "qian")
    refused = client.post(f"/people/{cast.wang.pk}/", {"reason": "x"})
    assert refused.status_code == {"qian": 302, "sun": 403}.get(who, 404)


def test_an_account_nobody_holds_a_post_with_is_not_out_of_reach(cast: Any, newcomer: Person) -> None:
    with pytest.raises(problems.NotHere):
        deactivate_person(newcomer, reason="x", by=cast.by.han)
    assert not deactivate_person(newcomer, reason="没有到岗", by=cast.by.wu).is_active


def test_posts_in_two_districts_are_ended_by_who_gives_both(cast: Any) -> None:
    give_posting(cast.zhou, Post(Role.INSPECTOR, "150304", START), by=cast.by.han)
    with pytest.raises(territory_problems.GivenByOthers):
        deactivate_person(cast.zhou, reason="离职", by=cast.by.qian)
    assert not deactivate_person(cast.zhou, reason="离职", by=cast.by.wu).is_active


def test_the_operator_shuts_an_account_by_command(cast: Any, capsys: Any) -> None:
    call_command("deactivate_person", "wang", reason="手机被盗，账号外泄")
    assert not Person.objects.get(pk=cast.wang.pk).is_active
    entry = Entry.objects.get(verb="person.deactivated")
    assert entry.data["reason"] == "手机被盗，账号外泄"
    with pytest.raises(CommandError, match="person-unknown"):
        call_command("deactivate_person", "wang", reason="再次")
