"""Work behind the request: ordered once, told while it runs, going on after a crash, and never failing in silence."""

from threading import Event
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from grid import problems
from grid.ledger.models import Entry
from grid.operations.actions import fail_operation, take_step
from grid.operations.jobs import carry_out
from grid.operations.models import Operation
from grid.placing import actions as placing
from grid.recut import problems as recut_problems
from grid.recut.actions import Part, order_recut
from grid.subjects.models import Subject
from grid.territory import problems as territory_problems
from grid.territory.models import Area
from project.jobs import Worker
from project.orders import failed_orders
from tests.cast import GRID_1

ADDRESS = "海勃湾区凤凰岭街道公园社区{n}号"
PARK_GRID = "150302001003001"


@pytest.fixture
def waiting(make_employer: Any) -> list[Subject]:
    return [
        make_employer(area="150302001003", placement="unplaced", address=ADDRESS.format(n=n))
        for n in range(5)
    ]


def left() -> int:
    return Subject.objects.filter(placement="unplaced").count()


def test_ordered_twice_it_is_one(cast: Any, waiting: Any) -> None:
    first = placing.order_replacing("150302", by=cast.by.qian)
    assert placing.order_replacing("150302", by=cast.by.qian) == first
    assert DBTaskResult.objects.count() == 1
    assert list(Entry.objects.values_list("verb", flat=True)) == ["operation.ordered"]
    with pytest.raises(problems.NotHere):
        placing.order_replacing("150302", by=cast.by.han)


def test_it_goes_on_where_a_crash_left_it(cast: Any, waiting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "PIECE", 2)
    operation = placing.order_replacing("150302", by=cast.by.qian)
    pieces = iter([True, True, False])
    whole = placing.take_step

    def killed(*given: Any) -> bool:
        if not next(pieces):
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(placing, "take_step", killed)
    with pytest.raises(KeyboardInterrupt):
        carry_out.call(operation.pk, cast.qian.pk)
    operation.refresh_from_db()
    assert (operation.total, operation.done, operation.changed, left()) == (5, 4, 4, 1)
    monkeypatch.setattr(placing, "take_step", whole)
    carry_out.call(operation.pk, cast.qian.pk)
    carry_out.call(operation.pk, cast.qian.pk)
    operation.refresh_from_db()
    assert (operation.total, operation.done, operation.changed, left()) == (5, 5, 5, 0)
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert (verbs.count("subject.placed"), verbs.count("operation.done")) == (5, 1)


def test_a_failure_reaches_whoever_ordered_it_and_ends_with_the_next_order(
    cast: Any, client: Client, waiting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = placing.order_replacing("150302", by=cast.by.qian)
    monkeypatch.setattr("project.jobs.ATTEMPTS", 1)
    monkeypatch.setattr(placing, "replace", lambda *given, **more: 1 / 0)
    assert Worker(Event()).run_one()
    (item,) = failed_orders(cast.by.qian)
    assert item.href == reverse("operation", args=[operation.pk]) and "出错" in item.why
    assert failed_orders(cast.by.wu) == []
    client.force_login(cast.qian)
    assert "没有办完" in client.get(item.href).content.decode()
    monkeypatch.undo()
    assert placing.order_replacing("150302", by=cast.by.qian) == operation
    assert failed_orders(cast.by.qian) == []
    assert Worker(Event()).run_one() and left() == 0


def test_a_grid_of_many_is_re_cut_behind_the_request(
    cast: Any, client: Client, make_employer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(3):
        make_employer()
    monkeypatch.setattr("grid.recut.actions.AT_ONCE", 2)
    client.force_login(cast.sun)
    sent = {"into": GRID_1[:-3] + "002", "reason": "户数太少"}
    text = client.post(reverse("area-merge", args=[GRID_1]), sent, follow=True).content.decode()
    assert "已交后台办理" in text and "正在后台办理" in text
    assert Subject.objects.filter(area=GRID_1).count() == 3
    operation = Operation.objects.get()
    carry_out.call(operation.pk, cast.sun.pk)
    carry_out.call(operation.pk, cast.sun.pk)
    operation.refresh_from_db()
    assert operation.result.startswith("3 户由") and not Subject.objects.filter(area=GRID_1).exists()
    assert Entry.objects.filter(verb="area.recut").count() == 1
    with pytest.raises(territory_problems.AreaNotCurrent):
        order_recut(Area.objects.get(pk=GRID_1), [Part(code=sent["into"])], reason="再来", by=cast.by.sun)


@pytest.mark.parametrize(("who", "status"), [("qian", 200), ("wu", 200), ("han", 404), ("wang", 404)])
def test_who_follows_it(cast: Any, client: Client, who: str, status: int) -> None:
    operation = placing.order_replacing("150302", by=cast.by.qian)
    client.force_login(getattr(cast, who))
    assert client.get(reverse("operation", args=[operation.pk])).status_code == status


def test_what_is_over_is_neither_continued_nor_failed(cast: Any, waiting: Any) -> None:
    operation = placing.order_replacing("150302", by=cast.by.qian)
    carry_out.call(operation.pk, cast.qian.pk)
    assert not take_step(operation, lambda fresh: True)
    fail_operation(operation, "worker died")
    operation.refresh_from_db()
    assert (operation.trouble, operation.done) == ("", 5)


def test_a_recut_without_a_reason_or_of_no_grid_is_not_ordered(cast: Any) -> None:
    parts = [Part(name="西"), Part(name="东")]
    with pytest.raises(problems.ReasonMissing):
        order_recut(Area.objects.get(code=GRID_1), parts, reason=" ", by=cast.by.sun)
    with pytest.raises(recut_problems.RecutWrong):
        order_recut(Area.objects.get(code="150302001002"), parts, reason="过大", by=cast.by.sun)
    assert not Operation.objects.exists()
