"""From an XLSForm table to a form, and to the XForm other clients read. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from grid.outside import is_digits, whole
from tasks.forms.reading import read_sheets
from tasks.forms.rules import MOST_ITEMS, OUTCOME, Form, Question
from tasks.forms.rules.expressions import compiled
from tasks.forms.rules.reckoning import sources_of

_TYPES: Final[Mapping[str, str]] = {
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "select multiple": "select_multiple",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "text": "text",
    "string": "text",
    "date": "date",
    "time": "time",
    "photo": "photo",
    "image": "photo",
    "geopoint": "position",
    "location": "position",
    "gps": "position",
    "note": "note",
    "calculate": "calculate",
    "repeat": "repeat",
}
_YES_NO: Final[Mapping[str, bool]] = {
    "yes": True, "no": False, "true": True, "false": False, "true()": True, "false()": False, "": False,
}  # fmt: skip
ROOT: Final = "data"
POSITIONS: Final = ("never", "once")
# What a visit can come to; a table may offer fewer by asking for the outcome itself.
OUTCOMES: Final = (
    ("done", "已核查"), ("refused", "拒访"), ("closed", "歇业"), ("moved", "迁出"), ("not_found", "查无此户"),
    ("nobody_in", "无人在场"), ("not_a_subject", "不属扩面对象"),
)  # fmt: skip


class BadTable(ValueError):
    """A form's table cannot be used; names the question and what is wrong."""


def version_of(day: str, source: str) -> str:
    return f"{day}-{sha256(source.encode()).hexdigest()[:8]}"


def compile_table(name: str, table: str) -> Form:
    """A table that comes with the software; `name` is `<code>-<yyyymmdd>`. Raises BadTable, ExpressionError, or
    pyxform's own error for a broken table."""
    code, _dash, day = name.rpartition("-")
    survey = read_survey(table)
    if survey["id_string"] != code or survey["version"] != day:
        raise BadTable(f"{name}: form_id and version must repeat the file's name")
    form = form_of(survey, version_of(day, table))
    for question in form.every_question():
        for _column, source in sources_of(question):
            compiled(source)
    return form


# A survey, or a question of one, as pyxform makes it of a table.
Element = Mapping[str, Any]


def read_survey(table: str) -> dict[str, Any]:
    """The table as pyxform reads it. Its root is not named after the form: a question may bear that name."""
    # Imported where it is needed: pyxform brings readers of workbooks along, half a second of every process's start.
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    sheets = read_sheets("table.md", table.encode())
    # Read here and handed over in rows: pyxform's own reader of Markdown looks at each # of a line again and again.
    rows = {
        name: [{column: cell for column, cell in line.cells.items() if column} for line in sheet.lines]
        for name, sheet in sheets.items()
    }
    workbook = get_xlsform(xlsform=rows)
    return dict(workbook_to_json(workbook_dict=workbook, form_name=ROOT, warnings=[]))


def xform(table: str, version: str) -> str:
    """The XForm (XML) of a table, under our own version; without Java. A hidden outcome and the visit's own
    position are asked there, for other clients have no other place for them."""
    from pyxform.builder import create_survey_element_from_dict

    survey = read_survey(table) | {"version": version}
    if any(_is_hidden_outcome(child) for child in survey["children"]):
        survey["choices"] = {OUTCOME: [{"name": name, "label": label} for name, label in OUTCOMES]} | survey[
            "choices"
        ]
        survey["children"] = [
            {**child, **_ASKED} if _is_hidden_outcome(child) else child for child in survey["children"]
        ]
    if survey.get("asks_position") == "once":
        survey["children"] = [*survey["children"], _POSITION]
    return str(create_survey_element_from_dict(survey).to_xml(validate=False))


_POSITION: Final = {"type": "geopoint", "name": "position", "label": "当前位置", "control": {}}
_ASKED: Final = {
    "type": "select one", "itemset": OUTCOME, "list_name": OUTCOME, "parameters": {}, "bind": {"required": "yes"}
}  # fmt: skip


def _is_hidden_outcome(child: Mapping[str, object]) -> bool:
    return (child["type"], child["name"]) == ("hidden", OUTCOME)


# What is read here of what pyxform makes of a question; the rest of it would be lost on the way to the phone.
_READ: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"type", "name", "label", "hint", "bind", "control", "children", "choices", "itemset", "list_name"}),
    "bind": frozenset(
        {"relevant", "required", "constraint", "calculate", "jr:constraintMsg", "jr:requiredMsg"}
    ),
    "control": frozenset({"appearance", "jr:count", "bodyless"}),
}  # fmt: skip


def unread(survey: Element, heeded: Collection[str]) -> Iterator[tuple[str, str]]:
    """(question, part) for what pyxform heeds of a table (`heeded`, columns by name) and no phone would do."""
    for child in survey["children"]:
        if child["name"] == "meta" or (child["type"] == "calculate" and child["name"].endswith("_count")):
            continue  # made by pyxform itself
        parts = {"": child, "bind": child.get("bind", {}), "control": child.get("control", {})}
        for around, said in parts.items():
            lost = {part for part in said if said[part] not in ("", {}) and part not in _READ[around]}
            yield from ((child["name"], part) for part in sorted(lost) if around or part in heeded)
        yield from (
            (child["name"], part) for part in ("label", "hint") if isinstance(child.get(part), Mapping)
        )
        yield from unread({"children": child.get("children", ())}, heeded)


def form_of(survey: Element, version: str) -> Form:
    """Expressions are taken as they are written: whoever keeps the form reads them, and what was published once is
    given out whether it can be read today or not. Raises BadTable."""
    position = survey.get("asks_position", "never")
    if position not in POSITIONS:
        raise BadTable(f"asks_position: {position!r}")
    children = list(_flat(survey["children"], None))
    outcome = next((child for child, _group in children if child["name"] == OUTCOME), {})
    return Form(
        code=survey["id_string"],
        version=version,
        title=survey["title"],
        questions=_questions(children),
        position=position,
        kinds=tuple(survey.get("kinds", "").split()),
        outcomes=_choices(outcome),
    )


Child = tuple[Element, str | None]


def _flat(children: Iterable[Element], around: str | None) -> Iterator[Child]:
    """Groups dissolved: what is inside one is asked only where the group is."""
    for child in children:
        if child["type"] == "group":
            if child["name"] != "meta":
                yield from _flat(
                    child.get("children", ()), _both(around, child.get("bind", {}).get("relevant"))
                )
        elif child["type"] != "hidden":
            yield child, around


def _both(outer: str | None, inner: str | None) -> str | None:
    return f"({outer}) and ({inner})" if outer and inner else outer or inner


def _questions(children: Iterable[Child]) -> tuple[Question, ...]:
    """The outcome is a question in the table, for clients that know no other way, and none on the phone."""
    counts = {f"{child['name']}_count" for child, _around in children if child["type"] == "repeat"}
    return tuple(
        _question(child, around, children)
        for child, around in children
        if child["name"] != OUTCOME and not (child["name"] in counts and child["type"] == "calculate")
    )


def _question(child: Element, around: str | None, others: Iterable[Child]) -> Question:
    kind = _TYPES.get(child["type"])
    if kind is None:
        raise BadTable(f"{child['name']}: the phone knows no type {child['type']!r}")
    if kind == "photo" and "signature" in child.get("control", {}).get("appearance", "").split():
        kind = "signature"
    bind = child.get("bind", {})
    return Question(
        name=child["name"],
        type=kind,
        label=child.get("label", ""),
        hint=child.get("hint", ""),
        required=_required(bind.get("required", "")),
        required_message=bind.get("jr:requiredMsg", ""),
        relevant=_both(around, bind.get("relevant")),
        constraint=bind.get("constraint"),
        constraint_message=bind.get("jr:constraintMsg", ""),
        choices=_choices(child),
        calculation=bind.get("calculate"),
        **(_repeat(child, others) if kind == "repeat" else {}),
    )


def _required(said: str) -> bool | str:
    return _YES_NO.get(said.strip().lower(), said)


def _choices(child: Element) -> tuple[tuple[str, str], ...]:
    return tuple((choice["name"], choice["label"]) for choice in child.get("choices", ()))


def _repeat(child: Element, others: Iterable[Child]) -> dict[str, Any]:
    """A fixed repeat_count is both bounds; a reckoned one stays an expression, which pyxform keeps aside."""
    inside = list(_flat(child.get("children", ()), None))
    if any(question["type"] == "repeat" for question, _around in inside):
        raise BadTable(f"{child['name']}: a repeat inside a repeat")
    least, most = _bound(child, "repeat_min"), _bound(child, "repeat_max")
    count = _count_of(child, others)
    if count is not None and is_digits(count):
        least = most = whole(count, most=MOST_ITEMS) or MOST_ITEMS
        count = None
    return {"questions": _questions(inside), "min": least, "max": most, "count": count}


def _bound(child: Element, name: str) -> int | None:
    said = str(child.get(name, "")).strip()
    if not said:
        return None
    bound = whole(said, most=MOST_ITEMS)
    if bound is None:
        raise BadTable(f"{child['name']}: {name} {said!r}")
    return bound


def _count_of(child: Element, others: Iterable[Child]) -> str | None:
    said = child.get("control", {}).get("jr:count")
    if not said:
        return None
    aside = f"{child['name']}_count"
    kept = next((other for other, _around in others if other["name"] == aside), None)
    return str(kept["bind"]["calculate"]) if kept else str(said)
