"""A unit no register knows: compared with what is known, then accepted, linked or laid aside."""

from typing import Any

import pytest

from grid import problems
from grid.placing import problems as placing_problems
from grid.subjects.models import Subject
from tasks.arrivals.actions.accepting import accept_candidate
from tasks.arrivals.actions.claiming import claim_visit
from tasks.arrivals.queries.candidates import alike_to, lookup, unlisted_of
from tasks.arrivals.rules import Unit, is_same_address, likeness, same
from tasks.coverage.models import Span
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tasks.visits.rules import Unlisted
from tests.cast import FAR_GRID, GRID_1, GRID_2, credit_code
from tests.doors import UNINSURED, arrival, held_of, make_round, make_task, push

pytestmark = pytest.mark.django_db
SHOP = Unlisted("老王汽车修理部", "", "新华西街12号", "sole_trader_employing", 106.8, 39.6)


def found(cast: Any, said: Unlisted = SHOP, **fields: Any) -> Visit:
    sent = arrival(unlisted=said, **{"answers": UNINSURED, **fields})
    (answer,) = push(cast.post.wang, cast.by.wang, sent)
    assert (answer.status, answer.route) == ("accepted", "unknown_task")
    return Visit.objects.get(code=answer.visit)


def test_names_alike() -> None:
    assert likeness("乌海市老王汽车修理有限公司", "老王汽车修理部", ["乌海市"]) > 0.6
    assert likeness("老王汽车修理部", "小李面馆") == 0.0 == likeness("", "公司")
    assert is_same_address("乌海市海勃湾区新华西街12号", "新华西街12号")
    assert not is_same_address("新华西街12号", "新华西街112号附近")
    near, far = Unit(lng=106.80001, lat=39.6), Unit(lng=106.81, lat=39.6)
    assert same(Unit(lng=106.8, lat=39.6), near) == ["door"] and same(near, far) == []


def test_what_was_written_down_is_kept_encrypted(cast: Any) -> None:
    visit = found(cast)
    assert unlisted_of(visit) == SHOP
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT unlisted FROM tasks_visit")
        assert "老王" not in str(cursor.fetchall())


def test_it_is_compared_with_subjects_and_other_finds_of_the_community(cast: Any, make_employer: Any) -> None:
    known = make_employer("乌海市老王汽车修理有限公司", area=GRID_2)
    make_employer("老王汽车修理有限公司", area=FAR_GRID)
    first, second = found(cast), found(cast, Unlisted("老王汽修", "", "新华西街12号"))
    alike = alike_to(second)
    assert [(candidate.visit, candidate.reasons) for candidate in alike if candidate.visit] == [
        (first.code, "名称相近、地址相同")
    ] or [candidate.reasons for candidate in alike if candidate.visit] == ["地址相同"]
    assert [candidate.subject for candidate in alike_to(first) if candidate.subject] == [known]


def test_a_phone_asks_within_its_own_territory(
    cast: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    mine = make_employer("老王汽车修理部")
    make_employer("老王汽车修理部", area=GRID_2)
    with django_assert_max_num_queries(4):
        (one,) = lookup(Unit("老王汽车修理部"), held_of(cast.post.wang))
    assert (one["subject_id"], one["same"]) == (mine.pk, ["name"])
    assert one["credit_code"].startswith(mine.credit_code[:4]) and "*" in one["credit_code"]
    (by_code,) = lookup(Unit("别的名字", mine.credit_code.lower()), held_of(cast.post.wang))
    assert by_code["same"] == ["code"]
    found(cast, Unlisted("街角烧烤"))
    (other,) = lookup(Unit("街角烧烤"), held_of(cast.post.wang))
    assert other["subject_id"] is None


def test_accepted_it_is_a_subject_of_the_grid_with_its_visit(cast: Any, client: Any) -> None:
    visit = found(cast)
    client.force_login(cast.zhao)
    address = f"/visits/unclaimed/{visit.code}/"
    page = client.get(address).content.decode()
    assert "名册中没有，纳入" in page and "老王汽车修理部" in page
    assert "名册外" in client.get("/visits/unclaimed/").content.decode()
    given = {"name": "老王汽车修理部", "kind": "sole_trader_employing", "address": "新华西街12号"}
    assert client.post(f"{address}accept/", {**given, "why": ""}).status_code == 422
    assert client.post(f"{address}accept/", {**given, "credit_code": "123", "why": "有照"}).status_code == 422
    answer = client.post(f"{address}accept/", {**given, "why": "名册中没有"}, follow=True)
    assert "已纳入名册" in answer.content.decode()
    subject = Subject.objects.get(name="老王汽车修理部")
    visit.refresh_from_db()
    assert (visit.subject, subject.area, subject.local_code) == (subject, GRID_1, visit.code)
    assert Finding.objects.get().subject == subject
    assert Span.objects.get(subject=subject, until=None).state == "to_review"
    assert client.post(f"{address}accept/", {**given, "why": "再来"}).status_code == 409
    client.force_login(cast.chen)
    assert client.post(f"{address}accept/", {**given, "why": "别处"}).status_code == 404


def test_a_code_that_is_known_is_not_accepted_twice(cast: Any, make_employer: Any) -> None:
    code = credit_code(77)
    make_employer(credit_code=code, area=FAR_GRID)
    visit = found(cast, Unlisted("老王", code))
    with pytest.raises(placing_problems.SubjectKnown):
        accept_candidate(visit, Unlisted("老王汽修", code), "看了执照", by=cast.by.zhao)
    with pytest.raises(problems.SamePersonTwice):
        Visit.objects.update(person=cast.zhao)
        accept_candidate(visit, SHOP, "看了执照", by=cast.by.zhao)


def test_linked_it_answers_the_open_task_of_the_subject(cast: Any, make_employer: Any) -> None:
    task = make_task(make_round(cast.qian), make_employer(), cast.post.wang)
    before = task.feed
    visit = claim_visit(found(cast), task.subject, "就是这一家", by=cast.by.zhao)
    task.refresh_from_db()
    assert (visit.task, task.state) == (task, "visited") and task.feed > before
    assert Finding.objects.get().visit == visit
    other = claim_visit(found(cast), task.subject, "又一次", by=cast.by.zhao)
    assert other.task is None


def test_the_page_costs_the_same_however_many_are_known(
    cast: Any, make_employer: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    visit = found(cast)
    for number in range(12):
        make_employer(f"老王汽车修理{number}部")
    client.force_login(cast.zhao)
    with django_assert_max_num_queries(12):
        assert client.get(f"/visits/unclaimed/{visit.code}/").status_code == 200


def test_a_find_is_taken_in_with_a_reason(cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        accept_candidate(found(cast), SHOP, " ", by=cast.by.zhao)
    assert not Subject.objects.exists()
