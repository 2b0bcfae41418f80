"""Random matters, walked by the acts from the filing to the court: whatever was found, said, asked, paid and challenged,
no paper of theirs lacks what its law demands or says what the record does not.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar import now as clock
from grid.calendar.now import today
from grid.subjects.models import Subject
from tests.contract.papers import faults_in_print, faults_of_paper, known_to_the_market
from tests.forward import go_to
from tests.workflows.conftest import UNKNOWN_MEANS, Walk, found
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.inspections import actions
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending

pytestmark = pytest.mark.once
MEASURES = [
    {
        "measure": "抓参保",
        "about": "registration",
        "why": "在岗12人，自报参保0人",
        "clause": "乌政〔2020〕17号 四（二）2",
    },
    {
        "measure": "抓漏保",
        "about": "missed",
        "why": "参保人数少于在岗人数",
        "clause": "乌政〔2020〕17号 四（二）2",
    },
]
UNHURT = HealthCheck.function_scoped_fixture, HealthCheck.too_slow


@dataclass(frozen=True)
class Course:
    """What becomes of a matter. `corrected`: the register shows it once the order has run out, so that the fine is the
    mildest. `part`: how many hundredths of the fine are paid, `late` days after its last day. `sues`: the court upholds
    the penalty."""

    violation: str
    arrears: Decimal
    heads: int
    corrected: bool
    says: bool
    wants_hearing: bool
    sues: bool
    part: int
    late: int


COURSES = st.builds(
    Course,
    violation=st.sampled_from([Violation.UNREGISTERED, Violation.MISSED]),
    arrears=st.decimals(1000, 400_000, places=2),
    heads=st.integers(1, 400),
    corrected=st.booleans(),
    says=st.booleans(),
    wants_hearing=st.booleans(),
    sues=st.booleans(),
    part=st.sampled_from([0, 0, 30, 99]),
    late=st.sampled_from([1, 33, 34, 60]),
)


class Wandering(Walk):
    """Takes the inspection its course, step by step."""

    def __init__(self, walk: Walk, course: Course) -> None:
        super().__init__(walk.cast, walk.grounds)
        self.course = course

    def goes(self, case: Case) -> None:
        for _step in range(20):
            inspection = Inspection.objects.select_related("case").filter(case=case).latest("pk")
            if inspection.state in (S.COURT, S.PERFORMED):
                return
            case.refresh_from_db()
            getattr(self, f"inspection_{inspection.state}")(case, inspection)
        raise AssertionError(f"{inspection.code} stays {inspection.state}")

    def inspection_investigating(self, case: Case, inspection: Inspection) -> None:
        self.gather(inspection)
        self.serve(actions.issue_order(inspection, self.course.violation, by=self.by.zhou), self.by.zhou)

    def inspection_order_expired(self, case: Case, inspection: Inspection) -> None:
        course = self.course
        if course.corrected:
            Case.objects.filter(pk=case.pk).update(healed_on=today())
        facts = f"{case.subject.name}经责令{'逾期才' if course.corrected else '逾期仍未'}为{course.heads}名职工办理参保"
        told = found(
            course.arrears, facts=facts, violation=course.violation, heads=course.heads,
            corrected="after_term" if course.corrected else "never", source="经办机构核定表〔2026〕1号",
        )  # fmt: skip
        inspection.refresh_from_db()
        self.serve(actions.issue_penalty_notice(inspection, told, by=self.by.zhou), self.by.zhou)
        inspection.refresh_from_db()
        self.report(inspection)

    def inspection_noticed(self, case: Case, inspection: Inspection) -> None:
        if self.course.says and not inspection.statement_on:
            actions.record_statement(inspection, "部分人员为劳务派遣", by=self.by.zhou)
            actions.answer_statement(inspection, "没有派遣协议，不予采纳", by=self.by.zhou)
        if self.course.wants_hearing and inspection.hearing_owed and not inspection.hearing_asked_on:
            actions.request_hearing(inspection, "要求听证", today(), by=self.by.zhou)
            return
        self.wait(case, "inspection.statement")
        if inspection.hearing_owed and Inspection.objects.get(pk=inspection.pk).state == S.NOTICED:
            self.wait(case, "inspection.hearing_request")

    def inspection_performing(self, case: Case, inspection: Inspection) -> None:
        """A part is paid late; a suit that was lost leaves everything owed; the demand comes after the remedies."""
        assert inspection.due_on and inspection.fine
        if self.course.sues:
            remedy = note_remedy(case, Challenge("suit", "区法院", today(), "penalty"), by=self.by.zhou)
            go_to(today() + timedelta(days=30))
            close_remedy(remedy, Ending("upheld", "判1号", today(), effective_on=today()), by=self.by.zhou)
        go_to(max(today(), inspection.due_on + timedelta(days=self.course.late)))
        fire_due_clocks()
        if part := (inspection.fine * self.course.part / 100).quantize(Decimal("0.01")):
            actions.record_payment(inspection, part, today(), "缴-0001", by=self.by.zhou)
        if case.clocks.filter(kind="inspection.remedy", fired_at=None, stopped_at=None).exists():
            self.wait(case, "inspection.remedy")
        inspection.refresh_from_db()
        self.serve(actions.issue_demand(inspection, by=self.by.zhou), self.by.zhou)

    def inspection_demanded(self, case: Case, inspection: Inspection) -> None:
        self.wait(case, "inspection.demand")
        actions.apply_court(inspection, UNKNOWN_MEANS, by=self.by.zhou)


@pytest.fixture
def filed(
    make_employer: Callable[..., Subject], make_finding: Any, make_case: Any, walk: Walk, tmp_path: Path
) -> Case:
    """Filed, of a unit of which the registers know who represents it."""
    unit = make_employer("乌海市海晟恒物流有限公司", address="海勃湾区新华西街15号")
    known_to_the_market(unit, tmp_path, by=walk.by.wu)
    case: Case = make_case(unit)
    case.finding.measures = MEASURES
    case.finding.save(update_fields=["measures"])
    walk.to(case, CaseState.INSPECTED)
    return case


@contextmanager
def undone() -> Any:
    """What happens within is taken back, and time with it."""
    before = clock._ahead
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        clock.move(before)


@settings(max_examples=14, suppress_health_check=UNHURT)
@given(course=COURSES)
def test_papers_of_random_matters_are_lawful(filed: Case, walk: Walk, course: Course) -> None:
    with undone():
        Wandering(walk, course).goes(Case.objects.get(pk=filed.pk))
        papers = list(Notice.objects.filter(case=filed.pk).select_related("case__subject").order_by("pk"))
        assert {NoticeKind.ORDER, NoticeKind.PENALTY_DECISION} <= {notice.kind for notice in papers}
        assert [fault for notice in papers for fault in faults_of_paper(notice)] == []
        told = [
            notice for notice in papers if notice.kind in (NoticeKind.PENALTY_DECISION, NoticeKind.DEMAND)
        ]
        assert [fault for notice in told for fault in faults_in_print(notice)] == []


# --- what the looking itself finds -------------------------------------------------------------------


def decided(filed: Case, walk: Walk) -> Notice:
    course = Course(Violation.MISSED, Decimal(20000), 12, False, True, False, False, 0, 1)
    Wandering(walk, course).goes(Case.objects.get(pk=filed.pk))
    return Notice.objects.get(case=filed.pk, kind=NoticeKind.PENALTY_DECISION)


LIES: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    (
        "nothing heard",
        lambda v: v.update(heard=["当事人在规定期限内没有提出陈述、申辩。"]),
        "陈述申辩的记载与卷内不符",
    ),
    ("no correction", lambda v: v.update(corrections=[]), "缺责令改正的内容"),
    ("a dash", lambda v: v["letter"]["party"].update(representative="—"), "缺法定代表人"),
    ("another clause", lambda v: v["basis"][0].update(article="第八十六条"), "不属于同一个违法行为"),
    ("no such clause", lambda v: v["basis"][0].update(article="第九百条"), "法规参数以外的条文"),
    ("the lead first", lambda v: v.update(evidence=v["evidence"][::-1]), "网格走访不在证据之末"),
    (
        "a slip nobody has",
        lambda v: v["evidence"].insert(0, "《处罚事先告知书》甲人社罚告〔2026〕9号及送达回证"),
        "没有送达",
    ),
    ("heavier", lambda v: v.update(fine="999999.00"), "比告知的更重"),
    ("an inner mark", lambda v: v["found"].append("待法制审核"), "内部标记"),
    ("a padded month", lambda v: v["found"].append("2026年07月1日"), "未写完的字"),
    ("a day to come", lambda v: v["heard"].append("已于 2199-01-01 送达"), "晚于成文日期"),
]


@pytest.mark.parametrize("name, lie, fault", LIES, ids=[name for name, *_rest in LIES])
def test_a_paper_that_is_not_lawful_is_found_out(
    filed: Case, walk: Walk, name: str, lie: Callable[[dict[str, Any]], Any], fault: str
) -> None:
    notice = decided(filed, walk)
    assert faults_of_paper(notice) == []
    lie(notice.values)
    assert any(fault in said for said in faults_of_paper(notice)), faults_of_paper(notice)


def test_a_demand_that_hides_a_suit_is_found_out(filed: Case, walk: Walk) -> None:
    course = Course(Violation.MISSED, Decimal(20000), 12, False, False, False, True, 0, 1)
    Wandering(walk, course).goes(Case.objects.get(pk=filed.pk))
    demand = Notice.objects.get(case=filed.pk, kind=NoticeKind.DEMAND)
    assert faults_of_paper(demand) == []
    demand.values["standing"] = "在法定期限内没有申请行政复议，也没有提起行政诉讼。"
    assert any("而卷内有" in fault for fault in faults_of_paper(demand))
