"""The forms as shipped, and how answers are judged."""

from datetime import date
from typing import Any

import pytest

from tasks.forms import tables
from tasks.forms.judging import faults_of, sound
from tasks.forms.queries import Version, known_of, prefill_of
from tasks.forms.rules import form_for
from tasks.forms.rules.expressions import ExpressionError, compiled, evaluate, holds
from tasks.forms.rules.wording import answers_in_words
from tests.doors import IN_ORDER

pytestmark = pytest.mark.once

CONTRACT = [
    "operating", "employees", "contracts", "insured_seen", "wage_base", "lapsed", "remark", "refusal_photo",
]  # fmt: skip


@pytest.mark.django_db
def test_the_employers_form_asks_what_was_agreed() -> None:
    form = tables.current("employer")
    names = [question.name for question in form.questions]
    assert {name for name in names if name in CONTRACT} == set(CONTRACT)
    assert tables.known("employer", form.version) is form and tables.known("employer", "1") is None


def test_every_table_in_the_folder_compiles() -> None:
    for file in tables.FOLDER.glob("*.md"):
        assert tables.compile_table(file.stem, file.read_text()).questions


def test_a_changed_table_is_another_version() -> None:
    file = tables.FOLDER / "employer-20260101.md"
    changed = tables.compile_table(file.stem, file.read_text().replace("在岗人数", "在岗人员数"))
    assert changed.version != tables.current("employer").version


def test_a_broken_expression_stops_the_start() -> None:
    text = (
        (tables.FOLDER / "employer-20260101.md").read_text().replace("${employees} > 0", "${employees} >> 0")
    )
    with pytest.raises(ExpressionError):
        tables.compile_table("employer-20260101", text)


def test_kinds_and_forms() -> None:
    assert form_for("sole_trader") == "sole_trader"
    assert form_for("sole_trader_employing") == "sole_trader_employing"
    assert form_for("enterprise") == form_for("cooperative") == form_for("something new") == "employer"
    dusty = ("06", "2521", "30")
    assert (
        form_for("enterprise", "0610", dusty)
        == form_for("sole_trader_employing", "3031", dusty)
        == "dust_employer"
    )
    assert form_for("enterprise", "5211", dusty) == form_for("enterprise", "", dusty) == "employer"
    assert (
        form_for("sole_trader", "0610", dusty) == "sole_trader"
        and form_for("institution", "06") == "institution"
    )


FAULTS: list[Any] = [
    ({}, []),
    ({"employees": None}, [("employees", "missing")]),
    ({"employees": "十二"}, [("employees", "wrong-type")]),
    ({"employees": True}, [("employees", "wrong-type")]),
    ({"employees": -1}, [("employees", "constraint")]),
    ({"lapsed": "maybe"}, [("lapsed", "unknown-choice")]),
    ({"lapsed": "yes"}, []),
    ({"colour": "red"}, [("colour", "unknown-question")]),
    ({"operating": "closed", "employees": None}, [("end_ground", "missing")]),
    ({"operating": "closed", "employees": None, "end_ground": "sealed"}, []),
    ({"operating": "moved", "end_ground": "other"}, [("remark", "missing")]),
    ({"types_seen": ["pension", "luck"]}, [("types_seen", "unknown-choice")]),
    ({"insured_seen": 2, "exempt_retired": 99}, [("exempt_retired", "constraint")]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "faults"), FAULTS, ids=str)
def test_faults(change: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    form, answers = tables.current("employer"), {**IN_ORDER, **change}
    assert [(fault.name, fault.kind) for fault in faults_of(form, answers, "done")] == faults
    assert not {name for name, _kind in faults} & sound(form, answers, "done").keys()


def test_answers_in_words() -> None:
    form = tables.current("employer")
    words = dict(answers_in_words(form, {"operating": "yes", "types_seen": ["pension", "injury"], "odd": 1}))
    assert words == {"现在是否在经营？": "在经营", "已参加哪些险种？": "养老保险、工伤保险", "odd": "1"}


EXPRESSIONS: list[tuple[str, Any]] = [
    ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9.0), ("7 mod 4", 3.0), ("6 div 4", 1.5), ("- ${n} + 1", -11.0),
    ("${n} > 3 and ${s} = 'yes'", True), ("${none} > 0", False), ("${none} < 0", False), ("${none} = ''", True),
    ("selected(${m}, 'b')", True), ("count-selected(${m})", 2.0), ("not(${s} = 'no')", True), (". >= 5", True),
    ("if(${n} > 3, 'big', 'small')", "big"), ("coalesce(${none}, 'x')", "x"), ("string-length(${s})", 3.0),
    ('${s} != "no" or false()', True), ("1 div 0 > 1", True), ("0 div 0 > 1", False),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), EXPRESSIONS)
def test_expressions(source: str, value: Any) -> None:
    assert evaluate(source, {"n": 12, "s": "yes", "m": ["a", "b"]}, 5) == value


@pytest.mark.parametrize("source", ["1 +", "foo(1)", "not(1, 2)", "(1", "1 2", "${a} ? 1", ""])
def test_what_cannot_be_read(source: str) -> None:
    with pytest.raises(ExpressionError):
        compiled(source)


def test_an_answer_of_any_kind_can_be_compared() -> None:
    for odd in (None, True, [], ["a"], "x", 10**30, 10**400, 1.5):
        holds("${odd} > 3 or selected(${odd}, 'a') or ${odd} = 'x'", {"odd": odd})


def test_prefill_names_its_source() -> None:
    facts = {
        "social": Version({"pension": 3, "injury": 2, "unemployment": 0}, date(2026, 1, 31)),
        "tax": Version({"heads": 12, "exempt_heads": 2}, date(2026, 2, 28)),
    }
    filled = prefill_of(facts, {"employees", "insured_seen", "types_seen"})
    assert filled["employees"] == {"value": 12, "source": "税务申报", "as_of": "2026-02-28"}
    assert filled["insured_seen"]["value"] == 3 and filled["types_seen"]["value"] == ["pension", "injury"]
    assert (known_of(facts).insured, known_of(facts).taxed) == (3, 10)
    assert prefill_of({}, {"employees"}) == {} and prefill_of(facts, {"remark"}) == {}
