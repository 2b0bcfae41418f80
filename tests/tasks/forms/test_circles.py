"""Circles in a form's logic are refused, each in one message with all its lines; what only looks like one is taken."""

from typing import Any

import pytest

from tasks.forms import tables
from tasks.forms.judging import effective
from tasks.forms.reading import read_sheets
from tasks.forms.rules import Form
from tasks.forms.rules.checking import Checked, check

CODES = {form.code for form in tables.all_current()}
COLUMNS = ("relevant", "constraint", "calculation", "required", "repeat_count")
HEAD = """| settings |
| | form_title | form_id | version |
| | 试用 | employer | 20261201 |
| survey |
| | type | name | label | relevant | constraint | calculation | required | repeat_count |
"""


def row(kind: str, name: str, **columns: str) -> str:
    return f"| | {kind} | {name} | {name} | {' | '.join(columns.get(column, '') for column in COLUMNS)} |\n"


def end(kind: str) -> str:
    return f"| | end {kind} |\n"


def circles(*rows: str) -> list[tuple[str, str]]:
    """(way, lines) of each message, which must all be circles. The first row is line 6."""
    found = check(read_sheets("x.md", (HEAD + "".join(rows)).encode()), CODES)
    if isinstance(found, Checked):
        return []
    assert {mistake.code for mistake in found} == {"circle"}, [
        (mistake.code, mistake.words) for mistake in found
    ]
    return [(dict(mistake.facts)["value"], mistake.lines) for mistake in found]


def taken(*rows: str) -> Form:
    found = check(read_sheets("x.md", (HEAD + "".join(rows)).encode()), CODES)
    assert isinstance(found, Checked), found
    return found.form


REFUSED: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "calculations": (
        [row("calculate", "a", calculation="${b} + 1"), row("calculate", "b", calculation="${a} + 1")],
        [("a → b → a", "6、7")],
    ),
    "conditions": (
        [row("text", "a", relevant="${b} = 1"), row("text", "b", relevant="${a} = 1")],
        [("a → b → a", "6、7")],
    ),
    "condition and calculation": (
        [
            row("text", "a", relevant="${c} = 1"),
            row("text", "b"),
            row("calculate", "c", calculation="${a} + 1"),
        ],
        [("a → c → a", "6、8")],
    ),
    "obligation": (
        [row("text", "a", required="${b} = 1"), row("text", "b", relevant="${a} = 1")],
        [("a → b → a", "6、7")],
    ),
    "three": (
        [
            row("calculate", "a", calculation="${b}"),
            row("calculate", "b", calculation="${c}"),
            row("calculate", "c", calculation="${a}"),
        ],
        [("a → b → c → a", "6、7、8")],
    ),
    "two apart": (
        [
            row("calculate", "a", calculation="${b}"),
            row("calculate", "b", calculation="${a}"),
            row("text", "c", relevant="${d} = 1"),
            row("text", "d", relevant="${c} = 1"),
        ],
        [("a → b → a", "6、7"), ("c → d → c", "8、9")],
    ),
    "two that meet": (
        [
            row("calculate", "a", calculation="${b} + ${c}"),
            row("calculate", "b", calculation="${a}"),
            row("calculate", "c", calculation="${a}"),
        ],
        [("a → b → a", "6、7、8")],
    ),
    "calculation of itself": ([row("calculate", "a", calculation="${a} + 1")], [("a → a", "6")]),
    "calculation of its point": ([row("calculate", "a", calculation=". + 1")], [("a → a", "6")]),
    "condition of itself": ([row("text", "a", relevant="${a} != ''")], [("a → a", "6")]),
    "condition of its point": ([row("text", "a", relevant=". != ''")], [("a → a", "6")]),
    "obligation of itself": ([row("text", "a", required="${a} = ''")], [("a → a", "6")]),
    "group by what is inside": (
        [row("begin group", "g", relevant="${a} = 1"), row("text", "a"), end("group")],
        [("g → a → g", "6、7")],
    ),
    "group by way of another": (
        [
            row("begin group", "g", relevant="${b} = 1"),
            row("text", "a"),
            end("group"),
            row("calculate", "b", calculation="${a}"),
        ],
        [("g → b → a → g", "6、7、9")],
    ),
    "groups of each other": (
        [
            row("begin group", "g", relevant="${b} = 1"),
            row("text", "a"),
            end("group"),
            row("begin group", "h", relevant="${a} = 1"),
            row("text", "b"),
            end("group"),
        ],
        [("g → b → h → a → g", "6、7、9、10")],
    ),
    "inner group": (
        [
            row("begin group", "g"),
            row("begin group", "h", relevant="${a} = 1"),
            row("text", "a"),
            end("group"),
            end("group"),
        ],
        [("h → a → h", "7、8")],
    ),
    "repeat by what is inside": (
        [row("begin repeat", "r", relevant="${p} = 1"), row("text", "p"), end("repeat")],
        [("r → p → r", "6、7")],
    ),
    "inside a repeat": (
        [
            row("begin repeat", "r"),
            row("calculate", "p", calculation="${q}"),
            row("calculate", "q", calculation="${p}"),
            end("repeat"),
        ],
        [("p → q → p", "7、8")],
    ),
    "through a total": (
        [
            row("calculate", "t", calculation="sum(${p})"),
            row("begin repeat", "r"),
            row("calculate", "p", calculation="${t}"),
            end("repeat"),
        ],
        [("t → p → t", "6、8")],
    ),
    "how many": (
        [
            row("calculate", "n", calculation="count(${r})"),
            row("begin repeat", "r", repeat_count="${n}"),
            row("text", "p"),
            end("repeat"),
        ],
        [("n → r → n", "6、7")],
    ),
    "how many by what is inside": (
        [row("begin repeat", "r", repeat_count="sum(${p})"), row("integer", "p"), end("repeat")],
        [("r → p → r", "6、7")],
    ),
    "outcome": (
        [
            row("select_one outcome", "outcome", relevant="${a} = 1"),
            row("text", "a", relevant="${outcome} = 'done'"),
        ],
        [("outcome → a → outcome", "6、7")],
    ),
}
OUTCOMES = "| choices |\n| | list_name | name | label |\n| | outcome | done | 已核查 |\n"


@pytest.mark.parametrize(("rows", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_circle_is_one_message_with_its_lines(rows: list[str], expected: list[Any]) -> None:
    assert circles(*rows, OUTCOMES if "outcome" in rows[0] else "") == expected


TAKEN: dict[str, list[str]] = {
    "limits of each other": [
        row("integer", "a", constraint=". < ${b}"),
        row("integer", "b", constraint=". > ${a}"),
    ],
    "limit of itself": [row("integer", "a", constraint="${a} > 1")],
    "limit one way, condition the other": [
        row("integer", "a", constraint=". >= ${b}"),
        row("integer", "b", relevant="${a} > 0"),
    ],
    "chain": [
        row("text", "a"),
        row("text", "b", relevant="${a} = 1"),
        row("text", "c", relevant="${a} = 1 and ${b} = 1"),
    ],
    "words": [row("text", "a"), row("note", "n${a}".replace("n${a}", "n"))],
    "group by what is outside": [
        row("text", "a"),
        row("begin group", "g", relevant="${a} = 1"),
        row("text", "b", relevant="${a} != 2"),
        end("group"),
    ],
    "own place": [
        row("begin repeat", "r"),
        row("text", "p", relevant="position(..) < count(${r})"),
        end("repeat"),
    ],
    "part of a total": [
        row("begin repeat", "r"),
        row("integer", "p"),
        row("calculate", "q", calculation="${t} - ${p}"),
        end("repeat"),
        row("calculate", "t", calculation="sum(${p})"),
    ],
}


@pytest.mark.parametrize("rows", TAKEN.values(), ids=TAKEN)
def test_what_only_looks_like_a_circle_is_taken(rows: list[str]) -> None:
    assert circles(*rows) == []


def test_a_long_circle_and_a_long_chain_are_found_soon() -> None:
    ring = [row("calculate", f"c{at}", calculation=f"${{c{(at + 1) % 90}}}") for at in range(90)]
    ((way, lines),) = circles(*ring)
    assert way.startswith("c0 → c1 →") and lines.endswith("共 90 行")


# --- what a circle would have hindered: an item asks for the total over all items ----------------------------


def test_an_item_knows_the_total_over_all_items() -> None:
    form = taken(*TAKEN["part of a total"])
    scope = effective(form, {"r": [{"p": 2}, {"p": 5}]}, "done")
    assert scope["t"] == 7 and [item["q"] for item in scope["r"]] == [5, 2]


def test_a_total_waits_for_every_item_and_leaves_out_who_is_not_asked() -> None:
    """As XPath adds and as ODK Collect leaves out what is not relevant."""
    form = taken(
        row("begin repeat", "r"),
        row("text", "who"),
        row("integer", "p", relevant="${who} != '无'"),
        end("repeat"),
        row("calculate", "t", calculation="sum(${p})"),
        row("integer", "q", relevant="${t} > 0"),
        row("calculate", "n", calculation="count(${p})"),
    )

    def reckoned(*items: dict[str, Any]) -> tuple[Any, Any, Any]:
        scope = effective(form, {"r": list(items), "q": 1}, "done")
        return scope["t"], scope["n"], scope["q"]

    assert reckoned({"who": "甲", "p": 2}, {"who": "乙", "p": 3}) == (5, 2, 1)
    assert reckoned({"who": "甲", "p": 2}, {"who": "乙"}) == (None, 2, None)
    assert reckoned({"who": "甲", "p": 2}, {"who": "无", "p": 3}) == (2, 1, 1)
    assert reckoned() == (0, 0, None)


def test_an_answer_nobody_was_asked_for_is_not_that_of_the_next_item() -> None:
    form = taken(
        row("begin repeat", "r"),
        row("text", "who"),
        row("text", "p", relevant="${who} = '甲'"),
        row("calculate", "q", calculation="concat(${p}, '!')"),
        end("repeat"),
    )
    scope = effective(form, {"r": [{"who": "甲", "p": "x"}, {"who": "乙", "p": "y"}]}, "done")
    assert [item["q"] for item in scope["r"]] == ["x!", "!"]
