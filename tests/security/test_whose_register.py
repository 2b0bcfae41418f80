"""A register is its department's, and one hand alone ends or heals no more than a share of a city."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.registers import problems as registers_problems
from grid.registers.actions import (
    Meaning,
    decide_delivery,
    import_delivery,
    kept_at,
    read_delivery,
    read_kept,
)
from grid.registers.models import Delivery, DeliveryState, Register
from grid.registers.queries.owners import is_kept_by
from grid.scope import Role
from grid.subjects.models import Standing, Subject
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead

pytestmark = pytest.mark.once

UNITS = 20
HEADERS = {
    "market": "统一社会信用代码,企业名称,住所,登记状态",
    "social": "统一社会信用代码,单位名称,养老参保人数,失业参保人数,工伤参保人数",
    "tax": "纳税人识别号,纳税人名称,税款所属期,个人所得税扣缴人数",
}
KEEPERS = {"market": "市市场监督管理局", "social": "市人力资源和社会保障局", "tax": "市税务局"}


@pytest.fixture
def liaison(cast: Any, city: Any) -> Callable[[str], Person]:
    def of(department: str) -> Person:
        person = Person.objects.create(username=department, full_name="联络员")
        Posting.objects.create(
            person=person,
            role=Role.LIAISON,
            area=city["1503"],
            department=department,
            valid_from=date(2020, 1, 1),
        )
        return person

    return of


@pytest.fixture
def units(cast: Any, make_employer: Any) -> list[Subject]:
    return [make_employer(f"示例{n}号有限公司") for n in range(1, UNITS + 1)]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def file(register: str, units: list[Subject], end: str) -> Path:
        path = tmp_path / f"{register}-{len(units)}-{len(list(tmp_path.iterdir()))}.csv"
        lines = [f"{unit.credit_code},{unit.name},{end}" for unit in units]
        path.write_text("\n".join([HEADERS[register], *lines, ""]), encoding="utf8")
        return path

    return file


def deliver(register: str, path: Path, by: Any, day: date | None = None) -> Delivery:
    return import_delivery(Meaning(register, "1503", day or today()), path, by=by)


# --- whose --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", Register.values)
def test_a_liaison_delivers_the_register_of_the_own_department_only(
    cast: Any, client: Client, liaison: Any, units: Any, write: Any, register: str
) -> None:
    path = write(register, units[:1], "x")
    for own, department in KEEPERS.items():
        person = Person.objects.filter(username=department).first() or liaison(department)
        client.force_login(person)
        page = client.get("/registers/upload/").content.decode()
        assert (f'value="{register}"' in page) == (own == register)
        given = {"register": register, "area": "1503", "as_of": today().isoformat()}
        if own != register:
            with pytest.raises(registers_problems.NotYourRegister):
                deliver(register, path, actor_of(person))
            answer = client.post(
                "/registers/upload/", given | {"file": SimpleUploadedFile("a.csv", path.read_bytes())}
            )
            assert answer.status_code == 200 and not Delivery.objects.exists()
    assert deliver(register, path, actor_of(Person.objects.get(username=KEEPERS[register]))).pk


def test_a_department_without_registers_delivers_none(cast: Any, client: Client, liaison: Any) -> None:
    client.force_login(liaison("市民政局"))
    assert client.get("/registers/upload/").status_code == 200
    assert 'value="market"' not in client.get("/registers/upload/").content.decode()


def test_departments_change() -> None:
    assert is_kept_by("乌海市工商行政管理局", "market", date(2017, 1, 1))
    assert not is_kept_by("乌海市工商行政管理局", "market", date(2026, 1, 1))
    assert is_kept_by("海南区地税局", "tax", date(2018, 6, 14)) and is_kept_by(
        "区税务局", "tax", date(2026, 1, 1)
    )


# --- how much at once ---------------------------------------------------------------------------------


def cancel(units: list[Subject], write: Any, by: Any) -> Delivery:
    return deliver("market", write("market", units, "海勃湾区,注销"), by)


def test_whoever_would_end_more_than_a_share_waits_for_a_second_person(
    cast: Any, client: Client, units: Any, write: Any
) -> None:
    held = cancel(units[:6], write, cast.by.wu)
    assert held.state == DeliveryState.WAITING and held.lines == 0 and kept_at(held).exists()
    assert (held.foreseen["ends"], held.foreseen["in_force"]) == (6, UNITS)
    assert Subject.objects.filter(standing=Standing.ACTIVE).count() == UNITS
    assert Entry.objects.filter(verb="register.held").count() == 1
    # Neither again nor alone.
    assert cancel(units[:6], write, cast.by.wu).pk == held.pk
    with pytest.raises(problems.SamePersonTwice):
        decide_delivery(held, take=True, reason="对", by=cast.by.wu)
    with pytest.raises(registers_problems.NotYourRegister):
        decide_delivery(held, take=True, reason="对", by=cast.by.feng)
    # A colleague finds it, reads what would change, and decides.
    client.force_login(cast.ma)
    assert f"/registers/{held.pk}/" in client.get("/").content.decode()
    page = client.get(f"/registers/{held.pk}/").content.decode()
    assert "6 户注销或吊销" in page and units[0].name in page
    assert client.post(f"/registers/{held.pk}/", {"take": "yes"}).status_code == 200
    client.post(f"/registers/{held.pk}/", {"take": "yes", "reason": "与登记机关核对无误"})
    read_kept.call(held.pk, cast.ma.pk)
    held.refresh_from_db()
    assert (held.state, held.accepted, held.decided_by_id) == ("done", 6, cast.ma.pk)
    assert Subject.objects.filter(standing=Standing.CANCELLED).count() == 6
    assert not kept_at(held).exists()
    with pytest.raises(registers_problems.DeliveryNotWaiting):
        decide_delivery(held, take=False, reason="晚了", by=cast.by.ma)


def test_what_is_not_taken_is_gone(
    cast: Any, units: Any, write: Any, django_capture_on_commit_callbacks: Any
) -> None:
    held = cancel(units[:6], write, cast.by.wu)
    with django_capture_on_commit_callbacks(execute=True):
        decide_delivery(held, take=False, reason="文件选错了", by=cast.by.ma)
    assert not kept_at(held).exists()
    assert cancel(units[:6], write, cast.by.wu).state == DeliveryState.DROPPED
    assert Subject.objects.filter(standing=Standing.ACTIVE).count() == UNITS


def test_a_few_pass_but_not_step_by_step(cast: Any, units: Any, write: Any) -> None:
    assert cancel(units[:4], write, cast.by.wu).state == DeliveryState.DONE
    assert cancel(units[4:5], write, cast.by.wu).state == DeliveryState.WAITING


def test_healing_is_reckoned_by_the_rules_that_heal(cast: Any, units: Any, write: Any) -> None:
    deliver("tax", write("tax", units, f"{today():%Y-%m},6"), cast.by.wu)
    run_comparison("1503", by=cast.by.wu, as_of=today())
    opened = Lead.objects.values("subject").distinct().count()
    assert opened == UNITS
    held = deliver("social", write("social", units[:6], "6,6,6"), cast.by.wu)
    assert held.state == DeliveryState.WAITING and (held.foreseen["heals"], held.foreseen["open"]) == (
        6,
        UNITS,
    )
    decide_delivery(held, take=True, reason="经办机构核对", by=cast.by.ma)
    read_delivery(Delivery.objects.get(pk=held.pk), kept_at(held), by=cast.by.ma)
    run_comparison("1503", by=cast.by.wu, as_of=today())
    assert Lead.objects.filter(state="healed").values("subject").distinct().count() == 6


def test_a_case_that_a_register_would_close_is_counted(
    cast: Any, case_at: Any, write: Any, make_employer: Any
) -> None:
    case = case_at("term")
    taken = deliver("social", write("social", [case.subject], "12,12,12"), cast.by.wu)
    assert (taken.state, taken.foreseen["heals"], taken.foreseen["open"]) == ("done", 1, 1)


def test_a_unit_cannot_be_smuggled_in_from_elsewhere(cast: Any, make_employer: Any, write: Any) -> None:
    """Lines about units outside the delivery's area neither count nor change anything."""
    far = [make_employer(f"外区{n}号有限公司", area="150304011011001") for n in range(6)]
    path = write("market", far, "海勃湾区,注销")
    taken = import_delivery(Meaning("market", "150302", today()), path, by=cast.by.wu)
    assert (taken.state, taken.refused, taken.foreseen["ends"]) == ("done", 6, 0)
