"""A form changed at the desk: uploaded, refused line by line, published, withdrawn."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from tasks.forms import problems as forms_problems
from tasks.forms import tables
from tasks.forms.actions import publish_form, upload_form, withdraw_form
from tasks.forms.catalogue import catalogue, differences, version_of
from tasks.forms.judging import judge
from tasks.forms.models import FormVersion
from tasks.forms.reading import Unreadable, markdown, read_sheets
from tasks.forms.rules import Form
from tasks.forms.rules.checking import WORDS, Checked, check
from tests.shipped import at_version, day_beside, shipped

EMPLOYER, DAY = shipped("employer"), day_beside("employer", 1)
CODES = {form.code for form in tables.all_current()}
NEW = at_version("employer", DAY).replace("| 在岗人数 |", "| 今天在岗多少人？ |", 1)


def uploaded(text: str, cast: Any, name: str = "employer.md") -> FormVersion:
    return upload_form(name, text.encode(), by=cast.by.wu)


def wrongs(text: str) -> set[tuple[str, str]]:
    found = check(read_sheets("x.md", text.encode()), CODES)
    assert isinstance(found, list), "the table was taken"
    assert all(mistake.words and "{value" not in mistake.words for mistake in found)
    return {(mistake.sheet, mistake.code) for mistake in found}


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(tables.FOLDER.glob("*.md")), ids=lambda file: file.stem)
def test_a_shipped_table_comes_back_as_it_was(file: Any) -> None:
    """So a form downloaded, looked at and uploaded again is the same version."""
    sheets = read_sheets(file.name, file.read_bytes())
    assert markdown(sheets) == file.read_text()
    found = check(sheets, CODES)
    assert isinstance(found, Checked) and tables.as_json(found.form) == tables.as_json(
        tables.compile_table(file.stem, file.read_text())
    )


def as_csv(text: str) -> bytes:
    sheets = read_sheets("x.md", text.encode())
    lines = []
    for name, sheet in sheets.items():
        lines += [name, "," + ",".join(sheet.header)]
        lines += ["," + ",".join(f'"{line.get(column)}"' for column in sheet.header) for line in sheet.lines]
    return "\n".join(lines).encode("gb18030")


def as_workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for name, sheet in read_sheets("x.md", text.encode()).items():
        page = book.create_sheet(name)
        page.append(sheet.header)
        for line in sheet.lines:
            said = [line.get(column) for column in sheet.header]
            page.append([int(cell) if cell.isdigit() else cell for cell in said])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_every_kind_of_file_is_the_same_form() -> None:
    for name, content in (("a.csv", as_csv(NEW)), ("a.XLSX", as_workbook(NEW))):
        found = check(read_sheets(name, content), CODES)
        assert isinstance(found, Checked), found
        assert found.source == NEW


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", b"x"), ("a.xlsx", b"no workbook"), ("a.md", b"x" * 1_000_001), ("a", b""), ("a.md", b"\xff\xfe\x00\x81"),
     ("a.md", b"| s |\n" * 3_000)],
    ids=["docx", "broken", "large", "no ending", "bytes", "long"],
)  # fmt: skip
def test_what_is_no_table(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_sheets(name, content)


# --- what is wrong, by line -----------------------------------------------------------------------------

BAD: list[Any] = [
    (("| survey |", "| questions |"), ("survey", "no-sheet")),
    (("|  | type | name | label |", "|  | type | name | text |"), ("survey", "no-column")),
    (("| integer | employees |", "| number | employees |"), ("survey", "unknown-type")),
    (("| integer | employees |", "| rank | employees |"), ("survey", "unknown-type")),
    (("| integer | contracts |", "| integer | employees |"), ("survey", "name-twice")),
    (("| text | surname |", "| text | remark |"), ("survey", "name-twice")),
    (("| text | surname |", "| text | 姓 |"), ("survey", "name-malformed")),
    (("| integer | contracts |", "| integer | meta |"), ("survey", "name-clash")),
    (("| integer | contracts |", "| integer |  |"), ("survey", "name-missing")),
    (("| 签订劳动合同人数 |", "|  |"), ("survey", "label-missing")),
    (("${employees} > 0", "${employees} >> 0"), ("survey", "expression-unreadable")),
    (("${employees} > 0", "pulldata(${employees})"), ("survey", "expression-unreadable")),
    (("string-length(.) <= 20", "regex(., '(a+)+$')"), ("survey", "pattern-refused")),
    (("string-length(.) <= 20", "regex(., ${employees})"), ("survey", "expression-unreadable")),
    (("${employees} > 0", f"{'+'.join('1' * 200)} > 0"), ("survey", "expression-too-long")),
    (("${employees} > 0", f"{'(' * 31}1{')' * 31}"), ("survey", "expression-too-deep")),
    (("| 签订劳动合同人数 |", f"| {'长' * 1_001} |"), ("survey", "cell-too-long")),
    (("| 签订劳动合同人数 |", "| 签订\x00人数 |"), ("survey", "cell-unprintable")),
    (("| integer | contracts |", "| integer | __proto__ |"), ("survey", "name-clash")),
    (("${employees} > 0", "${emploees} > 0"), ("survey", "reference-unknown")),
    (("select_one wage_base |", "select_one wage_bases |"), ("survey", "unknown-list")),
    (("|  | end repeat |", "|  | end group |"), ("survey", "unbalanced")),
    (("| begin repeat | people |", "| begin group | people |"), ("survey", "unbalanced")),
    (("|  |  | 20 |\n", "|  |  | many |\n"), ("survey", "bound-malformed")),
    (("| wage_base | below |", "| wage_base | full |"), ("choices", "choice-twice")),
    (("| wage_base | below |", "| wage_base | be low |"), ("choices", "choice-malformed")),
    (("| outcome | refused |", "| outcome | vanished |"), ("survey", "outcome-unknown")),
    (("| employer |", "| employers |"), ("settings", "form-unknown")),
    ((f"| {DAY} |", "| v2 |"), ("settings", "version-malformed")),
    ((f"| {DAY} |", "|  |"), ("settings", "settings-missing")),
    (("| never |", "| always |"), ("settings", "position-malformed")),
    (("| repeat_max |", "| default |"), ("survey", "column-unsupported")),
    (("| repeat_max |", "| hint |"), ("survey", "column-twice")),
    (("| repeat_max |", "| relevent |"), ("survey", "column-unknown")),
    (("| repeat_max |\n", "|\n"), ("survey", "cell-without-column")),
    (("| repeat_max |", "| appearance |"), ("survey", "appearance-unsupported")),
    (("| choices |", "| osm |\n|  | list_name | name |\n|  | a | b |\n\n| choices |"), ("osm", "sheet-unsupported")),
    (("| integer | contracts |", "|  | contracts |"), ("survey", "type-missing")),
    (("${employees} > 0", "${people} != ''"), ("survey", "reference-empty")),
    (("| wage_base | below | ", "| wage_base | below | ${employees} "), ("choices", "reference-in-choice")),
    (("${employees} > 0", "${insured_seen} > 0"), ("survey", "circle")),
    (("|  | end repeat |  |  |  |  |  |", "|  | end repeat |  |  |  |  | 1 = 1 |"), ("survey", "column-idle")),
    (("| hint |", "| hint::English |"), ("survey", "translation-unsupported")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"), BAD, ids=lambda value: value[1] if isinstance(value, tuple) else ""
)
def test_bad_tables(change: tuple[str, str], expected: tuple[str, str]) -> None:
    assert change[0] in NEW
    assert expected in wrongs(NEW.replace(*change)), wrongs(NEW.replace(*change))


def test_every_code_has_a_bad_table() -> None:
    shown = {code for _change, (_sheet, code) in BAD}
    elsewhere = {
        "too-many-choices",
        "form-too-large",
        "too-much-to-reckon",
    }  # tests/security/test_forms_that_hang.py
    assert (
        WORDS.keys() - shown
        == {"repeat-in-repeat", "too-many-questions", "not-understood", "broken-table"} | elsewhere
    )


def test_a_repeat_inside_a_repeat() -> None:
    inner = (
        "|  | begin repeat | inner | 内层 |\n|  | text | deep | 深 |\n|  | end repeat |\n|  | end repeat |"
    )
    assert ("survey", "repeat-in-repeat") in wrongs(NEW.replace("|  | end repeat |", inner, 1))


def test_lines_are_those_of_the_file() -> None:
    bad = NEW.replace("| integer | contracts |", "| rank | contracts |")
    wrong = check(read_sheets("x.md", bad.encode()), CODES)
    assert isinstance(wrong, list)
    (found,) = wrong
    assert found.line == 1 + bad.splitlines().index(next(x for x in bad.splitlines() if "| rank |" in x))
    assert found.words == "题型“rank”手机不支持"


cells = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12)
words = st.sampled_from(
    ["${a}", "${b}", ".", "(", ")", ",", "+", "-", "div", "=", "<", "and", "or", "1", "'x'", "not(", "concat(", "count(", "if(",
     "regex(., '", "(a|aa)+", "')", "today()", "*", "  ", "？", "\x00", "9" * 400]
)  # fmt: skip
HEAD = """| settings |
|  | form_title | form_id | version |
|  | 示例 | employer | 20261201 |
| survey |
|  | type | name | label | calculation | relevant | constraint |
"""
bits = st.sampled_from(
    ["| survey |", "| choices |", "| settings |", "|  | type | name | label | relevant |", "|  | list_name | name | label |",
     "|  | form_title | form_id | version |", "|  | t | employer | 20261201 |", "|  | integer | a | A | ${b} > 1 |",
     "|  | begin repeat | r | R |", "|  | end repeat |", "|  | select_one l | s | S | count(${r}) |", "|  | l | x | X |"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(bits | cells.map(lambda text: f"|  | {text} |"), max_size=14))
def test_any_table_is_taken_or_told_what_is_wrong(lines: list[str]) -> None:
    found = check(read_sheets("x.md", "\n".join(lines).encode()), CODES)
    if isinstance(found, list):
        assert found and all(mistake.code in WORDS and mistake.words for mistake in found)
    else:
        assert found.form.code in CODES


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(words, max_size=9).map("".join), min_size=3, max_size=3), st.sampled_from("ab"))
def test_any_expression_is_taken_or_told_what_is_wrong(sources: list[str], name: str) -> None:
    """And what is taken can be judged, whatever is answered."""
    cells = " | ".join(source.replace("|", "\\|") for source in sources)
    text = f"{HEAD}|  | text | {name} | 甲 | {cells} |\n|  | text | {'ba'['ab'.index(name)]} | 乙 |\n"
    found = check(read_sheets("x.md", text.encode()), CODES)
    if isinstance(found, list):
        assert found and all(mistake.code in WORDS and mistake.words for mistake in found)
        return
    for answer in ("", "甲", "9" * 4_000, 7, None, ["x"], {"lat": 1, "lng": "2"}):
        assert not judge(found.form, {"a": answer, "b": answer}, "done").failed


# --- from the draft to the phones ------------------------------------------------------------------------


def test_a_draft_changes_nothing(cast: Any) -> None:
    row = uploaded(NEW, cast)
    assert (row.state, row.title, row.code) == ("draft", "用人单位参保核查", "employer")
    assert uploaded(NEW, cast).pk == row.pk, "the same file again is the same draft"
    tables.refresh()
    assert tables.current("employer").version.startswith(day_beside("employer", 0))
    assert Entry.objects.filter(verb="form.uploaded").count() == 1


def test_published_and_withdrawn(cast: Any) -> None:
    shipped = tables.current("employer")
    row = publish_form(uploaded(NEW, cast), today(), by=cast.by.wu)
    tables.refresh()
    form = tables.current("employer")
    assert form.version == row.version and form.question("employees").label == "今天在岗多少人？"  # type: ignore[union-attr]
    assert "今天在岗多少人？" in tables.form_xml("employer", form.version)
    withdraw_form(row, "第 2 题问法不清", by=cast.by.wu)
    tables.refresh()
    assert tables.current("employer") is shipped
    assert tables.known("employer", row.version) == form, "visits keep the version they were filled with"
    told = list(Entry.objects.filter(verb__startswith="form.").order_by("id").values_list("verb", flat=True))
    assert told == ["form.uploaded", "form.published", "form.withdrawn"]


def test_a_version_waits_for_its_day(cast: Any) -> None:
    row = publish_form(uploaded(NEW, cast), today() + timedelta(days=3), by=cast.by.wu)
    tables.refresh()
    assert tables.current("employer").version != row.version
    with moved_to(now() + timedelta(days=3)):
        assert tables.current("employer").version == row.version


def test_what_cannot_be_published(cast: Any) -> None:
    row = uploaded(NEW, cast)
    with pytest.raises(forms_problems.DeadlinePast):
        publish_form(row, today() - timedelta(days=1), by=cast.by.wu)
    publish_form(row, today(), by=cast.by.wu)
    with pytest.raises(problems.OutOfOrder):
        publish_form(row, today(), by=cast.by.wu)
    with pytest.raises(forms_problems.FormVersionUsed):
        uploaded(NEW.replace("今天在岗多少人？", "在岗几人？"), cast)
    older = uploaded(at_version("employer", day_beside("employer", -15)), cast)
    with pytest.raises(forms_problems.FormVersionOlder):
        publish_form(older, today(), by=cast.by.wu)
    with pytest.raises(forms_problems.FormVersionUsed):
        uploaded(EMPLOYER, cast)
    with pytest.raises(problems.ReasonMissing):
        withdraw_form(row, " ", by=cast.by.wu)
    with pytest.raises(problems.OutOfOrder):
        withdraw_form(older, "错了", by=cast.by.wu)


def test_a_draft_older_than_a_rule_is_asked_again(cast: Any) -> None:
    """Kept when circles were taken: published now, ODK Collect could not open it."""
    row = uploaded(NEW, cast)
    row.source = NEW.replace("${employees} > 0", "${insured_seen} > 0")
    row.save()
    with pytest.raises(forms_problems.FormTableWrong) as refused:
        publish_form(row, today(), by=cast.by.wu)
    assert [fact.code for fact in refused.value.facts["lines"]] == ["circle"]


def test_only_the_city_office(cast: Any) -> None:
    for by in (cast.by.zhao, cast.by.qian, cast.by.zhou, cast.by.wang):
        with pytest.raises(problems.NotYourPost):
            upload_form("a.md", NEW.encode(), by=by)
        with pytest.raises(problems.NotYourPost):
            catalogue(by)


def test_a_known_version_costs_no_query(cast: Any, django_assert_num_queries: Any) -> None:
    row = publish_form(uploaded(NEW, cast), today(), by=cast.by.wu)
    tables.heed(row.serial)
    with django_assert_num_queries(0):
        tables.heed(row.serial)
        assert tables.known("employer", row.version) and tables.current("employer") and tables.all_current()
    with django_assert_num_queries(1):
        assert tables.known("employer", "20200101-00000000") is None


def test_what_was_published_elsewhere_is_found(cast: Any) -> None:
    row = publish_form(uploaded(NEW, cast), today(), by=cast.by.wu)
    tables.heed(None)
    assert tables.known("employer", row.version), "a visit may bring a version this process has not met"


def test_differences() -> None:
    new = check(
        read_sheets("x.md", NEW.replace("| integer | contracts |", "| integer | agreed |").encode()), CODES
    )
    assert isinstance(new, Checked)
    told = {
        (difference.kind, difference.name): difference.what
        for difference in differences(tables.current("employer"), new.form)
    }
    assert told == {("changed", "employees"): "题目", ("added", "agreed"): "", ("removed", "contracts"): ""}
    assert list(differences(new.form, new.form)) == []


def test_a_shipped_form_can_be_looked_at(cast: Any) -> None:
    form, row = version_of(cast.by.wu, "resident", tables.current("resident").version)
    assert isinstance(form, Form) and row is None
    with pytest.raises(problems.NotHere):
        version_of(cast.by.wu, "resident", "1")


# --- the pages ------------------------------------------------------------------------------------------


@pytest.fixture
def web(cast: Any, client: Client) -> Client:
    client.force_login(cast.wu)
    return client


def test_from_file_to_phones_by_the_pages(cast: Any, web: Client) -> None:
    assert "上传新版本" in web.get("/forms/").content.decode()
    answer = web.post(
        "/forms/upload/", {"file": SimpleUploadedFile("employer.md", NEW.encode())}, follow=True
    )
    page = answer.content.decode()
    assert "草稿" in page and "今天在岗多少人？" in page and "与现用版本相比" in page
    where = answer.redirect_chain[-1][0]
    assert web.get(f"{where}table/").content.decode() == NEW
    page = web.post(f"{where}publish/", {"valid_from": today().isoformat()}, follow=True).content.decode()
    assert "已发布" in page and "现用版本" in page
    page = web.post(f"{where}withdraw/", {"why": "问法不清"}, follow=True).content.decode()
    assert "已撤回" in page and "问法不清" in page
    assert web.post(f"{where}withdraw/", {"why": "再来"}).status_code == 409


def test_a_bad_file_is_explained_by_line(cast: Any, web: Client) -> None:
    bad = NEW.replace("| integer | contracts |", "| rank | employees |")
    answer = web.post("/forms/upload/", {"file": SimpleUploadedFile("employer.md", bad.encode())})
    page = answer.content.decode()
    assert answer.status_code == 422 and "题型“rank”手机不支持" in page and "name-twice" in page
    assert not FormVersion.objects.exists()
    answer = web.post("/forms/upload/", {"file": SimpleUploadedFile("a.docx", b"x")})
    assert answer.status_code == 422 and "不是可用的 XLSForm 表格" in answer.content.decode()
    assert web.post("/forms/upload/", {}).status_code == 422


def test_the_exception_carries_the_lines(cast: Any) -> None:
    with pytest.raises(forms_problems.FormTableWrong) as refused:
        uploaded(NEW.replace("| integer | contracts |", "| rank | contracts |"), cast)
    assert refused.value.code == "form-table-wrong" and refused.value.facts["lines"][0].code == "unknown-type"


def test_others_find_no_such_page(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    assert client.get("/forms/").status_code == 403 and client.get("/forms/upload/").status_code == 403


def test_the_list_asks_a_fixed_number_of_questions(
    cast: Any, web: Client, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 8):
        uploaded(at_version("employer", day_beside("employer", day)), cast)
    with django_assert_max_num_queries(8):
        assert web.get("/forms/").status_code == 200
