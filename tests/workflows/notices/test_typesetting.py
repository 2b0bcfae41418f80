import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.codes import enrolment_text, grouped, notice_address, read_door_text
from tests.reading import codes_of, pages_of, words_of
from tests.workflows.notices.papers import EXAMPLES, FACTS, with_party
from workflows.notices import problems as notices_problems
from workflows.notices.documents import Citation, DoorLabel, FactTable, Party, fonts
from workflows.notices.documents.reviving import revived
from workflows.notices.documents.typesetting import typeset
from workflows.notices.letters import SHEETS, letters, shape_of, template_of
from workflows.notices.models import NoticeKind
from workflows.notices.rules.wording import capitals, figures, punctuated

LETTERS = [*(letter.kind.value for letter in letters()), "service_slip"]
EVERY_LETTER = pytest.mark.parametrize("kind", LETTERS)
TITLES = {letter.kind.value: letter.title for letter in letters()} | {
    NoticeKind.TAX_TRANSFER: "关于移送乌海市示例商贸有限责任公司欠缴社会保险费线索的函",
    "service_slip": "送达回证",
}


@pytest.fixture(autouse=True)
def printing_room(must_have):
    for program in ("pdftotext", "pdftoppm", "pdfinfo"):
        must_have(program)
    try:
        fonts.faces()
    except notices_problems.FontMissing as missing:
        # `make fast` does without npm; `make test` does not.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))


@cache
def printed(kind: str) -> bytes:
    """The example, set once for all tests; that setting it again gives the same is a test of its own."""
    return typeset(kind, EXAMPLES[kind])


# On the file and between offices: nobody outside has one to check by its code.
INTERNAL = {NoticeKind.FILING, NoticeKind.PENALTY_PROPOSAL, "service_slip"}


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- what is on the paper --------------------------------------------------------------------------


@EVERY_LETTER
def test_a_letter_shows_who_writes_what_to_whom(kind):
    letter = EXAMPLES[kind].letter
    words = words_of(printed(kind))
    for value in (letter.authority, TITLES[kind], letter.party.name, letter.party.code):
        assert value in words
    assert (letter.number in words) == (kind != "service_slip")
    assert f"{letter.issued_on.year}年{letter.issued_on.month}月{letter.issued_on.day}日" in words


@EVERY_LETTER
def test_every_page_leads_to_the_check_and_counts_itself(kind):
    pdf, letter = printed(kind), EXAMPLES[kind].letter
    pages, words = pages_of(pdf), words_of(pdf)
    shown = 0 if kind in INTERNAL else pages
    assert codes_of(pdf) == [notice_address(letter.code)] * shown
    assert words.count(grouped(letter.code)) == words.count(notice_address(letter.code)) == shown
    assert [f"—{page}—" in words for page in range(1, pages + 1)] == [True] * pages
    assert words.count(f"共{pages}页") == pages


@pytest.mark.parametrize(
    "kind",
    [
        NoticeKind.URGING,
        NoticeKind.ORDER,
        NoticeKind.PENALTY_NOTICE,
        NoticeKind.AUDIT_FINDINGS,
        NoticeKind.AUDIT_OPINION,
        NoticeKind.PENALTY_PROPOSAL,
        NoticeKind.TAX_TRANSFER,
        NoticeKind.PENALTY_DECISION,
        NoticeKind.NO_PENALTY,
    ],
)
def test_findings_and_clauses_are_quoted_whole(kind):
    data = EXAMPLES[kind]
    words = words_of(typeset(kind, replace(data, facts=FACTS)))
    cited = getattr(data, "basis", ()) + getattr(data, "breached", ())
    for sentence in (
        *data.found,
        *(each.text for each in cited),
        *(f"《{each.law}》" for each in cited),
        *(each.article for each in cited),
    ):
        assert bare(punctuated(sentence)) in words
    for cell in (*FACTS.columns, *(cell for row in FACTS.rows for cell in row)):
        assert bare(cell) in words


def test_terms_say_their_unit_and_run_from_the_day_after():
    assert "次日起5个工作日内" in words_of(printed(NoticeKind.PENALTY_NOTICE))
    assert "次日起15日内" in words_of(printed(NoticeKind.URGING))


def test_law_52_articles_of_one_law_are_joined_behind_its_title() -> None:
    basis = tuple(Citation("社会保险法", article) for article in ("第五十八条", "第六十条", "第六十三条"))
    beside = (*basis, Citation("工伤保险条例", "第二条第一款"), Citation("人社部发〔2014〕103号", ""))
    data = replace(EXAMPLES[NoticeKind.URGING], basis=basis)
    assert "《社会保险法》第五十八条、第六十条和第六十三条。" in words_of(typeset(NoticeKind.URGING, data))
    words = words_of(typeset(NoticeKind.URGING, replace(data, basis=beside)))
    assert (
        "《社会保险法》第五十八条、第六十条、第六十三条、《工伤保险条例》第二条第一款和人社部发〔2014〕103号。"
        in words
    )


def test_law_13_a_letter_about_a_site_names_it_below_its_contractor() -> None:
    data = with_party(EXAMPLES[NoticeKind.URGING], project="安置房二期项目", permit="1503022026001")
    words = words_of(typeset(NoticeKind.URGING, data))
    assert "工程项目安置房二期项目" in words and "施工许可证号1503022026001" in words


def test_law_31_a_trader_is_represented_by_its_owner() -> None:
    data = with_party(EXAMPLES[NoticeKind.URGING], head="经营者", representative="张示例")
    words = words_of(typeset(NoticeKind.URGING, data))
    assert "经营者张示例" in words and "法定代表人" not in words


def test_law_36_a_letter_that_leaves_it_to_the_person_demands_nothing() -> None:
    data = replace(EXAMPLES[NoticeKind.URGING], is_voluntary=True, consequences=())
    words = words_of(typeset(NoticeKind.URGING, data))
    assert "是否参加由本人自愿决定" in words and "你单位可以办理的事项" in words
    assert "法定义务" not in words and "逾期" not in words


def test_a_fine_is_written_in_capitals_and_figures():
    words = words_of(printed(NoticeKind.PENALTY_DECISION))
    assert "人民币伍万柒仟陆佰叁拾伍元玖角壹分（57,635.91元）" in words


def test_a_hearing_is_offered_only_where_it_is_owed():
    data = EXAMPLES[NoticeKind.PENALTY_NOTICE]
    assert "要求举行听证" in words_of(typeset(NoticeKind.PENALTY_NOTICE, data))
    assert "听证" not in words_of(typeset(NoticeKind.PENALTY_NOTICE, replace(data, hearing=None)))


def test_a_slip_leaves_room_to_sign_on_one_page():
    pdf = printed("service_slip")
    words = words_of(pdf)
    assert pages_of(pdf) == 1
    for blank in ("送达地点", "□留置送达", "见证人签名", "拒收事由", "年月日时"):
        assert blank in words
    assert "《督促参保缴费告知书》乌人社告〔2026〕1号（1份）" in words


def test_what_was_entered_without_a_stop_ends_with_one():
    data = replace(EXAMPLES[NoticeKind.NO_PENALTY], found=("在岗2人", "参保0人；", "另有一人（临时）"))
    words = words_of(typeset(NoticeKind.NO_PENALTY, data))
    assert "（一）在岗2人；（二）参保0人；（三）另有一人（临时）。" in words


def test_opinions_stand_in_the_order_of_the_hierarchy():
    words = words_of(printed(NoticeKind.FILING))
    places = [words.index(role) for role in ("承办人意见", "承办机构负责", "行政机关负责")]
    assert places == sorted(places)


# --- marks -------------------------------------------------------------------------------------------


@EVERY_LETTER
def test_a_sample_says_so_on_every_page_and_a_real_one_never(kind):
    data = EXAMPLES[kind]
    sample = printed(kind)
    real = typeset(kind, replace(data, letter=replace(data.letter, sample=False)))
    assert words_of(sample).count("示例数据·仅供演示，不具法律效力") == pages_of(sample)
    assert "示例" not in words_of(real).replace(data.letter.party.name, "").replace("张示例", "").replace(
        "李示例", ""
    )


def looked_at(data):
    """As whoever looks at it before it is issued sees it."""
    return replace(data, letter=replace(data.letter, preview=True))


def test_what_is_not_reviewed_is_marked_and_the_rest_is_not():
    data = looked_at(EXAMPLES[NoticeKind.URGING])
    marked = words_of(typeset(NoticeKind.URGING, data))
    cleared = replace(data, term=replace(data.term, reviewed=True))
    assert "次日起15日内待法制审核" in marked
    assert "审核之前不能正式制发" in marked
    assert "审核" not in words_of(typeset(NoticeKind.URGING, cleared))


@pytest.mark.parametrize("kind", list(NoticeKind.values))
def test_law_36a_no_served_paper_says_that_its_law_is_unreviewed(kind):
    words = words_of(typeset(kind, EXAMPLES[kind]))
    assert "待法制审核" not in words and "正式制发" not in words


@pytest.mark.parametrize("kind", [NoticeKind.LISTING_NOTICE, NoticeKind.LISTING_DECISION])
def test_a_listing_marks_its_period_and_its_measures(kind):
    basis = tuple(replace(each, reviewed=True) for each in EXAMPLES[kind].basis)
    passed = replace(looked_at(EXAMPLES[kind]), basis=basis)
    if kind == NoticeKind.LISTING_NOTICE:
        passed = replace(passed, defence=replace(passed.defence, reviewed=True))
    waiting = replace(passed, period_reviewed=False, measures_reviewed=False)
    assert "审核" not in words_of(typeset(kind, passed))
    assert words_of(typeset(kind, waiting)).count("待法制审核") == 3


# --- sheets ------------------------------------------------------------------------------------------


def test_every_door_label_scans_as_its_own_door():
    data = EXAMPLES["door_labels"]
    pdf = printed("door_labels")
    words, scanned = words_of(pdf), codes_of(pdf)
    assert sorted(map(read_door_text, scanned)) == sorted(each.premise_code for each in data.labels)
    assert all(grouped(each.premise_code) in words and each.label in words for each in data.labels)
    assert pages_of(pdf) == 2


def test_a_sheet_without_doors_says_so():
    empty = replace(EXAMPLES["door_labels"], labels=())
    assert "没有需要打印的点位码" in words_of(typeset("door_labels", empty))


def test_a_long_door_name_stays_on_its_label():
    data = EXAMPLES["door_labels"]
    long = tuple(
        DoorLabel(each.premise_code, "新华西街与人民北路交叉口往东" * 8) for each in data.labels[:18]
    )
    pdf = typeset("door_labels", replace(data, labels=long))
    assert pages_of(pdf) == 1
    assert len(codes_of(pdf)) == 18


def test_an_enrolment_sheet_carries_the_code_to_scan_and_to_type():
    data = EXAMPLES["enrolment"]
    pdf = printed("enrolment")
    words = words_of(pdf)
    assert codes_of(pdf) == [enrolment_text(data.code)]
    for value in (data.person, data.role, data.area_name, bare(data.until), grouped(data.code)):
        assert value in words


# --- hostile and odd values ----------------------------------------------------------------------------

MARKUP = [
    '#panic("x")',
    '#import "/etc/passwd": *',
    "*粗* _斜_ `码` $x^2$ @引用 <标签> = 题 \\ // 注 /* 注 */ #[内容]",
    '"]); #read("base.typ"); #let data = (',
    "</svg><script>alert(1)</script>",
    "{{ 7*7 }} {% now %} \\u{41} %s {0}",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_value_is_shown_as_it_is(text):
    data = with_party(EXAMPLES[NoticeKind.URGING], name=text, address=text)
    words = words_of(typeset(NoticeKind.URGING, replace(data, found=(text,), consequences=(text,))))
    assert words.count(bare(text)) >= 2
    assert words.count(bare(punctuated(text))) >= 2


LONG = ["乌海" * 120, "W" * 400, "株式会社-" * 60, "A B " * 100]


@pytest.mark.parametrize("kind, name", [(kind, LONG[n % len(LONG)]) for n, kind in enumerate(LETTERS)])
def test_a_very_long_name_is_printed_whole(kind, name):
    words = words_of(typeset(kind, with_party(EXAMPLES[kind], name=name)))
    assert words.count(name[0]) >= name.count(name[0])


def test_a_character_without_a_shape_is_named_instead_of_lost():
    data = with_party(EXAMPLES[NoticeKind.URGING], name="乌海𰻞𰻞面馆", representative="王𬭊㛃䶮")
    words = words_of(typeset(NoticeKind.URGING, data))
    assert "乌海〓〓面馆" in words
    assert "U+30EDE" in words
    assert "王𬭊㛃䶮" in words


def test_signs_that_turn_the_direction_of_writing_are_left_out():
    data = with_party(EXAMPLES[NoticeKind.URGING], name="乌海\u202e海乌\u2066公\u200b司\x00\x07")
    assert "乌海海乌公司" in words_of(typeset(NoticeKind.URGING, data))


@EVERY_LETTER
def test_empty_lists_and_values_leave_a_document(kind):
    data = EXAMPLES[kind]
    empty = {name: () for name, value in vars(data).items() if isinstance(value, tuple)}
    if hasattr(data, "facts"):
        empty["facts"] = FactTable((), ())
    title = TITLES[kind].replace(data.letter.party.name, "")
    assert title in words_of(typeset(kind, with_party(replace(data, **empty), name="", code="", address="")))


def test_a_long_table_goes_on_with_its_heading_on_the_next_page():
    rows = tuple((f"事项{n}", "有", "无", "有", "无") for n in range(90))
    data = replace(EXAMPLES[NoticeKind.URGING], facts=replace(FACTS, rows=rows))
    pdf = typeset(NoticeKind.URGING, data)
    assert pages_of(pdf) >= 3
    assert words_of(pdf).count("核对事项市场监管登记") >= 3
    assert "事项89" in words_of(pdf)


def filled_with(text, value):
    """The same value with `text` in place of every text it holds."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(filled_with(text, item) for item in value)
    if is_dataclass(value):
        again = {field.name: filled_with(text, getattr(value, field.name)) for field in fields(value)}
        kept = {name: getattr(value, name) for name in ("code", "unit", "format") if hasattr(value, name)}
        return replace(value, **again | (kept if not isinstance(value, Party) else {}))
    return value


@pytest.mark.slow
@given(st.sampled_from(LETTERS), st.text(st.characters(), max_size=60))
@settings(max_examples=60)
def test_no_text_whatever_stops_a_document(kind, text):
    assert typeset(kind, filled_with(text, EXAMPLES[kind])).startswith(b"%PDF")


@EVERY_LETTER
def test_a_preview_carries_neither_number_nor_code(kind):
    letter = EXAMPLES[kind].letter
    blank = replace(letter, preview=True, code="", number="乌海勃人社〔2026〕__号")
    pdf = typeset(kind, replace(EXAMPLES[kind], letter=blank))
    words = words_of(pdf)
    assert codes_of(pdf) == [] and "核验码：" not in words
    assert words.count("预览·未编号、未制发，不具效力") == pages_of(pdf)
    assert ("〔2026〕__号" in words) == (kind != "service_slip")
    assert letter.number not in words.replace("乌人社告〔2026〕1号", "")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


@EVERY_LETTER
def test_what_is_kept_with_a_document_sets_it_again(kind):
    stored = json.loads(json.dumps(asdict(EXAMPLES[kind]), cls=DjangoJSONEncoder))
    assert revived(shape_of(kind), stored) == EXAMPLES[kind]


def test_data_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="urging needs Urging, not ServiceSlip"):
        typeset(NoticeKind.URGING, EXAMPLES["service_slip"])


# --- the file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_the_file_is_an_archive_pdf_and_the_same_each_time(kind):
    pdf = typeset(kind, EXAMPLES[kind])
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert len(pdf) < 260_000
    assert printed(kind) == pdf


def test_threads_do_not_mix_their_documents():
    kinds = LETTERS * 2
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda kind: typeset(kind, EXAMPLES[kind]), kinds))
    assert made == [printed(kind) for kind in kinds]


def test_every_kind_has_its_template_and_its_example():
    kinds = {*LETTERS, *SHEETS}
    assert set(EXAMPLES) == kinds, "give it an example in papers.py or papers_due.py"
    assert [kind for kind in kinds if not template_of(kind).is_file()] == []


def test_a_typeface_that_is_not_there_is_named():
    fonts.faces.cache_clear()
    try:
        for setting in ("PRINT_FONT", "PRINT_TITLE_FONT", "PRINT_HEADING_FONT", "PRINT_SUBHEADING_FONT"):
            with (
                override_settings(**{setting: "没有的字体"}),
                pytest.raises(notices_problems.FontMissing, match="没有的字体"),
            ):
                fonts.faces()
    finally:
        fonts.faces.cache_clear()


# --- wording -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount, words",
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("100.01", "壹佰元零壹分"),
        ("1005", "壹仟零伍元整"),
        ("10050", "壹万零伍拾元整"),
        ("101000.30", "壹拾万壹仟元叁角整"),
        ("100000000", "壹亿元整"),
        ("1000000001", "壹拾亿零壹元整"),
        ("38416.50", "叁万捌仟肆佰壹拾陆元伍角整"),
    ],
)
def test_sums_in_capitals(amount, words):
    assert capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "1e17"])
def test_a_sum_no_document_can_name_is_refused(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        capitals(Decimal(amount))


def test_sums_in_figures():
    assert figures(Decimal("1234567.8")) == "1,234,567.80 元"


@pytest.mark.parametrize(
    "loose, printed",
    [
        ("税务,12人(其中9人)", "税务，12人（其中9人）"),
        ("9:30到18:00,共1,200元", "9:30到18:00，共1,200元"),
        ("见 https://a.cn/v/A?b=1,2", "见 https://a.cn/v/A?b=1,2"),
        ("f(x),甲(A)(B);", "f(x)，甲（A）(B);"),
        ("已于 2026-05-07 送达,所属 2026-10", "已于2026年5月7日送达，所属2026年10月"),
        ("应缴 45,000.00 元 至 60,000.00 元,共 12 人", "应缴45,000.00元至60,000.00元，共12人"),
        ("2025-01 至 2026-01 未缴", "2025年1月至2026年1月未缴"),
        ("案号 HBW-2026-000123,电话 0473-2026-05,2026-13", "案号 HBW-2026-000123，电话0473-2026-05,2026-13"),
    ],
)
def test_punctuation_beside_chinese_is_full_width(loose, printed):
    assert punctuated(loose) == printed


def test_a_date_is_written_out():
    data = replace(EXAMPLES[NoticeKind.REMOVAL], removed_on=date(2027, 12, 31))
    assert "自2027年12月31日起" in words_of(typeset(NoticeKind.REMOVAL, data))
