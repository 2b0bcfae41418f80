"""The rooms around the list in the middle of their work: an entry in every state, and what hangs on it."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from grid.calendar.now import today
from grid.calendar.rules import add_months
from grid.scope import Role
from grid.subjects.models import Subject, SubjectKind
from grid.territory.models import Person, Posting
from tests.approving import approved
from tests.cast import PASSWORD, SINCE
from tests.forward import go_to
from tests.papers import PNG
from tests.workflows.conftest import Walk
from tests.workflows.listing.conftest import listed, look, measures
from workflows.announcements.actions import (
    decide_announcement,
    object_to_announcement,
    propose_announcement,
    publish_batch,
    refuse_announcement,
)
from workflows.announcements.models import Announcement
from workflows.cases.actions import issue_notice
from workflows.cases.models import Case, CaseState
from workflows.counter.actions import answer_submission, hand_in, take_submission
from workflows.counter.models import Submission
from workflows.disclosures.actions import publish_penalty
from workflows.inspections.models import InspectionState
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.actions.repairing import apply_repair, decide_repair
from workflows.listing.models import Ground, Listing
from workflows.notices.actions import reissue_notice
from workflows.notices.models import Notice
from workflows.notices.reading import Given
from workflows.remedies.actions import note_remedy
from workflows.remedies.rules import Challenge
from workflows.reminders.actions import note_phone
from workflows.sanctions.actions import answer_order, order_sanctions
from workflows.sanctions.models import Sanction, SanctionOrder

__all__ = ["listed", "listed_city", "look", "measures"]

LONG = "乌海市海勃湾区凤凰岭煤焦化工机电设备安装维修与综合服务有限责任公司第一分公司"
FACTS = "未办理社会保险登记，涉及职工12人，经办人联系电话13812345678"
PROOF, PROMISE = "已补缴2025年1月至10月社会保险费，凭证附后", "承诺依法参保，不再违法"


@pytest.fixture
def listed_city(
    cast: Any,
    listed: Callable[..., Listing],
    look: Any,
    make_case: Callable[..., Case],
    make_employer: Callable[..., Subject],
    measures: dict[str, Sanction],
    grounds: dict[str, Ground],
    walk: Walk,
) -> Any:
    """One of everything the pages around the list can show. What has to be a year old is made first."""

    def employer(name: str = "", **fields: Any) -> Subject:
        return make_employer(name, is_sample=True, **fields)

    made = SimpleNamespace(treasurer=_treasurer(cast))
    made.repaired, made.applied = _a_year_ago(cast, listed, look, measures, employer)
    made.lift = SanctionOrder.objects.get(listing=made.repaired, department="市财政局").pk
    made.live = listed(employer(LONG))
    made.order, made.answered = _sanctioned(made, cast, measures)
    file_objection(made.live, "认定的人数有误：其中3人为劳务派遣。", by=cast.by.zhou)
    made.stayed = listed(employer())
    body = "乌海市人民政府"
    note_remedy(
        made.stayed.case,
        Challenge("review", body, today(), stay_number="乌政复停〔2026〕1号"),
        by=cast.by.zhou,
    )
    made.corrected = _corrected(cast, listed(employer()))
    made.owner = listed(employer("欧阳小明（示例）", kind=SubjectKind.SOLE_TRADER_EMPLOYING, credit_code=""))
    made.served = listed(employer(), state=CaseState.PUBLICATION)
    made.heard = walk.to(make_case(employer()), CaseState.LISTING_REVIEW)
    made.announced = _announced(
        cast, grounds, [walk.to(make_case(employer()), CaseState.PENALISED) for _ in "1234"]
    )
    made.to_propose = walk.to(make_case(employer()), CaseState.PENALISED)
    fined = walk.inspection_at(make_case(employer()), InspectionState.PERFORMING)
    made.disclosed = publish_penalty(fined, "未办理社会保险登记", by=cast.by.qian)
    made.counter = _at_window(cast, walk.to(make_case(employer()), CaseState.DEFENCE))
    made.notices = _papers(cast, walk.to(make_case(employer()), CaseState.URGING))
    made.drafted = issue_notice(walk.to(make_case(employer()), CaseState.URGING), by=cast.by.zhao)
    return made


def _treasurer(cast: Any) -> Person:
    """The city's finance office, which carries out measures."""
    person = Person.objects.create_user("fu", password=PASSWORD, full_name="付财")
    area = cast.post.wu.area
    Posting.objects.create(
        person=person, role=Role.LIAISON, area=area, department="市财政局", valid_from=SINCE
    )
    return person


def _a_year_ago(
    cast: Any, listed: Any, look: Any, measures: dict[str, Sanction], employer: Callable[..., Subject]
) -> tuple[Listing, Listing]:
    """One entry repaired, with a measure still to be lifted, and one whose repair waits for its decision."""
    repaired, applied = listed(employer()), listed(employer())
    order_sanctions(repaired, [measures["3"]], by=cast.by.ma)
    go_to(add_months(max(repaired.decided_on, applied.decided_on), 12) + timedelta(days=1))
    for entry in (repaired, applied):
        look(apply_repair(entry, PROOF, PROMISE, by=cast.by.zhou))
    decide_repair(repaired.repairs.get(), True, "已改正并履行义务", by=cast.by.ma)
    return repaired, applied


def _sanctioned(made: Any, cast: Any, measures: dict[str, Sanction]) -> tuple[int, int]:
    """An order that waits for the finance office, and one the tax office carried out."""
    measures["1"].departments = ["市税务局"]
    measures["1"].save(update_fields=["departments"])
    orders = order_sanctions(made.live, [measures["1"], measures["3"], measures["26"]], by=cast.by.ma)
    waiting = next(order for order in orders if order.department == "市财政局")
    done = next(order for order in orders if order.department == "市税务局")
    answer_order(done, "done", "", by=cast.by.feng)
    return waiting.pk, done.pk


def _corrected(cast: Any, listing: Listing) -> Listing:
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    answer_objection(objection, "corrected", "重新核对名册", "部分成立", correction="涉及24人", by=cast.by.ma)
    return listing


def _announced(cast: Any, grounds: dict[str, Ground], cases: list[Case]) -> dict[str, Announcement]:
    """Proposed, refused, decided, and published with an objection that waits."""

    def proposed(case: Case) -> Announcement:
        given = {"head": "王五", "facts": FACTS, "handling": "罚款36000元，责令改正"}
        return propose_announcement(case, grounds["17-1"], **given, by=cast.by.zhou)

    published, decided, refused, waiting = (proposed(case) for case in cases)
    decide_announcement(published, by=cast.by.qian)
    publish_batch("150302", "乌海日报", by=cast.by.qian)
    published.refresh_from_db()
    object_to_announcement(published, "罚款已经缴清，违法事实已经消除。", by=cast.by.zhou)
    decide_announcement(decided, by=cast.by.qian)
    refuse_announcement(refused, "情节轻微", by=cast.by.qian)
    return {"published": published, "decided": decided, "refused": refused, "waiting": waiting}


def _at_window(cast: Any, case: Case) -> dict[str, Submission]:
    """Three things handed in: one just arrived, one taken over, one answered."""
    note_phone(case.subject, "13804730012", "张三", "法定代表人到场登记", by=cast.by.zhao)
    notice = case.notices.exclude(service=None).latest("pk")
    files = [Given("参保登记回执（2026年10月）.png", "png", sha256(PNG).hexdigest(), PNG)]
    arrived, taken, answered = (
        hand_in(notice, "statement", text, "张三，法定代表人", files)[0]
        for text in ("已经为全部职工办理参保登记，不应列入名单。\n附回执。", "补充说明。", "补充说明二。")
    )
    for submission in (taken, answered):
        take_submission(submission, by=cast.by.fang)
    answer_submission(answered, "已收到并记入案卷，复核后答复。", by=cast.by.fang)
    return {"arrived": arrived, "taken": taken, "answered": answered}


def _papers(cast: Any, case: Case) -> tuple[Notice, Notice]:
    """A document that was replaced, and the one in its place."""
    old = approved(issue_notice(case, by=cast.by.zhao))
    return old, approved(reissue_notice(old, "打印件损毁", by=cast.by.zhao))
