"""Groups, repeats, calculations, positions, times: compiled from a table and judged on the server."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.forms.judging import effective, faults_of, sound
from tasks.forms.rules import Fault, Form
from tasks.forms.rules.compiling import BadTable, form_of, read_survey
from tasks.forms.rules.wording import answers_in_words

TABLE = """
| settings |
|  | form_title | form_id | version | asks_position |
|  | 试题 | probe | 20260301 | once |

| survey |
|  | type | name | label | required | relevant | constraint | calculation | appearance | repeat_count | repeat_min | repeat_max |
|  | hidden | outcome | 走访结果 |  |  |  |  |  |  |  |  |
|  | begin group | inside | 屋内 |  | ${outcome} = 'done' |  |  |  |  |  |  |
|  | time | at | 几点？ | yes |  |  |  |  |  |  |  |
|  | image | signed | 签名 |  |  |  |  | signature |  |  |  |
|  | geopoint | place | 位置 |  |  |  |  |  |  |  |  |
|  | date | since | 从哪天起？ |  |  | . <= today() |  |  |  |  |  |
|  | begin repeat | people | 员工 |  |  |  |  |  |  | 1 | 3 |
|  | text | who | 姓 | yes |  | string-length(.) <= 2 |  |  |  |  |  |
|  | integer | paid | 工资 |  | ${who} != '王' | . >= 0 |  |  |  |  |  |
|  | calculate | place_in_line |  |  |  |  | position(..) |  |  |  |  |
|  | end repeat |  |  |  |  |  |  |  |  |  |  |
|  | end group |  |  |  |  |  |  |  |  |  |  |
|  | calculate | total |  |  |  |  | sum(${paid}) |  |  |  |  |
|  | text | why | 为什么这么多？ | yes | ${total} > 100 and count(${people}) > 1 |  |  |  |  |  |  |
|  | integer | beds | 几张床？ |  |  |  |  |  |  |  |  |
|  | begin repeat | bed | 床 |  |  |  |  |  | ${beds} |  |  |
|  | text | of | 谁的？ | yes |  |  |  |  |  |  |  |
|  | end repeat |  |  |  |  |  |  |  |  |  |  |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of(read_survey(TABLE), "1")


DAY = date(2026, 3, 2)
GOOD = {
    "at": "14:30", "people": [{"who": "张", "paid": 60}, {"who": "李", "paid": 30}], "since": "2026-03-01",
    "place": {"lng": 106.8, "lat": 39.6, "accuracy": 12}, "signed": "a" * 64,
}  # fmt: skip


def test_the_shape(form: Form) -> None:
    people = form.question("people")
    assert form.position == "once" and people and (people.min, people.max, people.count) == (1, 3, None)
    assert [question.type for question in form.questions[:4]] == ["time", "signature", "position", "date"]
    assert people.relevant == "${outcome} = 'done'", "what is in a group is asked where the group is"
    bed = form.question("bed")
    assert bed and bed.count == "${beds}" and form.question("bed_count") is None


CASES: list[Any] = [
    ({}, []),
    ({"at": "25:00"}, [("at", "wrong-type")]),
    ({"at": "14:30:00.000+08:00"}, []),
    ({"at": None}, [("at", "missing")]),
    ({"signed": "x"}, [("signed", "wrong-type")]),
    ({"signed": ["a" * 64]}, []),
    ({"place": {"lng": 200, "lat": 0}}, [("place", "wrong-type")]),
    ({"place": "39.6 106.8"}, [("place", "wrong-type")]),
    ({"since": "2026-03-03"}, [("since", "constraint")]),
    ({"people": None}, [("people", "missing")]),
    ({"people": "张"}, [("people", "wrong-type")]),
    ({"people": [{"who": "张"}] * 4}, [("people", "too-many")]),
    ({"people": [{"who": "张"}, {"who": "欧阳一"}, {}]}, [("who", "constraint", "people", 2), ("who", "missing", "people", 3)]),
    ({"people": [{"who": "张", "paid": -1, "age": 3}]},
     [("paid", "constraint", "people", 1), ("age", "unknown-question", "people", 1)]),
    ({"people": [{"who": "王", "paid": -1}]}, []),
    ({"people": [{"who": "张", "paid": 60}, {"who": "李", "paid": 50}]}, [("why", "missing")]),
    ({"people": [{"who": "张", "paid": 110}]}, []),
    ({"beds": 2, "bed": [{"of": "张"}]}, [("bed", "too-few")]),
    ({"beds": 1, "bed": [{"of": "张"}, {"of": "李"}]}, [("bed", "too-many")]),
    ({"beds": 1, "bed": [{"of": "张"}]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("change", "faults"), CASES, ids=str)
def test_faults(form: Form, change: dict[str, Any], faults: list[Any]) -> None:
    found = faults_of(form, {**GOOD, **change}, "done", DAY)
    assert found == [Fault(*fault) for fault in faults]


def test_nothing_is_asked_where_nobody_was_met(form: Form) -> None:
    assert faults_of(form, {}, "nobody_in", DAY) == []
    scope = effective(form, GOOD, "nobody_in", DAY)
    assert scope["people"] == [] and scope["at"] is None and scope["total"] == 0


def test_items_are_counted_in_their_order(form: Form) -> None:
    scope = effective(form, GOOD, "done", DAY)
    assert [item["place_in_line"] for item in scope["people"]] == [1, 2] and scope["total"] == 90


def test_a_rule_gets_what_is_sound_of_a_repeat(form: Form) -> None:
    answers = {**GOOD, "people": [{"who": "张", "paid": -5}, {"who": "王", "paid": 9}]}
    assert sound(form, answers, "done", DAY)["people"] == [
        {"who": "张", "place_in_line": 1.0}, {"who": "王", "place_in_line": 2.0}
    ]  # fmt: skip


def test_in_words(form: Form) -> None:
    words = dict(answers_in_words(form, GOOD))
    assert words["员工"] == "姓：张，工资：60；姓：李，工资：30" and words["签名"] == "1 张"
    assert words["位置"] == "106.8, 39.6"


def test_a_repeat_in_a_repeat_is_refused() -> None:
    inner = "|  | begin repeat | deep | 内层 |\n|  | text | who | 姓"
    with pytest.raises(BadTable):
        form_of(
            read_survey(
                TABLE.replace("|  | text | who | 姓", inner, 1).replace(
                    "|  | end repeat |", "|  | end repeat |\n|  | end repeat |", 1
                )
            ),
            "1",
        )


plain = (
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats()
    | st.text(max_size=4)
    | st.lists(st.text(max_size=3), max_size=2)
)
items = st.lists(st.dictionaries(st.sampled_from(["who", "paid", "of", "x"]), plain, max_size=4), max_size=5)
answers = st.dictionaries(
    st.sampled_from(["at", "signed", "place", "since", "people", "why", "beds", "bed", "total", "strange"]),
    plain | items | st.dictionaries(st.sampled_from(["lng", "lat", "x"]), plain, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(answers, st.sampled_from(["done", "refused", "nobody_in"]))
def test_whatever_came_is_judged(answers: dict[str, Any], outcome: str) -> None:
    """Inside the push nothing may stumble; what is sound has no fault left, and judging it again changes nothing."""
    form = form_of(read_survey(TABLE), "1")
    faults_of(form, answers, outcome, DAY)
    kept = sound(form, answers, outcome, DAY)
    left = {(fault.of, fault.name) for fault in faults_of(form, kept, outcome, DAY)}
    assert not {
        fault for fault in left if fault[0] == "" and fault[1] in kept and fault[1] not in ("people", "bed")
    }
