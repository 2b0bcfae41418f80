import re
from types import SimpleNamespace
from typing import Any

from grid.ledger.rules import WORDS
from grid.ledger.verbs import every_verb, sentence_of
from grid.registers.actions.intake import OWN
from grid.registers.verbs import RegisterVerb
from grid.subjects.verbs import SubjectVerb
from tasks.findings.verbs import FindingVerb
from tasks.forms.tables import all_current
from tasks.rounds.verbs import RoundVerb
from tests.test_problems import is_of_a_room, others_than, rooms_that_name
from workflows.cases.verbs import CaseVerb

# Stands in a room that does not name it: why.
ELSEWHERE = {
    "SUBJECT_PLACED": "placing, recut and registers record it; what they all know is the subject",
    "FACTOR_ADDED": "the sign-in library tells project, which has accounts record it",
    "FACTOR_REMOVED": "the sign-in library tells project, which has accounts record it",
}
# No act of any version has recorded them.
UNRECORDED = {
    "LAW_LOADED", "REGISTER_ROW_REFUSED", "FINDING_ANSWERED", "CLOCK_FIRED", "SANCTIONS_LOADED",
}  # fmt: skip


def told(verb: Any, **data: Any) -> str:
    return sentence_of(
        SimpleNamespace(verb=verb, area="150302", subject=7, case="HBW-2026-000001", data=data)
    )


def test_every_verb_has_a_sentence_a_citizen_can_read() -> None:
    for verb in every_verb():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", verb.value), verb
        sentence = told(verb)
        assert re.search(r"[\u4e00-\u9fff]{2}", sentence), verb
        assert not re.search(r"[\[\]{}]", sentence), verb


def test_each_is_declared_once_in_the_file_of_a_room() -> None:
    verbs = every_verb()
    assert len({verb.value for verb in verbs}) == len({verb.name for verb in verbs}) == len(verbs)
    assert [verb for verb in verbs if not is_of_a_room(type(verb).__module__, "verbs")] == []


def test_no_room_declares_what_it_does_not_record() -> None:
    recording = rooms_that_name(others_than("verbs.py"))
    missing = {
        verb.name
        for verb in every_verb()
        if type(verb).__module__.removesuffix(".verbs")
        not in recording[f"{type(verb).__module__}.{type(verb).__name__}.{verb.name}"]
    }
    assert missing == {*ELSEWHERE, *UNRECORDED}


def test_brackets_close() -> None:
    for verb in every_verb():
        facts = dict.fromkeys(re.findall(r"\{(\w+)\}", str(verb.label)), "某")
        assert not re.search(r"[\[\]{}]", told(verb, **facts)), verb


def test_parts_without_their_fact_are_left_out() -> None:
    assert (
        told(RoundVerb.ROUND_RETURNED, title="春季摸排", reason="漏了一户")
        == "退回了摸排轮次“春季摸排”，理由：漏了一户"
    )
    assert told(RoundVerb.ROUND_RETURNED, title="春季摸排", reason="") == "退回了摸排轮次“春季摸排”"
    assert told(FindingVerb.FINDING_MADE, measures=["抓参保", "抓漏保"]) == "走访发现问题：抓参保、抓漏保"


def test_facts_are_not_templates() -> None:
    assert told(CaseVerb.CASE_WITHDRAWN, reason="{case} [x]") == "撤销案件，理由：{case} [x]"


def test_a_verb_of_a_later_version_reads_as_its_code() -> None:
    assert told("moon.landed") == "moon.landed"


def test_parts_of_a_fact_are_told_in_words() -> None:
    assert told(RegisterVerb.SUBJECT_CHANGED, name="示例公司", fields=["kind", "standing"]).endswith(
        "：类型、登记状态"
    )
    assert told(CaseVerb.CASE_CORRECTED, fields=["contracts", "someday"]).endswith("：劳动合同人数、someday")


def test_areas_are_named_where_the_reader_has_names() -> None:
    entry = SimpleNamespace(
        verb=SubjectVerb.SUBJECT_PLACED, area="150302001002", subject=7, case="", data={"name": "甲"}
    )
    assert sentence_of(entry, {"150302001002": "和平社区"}.__getitem__) == "把对象“甲”归入 和平社区"


def test_every_question_of_a_form_and_every_column_of_a_subject_has_its_word() -> None:
    asked = {
        question.name for form in all_current() for question in form.questions if question.type != "note"
    }
    names = asked | {*OWN} - {"match_name"}
    assert names - {"area", "premise", "placement", "placement_why"} <= {*WORDS}
