"""Columns and types count as the form compiler understands them, whatever their spelling; and each cause is said once."""

from pathlib import Path
from typing import Any

import pytest
from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from mobile_api.openrosa.queries.xform import collect_xml
from tasks.forms import tables
from tasks.forms.reading import markdown, read_sheets
from tasks.forms.rules import Form, compiling
from tasks.forms.rules.checking import Checked, Wrong, check
from tasks.forms.rules.columns import KINDS, type_of, understood

pytestmark = pytest.mark.once

INPUTS = Path(__file__).with_name("inputs")
CODES = {form.code for form in tables.all_current()}
HEAD = """| settings |
|  | form_title | form_id | version |
|  | 试用 | employer | 20261201 |

"""
PLAIN = (
    HEAD
    + """| survey |
|  | type | name | label | relevant |
|  | integer | a | 人数 |  |
|  | select_one yn | b | 是否 | ${a} > 1 |

| choices |
|  | list_name | name | label |
|  | yn | yes | 是 |
|  | yn | no | 否 |
"""
)


def found_in(text: str) -> Checked | list[Wrong]:
    return check(read_sheets("x.md", text.encode()), CODES)


def taken(text: str) -> Form:
    found = found_in(text)
    assert isinstance(found, Checked), [(mistake.lines, mistake.words) for mistake in found]
    return found.form


def told(text: str) -> list[tuple[str, str, str]]:
    """(code, lines, words) of every message."""
    found = found_in(text)
    assert isinstance(found, list), "the table was taken"
    return [(mistake.code, mistake.lines, mistake.words) for mistake in found]


def same_as_plain(text: str) -> bool:
    found = found_in(text)
    assert isinstance(found, Checked), [(mistake.lines, mistake.words) for mistake in found]
    return found.source == PLAIN


# --- the inputs that failed --------------------------------------------------------------------------


def test_a_read_only_column_is_refused_by_its_name() -> None:
    ((code, lines, words),) = told((INPUTS / "b01_readonly_column.md").read_text())
    assert (code, lines) == ("column-unsupported", "7") and "“readonly”" in words


def test_a_calculation_circle_is_one_message_with_both_lines() -> None:
    ((code, lines, words),) = told((INPUTS / "b02_calculation_circle.md").read_text())
    assert (code, lines) == ("circle", "7、8") and "a → b → a" in words


def test_a_list_name_with_a_blank_is_read() -> None:
    form = taken((INPUTS / "b03_list_name_header.md").read_text())
    assert form.questions[0].choices == (("yes", "是"), ("no", "否"))


def test_a_bound_condition_is_read() -> None:
    form = taken((INPUTS / "b07_bind_relevant.md").read_text())
    assert form.questions[1].relevant == "${a} > 1"


# --- everyday spellings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("relevant", "bind:relevant"),
        ("relevant", "bind::relevant"),
        ("relevant", "Relevance"),
        ("relevant", "body::relevant"),
        ("list_name", "list name"),
        ("list_name", "List Name"),
        ("label", "caption"),
        ("type", "command"),
        ("| name |", "| value |"),
        ("form_id", "set form id"),
        ("form_id", "id_string"),
        ("form_title", "title"),
        ("integer", "int"),
        ("integer", "Integer"),
        ("integer", "add integer prompt"),
        ("select_one yn", "select one from yn"),
        ("select_one yn", "select one yn"),
        ("select_one yn", "select1 yn"),
        ("select_one yn", "Select_One yn"),
        ("select_one yn", "add select one prompt using yn"),
        ("${a} > 1", "${ a } > 1"),
    ],
)
def test_everyday_spellings_are_the_same_table(ours: str, theirs: str) -> None:
    if theirs == "body::relevant":
        assert [code for code, *_rest in told(PLAIN.replace(ours, theirs, 1))] == ["column-unsupported"]
    else:
        assert same_as_plain(PLAIN.replace(ours, theirs))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("string", "text"),
        ("gps", "position"),
        ("location", "position"),
        ("geopoint", "position"),
        ("image", "photo"),
        ("add photo prompt", "photo"),
        ("q picture", "photo"),
        ("int", "integer"),
        ("q decimal", "decimal"),
        ("add date prompt", "date"),
        ("add note prompt", "note"),
        ("select all that apply from yn", "select_multiple"),
        ("select_multiple yn", "select_multiple"),
    ],
)
def test_everyday_types(said: str, kind: str) -> None:
    assert taken(PLAIN.replace("select_one yn", said)).questions[1].type == kind


def test_groups_and_repeats_however_they_are_spelt() -> None:
    text = HEAD + "| survey |\n| | type | name | label | repeat_count |\n"
    text += "| | begin_repeat | r | R | 3 |\n| | begin group | g | G | |\n| | text | a | A | |\n"
    text += "| | end_group | | | |\n| | end repeat | | | |\n"
    form = taken(text)
    assert (form.questions[0].type, form.questions[0].min) == ("repeat", 3)
    for spelt in ("jr:count", "Repeat Count", "control::jr:count", "count"):
        assert taken(text.replace("repeat_count", spelt)).questions[0].min == 3
    assert (
        taken(text.replace("begin_repeat", "begin looped group").replace("end repeat", "end looped group"))
        == form
    )


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("constraint_message", "constraint_message"),
        ("Constraint Message", "constraint_message"),
        ("constraining message", "constraint_message"),
        ("bind:jr:constraintMsg", "constraint_message"),
        ("bind::jr:constraintMsg", "constraint_message"),
        ("required message", "required_message"),
        ("requiredMsg", "required_message"),
        ("bind::jr:requiredMsg", "required_message"),
        ("calculate", "calculation"),
        ("bind::calculate", "calculation"),
        ("Constraint", "constraint"),
        ("bind:constraint", "constraint"),
    ],
)
def test_every_column_we_do_in_every_spelling(column: str, part: str) -> None:
    text = HEAD + f"| survey |\n| | type | name | label | {column} |\n| | text | a | A | 1 = 1 |\n"
    assert getattr(taken(text).questions[0], part) == "1 = 1"


def test_typographic_quotes_are_quotes() -> None:
    assert (
        taken(PLAIN.replace("${a} > 1", "${a} = ‘是’ or ${a} = “否”")).questions[1].relevant
        == "${a} = '是' or ${a} = \"否\""
    )


# --- what cannot be had is refused by its name ----------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [
        "readonly",
        "read only",
        "read_only",
        "Read_Only",
        "bind::readonly",
        "choice_filter",
        "choice filter",
        "Choice  Filter",
        "trigger",
        "default",
        "parameters",
        "image",
        "audio",
        "video",
        "big-image",
        "media::image",
        "media:image",
        "guidance hint",
        "guidance_hint",
        "save_to",
        "autoplay",
        "rows",
        "intent",
        "disabled",
        "bind::odk:length",
        "bind::jr:preload",
        "body::accuracyThreshold",
        "control::rows",
        "instance::odk:tag",
        "compact_tag",
        "query",
        "sms_field",
        "noAppErrorString",
        "itemset",
    ],
)
def test_a_column_we_do_not_do(column: str) -> None:
    text = PLAIN.replace("| relevant |", f"| relevant | {column} |").replace(
        "| ${a} > 1 |", "| ${a} > 1 | yes |"
    )
    ((code, lines, words),) = told(text)
    assert code == "column-unsupported" and lines == "8" and column.lower().split()[0] in words
    assert found_in(text.replace("| ${a} > 1 | yes |", "| ${a} > 1 |  |")).form.code == "employer"  # type: ignore[union-attr]


@pytest.mark.parametrize("column", ["image", "audio", "media::image", "sms_option"])
def test_a_column_of_choices_we_do_not_do(column: str) -> None:
    text = PLAIN.replace("| list_name | name | label |", f"| list_name | name | label | {column} |").replace(
        "| yn | yes | 是 |", "| yn | yes | 是 | a.png |"
    )
    assert [code for code, *_rest in told(text)] == ["column-unsupported"]


@pytest.mark.parametrize(
    "column",
    [
        "instance_name",
        "public_key",
        "submission_url",
        "style",
        "default_language",
        "allow_choice_duplicates",
        "auto_send",
        "namespaces",
        "omit_instanceID",
        "clean_text_values",
        "name",
    ],
)
def test_a_setting_we_do_not_do(column: str) -> None:
    text = PLAIN.replace("| version |", f"| version | {column} |").replace("| 20261201 |", "| 20261201 | x |")
    ((code, _lines, words),) = told(text)
    assert code == "column-unsupported" and column.lower() in words


@pytest.mark.parametrize("sheet", ["external_choices", "entities", "osm"])
def test_a_sheet_we_do_not_do(sheet: str) -> None:
    assert [
        code for code, *_rest in told(PLAIN + f"\n| {sheet} |\n|  | list_name | name |\n|  | a | b |\n")
    ] == ["sheet-unsupported"]
    assert taken(PLAIN + "\n| 填表说明 |\n|  | 说明 |\n|  | 先看这里 |\n")


@pytest.mark.parametrize(
    "said",
    [
        "range",
        "rank yn",
        "select_one yn or_other",
        "select_one_from_file a.csv",
        "barcode",
        "audio",
        "file",
        "datetime",
        "geotrace",
        "phone number",
        "start",
        "hidden",
        "acknowledge",
        "select_one_external yn",
        "background-audio",
        "select_one",
        "csv-external",
    ],
)
def test_a_type_we_do_not_do(said: str) -> None:
    ((code, lines, words),) = told(PLAIN.replace("select_one yn", said))
    assert (code, lines) == ("unknown-type", "8") and said in words


def test_every_type_of_the_compiler_is_taken_as_what_it_is_or_refused() -> None:
    """A word of pyxform's never passes for a type with another control, kind of data, or limit."""
    kinds = {
        **{
            kind: QUESTION_TYPE_DICT[kind]
            for kind in ("text", "note", "photo", "date", "time", "decimal", "integer", "calculate")
        },
        "image": QUESTION_TYPE_DICT["photo"],
        "geopoint": QUESTION_TYPE_DICT["geopoint"],
    }
    for said, made in QUESTION_TYPE_DICT.items():
        ours = said if "select" in said else type_of(said)
        assert ours == said or kinds[ours] == made, said


def test_an_appearance_that_changes_the_answer() -> None:
    with_look = PLAIN.replace("| relevant |", "| relevant | appearance |").replace(
        "| ${a} > 1 |", "| ${a} > 1 | LOOK |"
    )
    assert taken(with_look.replace("LOOK", "minimal w2"))
    for look in ("year", "ex:org.app(a=1)", "search('a')", "table-list", "annotate", "printer:x"):
        assert [code for code, *_rest in told(with_look.replace("LOOK", look))] == ["appearance-unsupported"]


def test_what_the_compiler_made_is_looked_at_again() -> None:
    """Should a spelling slip through the columns, what came of it does not."""
    sheets = read_sheets("x.md", (INPUTS / "b01_readonly_column.md").read_bytes())
    survey = compiling.read_survey(markdown(sheets))
    assert list(compiling.unread(survey, KINDS["survey"].listed)) == [("a", "readonly")]
    for form in tables.all_current():
        survey = compiling.read_survey(tables.source_of(form.code, form.version))
        assert list(compiling.unread(survey, KINDS["survey"].listed)) == []


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("survey", aliases.survey_header),
        ("settings", aliases.settings_header),
        ("choices", aliases.list_header),
    ],
)
def test_no_column_of_the_compiler_is_a_remark(kind: str, known: dict[str, Any]) -> None:
    """Each is one of ours, beside which it does not stand twice, or refused."""
    begins = {
        "survey": "| type | name | label |",
        "settings": "| form_title | form_id | version |",
        "choices": "| list_name | name | label |",
    }
    for column in known:
        lines = PLAIN.replace(begins[kind], f"{begins[kind]} {column} |").splitlines()
        at = next(number for number, line in enumerate(lines) if column in line)
        lines[at + 1] += " 1 = 1 |"
        sheets, found = understood(read_sheets("x.md", "\n".join(lines).encode()))
        ours = set(sheets[kind].header) - {
            "type",
            "name",
            "label",
            "form_title",
            "form_id",
            "version",
            "list_name",
        }
        assert ours & set(KINDS[kind].ours.values()) or {mistake.code for mistake in found} & {
            "column-twice",
            "column-unsupported",
        }, column


def test_a_misspelt_column_is_no_remark() -> None:
    for spelt, meant in (
        ("relevent", "relevant"),
        ("lables", "label"),
        ("constrain", "constraint"),
        ("choice filte", "choice_filter"),
    ):
        text = (
            PLAIN.replace("| relevant |", f"| {spelt} |")
            if meant != "label"
            else PLAIN.replace("| label | relevant |", f"| {spelt} | relevant |")
        )
        ((code, _lines, words),) = told(text)
        assert code == "column-unknown" and spelt in words and meant in words
    assert taken(PLAIN.replace("| relevant |", "| 备注 |")).questions[1].relevant is None


def test_one_colon_beside_two_is_no_remark() -> None:
    text = PLAIN.replace("| label | relevant |", "| label | bind:relevant | bind::required |")
    assert [code for code, *_rest in told(text)] == ["column-unknown"]


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("note", "required"),
        ("note", "constraint"),
        ("begin group", "required"),
        ("begin group", "constraint"),
        ("begin repeat", "constraint"),
        ("end group", "relevant"),
        ("end repeat", "constraint"),
        ("text", "repeat_count"),
        ("text", "repeat_max"),
    ],
)
def test_a_column_that_does_nothing_for_its_line(kind: str, column: str) -> None:
    said = "1 = 1" if column in ("constraint", "relevant") else "2" if column.startswith("repeat") else "yes"
    begin = kind.replace("end", "begin")
    rows = {begin: [begin, "text", begin.replace("begin", "end")] if " " in kind else [kind]}[begin]
    text = HEAD + f"| survey |\n| | type | name | label | {column} |\n"
    for at, row in enumerate(rows):
        name = "" if row.startswith("end") else f"q{at}"
        text += f"| | {row} | {name} | 题 | {said if row == kind else ''} |\n"
    ((code, lines, words),) = told(text)
    assert (code, lines) == ("column-idle", str(7 + rows.index(kind))) and column in words and kind in words
    assert taken(text.replace(f"| {said} |", "|  |"))


# --- one cause, one message ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("list_name | name", "liste | name"), ["no-column"]),
        (("| name | label | relevant |", "| nom | label | relevant |"), ["no-column"]),
        (("| label | relevant |", "| label::zh | relevant |"), ["translation-unsupported"]),
        (("| label | relevant |", "| label:zh | relevant |"), ["translation-unsupported"]),
        (("| choices |", "| choice list |"), ["no-sheet"]),
        (("| type | name", "| kind | name"), ["no-column"]),
        (("form_title | form_id | version", "a | b | c"), ["settings-missing"]),
        (("| 试用 | employer | 20261201 |", "|  |  |  |"), ["settings-missing"]),
        (("| integer | a | 人数 |", "|  | a | 人数 |"), ["type-missing"]),
        (("| integer | a |", "| begin loop | a |"), ["unknown-type"]),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_one_cause_is_one_message(change: tuple[str, str], expected: list[str]) -> None:
    text = PLAIN.replace(
        "|  | select_one yn", "|  | select_one yn | c | 再问 |  |\n|  | select_one yn", 1
    ).replace(*change)
    assert [code for code, *_rest in told(text)] == expected, told(text)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("| start | start |  |  |\n|  | deviceid | dev-1 |  |  |", ["unknown-type", "unknown-type"]),
        ("| select_one town | t | 镇 | ${county} = 1 |\n|  | text | county | 县 |  |", ["unknown-list"]),
        ("| integer | a | 再问 |  |\n|  | text | c | 说明 | ${c} = ${a} |", ["name-twice"]),
        (
            "| begin loop over yn | l | 循环 |  |\n|  | text | c | 说明 |  |\n|  | end loop |",
            ["unknown-type"],
        ),
        ("| begin repeat | r | 人 |  |\n|  | text | c | 说明 |  |", ["unbalanced"]),
    ],
    ids=["metadata", "list", "name", "loop", "open"],
)
def test_what_only_follows_from_a_line_is_not_told(lines: str, expected: list[str]) -> None:
    text = PLAIN.replace("|  | select_one yn", f"|  {lines}\n|  | select_one yn", 1)
    assert [code for code, *_rest in told(text)] == expected, told(text)


def test_a_filter_is_one_message_though_its_lists_hold_names_twice() -> None:
    text = PLAIN.replace("| relevant |", "| relevant | choice_filter |").replace(
        "| ${a} > 1 |", "| ${a} > 1 | of = ${a} |"
    )
    text = text.replace("| list_name | name | label |", "| list_name | name | label | of |").replace(
        "| yn | no | 否 |", "| yn | yes | 否 | 2 |"
    )
    assert [code for code, *_rest in told(text)] == ["column-unsupported"]


def test_two_languages_are_one_message_for_each_sheet_and_one_is_read() -> None:
    one = PLAIN.replace("| label |", "| label::中文 (zh) |")
    assert same_as_plain(one) and same_as_plain(one.replace("label::", "label:"))
    assert (
        same_as_plain(
            one.replace("| version |", "| version | default_language |").replace(
                "| 20261201 |", "| 20261201 | 中文 (zh) |"
            )
        )
        is False
    )
    two = one.replace("| label::中文 (zh) |", "| label::中文 (zh) | label::English (en) |").replace(
        "| 人数 |", "| 人数 | staff |"
    )
    two = (
        two.replace("| 是否 |", "| 是否 | whether |")
        .replace("| 是 |", "| 是 | yes |")
        .replace("| 否 |", "| 否 | no |")
    )
    found = found_in(two)
    assert isinstance(found, list)
    assert [(wrong.sheet, wrong.code) for wrong in found] == [
        ("survey", "translation-unsupported"),
        ("choices", "translation-unsupported"),
    ]
    assert "label::中文 (zh)" in found[0].words and "label::english (en)" in found[0].words


def test_the_same_words_name_all_their_lines() -> None:
    text = PLAIN.replace("| yn | yes |", "| yn |  |").replace("| yn | no |", "| yn |  |")
    assert [(code, lines) for code, lines, _words in told(text)] == [("choice-malformed", "12、13")]
    many = (
        HEAD
        + "| survey |\n| | type | name | label |\n"
        + "".join(f"| | range | q{at} | 题 |\n" for at in range(30))
    )
    ((_code, lines, _words),) = told(many)
    assert lines == "7、8、9、10、11、12、13、14、15、16、17、18 等共 30 行"


def test_a_line_of_remarks_is_none() -> None:
    text = PLAIN.replace("| relevant |", "| relevant | 备注 |").replace(
        "|  | select_one", "|  |  |  |  |  | 以下再议 |\n|  | select_one", 1
    )
    assert len(taken(text).questions) == 2


def test_answers_spoken_of_in_words_are_looked_for() -> None:
    for column in ("label", "hint", "constraint_message"):
        text = (
            HEAD
            + f"| survey |\n| | type | name | {'label' if column != 'label' else 'hint'} | {column} |\n"
            + "| | text | a | x | 共 ${nix} 人 |\n"
        )
        assert [(code, lines) for code, lines, _words in told(text)] == [("reference-unknown", "7")]


# --- references without an answer ------------------------------------------------------------------------

GROUPED = (
    HEAD
    + """| survey |
|  | type | name | label | relevant | calculation |
|  | begin group | g | 组 |  |  |
|  | integer | a | 人数 |  |  |
|  | end group |  |  |  |  |
|  | begin repeat | r | 人 |  |  |
|  | integer | p | 数 |  |  |
|  | end repeat |  |  |  |  |
|  | note | n | 说明 |  |  |
|  | calculate | m |  |  | 1 + 1 |
|  | text | b | 说明 | CONDITION |  |
"""
)


@pytest.mark.parametrize(
    "condition",
    [
        "${g} != ''",
        "${r} != ''",
        "sum(${r}) > 0",
        "count(${g}) > 0",
        "${n} = ''",
        "count(${r}) > 0 and ${r} = 1",
    ],
)
def test_a_reference_that_is_always_empty_is_refused(condition: str) -> None:
    assert [(code, lines) for code, lines, _words in told(GROUPED.replace("CONDITION", condition))] == [
        ("reference-empty", "15")
    ]


@pytest.mark.parametrize(
    "condition", ["${a} > 0", "count(${r}) > 0", "sum(${p}) > 0", "count(${p}) > 0", "${m} = 2", "${p} = 1"]
)
def test_a_reference_to_an_answer_is_taken(condition: str) -> None:
    form = taken(GROUPED.replace("CONDITION", condition))
    assert b"<bind" in collect_xml(form)


def test_every_message_speaks(cast: Any) -> None:
    """Also one whose value holds braces."""
    for _code, _lines, words in told(PLAIN.replace("${a} > 1", "${{a} > 1")):
        assert words
