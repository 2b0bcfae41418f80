"""The table of outcomes: what is shipped is whole, what it asks is asked on every form, and its page says so."""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from grid.law.actions import Typed, end_version, enter_version, review_version
from grid.law.models import Provision
from tasks.coverage.states import CoverState
from tasks.findings.rules import ENDINGS, GROUND, lacks_ground
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.rules import Form
from tasks.outcomes import rules
from tasks.outcomes.queries import every_row, row_for
from tasks.outcomes.rules import Row, lines_of, questions_of, with_reasons
from tasks.visits.models import Outcome
from tests.tasks.outcomes.changing import changed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DAY = date(2026, 12, 1)
PAGE = Path(__file__).resolve().parents[3] / "docs/outcomes.md"
HEAD = (
    "# What comes of a visit\n\n"
    "Each outcome with its reasons (走访结果和情形): what has to be given with it (what may be left out stands in brackets), "
    "what the coverage account counts the door as once a second person has confirmed it, and what follows. The rows are "
    "dated data (`outcome.…` in `grid/law/provisions.json`), kept, reviewed and ended at 法规参数 like any other; the page "
    "走访结果表 shows those in force. Phones get them with their next pull and ask by them off line. Without a reason, as "
    "older phones send it, an outcome means what its first row says. An outcome that ends a duty (歇业, 迁出, 查无此户, "
    "不属扩面对象) without its ground is taken, answered with the code `ground-missing`, and concludes nothing. Written from the "
    "data by `REWRITE=1 pytest tests/tasks/outcomes/test_table.py`; never by hand.\n\n"
)
COLUMNS = (
    "| 结果 | 情形 | 代码 | 要求填写 | 计为 | 接下来 | 自 | 法制审核 |\n|---|---|---|---|---|---|---|---|\n"
)


@pytest.fixture
def rows(law: None) -> list[Row]:
    return sorted(every_row(), key=lambda row: row.order)


def forms_with_reasons(rows: Iterable[Row]) -> list[Form]:
    return [form for form in tables.all_current() if questions_of(form, list(rows))]


def page(rows: Iterable[Row]) -> str:
    lines = [
        f"| {line.outcome} | {line.row.title if line.row.is_reason else '—'} | `{line.row.code}` | {line.asks} | "
        f"{line.counts} | {line.follows} | {line.row.valid_from} | {'已审核' if line.row.reviewed else '待法制审核'} |"
        for line in lines_of(rows)
    ]
    return HEAD + COLUMNS + "\n".join(lines) + "\n"


def test_the_page_of_the_docs_is_as_the_data(rows: list[Row]) -> None:
    if os.environ.get("REWRITE"):
        PAGE.write_text(page(rows), encoding="utf8")
    assert PAGE.read_text(encoding="utf8") == page(rows), (
        "REWRITE=1 pytest tests/tasks/outcomes/test_table.py"
    )


def test_every_outcome_has_the_row_of_its_bare_word_and_means_what_it_meant(rows: list[Row]) -> None:
    bare = {row.code: row for row in rows if not row.is_reason}
    assert set(bare) == set(Outcome.values) - {"unclear"}
    assert {row.title for row in bare.values()} <= {str(outcome.label) for outcome in Outcome}
    as_before = {code: code for code in ENDINGS | {"refused"}} | {
        "nobody_in": "to_check",
        "done": rules.FOUND_OUT,
    }
    assert {code: row.state for code, row in bare.items()} == as_before
    assert not any(row.follows or row.needs for row in bare.values())


def test_who_ends_a_duty_is_asked_for_the_ground_and_who_does_not_is_not(rows: list[Row]) -> None:
    for row in rows:
        if row.is_reason:
            assert (rules.GROUND in row.needs) == (row.of in ENDINGS), row.code
            assert row.state != CoverState.GONE or rules.GROUND in row.needs
            assert rules.AGAIN not in row.follows or rules.BACK in row.needs or row.code == "split"


def test_a_typed_row_that_says_nonsense_never_ends_anything() -> None:
    read = rules.read_values({"of": 7, "state": "compliantt", "needs": "ground", "follows": ["pay", "note"]})
    assert (read.state, read.needs, read.follows) == ("to_check", (), ("note",))
    assert rules.read_values([1]) == rules.read_values({})


# --- what is asked -----------------------------------------------------------------------------------------

GIVEN = {
    "address": "新华东街8号", "other": "91150302MA0N00000X", "others": "甲公司、乙公司", "back": "2026-12-20",
    "photo": "a" * 64,
}  # fmt: skip


def whole(row: Row) -> dict[str, Any]:
    """All that a row asks for, answered; with the ground of every form."""
    asked = {f"{rules.REASON}{thing}": GIVEN[thing] for thing in row.needs if thing != rules.GROUND}
    ground = {GROUND: "witness"} if rules.GROUND in row.needs else {}
    return {f"{rules.REASON}{row.of}": row.code, **asked, **ground}


def test_every_form_asks_for_what_each_of_its_reasons_needs(rows: list[Row]) -> None:
    forms = forms_with_reasons(rows)
    assert len(forms) >= 8 and "notice_service" not in {form.code for form in forms}
    for form in forms:
        asked = with_reasons(form, rows, DAY)
        offered = {
            code
            for question in asked.questions
            if question.name.startswith(rules.REASON)
            for code, _label in question.choices
        }
        for row in (row for row in rows if row.code in offered and row.is_reason):
            answers = whole(row)
            assert not judge(asked, answers, row.of, DAY).faults, (form.code, row.code)
            for name in set(answers) - {f"{rules.REASON}{row.of}"}:
                less = {key: value for key, value in answers.items() if key != name}
                judged = judge(asked, less, row.of, DAY)
                assert (name, "missing") in {(fault.name, fault.kind) for fault in judged.faults}, (
                    form.code,
                    row.code,
                )
                if row.of in ENDINGS:
                    assert lacks_ground(asked, row.of, less, judged, 0)


def test_nobody_there_costs_no_further_tap_and_persons_are_not_asked_of_business(rows: list[Row]) -> None:
    resident = questions_of(tables.current("resident"), rows)
    nobody = next(question for question in resident if question.name == "reason_nobody_in")
    assert nobody.required is False
    codes = {code for question in resident for code, _label in question.choices}
    assert "deceased" in codes and not codes & {"closed_down", "merged", "split", "home"}
    employer = questions_of(tables.current("employer"), rows)
    assert "deceased" not in {code for question in employer for code, _label in question.choices}


# --- kept as other law is ----------------------------------------------------------------------------------


def test_a_new_version_speaks_of_visits_from_its_day_on_and_is_reviewed_by_another(cast: Any) -> None:
    new = enter_version(
        "outcome.demolished",
        Typed(changed("not_found"), "", "市扩面办通知", tomorrow()),
        "先留在账上",
        by=cast.by.fang,
    )
    told = {"reason_not_found": "demolished"}
    before = row_for("not_found", told, DAY)
    after = row_for("not_found", told, tomorrow())
    assert before and after and (before.state, after.state) == ("gone", "not_found")
    assert not after.reviewed
    review_version(new, "同意", by=cast.by.wu)
    assert row_for("not_found", told, tomorrow()) is not None


def test_a_reason_that_ended_is_offered_no_more_and_read_as_the_bare_outcome(cast: Any) -> None:
    row = Provision.objects.get(key="outcome.home")
    end_version(row, tomorrow(), "不再使用", by=cast.by.fang)
    later = date(2099, 1, 1)
    bare = row_for("not_a_subject", {"reason_not_a_subject": "home"}, later)
    assert bare and bare.code == "not_a_subject"
    asked = questions_of(
        tables.current("employer"), [known for known in every_row() if known.is_in_force(later)]
    )
    assert "home" not in {code for question in asked for code, _label in question.choices}


def test_the_table_at_the_desk(cast: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(cast.fang)
    with django_assert_max_num_queries(12):
        html = client.get("/outcomes/").content.decode()
    assert (
        "房屋已拆除" in html
        and "已注销（走访）" in html
        and "待法制审核" in html
        and "/law/outcome.demolished/" in html
    )
    sheet = client.get("/outcomes/?export=csv").getvalue().decode("utf-8-sig")
    assert sheet.count("\n") == 1 + len(every_row())
