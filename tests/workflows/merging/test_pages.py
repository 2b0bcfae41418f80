"""合并对象 at the desk: found, compared, merged; refusals in words on the same page."""

from typing import Any

import pytest

from grid.ledger.models import Entry
from grid.subjects.models import Subject
from tasks.visits.models import Visit
from tests.cast import FAR_GRID, GRID_2
from tests.doors import arrival, make_round, make_task, push
from tests.tasks.visits.test_deciding_pages import tell, text
from tests.workflows.makers import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_employer: Any) -> tuple[Subject, Subject]:
    kept = make_employer("老王汽修", address="新华西街12号")
    return kept, make_employer(
        "老王汽车修理部", area=GRID_2, credit_code=None, legacy_code="150302600012345", address="新华西街14号"
    )


def page_of(subject: Subject, other: Subject | None = None) -> str:
    return f"/visits/facts/{subject.pk}/merge/" + (f"?other={other.pk}" if other else "")


def send(client: Any, who: Any, subject: Subject, other: Subject, **fields: Any) -> Any:
    client.force_login(who)
    given = {"other": other.pk, "kept": subject.pk, "why": "同一家店", "sure": "on", **fields}
    return client.post(page_of(subject), given, follow=True)


def test_the_way_there_and_the_other_one_found(cast: Any, pair: Any, client: Any, make_employer: Any) -> None:
    kept, dropped = pair
    twin = make_employer("老王汽修", address="新华西街12号")
    far = make_employer("老王汽修二店", area=FAR_GRID)
    assert page_of(kept) in text(client, cast.zhao, f"/visits/facts/{kept.pk}/")
    page = text(client, cast.zhao, page_of(kept))
    assert f"?other={twin.pk}" in page and f"?other={dropped.pk}" not in page
    for words in ("汽车修理", "西街14", "150302600012345"):
        page = text(client, cast.zhao, f"{page_of(kept)}?q={words}")
        assert f"?other={dropped.pk}" in page
    page = text(client, cast.zhao, f"{page_of(kept)}?q=老王")
    assert far.name not in page and f"?other={kept.pk}" not in page
    assert "辖区内没有找到" in text(client, cast.zhao, f"{page_of(kept)}?q=没有这一家")


def test_both_side_by_side_then_one(cast: Any, pair: Any, client: Any) -> None:
    kept, dropped = pair
    tell(dropped, "social", insured=3)
    round = make_round(cast.qian)
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(make_task(round, kept, cast.post.wang)))
    make_task(round, dropped, cast.post.li)
    page = text(client, cast.zhao, page_of(kept, dropped))
    for words in (
        kept.credit_code, "150302600012345", "新华西街14号", "社保.csv 第2行", f"/visits/{answer.visit}/", "李秀英",
        "合并不能撤销",
    ):  # fmt: skip
        assert words in page
    for fields in ({"why": " "}, {"sure": ""}, {"kept": cast.zhao.pk + 10_000}):
        assert send(client, cast.zhao, kept, dropped, **fields).status_code == 422
    # Begun from the one, the other may be kept.
    answer = send(client, cast.zhao, dropped, kept, kept=kept.pk)
    assert "“老王汽车修理部”已并入“老王汽修”。" in answer.content.decode()
    dropped.refresh_from_db()
    assert (dropped.same_as, Visit.objects.get().subject) == (kept, kept)
    assert Entry.objects.filter(verb="subjects.merged", data__reason="同一家店").count() == 2
    page = text(client, cast.zhao, f"/visits/facts/{dropped.pk}/")
    assert "已并入" in page and page_of(dropped) not in page
    assert "不能再合并" in text(client, cast.zhao, page_of(dropped))
    again = send(client, cast.zhao, kept, dropped)
    assert again.status_code == 409 and "已经并入" in again.content.decode()


def test_refused_in_words_with_both_still_there(
    cast: Any, pair: Any, client: Any, make_employer: Any
) -> None:
    kept, dropped = pair
    other = make_employer("老王汽配")
    answer = send(client, cast.zhao, kept, other)
    assert answer.status_code == 409
    assert "在法律上是两个单位" in answer.content.decode() and "两户并排核对" in answer.content.decode()
    case = make_case(cast, dropped, cast.by.zhao)
    answer = send(client, cast.zhao, kept, dropped)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("尚未办结", case.code, "请先办结或撤销案件"))
    assert not Subject.objects.exclude(same_as=None).exists()


def test_who_may_and_where(cast: Any, pair: Any, client: Any, make_employer: Any) -> None:
    kept, dropped = pair
    far = make_employer("远处的店", area=FAR_GRID, credit_code=None, legacy_code="150302600099999")
    statuses = {"zhao": 200, "sun": 200, "qian": 200, "wu": 200, "wang": 403, "zhou": 403, "chen": 404}
    for name, status in statuses.items():
        client.force_login(getattr(cast, name))
        assert client.get(page_of(kept)).status_code == status, name
        assert client.get(page_of(kept, dropped)).status_code == status, name
    for name in ("wang", "chen"):
        assert send(client, getattr(cast, name), kept, dropped).status_code == statuses[name]
    assert send(client, cast.zhao, kept, far).status_code == 404
    client.force_login(cast.zheng)
    assert page_of(kept) not in client.get(f"/visits/facts/{kept.pk}/").content.decode()
    assert not Subject.objects.exclude(same_as=None).exists()


def test_the_page_costs_the_same_whatever_is_under_way(
    cast: Any, pair: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    kept, dropped = pair
    for _ in range(4):
        push(cast.post.wang, cast.by.wang, arrival(make_task(make_round(cast.qian), kept, cast.post.wang)))
    client.force_login(cast.zhao)
    with django_assert_max_num_queries(12):
        assert client.get(page_of(kept, dropped)).status_code == 200
