"""What a form's author could write to keep a server, or every phone, busy: tried, and held.

A form that is uploaded is refused with the line to mend. One that was published when more was allowed neither hangs
nor hinders: its visits are taken, and who reviews them is told what could not be judged.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid.calendar.now import now, today
from mobile_api.openrosa.queries.xform import collect_xml
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.models import FormState, FormVersion
from tasks.forms.reading import Unreadable, read_sheets
from tasks.forms.rules import Form, Question, compiling
from tasks.forms.rules.checking import Checked, Wrong, check
from tasks.forms.rules.expressions import evaluate
from tasks.visits.models import Visit
from tests.doors import make_round, make_task
from tests.mobile_api.conftest import phone  # noqa: F401
from tests.mobile_api.phones import Phone, visit_json
from tests.patience import within
from tests.shipped import day_beside

pytestmark = pytest.mark.once

CODES = {form.code for form in tables.all_current()}
HEAD = """| settings |
|  | form_title | form_id | version |
|  | 示例 | employer | 20261201 |

| survey |
|  | type | name | label | relevant | constraint | calculation | repeat_count |
"""
COLUMNS = ("relevant", "constraint", "calculation", "repeat_count")
SOON = 3.0  # seconds; what hangs, hangs for hours

HANGING = {
    "nested": "regex(., '(a+b?)*c')",
    "overlap": "regex(., '(a|aa)+c')",
    "twice": "regex(., '(a|a)*c')",
    "row": "regex(., '(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x')",
    "digits": "regex(., '(?:[0-9]{1,3}-?)*x')",
    "options": f"regex(., '{'a?' * 40}{'a' * 40}')",
    "counted": "regex(., '(a?){30}a{30}')",
    "bomb": "regex(., '(x{1000}){1000}')",
    "back": r"regex(., '(a*)\1*b')",
    "ahead": "regex(., '(?=a+b)a*c')",
    "hidden": "if(true(), regex(., '(a*)*b'), regex(., 'a'))",
    "letters": r"regex(., '(\w|\d)*x')",
}
CRASHING = {
    "terms": "+".join("1" * 3_000) + " > 0",
    "brackets": "(" * 500 + "1" + ")" * 500,
    "signs": "-" * 3_000 + "1",
    "calls": "not(" * 300 + "1" + ")" * 300,
    "chain": " or ".join(["${q} = 1"] * 900),
    "compared": " = ".join("1" * 900),
    "word": "'" + "x" * 100_000 + "' = .",
    "digit": "9" * 100_000 + " > .",
    "open": "${" * 50_000,
}


@pytest.fixture(autouse=True)
def shipped_only() -> Iterator[None]:
    yield
    tables.heed(None)


def line(kind: str, name: str, **columns: str) -> str:
    cells = [columns.get(column, "").replace("|", "\\|") for column in COLUMNS]
    return f"|  | {kind} | {name} | {name} | {' | '.join(cells)} |\n"


def checked(*lines: str, more: str = "") -> Checked | list[Wrong]:
    with within(SOON):
        return check(read_sheets("x.md", (HEAD + "".join(lines) + more).encode()), CODES)


def taken(*lines: str) -> Form:
    found = checked(*lines)
    assert isinstance(found, Checked), found
    return found.form


def refused(*lines: str, more: str = "") -> set[tuple[int, str]]:
    found = checked(*lines, more=more)
    assert isinstance(found, list)
    return {(mistake.line, mistake.code) for mistake in found}


# --- refused at the upload ---------------------------------------------------------------------------------


@pytest.mark.parametrize("source", HANGING.values(), ids=HANGING)
def test_a_pattern_that_hangs_is_refused_with_its_line(source: str) -> None:
    for column in ("relevant", "constraint", "calculation"):
        assert refused(line("text", "q", **{column: source})) == {(7, "pattern-refused")}


@pytest.mark.parametrize("source", CRASHING.values(), ids=CRASHING)
def test_an_expression_that_crashes_is_refused_with_its_line(source: str) -> None:
    codes = {"expression-too-long", "expression-too-deep", "cell-too-long", "expression-unreadable"}
    for column in ("relevant", "constraint", "calculation"):
        ((number, code),) = refused(line("text", "q", **{column: source}))
        assert number == 7 and code in codes


def test_the_upload_page_says_so_and_is_there_for_others(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    text = HEAD + line("text", "q", constraint=HANGING["nested"]) + line("text", "p", relevant="(" * 500)
    with within(SOON):
        answer = client.post("/forms/upload/", {"file": SimpleUploadedFile("a.md", text.encode())})
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "(a+b?)*c" in page and "太多种读法" in page and "括号套得太深" in page
    )


def test_conditions_of_groups_count_together() -> None:
    """Each is short; what a question within many of them hangs on is not."""
    long = " or ".join(["1 = 1"] * 40)
    groups = [line("begin group", f"g{at}", relevant=long) for at in range(4)]
    ends = ["|  | end group |\n"] * 4
    assert refused(*groups, line("text", "q"), *ends) == {(11, "expression-too-long")}
    groups = [line("begin group", f"g{at}", relevant="1 = 1") for at in range(35)]
    assert (42, "expression-too-deep") in refused(*groups, line("text", "q"), *["|  | end group |\n"] * 35)


@pytest.mark.parametrize(
    "lines",
    [
        [line("calculate", "a", calculation="${a} + 1")],
        [line("calculate", "a", calculation="${b}"), line("calculate", "b", calculation="${a}")],
        [line("text", "a", relevant="${b} = 1"), line("text", "b", relevant="${a} = 1")],
        [line("begin repeat", "r"), line("calculate", "a", calculation="${b}"),
         line("calculate", "b", calculation="${a}"), "|  | end repeat |\n"],
        [line("calculate", "t", calculation="sum(${p})"), line("begin repeat", "r"),
         line("calculate", "p", calculation="${t}"), "|  | end repeat |\n"],
        [line("calculate", "n", calculation="count(${r})"), line("begin repeat", "r", repeat_count="${n}"),
         line("text", "p"), "|  | end repeat |\n"],
    ],
    ids=["itself", "two", "asked", "inside", "through items", "count"],
)  # fmt: skip
def test_a_circle_is_refused(lines: list[str]) -> None:
    assert {code for _line, code in refused(*lines)} == {"circle"}


def test_an_old_circle_ends_as_on_the_phone() -> None:
    one, other = (
        Question("a", "text", "a", relevant="${b} = ''"),
        Question("b", "text", "b", relevant="${a} = ''"),
    )
    form = Form("employer", "20261201-0", "示例", (one, other))
    assert judge(form, {"a": "1", "b": "2"}, "done").sound == {"a": "1"}


def test_what_costs_too_much_is_refused() -> None:
    dear = " + ".join(["sum(${p})"] * 40)
    many = [line("calculate", f"c{at}", calculation=dear) for at in range(60)]
    items = [line("begin repeat", "r"), line("integer", "p"), "|  | end repeat |\n"]
    assert refused(*many, *items) == {(0, "too-much-to-reckon")}
    inner = [line("text", f"p{at}", constraint="regex(., 'a+')") for at in range(60)]
    assert refused(line("begin repeat", "r"), *inner, "|  | end repeat |\n") == {(0, "too-much-to-reckon")}
    choices = "\n| choices |\n|  | list_name | name | label |\n" + "".join(
        f"|  | l | c{at} | {at} |\n" for at in range(600)
    )
    selects = [line("select_one l", f"s{at}") for at in range(90)]
    assert refused(*selects, more=choices) == {(0, "too-many-choices")}
    wordy = "\n| choices |\n|  | list_name | name | label |\n" + "".join(
        f"|  | l | c{at} | {'字' * 900} |\n" for at in range(20)
    )
    assert refused(*selects[:80], more=wordy) == {(0, "form-too-large")}


def test_a_sheet_of_endless_columns_is_no_form() -> None:
    wide = " | ".join(f"c{at}" for at in range(50_000))
    with within(SOON), pytest.raises(Unreadable):
        read_sheets("x.md", HEAD.replace("| repeat_count |", f"| {wide} |").encode())
    with within(SOON), pytest.raises(Unreadable):
        read_sheets("x.csv", b"survey\n," + b"x" * 200_000)


@pytest.mark.parametrize("unit", ["#", "${q0}", "${", "*_[](", "<span", "\\"])
def test_words_that_compilers_read_again_and_again(unit: str) -> None:
    """The form's compiler was kept busy for a minute by a few questions about floor ###."""
    words = (unit * 1_000)[:1_000]
    lines = [f"|  | text | q{at} | {words} | '{'#' * 3_000}' = . |  |  |  |\n" for at in range(30)]
    checked(*lines)


# --- what is taken is judged soon, whatever is answered ------------------------------------------------------


def test_words_that_double_end() -> None:
    parts = ",".join(["${c0}"] * 9)
    doubling = [line("text", "c0")]
    for at in range(1, 60):
        doubling.append(
            line("calculate", f"c{at}", calculation=f"concat({parts})".replace("c0", f"c{at - 1}"))
        )
    form = taken(*reversed(doubling))
    with within(SOON):
        judged = judge(form, {"c0": "字" * 4_000}, "done")
    assert len(judged.sound["c59"]) == 4_000 and not judged.failed


def test_a_chain_of_any_length_is_one_pass() -> None:
    chain = [line("calculate", f"c{at}", calculation=f"${{c{at + 1}}} + 1") for at in range(98)]
    form = taken(*chain, line("integer", "c98"))
    with within(SOON):
        assert judge(form, {"c98": 1}, "done").sound["c0"] == 99
    inner = [line("calculate", f"c{at}", calculation=f"${{c{at + 1}}} + 1") for at in range(90)]
    form = taken(line("begin repeat", "r"), *inner, line("integer", "c90"), "|  | end repeat |\n")
    with within(SOON):
        judged = judge(form, {"r": [{"c90": at} for at in range(50)]}, "done")
    assert [item["c0"] for item in judged.sound["r"]] == [at + 90 for at in range(50)]


@pytest.mark.parametrize(
    "source",
    ["number(.)", "int(.)", "round(., 300)", "round(., -300)", "round(., .)", ". * . * . * .", ". mod 0", "0 - .",
     "string(. * .)", "string-length(string(. * .))", "regex(., '[0-9]+')", "selected(., .)", "today() - .",
     "'0001-01-01' - '9999-12-31'",
     "if(. > 0, ., 'x')", "concat(., ., .)", "count-selected(.)", "-" * 250 + "1"],
)  # fmt: skip
def test_numbers_and_days_of_any_size(source: str) -> None:
    numbers = (10**400, 1e308, -1e308, 5e-324, float("nan"), float("inf"), "0." + "0" * 3_000 + "1")
    words = ("9" * 4_000, "-" + "9" * 4_000, "9999-12-31", "0000-00-00", "\ud800", "\x00")
    answers = (*numbers, *words, True, [], ["a"] * 4_000, {"lat": {"lat": 1}, "lng": 2}, {})
    with within(SOON):
        for answer in answers:
            evaluate(source, {"a": answer}, answer)


def test_answers_that_fault_the_judge_are_told() -> None:
    """A position within a position, thousands deep, is more than any call may nest."""
    deep: Any = 1
    for _level in range(5_000):
        deep = {"lat": deep, "lng": 1}
    form = taken(
        line("text", "q", constraint="string-length(.) > 0"), line("text", "p", relevant="${q} != ''")
    )
    judged = judge(form, {"q": deep}, "done")
    assert judged.failed and judged.sound == {}


# --- forms published when more was allowed ---------------------------------------------------------------------


def published(cast: Any, *lines: str) -> str:
    """As it would stand in a database that was in use before: nothing asks whether it may be."""
    source = HEAD + "".join(lines)
    version = compiling.version_of("20261201", source)
    serial = FormVersion.objects.count() + 1
    FormVersion.objects.create(
        code="employer", version=version, title="示例", source=source, state=FormState.PUBLISHED, valid_from=date(2026, 1, 1),
        by=cast.wu, at=now(), decided_by=cast.wu, decided_at=now(), serial=serial,
    )  # fmt: skip
    return version


OLD = {
    "ambiguous": (HANGING["nested"], ""),
    "back": (HANGING["back"], "条件无法计算，未作判定"),
    "ahead": (HANGING["ahead"], "条件无法计算，未作判定"),
    "terms": (CRASHING["terms"], "条件无法计算，未作判定"),
    "brackets": (CRASHING["brackets"], "条件无法计算，未作判定"),
    "signs": (CRASHING["signs"], "条件无法计算，未作判定"),
}


@pytest.mark.parametrize(("source", "said"), OLD.values(), ids=OLD)
def test_a_visit_with_an_old_form_is_taken_and_the_reviewer_is_told(
    cast: Any,
    phone: Phone,  # noqa: F811
    make_employer: Any,
    source: str,
    said: str,
) -> None:
    rows = (line("text", "q", constraint=source), line("text", "p", relevant=source.replace(".,", "${q},")))
    version = published(cast, *rows)
    task = make_task(make_round(cast.qian), make_employer(), cast.post.wang)
    with within(SOON):
        (result,) = phone.results(
            visit_json(task, form_version=version, answers={"q": "a" * 4_000, "p": "乙"})
        )
    assert result["status"] == "accepted"
    visit, web = Visit.objects.get(), Client()
    web.force_login(cast.zhao)
    for path in (f"/visits/{visit.code}/", f"/findings/{Finding.objects.get().pk}/"):
        with within(SOON):
            answer = web.get(path)
        assert answer.status_code == 200 and (said in answer.content.decode())
    form = tables.known("employer", version)
    assert form and "regex" not in collect_xml(form).decode() and "1+1+1" not in collect_xml(form).decode()


def test_an_old_form_that_costs_too_much_is_not_judged(cast: Any, phone: Phone, make_employer: Any) -> None:  # noqa: F811
    inner = [line("text", f"p{at}", constraint=f"regex(., '{'[a-z]?' * 20}x')") for at in range(90)]
    version = published(cast, line("begin repeat", "r"), *inner, "|  | end repeat |\n")
    task = make_task(make_round(cast.qian), make_employer(), cast.post.wang)
    items = [{f"p{at}": "abc" * 20 for at in range(0, 90, 3)}] * 50
    with within(SOON):
        (result,) = phone.results(visit_json(task, form_version=version, answers={"r": items}))
    assert result["status"] == "accepted"
    web = Client()
    web.force_login(cast.zhao)
    page = web.get(f"/findings/{Finding.objects.get().pk}/").content.decode()
    assert "没有据此得出任何措施" in page


def test_a_form_nobody_can_compile_keeps_nobody_from_the_others(cast: Any, phone: Phone) -> None:  # noqa: F811
    newer = f"{day_beside('employer', 1)}-00000000"
    FormVersion.objects.create(
        code="employer", version=newer, title="示例", source="| survey |\n", state=FormState.PUBLISHED,
        valid_from=today(), by=cast.wu, at=now(), decided_by=cast.wu, decided_at=now(), serial=1,
    )  # fmt: skip
    forms = phone.get("changes").json()["forms"]
    assert {form["code"]: form["version"] for form in forms}["employer"].startswith(day_beside("employer", 0))
    (result,) = phone.results(visit_json(form_version=newer, answers={"employees": 3}))
    assert result["status"] == "accepted"
