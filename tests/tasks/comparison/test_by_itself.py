"""Comparison follows each delivery and each night by itself, and says what changed since last time and by what."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from grid.calendar.now import CITY_TIME, moved_to
from grid.ledger.models import Entry
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Delivery
from project.jobs import Worker
from tasks.comparison import actions
from tasks.comparison.actions import compare_delivery, compare_nightly, run_comparison
from tasks.comparison.models import Comparison, Lead
from tests.grid.registers.files import name_of, written

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


@pytest.fixture
def deliver(cast: Any, tmp_path: Path) -> Callable[..., Delivery]:
    def send(register: str, said: Any, as_of: date, extent: str = "partial") -> Delivery:
        path = written(tmp_path, register, said)
        return import_delivery(Meaning(register, "1503", as_of, extent), path, by=cast.by.wu)

    return send


def work() -> int:
    done = 0
    while Worker(threading.Event(), "test").run_one():
        done += 1
    return done


def leads() -> set[tuple[str, str, str]]:
    return set(Lead.objects.values_list("subject__name", "rule", "state"))


MARKET = "海勃湾区公园社区1号,存续"


def insured(heads: int, status: str = "参保缴费") -> str:
    return f"{status},202601,{heads}"


def test_after_each_delivery_what_it_changed_is_looked_at_again(cast: Any, deliver: Any) -> None:
    deliver("market", dict.fromkeys((1, 2, 3), MARKET), JAN)
    deliver("tax", dict.fromkeys((1, 2, 3), "202601,12"), JAN)
    deliver("social", {1: insured(12), 2: insured(3)}, JAN)
    assert work() == 3
    assert leads() == {(name_of(2), "R2", "open"), (name_of(3), "R1", "open")}, "all three lay there already"
    last = deliver("social", {2: insured(12), 1: insured(12)}, FEB)
    assert work() == 1
    run = Comparison.objects.get(delivery=last)
    assert (run.compared, run.healed, run.by_rule) == (1, 1, {"R2": {"healed": 1}})
    assert (name_of(2), "R2", "healed") in leads()
    assert Entry.objects.filter(verb="comparison.run").latest("id").data["delivery"] == last.pk


def test_whoever_left_a_complete_register_is_found(cast: Any, deliver: Any) -> None:
    many = range(1, 31)
    deliver("market", dict.fromkeys(many, MARKET), JAN)
    deliver("tax", dict.fromkeys(many, "202601,12"), JAN)
    deliver("social", dict.fromkeys(many, insured(12)), JAN, "complete")
    work()
    assert not Lead.objects.filter(state="open").exists()
    deliver("social", {n: insured(12) for n in many if n > 1}, FEB, "complete")
    work()
    lead = Lead.objects.get(state="open")
    assert (lead.rule, lead.subject.name) == ("R1", name_of(1))
    # Nobody put anything right when the tax register falls silent.
    deliver("tax", {n: "202602,12" for n in many if n > 1}, MAR, "complete")
    work()
    lead.refresh_from_db()
    assert lead.state == "dismissed"
    assert "税务名册不再显示" in Entry.objects.filter(verb="lead.dropped").latest("id").data["reason"]


def test_stopped_insurance_heals_nothing(cast: Any, deliver: Any) -> None:
    deliver("market", {1: MARKET}, JAN)
    deliver("tax", {1: "202601,12"}, JAN)
    deliver("social", {1: insured(3)}, JAN)
    work()
    assert (name_of(1), "R2", "open") in leads()
    deliver("social", {1: insured(12, "停保")}, FEB)
    work()
    assert (name_of(1), "R2", "dismissed") in leads() and (name_of(1), "R1", "open") in leads()


def test_once_a_night_however_many_clocks(cast: Any, deliver: Any) -> None:
    assert compare_nightly() == 0, "nothing to compare yet"
    deliver("market", {1: MARKET}, JAN)
    deliver("tax", {1: "202601,12"}, JAN)
    DBTaskResult.objects.all().delete()
    with moved_to(datetime(2026, 2, 3, 1, 30, tzinfo=CITY_TIME)):
        assert compare_nightly() == 0, "not before its hour"
    with moved_to(datetime(2026, 2, 3, 2, 30, tzinfo=CITY_TIME)):
        assert [compare_nightly() for _ in range(3)] == [1, 0, 0]
        assert work() == 1
        run = Comparison.objects.get(origin="night")
        assert (run.found, run.finished_at is not None) == (1, True)
        assert compare_nightly() == 0 and work() == 0
    with moved_to(datetime(2026, 2, 4, 5, 0, tzinfo=CITY_TIME)):
        assert compare_nightly() == 1


def test_a_run_cut_off_goes_on_and_counts_nothing_twice(
    cast: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = range(1, 8)
    deliver("market", dict.fromkeys(many, MARKET), JAN)
    taxed = deliver("tax", dict.fromkeys(many, "202601,12"), JAN)
    monkeypatch.setattr(actions, "BATCH", 2)
    plain, left = actions._compare, [2]

    def dying(*args: Any) -> Any:
        if not left[0]:
            raise RuntimeError("killed")
        left[0] -= 1
        return plain(*args)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_compare", dying)
        with pytest.raises(RuntimeError):
            compare_delivery(taxed)
    run = Comparison.objects.get(delivery=taxed)
    assert (run.found, run.finished_at) == (4, None)
    compare_delivery(taxed)
    run.refresh_from_db()
    assert (run.compared, run.found, run.by_rule) == (7, 7, {"R1": {"found": 7}})
    assert compare_delivery(taxed) is None and Lead.objects.count() == 7
    assert Entry.objects.filter(verb="comparison.run").count() == 1


def test_the_page_says_what_changed_and_by_which_delivery(cast: Any, client: Client, deliver: Any) -> None:
    deliver("market", dict.fromkeys((1, 2), MARKET), JAN)
    deliver("tax", dict.fromkeys((1, 2), "202601,12"), JAN)
    work()
    last = deliver("social", {1: insured(12)}, FEB)
    work()
    client.force_login(cast.sun)
    page = client.get("/leads/").content.decode()
    assert "上次比对以来的变化" in page and last.file_name in page and "名册送达后" in page
    run = Comparison.objects.get(delivery=last)
    only = client.get(f"/leads/?run={run.pk}").content.decode()
    assert name_of(1) in only and name_of(2) not in only
    assert client.get("/leads/?run=²").status_code == 200
    client.force_login(cast.chen)
    page = client.get("/leads/").content.decode()
    assert name_of(1) not in page


def test_ordered_runs_are_told_by_who_pressed(cast: Any, client: Client, deliver: Any) -> None:
    deliver("market", {1: MARKET}, JAN)
    deliver("tax", {1: "202601,12"}, JAN)
    run_comparison("150302", by=cast.by.qian, as_of=JAN)
    client.force_login(cast.sun)
    assert f"人工发起 {cast.qian.full_name}" in client.get("/leads/").content.decode()
