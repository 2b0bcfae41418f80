"""Visits that wait for a named person: two people at one door, and doors nobody knows; and the way there."""

from typing import Any

import pytest
from django.db import connection

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.registers.models import Delivery, DeliveryState, Row
from grid.subjects.models import Premise
from grid.territory.actions import end_posting, note_absence
from project.inbox import inbox_of
from tasks.arrivals.actions.admitting import accept_word, dismiss_words
from tasks.arrivals.actions.claiming import claim_visit
from tasks.arrivals.actions.dismissing import dismiss_visit
from tasks.facts.actions import decide_fields
from tasks.findings.models import Finding
from tasks.visits import queries
from tasks.visits.models import LaidAside, Visit
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.doors import SHORT, UNINSURED, arrival, make_round, make_task, push

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(cast: Any) -> Any:
    return make_round(cast.qian)


@pytest.fixture
def clash(cast: Any, round: Any, make_employer: Any) -> Visit:
    """wang found all in order where li, later, found people uninsured."""
    return make_clash(cast, round, make_employer("示例面馆"))


def make_clash(cast: Any, round: Any, subject: Any) -> Visit:
    task = make_task(round, subject, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    task.posting = cast.post.li
    task.save()
    (answer,) = push(cast.post.li, cast.by.li, arrival(task, answers=SHORT, recorded_at=now()))
    return Visit.objects.get(code=answer.visit)


@pytest.fixture
def stray(cast: Any) -> Visit:
    return make_stray(cast)


def make_stray(cast: Any, **fields: Any) -> Visit:
    """A visit of wang's that names no task and no subject the server knows."""
    answers = {**UNINSURED, "remark": "门头写着“老王修车”"}
    (answer,) = push(
        cast.post.wang, cast.by.wang, arrival(**{"task_id": 999_999, "answers": answers, **fields})
    )
    return Visit.objects.get(code=answer.visit)


def tell(subject: Any, register: str, **data: Any) -> None:
    delivery = Delivery.objects.create(
        register=register, sha256=register * 8, area="1503", file_name="社保.csv", as_of=today(),
        delivered_at=now(), state=DeliveryState.DONE,
    )  # fmt: skip
    Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=2, data=data, hash="h",
        since=today(),
    )  # fmt: skip


def text(client: Any, who: Any, address: str) -> str:
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


# --- two people at one door --------------------------------------------------------------------------


def test_both_visits_stand_side_by_side_with_the_registers(cast: Any, clash: Visit, client: Any) -> None:
    assert clash.subject
    tell(clash.subject, "social", insured=3)
    page = text(client, cast.zhao, "/visits/clashes/")
    assert all(word in page for word in ("示例面馆", "王建国", "李秀英", f"/visits/clashes/{clash.code}/"))
    page = text(client, cast.zhao, f"/visits/clashes/{clash.code}/")
    assert page.count('class="differs"') == 1 and "自报参保" in page
    assert "社保.csv 第2行" in page and "王建国" in page and "李秀英" in page


@pytest.mark.parametrize(
    ("believed", "states"),
    [("li", {"wang": "replaced", "li": "open"}), ("wang", {"wang": "open", "li": "rejected"})],
)
def test_somebody_who_was_not_there_decides(
    cast: Any, clash: Visit, client: Any, believed: str, states: dict[str, str]
) -> None:
    address = f"/visits/clashes/{clash.code}/"
    client.force_login(cast.zhao)
    taken = Visit.objects.get(person=getattr(cast, believed)).code
    assert client.post(address, {"take-0": taken, "why-0": " "}).status_code == 422
    assert client.post(address, {"take-0": "V0", "why-0": "乱写"}).status_code == 422
    answer = client.post(address, {"take-0": taken, "why-0": "当面核对用工名册"}, follow=True)
    assert "已核定" in answer.content.decode() and "示例面馆" not in answer.content.decode()
    assert dict(Finding.objects.values_list("recorded_by__username", "state")) == states
    entry = Entry.objects.get(verb="fact.decided")
    assert (entry.data["reason"], entry.data["field"]) == ("当面核对用工名册", "insured_seen")
    again = client.post(address, {"take-0": clash.code, "why-0": "改判"})
    assert again.status_code == 409
    page = text(client, cast.sun, address)
    assert "当面核对用工名册" in page and "经核定不采用" in page
    assert "已核定" in text(client, cast.sun, address)


def test_nobody_decides_about_a_door_they_were_at(cast: Any, clash: Visit, client: Any) -> None:
    Finding.objects.filter(visit__person=cast.wang).update(recorded_by=cast.zhao)
    Visit.objects.filter(person=cast.wang).update(person=cast.zhao)
    address = f"/visits/clashes/{clash.code}/"
    assert "须由另一位同事核定" in text(client, cast.zhao, address)
    assert client.post(address, {"take-0": clash.code, "why-0": "我说了算"}).status_code == 409


def test_what_is_outside_the_territory_is_not_there(
    cast: Any, clash: Visit, stray: Visit, client: Any
) -> None:
    for address in (f"/visits/clashes/{clash.code}/", f"/visits/unclaimed/{stray.code}/"):
        client.force_login(cast.chen)
        assert client.get(address).status_code == 404
        client.force_login(cast.wang)
        assert client.get(address).status_code == 403
        client.logout()
        assert client.get(address).status_code == 302
    client.force_login(cast.chen)
    assert client.post(f"/visits/unclaimed/{stray.code}/aside/", {"why": "无"}).status_code == 404
    assert "示例面馆" not in text(client, cast.chen, "/visits/clashes/?area=150302")
    client.force_login(cast.zhao)
    assert client.get(f"/visits/clashes/{stray.code}/").status_code == 404
    assert client.get(f"/visits/unclaimed/{clash.code}/").status_code == 404


# --- doors nobody knows ------------------------------------------------------------------------------


def test_a_visit_finds_its_subject_by_name_code_or_address(
    cast: Any, stray: Visit, client: Any, make_employer: Any
) -> None:
    subject = make_employer("老王修车铺", area=GRID_2, address="海勃湾区新华西街12号")
    far = make_employer("老王修车铺二店", area=FAR_GRID)
    assert "老王修车" in text(client, cast.zhao, "/visits/unclaimed/")
    address = f"/visits/unclaimed/{stray.code}/"
    assert "请先查找单位" in text(client, cast.zhao, address)
    for words in ("修车", "西街12", subject.credit_code.lower()):
        page = text(client, cast.zhao, f"{address}?q={words}")
        assert f'value="{subject.pk}"' in page and far.name not in page
    assert "辖区内没有找到" in text(client, cast.zhao, f"{address}?q=没有这一家")
    client.force_login(cast.zhao)
    assert client.post(f"{address}claim/", {"subject": far.pk, "why": "像"}).status_code == 404
    assert client.post(f"{address}claim/", {"subject": "x", "why": "像"}).status_code == 422
    assert client.post(f"{address}claim/", {"subject": subject.pk, "why": ""}).status_code == 422
    answer = client.post(f"{address}claim/", {"subject": subject.pk, "why": "店主姓名一致"}, follow=True)
    assert "已认领给“老王修车铺”" in answer.content.decode()
    stray.refresh_from_db()
    assert (stray.subject, stray.area, Finding.objects.get().subject) == (subject, GRID_2, subject)
    assert client.post(f"{address}claim/", {"subject": subject.pk, "why": "再来"}).status_code == 409
    assert "已认领给" in text(client, cast.zhao, address)


def test_what_the_phone_pointed_at_is_offered_first(cast: Any, client: Any, make_employer: Any) -> None:
    door = Premise.objects.create(code="AAAAAAAA", area=GRID_1, label="新华街1号")
    behind = make_employer("门里的店", premise=door)
    stray = make_stray(cast, task_id=None, premise_code=door.code)
    page = text(client, cast.zhao, f"/visits/unclaimed/{stray.code}/")
    assert f'value="{behind.pk}"' in page and "新华街1号" in page


def test_a_claimed_visit_is_measured_against_the_registers(cast: Any, make_employer: Any) -> None:
    subject = make_employer()
    tell(subject, "tax", heads=9)
    stray = make_stray(cast, outcome="refused", answers={})
    claim_visit(stray, subject, "门牌一致", by=cast.by.zhao)
    assert [measure["measure"] for measure in Finding.objects.get().measures] == ["抓参保"]
    with pytest.raises(problems.ReasonMissing):
        claim_visit(make_stray(cast), subject, " ", by=cast.by.zhao)


def test_a_visit_is_laid_aside_with_a_reason_and_kept(
    cast: Any, stray: Visit, client: Any, make_employer: Any
) -> None:
    address = f"/visits/unclaimed/{stray.code}/"
    client.force_login(cast.zhao)
    assert client.post(f"{address}aside/", {"why": ""}).status_code == 422
    answer = client.post(f"{address}aside/", {"why": "流动摊点"}, follow=True)
    assert "已搁置" in answer.content.decode() and "老王修车" not in answer.content.decode()
    aside = LaidAside.objects.get()
    assert (aside.visit, aside.by, aside.why) == (stray, cast.zhao, "流动摊点")
    entry = Entry.objects.get(verb="visit.decided")
    assert (entry.data["visit"], entry.data["reason"]) == (stray.code, "流动摊点")
    assert client.post(f"{address}aside/", {"why": "再搁置"}).status_code == 409
    assert "流动摊点" in text(client, cast.sun, address)
    with pytest.raises(problems.OutOfOrder):
        claim_visit(stray, make_employer(), "认得", by=cast.by.zhao)
    assert not Finding.objects.exists()


def test_nobody_lays_their_own_visit_aside(cast: Any, stray: Visit) -> None:
    Visit.objects.update(person=cast.zhao)
    with pytest.raises(problems.SamePersonTwice):
        dismiss_visit(stray, "不是", by=cast.by.zhao)


# --- the way there -----------------------------------------------------------------------------------


def lines(viewer: Any) -> list[tuple[str, str]]:
    items = inbox_of(viewer).items
    return [(item.title, item.href) for item in items if item.kind in ("clash", "unknown_task")]


CLASHES = ("1 户有两人先后走访", "/visits/clashes/?area=150302001002")
STRAYS = ("1 条走访待认领", "/visits/unclaimed/?area=150302001002")


@pytest.mark.once
def test_the_nearest_reviewer_s_inbox_leads_there(cast: Any, clash: Visit, stray: Visit, client: Any) -> None:
    assert sorted(lines(cast.by.zhao)) == sorted([CLASHES, STRAYS])
    assert all(lines(by) == [] for name, by in vars(cast.by).items() if name != "zhao")
    assert STRAYS[1] in text(client, cast.zhao, "/")
    assert "老王修车" in text(client, cast.zhao, STRAYS[1])
    dismiss_visit(stray, "流动摊点", by=cast.by.zhao)
    assert lines(cast.by.zhao) == [CLASHES]


def test_without_a_reviewer_in_the_community_the_street_is_asked(cast: Any, clash: Visit) -> None:
    note_absence(cast.post.zhao, first_day=today(), last_day=today(), cover=None, by=cast.by.sun)
    assert lines(cast.by.sun) == [CLASHES] and lines(cast.by.chen) == []
    cast.post.zhao.absences.all().delete()
    assert lines(cast.by.sun) == []
    cast.post.zhao.valid_from = today()
    end_posting(cast.post.zhao, last_day=today(), reason="调离", by=cast.by.qian)
    cast.zhao.is_active = False
    cast.zhao.save()
    assert lines(cast.by.sun) == [CLASHES]


def test_pages_cost_the_same_whatever_waits(
    cast: Any, round: Any, make_employer: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        make_clash(cast, round, make_employer())
        make_stray(cast)
    client.force_login(cast.zhao)
    client.get("/visits/clashes/")  # the names of areas are read once for all pages of a process
    for address, most in (("/visits/clashes/", 7), ("/visits/unclaimed/", 6)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
    code = Visit.objects.filter(route="clash").values_list("code", flat=True)[0]
    with django_assert_max_num_queries(9):
        client.get(f"/visits/clashes/{code}/")
    code = Visit.objects.filter(route="unknown_task").values_list("code", flat=True)[0]
    with django_assert_max_num_queries(9):
        client.get(f"/visits/unclaimed/{code}/?q=示例")


def test_the_few_are_found_by_their_own_index(cast: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads so small a table without any index")
    for rows in (queries.clashes(cast.by.sun), queries.unclaimed(cast.by.zhao)):
        assert "visit_for_a_person" in rows.explain()


def test_what_does_not_wait_is_neither_laid_aside_nor_decided(
    cast: Any, stray: Visit, round: Any, make_employer: Any
) -> None:
    with pytest.raises(problems.ReasonMissing):
        dismiss_visit(stray, " ", by=cast.by.zhao)
    with pytest.raises(problems.OutOfOrder):
        decide_fields(stray, [], by=cast.by.zhao)
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(make_task(round, make_employer(), cast.post.wang)))
    alone = Visit.objects.get(code=answer.visit)
    with pytest.raises(problems.OutOfOrder):
        decide_fields(alone, [], by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        dismiss_words([alone], " ", by=cast.by.zhao)
    with pytest.raises(problems.OutOfOrder):
        accept_word(alone, by=cast.by.zhao)
