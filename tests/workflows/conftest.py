"""A case at any station of its path, reached the lawful way, each step by whose it is."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from grid.calendar.now import CITY_TIME, day_of, moved_to, now, today
from grid.scope import Role
from grid.subjects.models import Subject
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tasks.doors.models import CheckTask, TaskState
from tasks.findings.models import Finding, FindingState
from tasks.rounds.models import Round
from tasks.visits.models import Outcome, Route, Visit
from tests.approving import approved
from tests.cast import SINCE
from tests.forward import go_to
from tests.papers import PDF
from tests.remembered import MEMORY
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.queries.weighing import Found
from workflows.inspections.records.models import InspectionRecord, RecordKind
from workflows.listing import actions as listings
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.listing.actions.proving import Seen, record_look
from workflows.listing.models import Ground
from workflows.notices.actions import Receipt
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.reading import Given
from workflows.persons.actions import Named
from workflows.sanctions.actions.loading import load_shipped_sanctions

MEASURES = [
    {
        "measure": "抓参保",
        "why": "在岗 12 人,自报参保 0 人",
        "clause": "乌政〔2020〕17号 四（二）2",
        "articles": "社会保险法第五十七条、第五十八条、第八十四条",
    }
]
INSPECTORS, AUDITORS, LAWYERS = ("zhou", "he"), ("tang", "jiang"), ("shi",)
HEARD = inspecting.HearingReport(
    "双方陈述、质证完毕", "建议维持拟处罚意见", "当事人对人数的异议无证据，不予采纳"
)
# Who hands over what orders or punishes, as the page offers them.
SERVERS = {"server_1": "周正（蒙C-0101）", "server_2": "何敏（蒙C-0102）"}
# A fine of 30,000: no hearing is owed, nothing to discuss. Four times as much owes both.
UNKNOWN_MEANS = inspecting.Asked("未查明")
FACTS, ARREARS, WEIGHTY = "逾期未办理社会保险登记", Decimal(20000), Decimal(80000)


@pytest.fixture
def grounds(db: None) -> dict[str, Ground]:
    """And the measures, which a 列入告知书 tells."""
    with MEMORY.noted("grounds"):
        load_shipped_grounds()
        load_shipped_sanctions()
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
            "area": subject.area[:6],
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
def make_case(
    cast: Any, make_finding: Callable[..., Finding], make_employer: Callable[..., Subject]
) -> Callable[..., Case]:
    """A case just opened: zhao confirmed what wang found."""

    def make(subject: Subject | None = None) -> Case:
        subject = subject or make_employer()
        return MEMORY.take(lambda: opened(subject), "opened", subject)

    def opened(subject: Subject) -> Case:
        finding = make_finding(
            subject, state=FindingState.CONFIRMED, reviewed_by=cast.zhao, reviewed_at=now()
        )
        return actions.open_case(finding, by=cast.by.zhao)

    return make


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CITY_TIME)


@contextmanager
def day_after(case: Case) -> Iterator[None]:
    """The day after the running term of `case`; those a penalty leaves beside it are no step of its way."""
    beside = ("penalty.correction", "penalty.publish")
    clock = case.clocks.exclude(kind__in=beside).get(fired_at=None, stopped_at=None)
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        yield


def certify(cast: Any) -> None:
    """Inspectors, auditors and lawyers hold their certificates for years around today."""
    cards = (
        (INSPECTORS, "蒙C-010", CertificateKind.ENFORCEMENT),
        (AUDITORS, "稽-010", CertificateKind.AUDIT),
        (LAWYERS, "法-010", CertificateKind.LAW),
    )
    for names, letters, kind in cards:
        _certified(cast, names, letters, kind)


def heads_of_the_district() -> list[Person]:
    """qian and two deputies, who lead the district's office: they are posted where it comes to a discussion."""
    area = Posting.objects.get(person__username="qian").area_id
    for name, full_name in (("gu", "顾平"), ("shen", "沈丽")):
        person, is_new = Person.objects.get_or_create(username=name, defaults={"full_name": full_name})
        if is_new:
            post = {"role": Role.DISTRICT, "area_id": area, "is_head": True, "valid_from": SINCE}
            Posting.objects.create(person=person, **post)
    return list(Person.objects.filter(username__in=("qian", "gu", "shen")).order_by("pk"))


def _certified(cast: Any, names: tuple[str, ...], letters: str, kind: str) -> None:
    for number, name in enumerate(names, 1):
        Certificate.objects.update_or_create(
            number=f"{letters}{number}",
            defaults={
                "kind": kind,
                "person": getattr(cast, name),
                "valid_from": today() - timedelta(days=2000),
                "valid_to": today() + timedelta(days=2000),
            },
        )


def found(arrears: Decimal = ARREARS, **facts: Any) -> Found:
    given = {
        "facts": FACTS,
        "violation": Violation.UNREGISTERED,
        "since": today() - timedelta(days=90),
        "heads": 12,
    }
    return Found(arrears=arrears, **(given | facts))


def paper(name: str = "笔录.pdf", content: bytes = PDF) -> Given:
    """A scan as the form hands it on."""
    return Given(name, "application/pdf", sha256(content).hexdigest(), content)


def gathered(**facts: Any) -> inspecting.Record:
    """What zhou and he found on the spot, signed by the party."""
    given = {
        "kind": RecordKind.SCENE, "on": today(), "place": "单位办公室", "said_by": "张三", "cards_shown": True,
        "text": "现场在岗12人，单位未提供社会保险登记证明", "files": (paper(),),
    }  # fmt: skip
    return inspecting.Record(**(given | facts))


MINUTES = inspecting.Minutes("书记员", (paper("听证笔录.pdf"),))


def someone(record: int, **facts: Any) -> Named:
    """Who answers in the unit for what was not done, by a record of the file."""
    given = {
        "role": "supervisor", "name": "张三丰", "number": "150302190001010019", "post": "副总经理", "record": record,
        "duty": "分管人事，决定不为职工办理登记",
    }  # fmt: skip
    return Named(**(given | facts))


class Walk:
    """Takes a case along its path: `Walk(cast, grounds).to(case, CaseState.DEFENCE)`; its inspection by
    `inspection_at(case, InspectionState.NOTICED)`.

    Time goes forward with the terms and stays there until the test ends.
    """

    def __init__(self, cast: Any, grounds: dict[str, Ground]) -> None:
        self.cast, self.by, self.grounds = cast, cast.by, grounds
        self.arrears = ARREARS

    def to(self, case: Case, state: str) -> Case:
        case.refresh_from_db()
        for _step in range(40):
            if case.state == state:
                return case
            self._take(f"at_{case.state}", case)
            case.refresh_from_db()
        raise AssertionError(f"{case.code} never came to {state}")

    def at_street_approval(self, case: Case) -> None:
        actions.approve_case(case, by=self.by.sun)

    def at_district_approval(self, case: Case) -> None:
        actions.approve_case(case, by=self.by.qian)

    def at_urging(self, case: Case) -> None:
        self.serve(actions.issue_notice(case, by=self.by.zhao), self.by.zhao)

    def at_term(self, case: Case) -> None:
        self.wait(case, "urging.term")

    def at_escalated(self, case: Case) -> None:
        certify(self.cast)
        officers = (self.cast.zhou.pk, self.cast.he.pk)
        inspecting.file_inspection(case, officers, "督促期满仍未改正", by=self.by.zhou)

    def at_inspected(self, case: Case) -> None:
        inspection = case.inspections.latest("pk")
        getattr(self, f"inspection_{inspection.state}")(case, inspection)

    def at_penalised(self, case: Case) -> None:
        """The fine is paid; what it was imposed for is still not corrected when its term is over."""
        inspection = case.inspections.latest("pk")
        if inspection.is_open:
            inspecting.record_payment(inspection, inspection.fine, today(), "缴-0001", by=self.by.zhou)
        self.look_again(case)
        facts = "未办理社会保险登记,经处罚后仍未改正"
        listings.propose_listing(case, self.grounds["5-1"], facts, by=self.by.zhou)

    def look_again(self, case: Case) -> None:
        """The day after the penalty's term zhou and he look again: nothing is corrected."""
        penalty = case.inspections.latest("pk")
        over_on = penalty.correction_due_on or penalty.due_on
        if today() <= over_on:
            go_to(over_on + timedelta(days=1))
        officers = (self.cast.zhou.pk, self.cast.he.pk)
        seen = Seen(today(), "登记住所", officers, "在岗12人，参保0人", False, (paper("复查记录.pdf"),))
        record_look(case, seen, by=self.by.zhou)

    def at_listing_proposed(self, case: Case) -> None:
        self.serve(listings.give_listing_notice(case, by=self.by.ma), self.by.zhou)

    def at_defence(self, case: Case) -> None:
        self.wait(case, "listing.defence")

    def at_listing_review(self, case: Case) -> None:
        listings.review_listing(case, "事实清楚,程序合法", by=self.by.fang)

    def at_listing_district(self, case: Case) -> None:
        listings.decide_district(case, by=self.by.qian)

    def at_listing_city(self, case: Case) -> None:
        listings.decide_city(case, by=self.by.ma)

    def at_listing_service(self, case: Case) -> None:
        self.serve(case.notices.get(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None), self.by.zhou)

    def at_publication(self, case: Case) -> None:
        listings.publish_listing(case, by=self.by.ma)

    def at_published(self, case: Case) -> None:
        self.wait(case, "listing.period")

    # --- the inspection, each step by whose it is

    def inspection_at(self, case: Case, state: str) -> Inspection:
        """The inspection of a case, filed if need be, taken to `state`."""
        case.refresh_from_db()
        if not case.inspections.exists():
            self.to(case, CaseState.INSPECTED)
        for _step in range(20):
            inspection = Inspection.objects.filter(case=case).latest("pk")
            if inspection.state == state:
                return inspection
            case.refresh_from_db()
            self._take(f"inspection_{inspection.state}", case, inspection)
        raise AssertionError(f"{case.code} was never inspected to {state}")

    def _take(self, name: str, *matters: Case | Inspection) -> None:
        """One step of the way, remembered."""
        MEMORY.take(lambda: getattr(self, name)(*matters), name, *matters, self.arrears)

    def inspection_filing(self, case: Case, inspection: Inspection) -> None:
        inspecting.approve_filing(inspection, by=self.by.qian)

    def gather(self, inspection: Inspection, **facts: Any) -> InspectionRecord:
        """One officer records, the other signs."""
        record = inspecting.note_record(inspection, gathered(**facts), by=self.by.zhou)
        return inspecting.second_record(inspection, record.pk, by=self.by.he)

    def report(self, inspection: Inspection) -> InspectionRecord:
        text = "事实清楚、证据充分，建议依法处罚"
        record = inspecting.report_investigation(inspection, text, by=self.by.zhou)
        return inspecting.second_record(inspection, record.pk, by=self.by.he)

    def inspection_investigating(self, case: Case, inspection: Inspection) -> None:
        if inspection.evidenced_on is None:
            self.gather(inspection)
        if inspection.order_expired_on is None:
            self.serve(inspecting.issue_order(inspection, by=self.by.zhou), self.by.zhou)
        else:
            self.inspection_order_expired(case, inspection)

    def inspection_ordered(self, case: Case, inspection: Inspection) -> None:
        self.wait(case, "order.term")

    def inspection_order_expired(self, case: Case, inspection: Inspection) -> None:
        notice = inspecting.issue_penalty_notice(inspection, found(self.arrears), by=self.by.zhou)
        self.serve(notice, self.by.zhou)
        inspection.refresh_from_db()
        self.report(inspection)

    def inspection_noticed(self, case: Case, inspection: Inspection) -> None:
        if inspection.reported_on is None:
            self.report(inspection)
        self.wait(case, "inspection.statement")

    def inspection_hearing(self, case: Case, inspection: Inspection) -> None:
        held_on = today() + timedelta(days=20)
        session = inspecting.Session(held_on, "监察大队会议室", self.cast.shi.pk, "书记员")
        notice = inspecting.call_hearing(inspection, session, by=self.by.zhou)
        self.serve(notice, self.by.zhou)
        go_to(held_on)
        inspecting.record_hearing(inspection, MINUTES, by=self.by.shi)
        inspecting.hold_hearing(inspection, HEARD, by=self.by.shi)

    def inspection_legal_review(self, case: Case, inspection: Inspection) -> None:
        inspecting.review_inspection(inspection, "事实清楚,程序合法", by=self.by.shi)

    def inspection_collective(self, case: Case, inspection: Inspection) -> None:
        heads = heads_of_the_district()
        inspecting.call_members(inspection, [head.pk for head in heads], by=self.by.qian)
        for head in heads:
            inspecting.give_opinion(inspection, "同意拟处罚意见", by=actor_of(head))
        inspecting.conclude_discussion(inspection, inspecting.Concluded("一致同意"), by=self.by.qian)

    def inspection_deciding(self, case: Case, inspection: Inspection) -> None:
        inspecting.decide(inspection, by=self.by.qian)

    def inspection_decided(self, case: Case, inspection: Inspection) -> None:
        self.serve(case.notices.get(kind=NoticeKind.PENALTY_DECISION, withdrawn_at=None), self.by.zhou)

    def inspection_performing(self, case: Case, inspection: Inspection) -> None:
        go_to(inspection.due_on + timedelta(days=1))
        fire_due_clocks()
        self.serve(inspecting.issue_demand(inspection, by=self.by.zhou), self.by.zhou)

    def inspection_demanded(self, case: Case, inspection: Inspection) -> None:
        self.wait(case, "inspection.remedy")
        inspecting.apply_court(inspection, UNKNOWN_MEANS, by=self.by.zhou)

    def inspection_court(self, case: Case, inspection: Inspection) -> None:
        inspecting.note_enforced(inspection, "法院已划拨", by=self.by.zhou)

    # --- time and paper

    def wait(self, case: Case, kind: str) -> None:
        """To the day after the running term of that kind; whatever was due by then happens."""
        clock = case.clocks.get(kind=kind, fired_at=None, stopped_at=None)
        go_to(clock.due_on + timedelta(days=1))
        assert fire_due_clocks() >= 1

    def serve(self, notice: Notice, by: Any, **receipt: Any) -> Any:
        facts = {
            "way": "direct",
            "served_on": today(),
            "receiver": "张三",
            "receiver_role": "法定代表人",
            **SERVERS,
        }
        return actions.record_service(approved(notice), Receipt(**(facts | receipt)), by=by)


@pytest.fixture
def walk(cast: Any, grounds: dict[str, Ground]) -> Iterator[Walk]:
    with moved_to(noon(day_of(now()))):
        MEMORY.is_open = True
        yield Walk(cast, grounds)
        MEMORY.is_open = False


@pytest.fixture
def case_at(make_case: Callable[..., Case], walk: Walk) -> Callable[[CaseState], Case]:
    """`case_at(CaseState.DEFENCE)`: a new case that went the whole way there."""
    return lambda state: walk.to(make_case(), state)


@pytest.fixture
def inspection_at(make_case: Callable[..., Case], walk: Walk) -> Callable[..., Inspection]:
    """`inspection_at(InspectionState.NOTICED)`: the inspection of a new case, taken there the lawful way."""
    return lambda state: walk.inspection_at(make_case(), state)
