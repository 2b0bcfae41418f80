"""The table and the roster behind a sum: the same lines as the sum itself, for the party's own copy alone."""

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reading import words_of
from tests.workflows.audits.conftest import Auditing, record, short
from tests.workflows.conftest import Walk, found
from workflows.audits import actions
from workflows.audits import problems as audits_problems
from workflows.audits.documents import AuditFindings, AuditOpinion, PenaltyProposal, TaxTransfer
from workflows.audits.models import AuditState
from workflows.cases.models import Case
from workflows.inspections import actions as inspecting
from workflows.inspections import problems as inspections_problems
from workflows.inspections.documents import CourtApplication, PenaltyDecision, PenaltyNotice
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries.dues import Unpaid, kept, reckoned, shorts_in, table_of
from workflows.inspections.rules.dues import Found, Span, reckon
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.queries import file_of

NAMES = "张三\n李四\n王五\n赵六\n钱七\n孙八\n周九\n吴十"


def text_of(notice: Notice) -> str:
    return words_of(file_of(notice).read_bytes())


sums = st.decimals(D("0.01"), D(60_000), places=2)
spans = st.builds(
    lambda floor, more, rate, months: Span("2025-01", f"2025-{months:02d}", floor, floor + more, rate),
    sums, sums, st.decimals(D("0.002"), D("0.24"), places=4), st.integers(1, 12),
)  # fmt: skip


@given(
    st.integers(0, 60), st.integers(0, 60), st.none() | sums, st.none() | sums, st.lists(spans, max_size=4)
)
def test_law_16_the_table_adds_up_to_the_sum_of_the_body(
    due: int, insured: int, wage: D | None, declared: D | None, months: list[Span]
) -> None:
    seen = Found("基本养老保险", "2025-01", "2025-12", due, insured, wage, declared)
    seen = replace(seen, shorts=reckon(seen, months))
    table = table_of(shorts_in(kept(seen.shorts)), "张三")
    if not seen.shorts:
        assert table is None
        return
    assert table is not None and table.total == seen.arrears == sum(row.amount for row in table.rows)
    for row, line in zip(table.rows, seen.shorts, strict=True):
        rate = D(row.rate.removesuffix("%")) / 100
        assert abs(row.base * rate * row.months * row.heads - row.amount) <= D("0.005")
        assert row.amount == line.amount and line.words.endswith(f"{row.amount:,.2f} 元")
    assert table.roster == ("张**",)


@pytest.fixture
def rostered(case: Case, auditing: Auditing) -> Any:
    """Eight left out, and who they are."""
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_record(audit, record(), by=auditing.by.tang)
    actions.note_finding(audit, "injury", short(), by=auditing.by.jiang)
    return actions.keep_roster(audit, NAMES, by=auditing.by.tang)


@pytest.mark.once
def test_law_16_the_unit_gets_the_table_and_the_roster_and_nobody_else(
    rostered: Any, auditing: Auditing, walk: Walk, case: Case
) -> None:
    told = actions.issue_findings(rostered, by=auditing.by.tang)
    walk.serve(told, auditing.by.tang)
    rostered.refresh_from_db()
    auditing.approve(auditing.draft(rostered))
    auditing.serve(rostered, NoticeKind.AUDIT_OPINION)
    opinion = case.notices.get(kind=NoticeKind.AUDIT_OPINION)
    for paper in (told, opinion):
        words = text_of(paper)
        assert "应缴社会保险费计算表" in words and "未参保职工名册" in words and "张*" in words
        assert "张三" not in words and D(paper.values["sums"]["total"]) == D(960)
        assert "960.00元" in words
    walk.wait(case, "audit.correction")
    rostered.refresh_from_db()
    actions.transfer_to_tax(rostered, "市税务局", "仍欠缴", by=auditing.by.tang)
    letter = case.notices.get(kind=NoticeKind.TAX_TRANSFER)
    assert "张*" not in text_of(letter) and "张三" not in str(letter.values)
    assert letter.values["enclosures"][-1] == "未足额缴费职工名册", (
        "it goes along; its names are not in the letter"
    )


def test_law_16_a_roster_is_of_as_many_as_were_left_out(rostered: Any, auditing: Auditing) -> None:
    actions.keep_roster(rostered, "张三\n张三\n李四", by=auditing.by.tang)
    with pytest.raises(audits_problems.RosterUnfit):
        actions.issue_findings(rostered, by=auditing.by.tang)


def test_law_16_only_papers_to_the_party_have_a_place_for_the_table() -> None:
    have = {AuditFindings, AuditOpinion, PenaltyNotice, PenaltyDecision}
    for shape in (*have, TaxTransfer, PenaltyProposal, CourtApplication):
        assert ("sums" in {field.name for field in fields(shape)}) is (shape in have)


@pytest.mark.once
def test_law_16_the_base_of_a_fine_is_reckoned_and_its_table_enclosed(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    dues = reckoned(Unpaid(3, "2025-11", "2026-02", D(3000)))
    total = sum(line.amount for line in dues)
    with pytest.raises(inspections_problems.AmountMissing):
        inspecting.issue_penalty_notice(one, found(total + 1, dues=dues), by=cast.by.zhou)
    notice = inspecting.issue_penalty_notice(
        one, found(total, dues=dues, roster="张三\n李四\n王五"), by=cast.by.zhou
    )
    words = text_of(notice)
    assert D(notice.values["sums"]["total"]) == total and f"{total:,.2f}元" in words
    assert "4,907.40元" in words and "张*" in words and "张三" not in words
    walk.serve(notice, cast.by.zhou)
    one.refresh_from_db()
    walk.report(one)
    walk.inspection_at(one.case, S.DECIDED)
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert decision.values["sums"] == notice.values["sums"]
