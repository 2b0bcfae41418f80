"""The next social-insurance register closes what it settles, by itself, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from grid.calendar.now import moved_to, now, today
from grid.registers.actions import Meaning, import_delivery
from grid.subjects.models import Subject
from tasks.findings.rules import matter
from tests.workflows.conftest import MEASURES, Walk
from workflows.cases import actions, rules
from workflows.cases.models import Case, CaseState


@pytest.fixture
def deliver(cast: Any, tmp_path: Path) -> Callable[[Subject, int], None]:
    """A social-insurance register that says how many heads of a subject are insured."""

    def send(subject: Subject, insured: int) -> None:
        path = tmp_path / f"社保-{insured}-{subject.pk}.csv"
        head = "统一社会信用代码,单位名称,养老参保人数,失业参保人数,工伤参保人数"
        row = f"{subject.credit_code},{subject.name},{insured},{insured},{insured}"
        path.write_text(f"{head}\n{row}\n", encoding="utf8")
        taken = import_delivery(Meaning("social", "1503", today()), path, by=cast.by.wu)
        assert taken.accepted == 1

    return send


@pytest.mark.parametrize("state", ["street_approval", "term", "listing_proposed"])
def test_a_register_that_shows_every_head_closes_the_case(
    case_at: Callable[..., Case], deliver: Callable[[Subject, int], None], state: str
) -> None:
    case = case_at(CaseState(state))
    deliver(case.subject, 12)
    assert actions.close_rectified() == 1
    assert actions.close_rectified() == 0
    case.refresh_from_db()
    assert case.state == CaseState.HEALED


@pytest.mark.parametrize("state", ["inspected", "penalised"])
def test_a_register_leaves_a_case_under_inspection_to_its_inspectors(
    case_at: Callable[..., Case], deliver: Callable[[Subject, int], None], state: str
) -> None:
    case = case_at(CaseState(state))
    deliver(case.subject, 12)
    assert actions.close_rectified() == 1
    assert actions.close_rectified() == 0
    case.refresh_from_db()
    assert (case.state, case.healed_on) == (state, today())


def test_a_register_that_shows_some_heads_does_not(
    case_at: Callable[..., Case], deliver: Callable[[Subject, int], None]
) -> None:
    case = case_at(CaseState.TERM)
    deliver(case.subject, 5)
    assert actions.close_rectified() == 0
    case.refresh_from_db()
    assert case.state == CaseState.TERM


@pytest.mark.parametrize("status", ["停保", "注销", "暂停缴费"])
def test_heads_of_a_registration_that_stopped_close_nothing(
    case_at: Callable[..., Case], cast: Any, tmp_path: Path, status: str
) -> None:
    case = case_at(CaseState.TERM)
    path = tmp_path / "社保.csv"
    row = f"{case.subject.credit_code},{case.subject.name},{status},12"
    path.write_text(f"统一社会信用代码,单位名称,参保状态,参保总人数\n{row}\n", encoding="utf8")
    import_delivery(Meaning("social", "1503", today()), path, by=cast.by.wu)
    assert actions.close_rectified() == 0


def test_a_register_from_before_the_case_proves_nothing(
    make_finding: Any,
    make_employer: Callable[..., Subject],
    deliver: Callable[[Subject, int], None],
    cast: Any,
) -> None:
    subject = make_employer()
    deliver(subject, 12)
    with moved_to(now() + timedelta(hours=1)):
        case = actions.confirm_and_open(make_finding(subject), by=cast.by.zhao)
        assert case
        assert actions.close_rectified() == 0


def test_a_register_about_somebody_else_closes_nothing(
    case_at: Callable[..., Case], walk: Walk, make_employer: Callable[..., Subject], deliver: Any
) -> None:
    case_at(CaseState.TERM)
    deliver(make_employer(), 12)
    assert actions.close_rectified() == 0


@pytest.mark.parametrize(
    "answers,insured,rectified",
    [
        ({"employees": 12, "insured_seen": 0}, 12, True),
        ({"employees": 12, "insured_seen": 0}, 11, False),
        ({"employees": 12, "insured_seen": 0, "exempt_retired": 2}, 10, True),
        ({"employees": 12, "insured_seen": 12, "wage_base": "below"}, 12, False),
        ({"employees": 12, "insured_seen": 12, "lapsed": "yes"}, 12, False),
    ],
)
def test_heads_counted_at_the_door_stay_the_measure(
    answers: dict[str, Any], insured: int, rectified: bool
) -> None:
    assert rules.is_rectified("done", answers, insured) == rectified


def test_the_matter_of_a_case_names_each_measure_once() -> None:
    assert matter([*MEASURES, *MEASURES]) == ["抓参保"]
