"""A city in the middle of its work: something on every page of the desk and of the public."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from grid.calendar.now import now, today
from grid.codes import grouped
from grid.law.models import Provision
from grid.ledger.actions.sealer import seal_pending
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Delivery
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Placement, Subject, SubjectKind
from grid.territory.actions import note_absence
from grid.territory.models import Area, Level
from grid.territory.queries import actor_of
from mobile_api.devices.actions import enrol_phone, invite_phone
from project.jobs import Worker
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.rounds.actions import plan_round
from tasks.rounds.choosing.actions import take_list
from tasks.rounds.choosing.reading import CodeLine
from tasks.rounds.models import Round
from tasks.visits.rules import Unlisted
from tests.approving import approved
from tests.browser.guarded import guarded_city
from tests.browser.listed import listed, listed_city, look, measures
from tests.cast import GRID_1
from tests.contract.world import a_follow_up
from tests.doors import SHORT, UNINSURED, arrival, held_of, push
from tests.journeys import registers
from tests.journeys.people import Walker
from tests.papers import PDF
from tests.workflows.audits.conftest import Auditing
from tests.workflows.conftest import (
    WEIGHTY,
    case_at,
    grounds,
    heads_of_the_district,
    make_case,
    make_finding,
    walk,
)
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.audits.models import AuditState
from workflows.cases.actions import issue_notice
from workflows.cases.models import Case, CaseState
from workflows.duties.actions import answer_referral, refer
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Department
from workflows.duties.reading import Given
from workflows.duties.referring import About, Question, Reply
from workflows.duties.targets.actions import change_plan, check_plan, draft_plan, issue_plan, revise_plan
from workflows.engine.signing.actions.binding import ask_countersigners
from workflows.engine.signing.actions.binding import give_opinion as give_word
from workflows.engine.signing.models import Answer
from workflows.engine.signing.queries.matters import place_at
from workflows.inspections.actions import call_members, give_opinion, request_hearing
from workflows.inspections.models import InspectionState
from workflows.notices.actions.doorstep import send_to_door, serve_from_visits
from workflows.notices.models import DoorService
from workflows.reminders.actions import note_contact, note_phone, remind_many
from workflows.reminders.actions.contacting import Attempt
from workflows.reminders.models import Lapse
from workflows.rounds.actions import approve_round, dispatch_round, submit_round

FIRST, SECOND = "乌海市通安汽车服务有限公司", "乌海市祥润酒店管理有限公司"

__all__ = [
    "case_at", "grounds", "guarded_city", "listed", "listed_city", "look", "make_case", "make_finding", "measures", "walk",
]  # fmt: skip


def does_the_jobs() -> None:
    worker = Worker(threading.Event(), "browser")
    while worker.run_one():
        pass


# Its comparison says which visit is missing, not only that one is.
pytest.register_assert_rewrite("tests.browser.bad_moments")


@pytest.fixture
def plan(cast: Any) -> Callable[..., Round]:
    """A draft of qian's over the street; `sent=True` takes it as far as the phones."""

    def make(title: str = "岁末未参保专项核查", sent: bool = False, **terms: Any) -> Round:
        asked = {
            "area": "150302001",
            "lead_rules": [],
            "due_on": today() + timedelta(days=20),
            "per_worker": 50,
        }
        made = plan_round(title=title, by=cast.by.qian, **(asked | terms))
        if sent:
            submit_round(made, by=cast.by.qian)
            approve_round(made, "同意", by=cast.by.sun)
            dispatch_round(made, by=cast.by.qian)
            does_the_jobs()
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def delivered(cast: Any, tmp_path: Path) -> list[Delivery]:
    """The three registers of the journeys, compared."""
    files = {"market": registers.market, "social": registers.social, "tax": registers.tax}
    taken = [
        import_delivery(Meaning(name, "1503", today()), write(tmp_path), by=cast.by.wu)
        for name, write in files.items()
    ]
    run_comparison("1503", by=cast.by.wu, as_of=today())
    return taken


@pytest.fixture
def busy_city(
    cast: Any, delivered: list[Delivery], plan: Any, make_finding: Any, make_case: Any, walk: Any
) -> Any:
    """One of everything a page can show."""
    _draw_grids()
    round = plan(sent=True)
    stubborn = Subject.objects.get(name=registers.STUBBORN.name)
    door = CheckTask.objects.get(subject=stubborn)
    push(cast.post.wang, cast.by.wang, arrival(door, answers=UNINSURED))
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    enrol_phone(code, "王建国的手机", "0.1.0")
    clash, stray = (
        _two_at_one_door(cast),
        push(cast.post.wang, cast.by.wang, arrival(task_id=999_999))[0].visit,
    )
    willing = Subject.objects.get(name=registers.WILLING.name)
    transfer = Auditing(walk).transferred(make_case())
    listed = walk.to(make_case(), CaseState.PUBLISHED)
    scheme = compute_scheme(open_scheme(today().year, "1503", by=cast.by.wu), "1503", by=cast.by.wu)
    made = SimpleNamespace(
        duties=_duties(cast),
        transfer=transfer,
        lapse=_lapsed(cast, transfer.case),
        round=round,
        clash=clash,
        stray=stray,
        found=push(cast.post.wang, cast.by.wang, arrival(unlisted=_met_on_the_street()))[0].visit,
        carried=_carried(cast, walk.to(make_case(), CaseState.URGING)),
        posting=cast.post.wang.pk,
        provision=Provision.objects.get(key="urging.term").pk,
        absence=_away(cast),
        draft=plan("和平社区摸排"),
        codes=take_list(
            "重点企业",
            "150302",
            "名单.csv",
            [CodeLine(2, willing.code, willing.name, False), CodeLine(3, "12345", "写错的", False)],
            by=cast.by.qian,
        ),
        finding=Finding.objects.get(subject=stubborn),
        lead=Lead.objects.get(subject=willing),
        delivery=delivered[0],
        unplaced=Subject.objects.filter(placement=Placement.UNPLACED).latest("pk"),
        listed=listed,
        new=make_case(willing),
        penalised=walk.to(make_case(), CaseState.PENALISED),
        ordered=walk.inspection_at(make_case(), InspectionState.ORDER_EXPIRED).case,
        discussed=_discussed(walk, make_case()),
        examined=Auditing(walk).to(make_case(), AuditState.EXAMINING).case,
        asked=_asked(cast, walk.to(make_case(), CaseState.DISTRICT_APPROVAL)),
        defence=walk.to(make_case(), CaseState.DEFENCE),
        year=scheme.year,
        follow=a_follow_up(Finding.objects.get(subject=stubborn).visit),
        result=scheme.indicators.first().results.get(area="150302"),
    )
    # One that nobody claimed for a month.
    Subject.objects.filter(pk=made.unplaced.pk).update(added_at=now() - timedelta(days=30))
    _claimed(cast)
    seal_pending()
    return made


def _claimed(cast: Any) -> None:
    """wang says of a shop of which the community was known that it lies in the own grid."""
    shop = Subject.objects.create(
        kind=SubjectKind.SOLE_TRADER, name="街角面馆（示例）", match_name="街角面馆示例", local_code="示例-1",
        area=GRID_1[:12], address="新华西街12号", placement=Placement.UNPLACED, placement_why="地址只写到社区",
        is_sample=True, added_at=now(),
    )  # fmt: skip
    subjects_moved([Move(shop.pk, "", shop.area)], by=cast.by.wu)
    said = arrival(subject_id=shop.pk, form="pool_claim", form_version="1", answers={}, grid=GRID_1)
    push(cast.post.wang, cast.by.wang, said)


def _asked(cast: Any, case: Case) -> Case:
    """An approval that waits for the word of two colleagues; one of them has given it."""
    place = place_at(case, "case")
    _first, second = ask_countersigners(place, [cast.wu.pk, cast.ma.pk], "请核对人数", by=cast.by.qian)
    give_word(second, Answer.AGREE, "人数无误", by=cast.by.ma)
    return case


def _discussed(walk: Any, case: Case) -> Case:
    """A fine that is heard and discussed before it is decided, with somebody yet to speak."""
    walk.arrears, before = WEIGHTY, walk.arrears
    inspection = walk.inspection_at(case, InspectionState.NOTICED)
    request_hearing(inspection, "要求听证", today(), by=walk.by.zhou)
    inspection = walk.inspection_at(case, InspectionState.COLLECTIVE)
    heads = heads_of_the_district()
    call_members(inspection, [head.pk for head in heads], by=walk.by.qian)
    give_opinion(inspection, "同意拟处罚意见", by=actor_of(heads[-1]))
    walk.arrears = before
    return case


def _duties(cast: Any) -> SimpleNamespace:
    """A referral to the tax office that waits, one that was answered, and targets the district is splitting."""
    load_shipped_duties()
    tax = Department.objects.get(code="tax")
    asked, answered = (
        refer(
            tax,
            tax.duties.first(),
            About("150302"),
            Question("核对欠费单位", "请核对并回复"),
            by=cast.by.qian,
        )
        for _ in range(2)
    )
    answer_referral(answered, Reply("已核对 8 户", 8, 5, [Given("名单.pdf", PDF)]), by=cast.by.feng)
    city = draft_plan(today().year, "1503", {"new_units": 20, "doors": 100}, by=cast.by.wu)
    issue_plan(check_plan(city, by=cast.by.wu), by=cast.by.wu)
    own = draft_plan(city.year, "150302", {}, by=cast.by.qian)
    issue_plan(check_plan(own, by=cast.by.qian), by=cast.by.qian)
    draft = revise_plan(own, "街道反映", by=cast.by.qian)
    change_plan(draft, {("doors", "150302001"): 1}, {}, by=cast.by.qian)
    return SimpleNamespace(asked=asked.code, answered=answered.code, year=city.year, draft=draft.pk)


def _lapsed(cast: Any, case: Case) -> int:
    """The unit of `case` stopped paying: reached by telephone, reminded by letter."""
    subject = case.subject
    phone = note_phone(subject, "13804730012", "李某", "负责人当面提供", by=cast.by.zhao)
    note_contact(case, Attempt("phone", "promised", "下月恢复", phone=phone), by=cast.by.zhao)
    lapse = Lapse.objects.create(
        subject=subject, area=subject.area, year=today().year, sources=["register"], paid_to="2026-05",
        why="社保名册：养老保险缴至2026-05", found_on=today(),
    )  # fmt: skip
    remind_many([lapse.pk], "letter", by=cast.by.zhao)
    return lapse.pk


def _carried(cast: Any, case: Case) -> DoorService:
    """A document given to wang, who left it without a witness: it waits for zhao."""
    notice = send_to_door(approved(issue_notice(case, by=cast.by.zhao)), by=cast.by.zhao)
    answers = {"notice": notice.number, "way": "left", "refused_reason": "拒绝签收"}
    visit = arrival(subject_id=case.subject_id, form="notice_service", answers=answers, recorded_at=now())
    push(cast.post.wang, cast.by.wang, visit)
    with transaction.atomic():
        (taken,) = serve_from_visits([visit.client_id], held_of(cast.post.wang), by=cast.by.wang)
    return taken


def _away(cast: Any) -> int:
    """A colleague who is away for a month from now, covered by nobody."""
    first = today() + timedelta(days=30)
    absence = note_absence(
        cast.post.wang, first_day=first, last_day=first + timedelta(days=5), cover=None, by=cast.by.qian
    )
    return absence.pk


def _met_on_the_street() -> Unlisted:
    """A unit no register knows, at the address of one that is known."""
    return Unlisted("街角烧烤店（示例）", "", "新华西街12号", "sole_trader")


def _two_at_one_door(cast: Any) -> str:
    """wang found all in order where li, later, found people uninsured; the code of li's visit."""
    door = CheckTask.objects.get(subject__name=registers.IN_ORDER.name)
    push(cast.post.wang, cast.by.wang, arrival(door))
    CheckTask.objects.filter(pk=door.pk).update(posting=cast.post.li)
    door.refresh_from_db()
    return str(push(cast.post.li, cast.by.li, arrival(door, answers=SHORT, recorded_at=now()))[0].visit)


def _draw_grids() -> None:
    """Squares side by side, so that the map has something to draw."""
    for at, area in enumerate(Area.objects.filter(level=Level.GRID).order_by("code")):
        west, south = 106.8 + at * 0.01, 39.6
        corners = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)]
        ring = [[west + x, south + y] for x, y in corners]
        area.outline = {"type": "Polygon", "coordinates": [ring]}
        area.save(update_fields=["outline"])


@pytest.fixture
def walker(
    phone: Page, built_phone: None, plan: Callable[..., Round], make_employer: Any, cast: Any
) -> Walker:
    """wang in the street: a phone just enrolled, two doors on its list."""
    for name in (FIRST, SECOND):
        subject = make_employer(name, address="海勃湾区凤凰岭街道和平社区第一网格")
        subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    plan(sent=True)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    hand = Walker(phone)
    hand.enrols(grouped(code))
    hand.sees(FIRST, SECOND)
    return hand
