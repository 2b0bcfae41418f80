"""Registers have a rhythm: late ones show, wait in the owner's inbox, and are asked for once."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from grid.calendar.now import CITY_TIME, moved_to
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.registers.actions import rhythm
from grid.registers.models import AskedFor, Delivery
from grid.scope import Role
from grid.territory.models import Person, Posting


def taken(register: str, as_of: date, area: str = "1503", state: str = "done") -> Delivery:
    return Delivery.objects.create(
        register=register, area=area, file_name=f"{register}.csv", sha256=f"{register}{as_of}{area}", as_of=as_of,
        delivered_at=datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=CITY_TIME), state=state,
    )  # fmt: skip


def on(day: date) -> Any:
    return moved_to(datetime(day.year, day.month, day.day, 10, tzinfo=CITY_TIME))


@pytest.fixture
def social_liaison(cast: Any, city: Any) -> Person:
    person = Person.objects.create(username="rs", full_name="人社联络员")
    Posting.objects.create(
        person=person,
        role=Role.LIAISON,
        area=city["1503"],
        department="市人社局",
        valid_from=date(2020, 1, 1),
    )
    return person


def due(register: str, day: date, area: str = "1503") -> rhythm.Expected:
    return next(
        expected
        for expected in rhythm.expected_on(day)
        if (expected.register, expected.area) == (register, area)
    )


def test_a_month_after_the_newest_data_and_ten_days_more(cast: Any) -> None:
    assert rhythm.expected_on(date(2026, 3, 1)) == [], "where nothing ever came, nothing is late"
    taken("social", date(2026, 1, 30))
    expected = due("social", date(2026, 3, 1))
    # 2026-02-28 is a Saturday on which people worked; ten days on is a Tuesday.
    assert (expected.newest, expected.due_on.month) == (date(2026, 1, 30), 3)
    assert not expected.is_late(expected.due_on) and expected.is_late(date(2026, 3, 31))
    assert expected.keepers == "人力资源和社会保障局（社会保险经办机构）"
    assert due("tax", date(2026, 3, 1)).newest is None, "one that never came is counted from the first of any"
    taken("social", date(2026, 2, 28))
    assert due("social", date(2026, 3, 31)).due_on > date(2026, 3, 31)


def test_what_was_not_taken_or_was_undone_does_not_count(cast: Any) -> None:
    taken("social", date(2026, 1, 31))
    for n, state in enumerate(("waiting", "dropped", "undone", "failed"), 1):
        taken("social", date(2026, 2, n), state=state)
    assert due("social", date(2026, 3, 1)).newest == date(2026, 1, 31)


def test_a_city_is_covered_by_all_of_its_districts(cast: Any, city: Any) -> None:
    taken("social", date(2026, 1, 31))
    taken("social", date(2026, 2, 28), "150302")
    assert due("social", date(2026, 3, 1)).newest == date(2026, 1, 31)
    taken("social", date(2026, 2, 27), "150304")
    assert due("social", date(2026, 3, 1)).newest == date(2026, 2, 27)


def test_the_rhythm_is_a_dated_row_of_the_law(cast: Any) -> None:
    taken("social", date(2026, 1, 31))
    monthly = due("social", date(2026, 3, 1)).due_on
    Provision.objects.filter(key="registers.rhythm_social").update(value=6)
    assert due("social", date(2026, 3, 1)).due_on.month == 8 != monthly.month
    assert not due("social", date(2026, 3, 1)).reviewed


def test_who_sees_what_is_late(cast: Any, client: Client, social_liaison: Person) -> None:
    for register in ("market", "social", "tax"):
        taken(register, date(2026, 1, 31))
    with on(date(2026, 4, 15)):
        client.force_login(social_liaison)
        inbox, page = client.get("/").content.decode(), client.get("/registers/").content.decode()
        expected = due("social", date(2026, 4, 15))
        assert f"应于 {expected.due_on} 前送达" in inbox and "社会保险参保名册未送达" in inbox
        assert "税务申报名册未送达" not in inbox
        assert (
            "逾期未送达" in page and f"应于 {expected.due_on} 前送达" in page and "市场监管登记" not in page
        )
        client.force_login(cast.wu)
        inbox, page = client.get("/").content.decode(), client.get("/registers/").content.decode()
        for name in ("市场监管登记", "社会保险参保", "税务申报"):
            assert f"{name}名册未送达" in inbox and name in page
        client.force_login(cast.zheng)
        assert "名册未送达" not in client.get("/").content.decode()


def test_the_department_of_the_day_is_asked(cast: Any, city: Any) -> None:
    """A posting in the name a department no longer has owns nothing any more."""
    person = Person.objects.create(username="old", full_name="旧联络员")
    Posting.objects.create(
        person=person,
        role=Role.LIAISON,
        area=city["150302"],
        department="海勃湾区工商局",
        valid_from=date(2010, 1, 1),
    )
    taken("market", date(2026, 1, 31))
    assert [
        expected.area for expected in rhythm.expected_on(date(2026, 3, 1)) if expected.register == "market"
    ] == ["1503"]
    Posting.objects.filter(person=person).update(department="海勃湾区市场监管局")
    areas = [
        expected.area for expected in rhythm.expected_on(date(2026, 3, 1)) if expected.register == "market"
    ]
    assert sorted(areas) == ["1503", "150302"]


def test_asked_for_once_for_each_day_it_was_due(cast: Any, client: Client) -> None:
    taken("social", date(2026, 1, 31))
    with on(date(2026, 2, 20)):
        assert rhythm.ask_for_late() == 0
    with on(date(2026, 4, 15)):
        first = rhythm.ask_for_late()
        assert first == 3 and rhythm.ask_for_late() == 0
        client.force_login(cast.wu)
        assert "已于 2026-04-15 催交" in client.get("/registers/").content.decode()
    entry = Entry.objects.filter(verb="register.asked_for", data__register="social").get()
    assert (entry.area, entry.actor_name) == ("1503", "名册催交")
    taken("social", date(2026, 4, 30))
    with on(date(2026, 7, 15)):
        assert rhythm.ask_for_late() == 1
    assert AskedFor.objects.filter(register="social").count() == 2
