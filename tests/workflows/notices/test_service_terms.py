"""What ends a matter, or answers the party, is handed over within its days; late, somebody sees it (行政处罚法 61条)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import today
from grid.ledger.models import Entry
from project.inbox import inbox_of
from tests.forward import go_to
from tests.workflows.conftest import Walk
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.inspections import actions
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.notices.actions import withdraw_documents
from workflows.notices.models import NoticeKind


@pytest.fixture
def withdrawn(inspection_at: Callable[..., Inspection], cast: Any) -> Inspection:
    one = inspection_at(S.NOTICED)
    return actions.withdraw_inspection(one, "违法事实不能成立", by=cast.by.qian)


def test_law_37_an_end_without_a_penalty_is_served_within_seven_working_days(
    withdrawn: Inspection, walk: Walk, cast: Any
) -> None:
    term = withdrawn.case.clocks.get(kind="service.withdrawn")
    assert (term.started_on, term.length, term.unit, term.reviewed) == (today(), 7, "wd", False)
    (line,) = (item for item in inbox_of(cast.by.zhou).items if item.kind == "inspection")
    assert line.due_on == term.due_on
    walk.serve(withdrawn.case.notices.get(kind=NoticeKind.CASE_WITHDRAWN), cast.by.zhou)
    term.refresh_from_db()
    assert term.stopped_at is not None


def test_law_37_a_paper_that_is_late_shows_until_it_is_handed_over(
    withdrawn: Inspection, walk: Walk, cast: Any
) -> None:
    term = withdrawn.case.clocks.get(kind="service.withdrawn")
    go_to(term.due_on + timedelta(days=1))
    fire_due_clocks()
    assert Entry.objects.filter(verb="notice.service_late", case=withdrawn.case.code).count() == 1
    (line,) = (item for item in inbox_of(cast.by.zhou).late if item.kind == "inspection")
    assert line.due_on == term.due_on
    walk.serve(withdrawn.case.notices.get(kind=NoticeKind.CASE_WITHDRAWN), cast.by.zhou)
    assert not [item for item in inbox_of(cast.by.zhou).items if item.kind == "inspection"]


def test_law_37_a_paper_taken_back_owes_no_service(withdrawn: Inspection, cast: Any) -> None:
    withdraw_documents(withdrawn.case, "笔误", by=cast.by.qian, kinds=(NoticeKind.CASE_WITHDRAWN,))
    assert withdrawn.case.clocks.get(kind="service.withdrawn").stopped_at is not None


def test_law_37_an_answer_to_an_objection_and_a_removal_are_served_in_time(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    objection = file_objection(case.listing, "人数有误", by=cast.by.ma)
    answer_objection(objection, "revoked", "已核对", "成立", by=cast.by.wu)
    terms = {clock.kind: clock for clock in case.clocks.filter(kind__startswith="service.")}
    assert set(terms) == {"service.objection", "service.removal"}
    lines = [item for item in inbox_of(cast.by.zhou).items if item.kind == "paper"]
    assert len(lines) == 2 and {line.due_on for line in lines} == {terms["service.removal"].due_on}


def test_law_37_no_penalty_is_served_in_time(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one = inspection_at(S.NOTICED)
    record = one.records.filter(kind="scene").latest("pk")
    actions.impose_no_penalty(one, "初次违法", by=cast.by.qian, proof=f"record-{record.pk}")
    assert one.case.clocks.filter(kind="service.spared", stopped_at=None).exists()
