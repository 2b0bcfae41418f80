"""What waits for a grid, on the phones of those who go about there: as it changes, within bounds, and searched."""

import json
from typing import Any

import pytest

from grid.subjects.models import Subject, SubjectKind
from mobile_api.devices.actions import revoke_phone
from mobile_api.sync.pool import queries
from tasks.claims.actions import refuse_claim
from tasks.claims.models import Claim
from tests.cast import GRID_1, GRID_2
from tests.mobile_api.phones import API, Phone, visit_json

pytestmark = pytest.mark.django_db
COMMUNITY, STREET, DISTRICT = GRID_1[:12], GRID_1[:9], GRID_1[:6]


class Held:
    """What a phone knows, kept as the app keeps it."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.prints = ["00000000"] * queries.BUCKETS
        self.rows: list[list[Any]] = [[] for _print in self.prints]
        self.told: dict[str, Any] = {}

    def pull(self, budget: int = 300_000) -> int:
        """How many answers it took."""
        for pages in range(1, 50):
            self.told = self.phone.get(f"pool?known={''.join(self.prints)}&budget={budget}").json()
            for bucket in self.told["buckets"]:
                self.prints[bucket["number"]], self.rows[bucket["number"]] = bucket["print"], bucket["rows"]
            if not self.told["more"]:
                return pages
        raise AssertionError("no end")

    @property
    def names(self) -> set[str]:
        return {row["name"] for rows in self.rows for row in rows}


def claim(phone: Phone, subject: Subject, grid: str = GRID_1) -> Any:
    sent = visit_json(subject_id=subject.pk, form="pool_claim", form_version="1", answers={}, grid=grid)
    (told,) = phone.results(sent)
    return told


def search(phone: Phone, words: str) -> list[str]:
    headers = {"Authorization": f"Bearer {phone.token}"}
    body = json.dumps({"words": words})
    answer = phone.client.post(API + "pool", body, content_type="application/json", headers=headers)
    return [row["name"] for row in answer.json()["rows"]]


def test_a_phone_holds_the_pools_around_it_and_nothing_else(
    phone: Phone, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    for area in (COMMUNITY, STREET, DISTRICT, "150302001003", "150304", GRID_1):
        make_employer(area, area=area)
    make_employer("人", area=COMMUNITY, kind=SubjectKind.FLEXIBLE_WORKER)
    held = Held(phone)
    with django_assert_max_num_queries(8):
        assert held.pull() == 1
    assert held.names == {COMMUNITY, STREET, DISTRICT}
    assert [grid["code"] for grid in held.told["grids"]] == [GRID_1, GRID_2]
    held.pull()
    assert held.told["buckets"] == []


def test_only_what_differs_comes_and_what_was_claimed_is_gone(
    cast: Any, phone: Phone, make_employer: Any
) -> None:
    subjects = [make_employer(f"示例{number}", area=COMMUNITY) for number in range(3)]
    held = Held(phone)
    held.pull()
    told = claim(phone, subjects[0])
    assert told["status"] == "accepted" and "已归入" in told["message"]
    held.pull()
    assert len(held.told["buckets"]) == 1 and held.names == {"示例1", "示例2"}
    refuse_claim(Claim.objects.get(), "在路对面", by=cast.by.zhao)
    held.pull()
    assert held.names == {"示例0", "示例1", "示例2"}
    (refused,) = held.told["refused"]
    assert (refused["name"], refused["words"]) == ("示例0", "赵敏退回：在路对面")


def test_it_comes_in_small_pieces_and_ends_at_the_bound(
    phone: Phone, make_employer: Any, monkeypatch: Any
) -> None:
    for number in range(150):
        make_employer(f"示例{number}", area=DISTRICT, address="很长的地址" * 50)
    near = make_employer("近处", area=COMMUNITY)
    held = Held(phone)
    assert held.pull(budget=20_000) > 3 and len(held.names) == 151
    monkeypatch.setattr(queries, "MOST", 100)
    held.pull()
    assert len(held.names) == 100 and near.name in held.names


def test_searched_by_name_code_initials_and_by_what_stands_on_a_sign(
    phone: Phone, make_employer: Any
) -> None:
    garage = make_employer("乌海市老王汽车修理部", area=DISTRICT, initials="whslwqcxlb", address="新华街3号")
    make_employer("乌海市老王汽车修理部（公园店）", area="150302001003")
    for words in (
        "汽车",
        "老王 新华街",
        garage.credit_code,
        garage.credit_code[4:].lower(),
        "lwqc",
        "老王汽车维修",
    ):
        assert search(phone, words) == [garage.name], words
    assert search(phone, "理发") == search(phone, "") == search(phone, "  ") == []


def test_a_grid_that_is_none_is_set_aside_and_the_visit_kept(phone: Phone, make_employer: Any) -> None:
    subject = make_employer(area=COMMUNITY)
    told = claim(phone, subject, "第一网格")
    assert told["status"] == "accepted"
    subject.refresh_from_db()
    assert subject.area == COMMUNITY
    assert phone.get("pool?known=zz").json()["code"] == "malformed-request"


def test_a_revoked_phone_sees_no_pool(cast: Any, phone: Phone) -> None:
    revoke_phone(phone.device, "丢失", by=cast.by.zhao)
    assert phone.get("pool").json()["code"] == "device-revoked"
