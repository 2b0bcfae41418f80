"""A case at any station of its path, reached the lawful way, each step by whose it is."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from grid.calendar.now import CITY_TIME, day_of, moved_to, now, today
from grid.subjects.models import Subject
from tasks.findings.models import Finding, FindingState
from tasks.rounds.models import Round
from tasks.visits.models import CheckTask, Outcome, Route, TaskState, Visit
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.listing.grounds import load_shipped_grounds
from workflows.listing.models import Ground
from workflows.notices.actions import Receipt
from workflows.notices.documents import Officer
from workflows.notices.models import Notice, NoticeKind

MEASURES = [
    {
        "measure": "抓参保",
        "why": "在岗 12 人,自报参保 0 人",
        "clause": "乌政〔2020〕17号 四（二）2",
        "articles": "社会保险法第五十七条、第五十八条、第八十四条",
    }
]
OFFICERS = (Officer("周正", "内C-0101"), Officer("高原", "内C-0102"))


@pytest.fixture
def grounds(db: None) -> dict[str, Ground]:
    load_shipped_grounds()
    return {ground.code: ground for ground in Ground.objects.all()}


@pytest.fixture
def make_finding(cast: Any, make_employer: Callable[..., Subject]) -> Callable[..., Finding]:
    """What wang found at a door of his, waiting for zhao's review; one visit for each."""

    def make(subject: Subject | None = None, **fields: Any) -> Finding:
        subject = subject or make_employer()
        task = _task(subject, cast)
        visit = Visit.objects.create(
            client_id=(number := uuid.uuid4()),
            code=f"V{number.hex[:12]}",
            task=task,
            subject=subject,
            area=subject.area,
            person=cast.wang,
            posting=cast.post.wang,
            outcome=Outcome.DONE,
            answers={"operating": "yes", "employees": 12, "insured_seen": 0},
            form="employer",
            form_version="1",
            recorded_at=now(),
            received_at=now(),
            route=Route.NORMAL,
            hash="0" * 64,
        )
        values = {"measures": MEASURES, "recorded_by": cast.wang, "made_at": now()} | fields
        return Finding.objects.create(visit=visit, subject=subject, area=subject.area, **values)

    return make


def _task(subject: Subject, cast: Any) -> CheckTask:
    round, _new = Round.objects.get_or_create(
        code="R-2026-001",
        defaults={
            "title": "第一轮摸排",
            "area": "150302",
            "due_on": today() + timedelta(days=30),
            "planned_by": cast.sun,
            "planned_at": now(),
        },
    )
    task, _new = CheckTask.objects.get_or_create(
        round=round,
        subject=subject,
        defaults={
            "area": subject.area,
            "posting": cast.post.wang,
            "state": TaskState.VISITED,
            "why": "登记12人,参保0人",
            "form": "employer",
            "due_on": today(),
            "feed": 1,
            "dispatched_at": now(),
        },
    )
    return task


@pytest.fixture
def make_case(cast: Any, make_finding: Callable[..., Finding]) -> Callable[..., Case]:
    """A case just opened: zhao confirmed what wang found."""

    def make(subject: Subject | None = None) -> Case:
        finding = make_finding(
            subject, state=FindingState.CONFIRMED, reviewed_by=cast.zhao, reviewed_at=now()
        )
        return actions.open_case(finding, by=cast.by.zhao)

    return make


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CITY_TIME)


@contextmanager
def day_after(case: Case) -> Iterator[None]:
    """The day after the running term of `case`."""
    clock = case.clocks.get(fired_at=None, stopped_at=None)
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        yield


class Walk:
    """Takes a case along its path: `Walk(cast, grounds).to(case, CaseState.DEFENCE)`.

    Time goes forward with the terms and stays there until the test ends.
    """

    def __init__(self, cast: Any, grounds: dict[str, Ground]) -> None:
        self.cast, self.by, self.grounds = cast, cast.by, grounds

    def to(self, case: Case, state: str) -> Case:
        case.refresh_from_db()
        for _step in range(30):
            if case.state == state:
                return case
            getattr(self, f"at_{case.state}")(case)
            case.refresh_from_db()
        raise AssertionError(f"{case.code} never came to {state}")

    def at_street_approval(self, case: Case) -> None:
        actions.approve_case(case, by=self.by.sun)

    def at_district_approval(self, case: Case) -> None:
        actions.approve_case(case, by=self.by.qian)

    def at_urging(self, case: Case) -> None:
        self.serve(actions.issue_notice(case, NoticeKind.URGING, by=self.by.zhao), self.by.zhao)

    def at_escalated(self, case: Case) -> None:
        self.serve(actions.order_inspection(case, OFFICERS, by=self.by.zhou), self.by.zhou)

    def at_order_expired(self, case: Case) -> None:
        actions.record_penalty(
            case,
            number="乌海勃人社监罚〔2026〕1号",
            decided_on=today(),
            amount=Decimal(20000),
            facts="逾期未办理社会保险登记",
            by=self.by.zhou,
        )

    def at_penalised(self, case: Case) -> None:
        facts = "未办理社会保险登记,经处罚后仍未改正"
        actions.propose_listing(case, self.grounds["5-1"], facts, by=self.by.zhou)

    def at_listing_proposed(self, case: Case) -> None:
        self.serve(actions.give_listing_notice(case, by=self.by.zhou), self.by.zhou)

    def at_listing_review(self, case: Case) -> None:
        actions.review_listing(case, "事实清楚,程序合法", by=self.by.wu)

    def at_listing_district(self, case: Case) -> None:
        actions.decide_district(case, by=self.by.qian)

    def at_listing_city(self, case: Case) -> None:
        actions.decide_city(case, by=self.by.ma)

    def at_listing_service(self, case: Case) -> None:
        self.serve(case.notices.get(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None), self.by.zhou)

    def at_publication(self, case: Case) -> None:
        actions.publish_listing(case, by=self.by.ma)

    def _wait(self, case: Case) -> None:
        clock = case.clocks.get(fired_at=None, stopped_at=None)
        _go_to(clock.due_on + timedelta(days=1))
        assert fire_due_clocks() >= 1

    at_term = at_ordered = at_defence = at_published = _wait

    def serve(self, notice: Notice, by: Any, **receipt: Any) -> Any:
        facts = {"way": "direct", "served_on": today(), "receiver": "张三", "receiver_role": "法定代表人"}
        return actions.record_service(notice, Receipt(**(facts | receipt)), by=by)


def _go_to(day: date) -> None:
    from grid.calendar import now as clock

    clock.move(clock._ahead + (noon(day) - now()))


@pytest.fixture
def walk(cast: Any, grounds: dict[str, Ground]) -> Iterator[Walk]:
    with moved_to(noon(day_of(now()))):
        yield Walk(cast, grounds)


@pytest.fixture
def case_at(make_case: Callable[..., Case], walk: Walk) -> Callable[[CaseState], Case]:
    """`case_at(CaseState.DEFENCE)`: a new case that went the whole way there."""
    return lambda state: walk.to(make_case(), state)
