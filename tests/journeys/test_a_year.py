"""A year of registers, cancellations, healing and closing; and the year after it, which changes nothing of it."""

import threading
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grid.calendar.now import moved_to
from grid.registers.actions import Meaning, decide_delivery, import_delivery
from grid.registers.actions.rolling_back import undo_delivery
from grid.registers.models import Delivery, DeliveryState, Extent, Row
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.models import Standing, Subject
from project.jobs import Worker
from tasks.comparison.models import Lead
from tasks.coverage.queries import account_of
from tasks.findings.models import Finding
from tests.grid.registers.files import written
from tests.journeys.registers import GRID_ADDRESS
from tests.workflows.assessment.ground import at, digits, frozen
from workflows.assessment.queries.checking import check_scheme
from workflows.cases.actions import close_rectified, confirm_and_open
from workflows.cases.models import CaseState

UNITS = range(1, 25)
INSURED = range(1, 17)
SHORT, HEALS, LAPSE = 17, 18, (15, 16)
CANCELLED = 14


def in_business(said: str = "存续") -> Callable[[int], str]:
    return lambda n: f"{GRID_ADDRESS.format(n)},{said}"


def heads(month: str, count: int, status: str = "参保缴费") -> str:
    return f"{status},{month},{count}"


@pytest.fixture
def deliver(cast: Any, tmp_path: Path) -> Callable[..., Delivery]:
    """Hands a file in on the day it speaks of, and has done what follows: comparison, healing."""

    def send(register: str, said: Any, day: date, extent: str = Extent.COMPLETE) -> Delivery:
        path = written(tmp_path, register, said)
        with moved_to(at(day.month, day.day, day.year)):
            sent = import_delivery(Meaning(register, "1503", day, extent), path, by=cast.by.wu)
            if sent.state == DeliveryState.WAITING:
                decide_delivery(sent, take=True, reason="已与报送部门核对", by=cast.by.ma)
            work()
            close_rectified()
        sent.refresh_from_db()
        assert sent.state == DeliveryState.DONE
        return sent

    return send


def work() -> None:
    worker = Worker(threading.Event(), "test")
    while worker.run_one():
        pass


def unit(number: int) -> Subject:
    return Subject.objects.get(name=f"示例{number}号有限公司")


def social(numbers: Iterable[int], month: str, **more: str) -> dict[int, str]:
    said = {n: heads(month, 6) for n in numbers}
    return said | {int(name.removeprefix("n")): what for name, what in more.items()}


def the_year_2026(cast: Any, make_finding: Callable[..., Finding], deliver: Callable[..., Delivery]) -> None:
    january = date(2026, 1, 31)
    deliver("market", {n: in_business()(n) for n in UNITS}, january)
    deliver("tax", dict.fromkeys(UNITS, "202601,6"), january)
    deliver("social", social(INSURED, "202601", n17=heads("202601", 2)), january)
    found = Lead.objects.filter(state="open").values_list("rule", "subject__name")
    assert sorted(found) == sorted(
        [("R2", "示例17号有限公司"), *(("R1", f"示例{n}号有限公司") for n in range(18, 25))]
    )
    with moved_to(at(3, 2)):
        case = confirm_and_open(make_finding(unit(HEALS)), by=cast.by.zhao)
    left_out = [n for n in INSURED if n not in LAPSE]
    deliver(
        "social",
        social(left_out, "202606", n17=heads("202606", 2), n18=heads("202606", 12)),
        date(2026, 6, 30),
    )
    assert case is not None
    case.refresh_from_db()
    assert case.state == CaseState.HEALED
    for number in LAPSE:
        last = Row.objects.get(subject=unit(number), register="social")
        assert last.until == date(2026, 6, 30)
        assert Lead.objects.filter(subject=unit(number), rule="R1", state="open").exists()
    deliver("market", {CANCELLED: in_business("注销")(CANCELLED)}, date(2026, 9, 30), Extent.PARTIAL)
    assert unit(CANCELLED).standing == Standing.CANCELLED


def the_year_2027(cast: Any, deliver: Callable[..., Delivery]) -> None:
    """Ten are struck off, six leave the insurance and come back by undoing, two turn out to be one."""
    february = date(2027, 2, 28)
    gone = deliver(
        "social", social(range(6, 14), "202702", n17=heads("202702", 2), n18=heads("202702", 12)), february
    )
    assert gone.ended == 6, "with the one that was struck off"
    with moved_to(at(3, 1, 2027)):
        undo_delivery(gone, "报送部门来函：漏报五户", by=cast.by.ma)
        work()
    assert Row.objects.filter(register="social", until=None).count() == 16
    struck = {n: in_business("注销")(n) for n in range(1, 11)}
    deliver("market", struck, date(2027, 3, 31), Extent.PARTIAL)
    with moved_to(at(4, 1, 2027)):
        Subject.objects.filter(pk=unit(24).pk).update(credit_code=None, legacy_code="150302600012345")
        merge_subjects(unit(23), unit(24), "同一家", by=cast.by.zhao)


@pytest.mark.django_db
def test_a_closed_year_stays_the_same_to_the_digit(
    cast: Any, make_finding: Callable[..., Finding], deliver: Callable[..., Delivery]
) -> None:
    the_year_2026(cast, make_finding, deliver)
    closed = frozen(cast)
    before = digits("150302")
    # Insured: thirteen units with six, one with two of six, one with twelve. Due: those twelve, and by the tax register six
    # for each of the 22 others in business.
    assert before["enrolment"] == (13 * 6 + 2 + 12, 22 * 6 + 12)
    with moved_to(at(1, 31, 2027)):
        whole = account_of(cast.by.wu, cast.post.wu.area, date(2026, 12, 31)).whole()
    assert (whole.total, whole.due) == (24, 23), "the one struck off stands outside the rate"
    the_year_2027(cast, deliver)
    with moved_to(at(7, 1, 2027)):
        found = check_scheme(cast.by.wu, closed)
    assert found.is_sound and digits("150302") == before
