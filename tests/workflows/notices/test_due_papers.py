"""What the documents of due process say: who decides, by which reckoning, and what the party may do about it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grid.calendar.now import today
from grid.law.models import Provision
from grid.offices.queries import office_at
from tests.reading import pages_of, words_of
from tests.workflows.notices.papers import EXAMPLES
from tests.workflows.notices.test_typesetting import bare, printed, printing_room  # noqa: F401
from workflows.audits.documents import AuditOpinion
from workflows.inspections.documents import Filing, Opinion, still_owed
from workflows.listing.documents import RepairDecision
from workflows.notices.documents import Calculation, term_of
from workflows.notices.documents.composing import remedies_of
from workflows.notices.documents.typesetting import typeset
from workflows.notices.models import NoticeKind
from workflows.notices.rules.wording import punctuated

K = NoticeKind
REMEDIED = (K.AUDIT_OPINION, K.PENALTY_DECISION, K.NO_PENALTY, K.REPAIR_DECISION, K.OBJECTION_ANSWER)


@pytest.mark.parametrize(
    "kind, people",
    [
        (K.FILING, ("周正（证件号蒙C-0312）", "何敏（证件号蒙C-0318）")),
        (K.HEARING_NOTICE, ("周正（证件号蒙C-0312）", "何敏（证件号蒙C-0318）", "冯琳", "陈默")),
        (K.AUDIT_NOTICE, ("孙宁（证件号社稽-1021）", "钱青（证件号社稽-1022）")),
        (K.PENALTY_NOTICE, ("周正（证件号蒙C-0312）",)),
    ],
)
def test_who_acts_is_named_with_the_certificate(kind: NoticeKind, people: tuple[str, ...]) -> None:
    words = words_of(printed(kind))
    assert all(person in words for person in people)


@pytest.mark.parametrize(
    "kind", [K.PENALTY_DECISION, K.AUDIT_OPINION, K.AUDIT_FINDINGS, K.TAX_TRANSFER, K.DEMAND]
)
def test_a_sum_shows_every_step_that_led_to_it(kind: NoticeKind) -> None:
    data, words = EXAMPLES[kind], words_of(printed(kind))
    shown = getattr(data, "calculation", None) or data.arrears  # type: ignore[union-attr]
    assert isinstance(shown, Calculation)
    for step in shown.steps:
        assert bare(punctuated(step.how)) in words
        assert f"{step.amount:,.2f}元" in words


@pytest.mark.parametrize("kind", REMEDIED)
def test_a_decision_says_where_it_may_be_challenged(kind: NoticeKind) -> None:
    words = words_of(printed(kind))
    assert "60日内向乌海市人民政府申请行政复议" in words
    assert "6个月内向海勃湾区人民法院提起行政诉讼" in words


def test_a_penalty_states_fine_payment_and_surcharge() -> None:
    words = words_of(printed(K.PENALTY_DECISION))
    assert "合计人民币伍万柒仟陆佰叁拾伍元玖角壹分（57,635.91元）" in words
    assert "次日起15日内缴纳罚款" in words
    assert "每日按罚款数额的百分之三加处罚款" in words
    warned = replace(EXAMPLES[K.PENALTY_DECISION], fine=Decimal(0), imposed=("警告。",), calculation=None)
    assert "缴纳罚款" not in words_of(typeset(K.PENALTY_DECISION, warned))


def test_a_demand_adds_what_is_owed_and_takes_off_what_was_paid() -> None:
    words = words_of(printed(K.DEMAND))
    assert "加处罚款人民币伍万柒仟陆佰叁拾伍元玖角壹分" in words
    assert "已经缴纳人民币壹万元整（10,000.00元）" in words
    assert "合计应缴人民币壹拾万伍仟贰佰柒拾壹元捌角贰分（105,271.82元）" in words
    assert "次日起10个工作日内" in words
    unpaid = replace(EXAMPLES[K.DEMAND], paid=Decimal(0))
    assert "已经缴纳" not in words_of(typeset(K.DEMAND, unpaid))


def test_the_court_sees_what_was_served_how_and_since_when() -> None:
    words = words_of(printed(K.COURT_APPLICATION))
    assert "行政处罚决定书乌海勃人社罚决〔2026〕1号直接送达2026年6月10日" in words
    assert "履行催告书乌海勃人社催告〔2027〕1号邮寄送达2027年1月6日" in words
    assert "乌海市海勃湾区人民法院：" in words


def test_a_filing_sheet_leaves_a_line_for_who_has_not_signed() -> None:
    words = words_of(printed(K.FILING))
    assert "周正、何敏2026年4月7日" in words
    assert words.count("签名：年月日") == 2
    assert pages_of(printed(K.FILING)) == 1


def test_a_refused_repair_says_so_in_its_title() -> None:
    refused = replace(
        EXAMPLES[K.REPAIR_DECISION], granted=False, again_from=date(2027, 12, 1), effects=("继续公示。",)
    )
    words = words_of(typeset(K.REPAIR_DECISION, refused))
    assert "不予信用修复决定书" in words and "自2027年12月1日起" in words
    assert "准予信用修复，" not in words


# --- composed ------------------------------------------------------------------------------------

TERM = Provision(value=10, unit="个工作日", reviewed=False)


def test_what_is_owed_is_never_less_than_nothing() -> None:
    assert still_owed(Decimal(100), Decimal(3), Decimal(200)) == 0
    assert still_owed(Decimal(100), Decimal(3), Decimal(20)) == 83


def test_a_row_of_the_law_is_the_term_it_gives() -> None:
    term = replace(EXAMPLES[K.DEMAND], term=TERM).term
    assert (term.length, term.unit, term.reviewed) == (10, "wd", False)
    assert term_of(term) is term


def test_a_filing_asks_for_the_opinions_it_lacks() -> None:
    sheet = Filing(
        letter=EXAMPLES[K.FILING].letter,
        case="HBW-2026-000123",
        source="比对",
        found=["事实", "  "],
        breached=["社会保险法第五十七条", "社会保险法第五十七条"],
        officers=(),
        opinions=[Opinion("承办人意见", "建议立案", "周正", date(2026, 4, 7))],
    )
    assert sheet.found == ("事实",)
    assert len(sheet.breached) == 1
    assert [opinion.role for opinion in sheet.opinions if opinion.on is None] == [
        "承办机构负责人意见",
        "行政机关负责人审批意见",
    ]


def test_nobody_who_says_nothing_is_left_without_a_sentence(law: None) -> None:
    from grid.law.queries import the_law

    opinion = AuditOpinion(
        letter=EXAMPLES[K.AUDIT_OPINION].letter,
        audit_number="1号",
        period="",
        found=["事实"],
        heard=[],
        breached=["社会保险法第五十八条"],
        orders=["改正"],
        term=TERM,
        auditors=(),
        remedies=remedies_of(the_law(date(2026, 3, 1)), office_at("150302", today())),
    )
    assert "没有提出意见" in opinion.heard[0]
    assert opinion.remedies.review_days == 60


def test_a_repair_granted_lifts_everything_at_once(law: None) -> None:
    from grid.law.queries import the_law

    facts = {
        "listed_number": "1号", "listed_on": date(2026, 6, 2), "applied_on": date(2027, 6, 4), "evidence": ["凭证"],
        "checked": [], "reasons": ["已纠正"],
    }  # fmt: skip
    made = [
        RepairDecision(
            letter=EXAMPLES[K.REPAIR_DECISION].letter, basis=(), granted=granted, again_from=date(2028, 1, 1),
            remedies=remedies_of(the_law(date(2027, 6, 1)), office_at("1503", today())), **facts,
        )
        for granted in (True, False)
    ]  # fmt: skip
    assert "解除" in made[0].effects[1] and made[0].again_from is None
    assert "继续公示" in made[1].effects[0] and made[1].again_from == date(2028, 1, 1)


def test_a_clause_is_marked_until_the_lawyers_confirm_its_row(law: None) -> None:
    from grid.law.models import Provision
    from workflows.notices.documents.composing import cited_by

    row = Provision.objects.get(key="cite.audit_clear")
    assert [(source.law, source.article, source.reviewed) for source in cited_by(row)] == [
        ("社会保险稽核办法", "", False)
    ]
    row.value, row.reviewed = ["社会保险稽核办法第九条"], True
    assert [(source.law, source.article, source.reviewed) for source in cited_by(row)] == [
        ("社会保险稽核办法", "第九条", True)
    ]
