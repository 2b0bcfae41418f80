"""The shipped tables: what a grid worker meets on the common path, and what other clients read."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from grid.subjects.models import SubjectKind
from tasks.forms import tables
from tasks.forms.judging import effective, faults_of, sound
from tasks.forms.rules import Form, Question, form_for
from tasks.forms.rules.compiling import OUTCOMES
from tasks.forms.rules.expressions import references
from tasks.visits.models import Outcome

MOST = 6
PHOTO = "0" * 64

# What most doors answer, form by form: everything in order.
COMMON: dict[str, dict[str, Any]] = {
    "employer": {
        "operating": "yes", "employees": 12, "insured_seen": 12, "types_seen": ["pension", "unemployment", "injury"],
        "wage_base": "full", "lapsed": "no",
    },
    "sole_trader_employing": {
        "operating": "yes", "employees": 2, "insured_seen": 2, "types_seen": ["pension", "unemployment", "injury"],
        "own_insurance": "flexible", "lapsed": "no",
    },
    "sole_trader": {"operating": "yes", "employees": 0, "own_insurance": "flexible", "lapsed": "no"},
    "institution": {
        "hired": 8, "hired_insured": 8, "types_seen": ["pension", "unemployment", "injury"], "wage_base": "full",
        "lapsed": "no",
    },
    "construction_site": {
        "progress": "building", "site_workers": 40, "project_insured": "yes", "certificate": "yes", "roster": "yes",
    },
    "dust_employer": {
        "operating": "yes", "employees": 9, "dust_workers": 4, "injury_insured": 4, "insured_seen": 9, "lapsed": "no",
    },
    "resident": {"adults": 3, "all_insured": "yes", "unit_uninsured": "no"},
    "flexible_worker": {"work": "platform", "own_insurance": "flexible", "lapsed": "no", "occupational": "yes"},
    "hardship": {"hardship": "listed", "own_insurance": "resident", "paid_by": "government"},
    "announcement": {"posted": "yes", "materials": ["policy"], "poster_photo": PHOTO},
    "notice_service": {
        "notice": "乌人社督〔2026〕1号", "way": "direct", "recipient": "张示例", "relation": "owner", "signature": PHOTO,
    },
}  # fmt: skip
CURRENT = {form.code: form for form in tables.all_current()}


def shown(form: Form, answers: dict[str, Any]) -> list[str]:
    """The questions a worker sees who answered so."""
    scope = effective(form, answers, "done")
    return [
        question.name
        for question in form.questions
        if question.type not in ("calculate", "note") and _is_shown(question, scope)
    ]


def _is_shown(question: Question, scope: dict[str, Any]) -> bool:
    from tasks.forms.rules.expressions import holds

    return question.relevant is None or holds(question.relevant, scope)


def test_every_form_is_here() -> None:
    assert CURRENT.keys() == COMMON.keys()


@pytest.mark.parametrize("code", COMMON)
def test_the_common_path_is_short(code: str) -> None:
    form, answers = CURRENT[code], COMMON[code]
    assert faults_of(form, answers, "done") == []
    asked = [name for name in shown(form, answers) if name != "notice"]  # filled in by the phone itself
    assert len(asked) <= MOST, asked
    assert sound(form, answers, "done") == answers


def test_every_kind_has_a_form_that_says_so() -> None:
    for kind in SubjectKind:
        form = CURRENT[form_for(kind.value)]
        assert kind.value in form.kinds
    claimed = [kind for form in CURRENT.values() for kind in form.kinds]
    assert len(claimed) == len(set(claimed)) and set(claimed) == set(SubjectKind.values)


def test_a_photo_only_where_the_evidence_is_used() -> None:
    """国办函〔2026〕12号: a refused visit, a served document, a posted announcement."""
    asked = {
        (form.code, question.name)
        for form in CURRENT.values()
        for question in form.every_question()
        if question.type == "photo"
    }
    assert {name for _code, name in asked} == {"refusal_photo", "poster_photo", "photo"}
    for code, name in asked:
        assert not (name == "refusal_photo" and name in shown(CURRENT[code], COMMON[code]))


def test_a_position_only_where_something_was_posted() -> None:
    assert {form.code for form in CURRENT.values() if form.position == "once"} == {"announcement"}
    assert not [
        question
        for form in CURRENT.values()
        for question in form.every_question()
        if question.type == "position"
    ]


def test_nothing_asks_for_an_identity_number() -> None:
    names = {question.name for form in CURRENT.values() for question in form.every_question()}
    assert not names & {"id_number", "id_card", "phone", "telephone", "mobile"}
    people = CURRENT["employer"].question("people")
    assert (
        people
        and [question.name for question in people.questions] == ["surname", "job", "insured"]
        and people.max == 20
    )


def test_expressions_read_what_the_form_asks() -> None:
    for form in CURRENT.values():
        names = {question.name for question in form.every_question()} | {"outcome"}
        for question in form.every_question():
            for source in (question.relevant, question.constraint, question.calculation, question.count):
                assert references(source or "''") <= names, (form.code, question.name)


def test_the_outcomes_are_those_of_a_visit() -> None:
    offered = [outcome for outcome in Outcome if outcome != Outcome.UNCLEAR]
    assert dict(OUTCOMES) == {choice.value: str(choice.label) for choice in offered}
    for form in CURRENT.values():
        assert {name for name, _label in form.outcomes} <= set(Outcome.values) and "done" in dict(
            form.outcomes
        )


@pytest.mark.parametrize(("code", "version"), sorted(tables._versions()))
def test_other_clients_can_read_it(code: str, version: str) -> None:
    root = ET.fromstring(tables.form_xml(code, version))
    spaces = {"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}
    instance = root.find(".//x:instance/x:data", spaces)
    assert instance is not None and instance.attrib == {"id": code, "version": version}
    fields = {element.tag.rpartition("}")[2] for element in instance.iter()}
    form = tables.known(code, version)
    assert form and {question.name for question in form.every_question()} | {"outcome"} <= fields
    assert ("position" in fields) == (form.position == "once")
    assert root.find(".//h:body/x:select1[@ref='/data/outcome']", spaces) is not None


def test_a_form_nobody_gave_out_has_no_xml(db: None) -> None:
    with pytest.raises(KeyError):
        tables.form_xml("employer", "1")


# --- at the door ---------------------------------------------------------------------------------------

DOORS = sorted(CURRENT.keys() - {"announcement", "notice_service"})


@pytest.mark.parametrize("code", DOORS)
def test_law_6_whoever_opens_is_told_first_by_whom_for_what_and_where_to_ask(code: str) -> None:
    """个人信息保护法 17: before the first question, in words to be read out."""
    first = CURRENT[code].questions[0]
    assert (first.type, first.name, first.relevant) == ("note", "privacy_notice", None)
    for said in (
        "人力资源和社会保障局",
        "只用于参保登记、补贴和督促",
        "保存 24 个月",
        "查询、更正",
        "可以不回答",
        "12333",
    ):
        assert said in first.label


@pytest.mark.parametrize("code", DOORS)
def test_law_6_free_texts_and_pictures_warn_and_what_is_sensitive_says_why(code: str) -> None:
    for question in CURRENT[code].every_question():
        if question.name in ("remark", "workplace"):
            assert "不写姓名、证件号、病情" in question.hint
        if question.name == "refusal_photo":
            assert "不拍人脸" in question.hint
        if question.name == "hardship":
            assert "敏感个人信息" in question.hint and "可以不回答" in question.hint


def test_law_6_what_a_list_says_already_is_not_asked_again() -> None:
    hardship = CURRENT["hardship"].question("hardship")
    assert hardship and dict(hardship.choices).keys() == {"listed", "no", "unsaid"}
