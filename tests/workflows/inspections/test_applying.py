"""What a court asks of an application before it lets a penalty be enforced (行政强制法 54、55条)."""

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid import problems
from grid.subjects.models import Subject, SubjectKind
from tests.papers import PDF
from tests.reading import words_of
from tests.workflows.conftest import UNKNOWN_MEANS, Walk, paper
from workflows.inspections import actions
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices.actions.slips import file_slip
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.queries import file_of

At = Callable[..., Inspection]
NUMBER = "150302190001010019"


def applied(inspection: Inspection) -> Notice:
    return inspection.case.notices.get(kind=NoticeKind.COURT_APPLICATION)


def text_of(inspection: Inspection) -> str:
    return words_of(file_of(applied(inspection)).read_bytes())


@pytest.fixture
def demanded(inspection_at: At, walk: Walk) -> Inspection:
    """Review and suit are no longer open."""
    one = inspection_at(S.DEMANDED)
    walk.wait(one.case, "inspection.remedy")
    one.refresh_from_db()
    return one


@pytest.mark.once
def test_law_32_the_application_says_all_a_court_asks(demanded: Inspection, cast: Any) -> None:
    actions.apply_court(demanded, actions.Asked("名下账户一个，余额不详"), by=cast.by.zhou)
    text = text_of(demanded)
    for words in (
        "行政非诉执行", "申请人", "被申请人", "委托代理人", "周正", "申请执行事项", "60,000.00元",
        "违法行为是“用人单位未办理社会保险登记”", "第五十七条第一款", "第八十四条", "当事人的意见",
        "没有提出陈述、申辩", "申请执行标的情况", "名下账户一个，余额不详", "授权委托书", "现场检查笔录",
        "行政机关负责人（钱卫东）签名" if cast.qian.full_name == "钱卫东" else "签名",
    ):  # fmt: skip
        assert words in text, words


def test_law_32_means_that_are_unknown_are_said_to_be(demanded: Inspection, cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        actions.apply_court(demanded, actions.Asked("  "), by=cast.by.zhou)
    actions.apply_court(demanded, UNKNOWN_MEANS, by=cast.by.zhou)
    assert "未查明" in text_of(demanded)


def test_law_32_a_slip_is_enclosed_only_where_one_lies(demanded: Inspection, cast: Any) -> None:
    decision = demanded.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    file_slip(decision, paper("回证.pdf", PDF), by=cast.by.zhou)
    actions.apply_court(demanded, UNKNOWN_MEANS, by=cast.by.zhou)
    enclosed = applied(demanded).values["enclosures"]
    assert f"《行政处罚决定书》{decision.number}及送达回证" in enclosed
    assert [item for item in enclosed if "送达回证" in item] == [
        f"《行政处罚决定书》{decision.number}及送达回证"
    ]


def test_law_32_what_the_party_said_stands_in_it(
    make_case: Callable[..., Any], walk: Walk, cast: Any
) -> None:
    case = make_case()
    one = walk.inspection_at(case, S.NOTICED)
    actions.record_statement(one, "人员多为临时工", by=cast.by.zhou)
    actions.answer_statement(one, "临时工也应参保", by=cast.by.zhou)
    one = walk.inspection_at(case, S.DEMANDED)
    walk.wait(case, "inspection.remedy")
    actions.apply_court(one, UNKNOWN_MEANS, by=cast.by.zhou)
    said = " ".join(applied(one).values["said"])
    assert "人员多为临时工" in said and "临时工也应参保" in said
    assert "当事人陈述、申辩材料和复核意见" in applied(one).values["enclosures"]


def test_law_32_who_runs_a_trade_is_named_with_the_number_which_is_kept_encrypted(
    demanded: Inspection, cast: Any
) -> None:
    subject = demanded.case.subject
    Subject.objects.filter(pk=subject.pk).update(kind=SubjectKind.SOLE_TRADER_EMPLOYING)
    demanded.refresh_from_db()
    with pytest.raises(inspections_problems.HeadNumberMissing):
        actions.apply_court(demanded, UNKNOWN_MEANS, by=cast.by.zhou)
    actions.apply_court(demanded, actions.Asked("未查明", NUMBER), by=cast.by.zhou)
    assert NUMBER in text_of(demanded)
    notice = applied(demanded)
    assert NUMBER not in str(notice.values) and NUMBER in str(notice.sealed)


def test_law_32_the_page_asks_for_the_means(demanded: Inspection, cast: Any, client: Client) -> None:
    client.force_login(cast.zhou)
    address = reverse("inspection-act", args=[demanded.case.code, "court"])
    assert client.post(address, {"at": demanded.state}).status_code == 422
    assert client.post(address, {"at": demanded.state, "property": "未查明"}).status_code == 302


def test_law_0b_shown_on_the_application_with_days_and_cap(demanded: Inspection, cast: Any) -> None:
    actions.apply_court(demanded, UNKNOWN_MEANS, by=cast.by.zhou)
    notice = applied(demanded)
    shown = notice.values["calculation"]
    assert sum(D(step["amount"]) for step in shown["steps"]) == D(notice.values["surcharge"]) == D(30000)
    assert "逾期" in shown["steps"][0]["how"] and "不再增加" in shown["note"]
